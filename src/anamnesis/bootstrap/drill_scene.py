"""What a drill's parts share while it runs: the server, the people, what was seen, and when."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

import httpx

from anamnesis.bootstrap.drill_looking import Looking, Typed
from anamnesis.bootstrap.drill_server import Server
from anamnesis.drill.plan import Plan
from anamnesis.drill.practitioners import Practitioner, Seen
from anamnesis.drill.report import Sample
from anamnesis.settings import Settings

SAMPLED_EVERY_SECONDS: Final = 0.1
LOOKED_EVERY_SECONDS: Final = 0.3
"""How often notes in the fault's reach are read over."""

Tell = Callable[[str, int, int], None]


class NotPossible(Exception):
    """This machine cannot do what the fault needs; `why` is a code of drill/locale."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass
class Scene:
    """One run under way. `began` is when the fault was deployed, 0 before."""

    plan: Plan
    settings: Settings
    server: Server
    client: httpx.AsyncClient
    people: list[Practitioner]
    concerned: list[Practitioner]
    seen: Seen
    tell: Tell
    beside: list[Practitioner] = field(default_factory=list)
    """Whoever writes on other devices than these people's own, and is gone at the end."""
    began: float = 0.0
    over: asyncio.Event = field(default_factory=asyncio.Event)
    """The drill's working time has ended."""
    shared: int = 0
    """Of the concerned, those who have shared: the first ones."""
    done: list[str] = field(default_factory=list)
    samples: list[Sample] = field(default_factory=list)
    """`at` is in seconds since 1970 until the report is made."""
    unreadable: int = 0

    def say(self, what: str) -> None:
        """One line of what was done to the machine or the devices."""
        self.done.append(f"{time.time() - self.began:+.2f} s  {what}")

    @property
    def cohort(self) -> list[Practitioner]:
        """Those who work while it runs, and get the fault."""
        return [one for one in self.people if one.seat.in_cohort]

    def reach(self) -> list[Typed]:
        """The notes that the fault may have spoilt by now."""
        if self.plan.what.kind in ("machine", "device"):
            return []
        return typed_of([*self.cohort, *self.concerned[: self.shared]], finished=True)

    async def sample(self) -> None:
        """Looks at the server until cancelled."""
        last: dict[str, Any] = {}
        while True:
            found: dict[str, Any] = {}
            with suppress(httpx.HTTPError, ValueError):
                found = (await self.client.get("/keep/health", timeout=1.0)).json()
            last = found or last
            self.samples.append(
                Sample(
                    time.time(),
                    last.get("journaled", 0),
                    last.get("recorded", 0),
                    last.get("disagreements", 0),
                    _state(found),
                    self.unreadable,
                    dict(Counter(one.state for one in self.people if one.state != "idle")),
                )
            )
            await asyncio.sleep(SAMPLED_EVERY_SECONDS)

    async def look(self) -> None:
        """Reads notes in the fault's reach over and over, by a connection of its own."""
        looking = Looking(self.settings, self.plan.seed)
        try:
            while True:
                if self.began:
                    self.unreadable = await asyncio.to_thread(looking.unreadable, self.reach())
                await asyncio.sleep(LOOKED_EVERY_SECONDS)
        finally:
            looking.close()

    def quiet(self, seconds: float) -> bool:
        """Whether everything was right, and nothing behind, for so long."""
        since = [one for one in self.samples if one.at > time.time() - seconds]
        return len(since) > 5 and all(self.well(one) for one in since)

    def well(self, sample: Sample) -> bool:
        """Whether nothing is away, wrong, or more than a second's work behind."""
        behind = sample.journaled - sample.recorded > self.plan.saves_per_second
        return sample.application == "up" and not (sample.wrong or sample.unreadable or behind)


def typed_of(people: Sequence[Practitioner], *, finished: bool = False) -> list[Typed]:
    """What each of these typed last, by note; `finished` leaves out what is being written."""
    return [
        Typed(one.device.practice, encounter, digest)
        for one in people
        for encounter, digest in list(one.notes.items())
        if encounter not in one.never_sent and not (finished and encounter == one.current)
    ]


def _state(health: dict[str, Any]) -> str:
    if not health:
        return "keeper-away"
    for part in ("journal", "record", "application"):
        if health.get(part) != "up":
            return f"{part}-{health.get(part)}"
    return "up"
