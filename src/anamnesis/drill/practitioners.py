"""Practitioners who never were: each types, shares, and asks what the screen may say.

They speak the protocol as the page does: entries numbered without holes, kept until a receipt
comes, sent again in the same order under the same ids when there is none.
"""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

import httpx
import msgspec

from anamnesis.drill.entries import Act, Device, new_id, started, told, written

WRITINGS: Final = 3
"""Times that a note is saved while it is typed, at most."""
SHARED_OF_TEN: Final = 4
"""Of ten encounters, those in which a document is shared."""
SENT_AGAIN_AFTER_SECONDS: Final = 0.5
READ_TIMES_MAX: Final = 20
HELD_TOLD_MAX: Final = 20
"""Entries that wait, named in one report (docs/protocol.md)."""
SENT_AT_ONCE: Final = 64
"""Entries of one request (docs/protocol.md)."""
GREEN_SECONDS_MAX: Final = 2.0
"""How long a practitioner waits for green before going on to the next patient."""

Pause = Callable[[], Awaitable[bool]]
"""Between two acts; False when the day is over."""


@dataclass(slots=True)
class Seat:
    """Who a practitioner is to the server, and what was written before the drill begins."""

    token: str
    csrf: str
    in_cohort: bool
    device: Device
    notes: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Seen:
    """What all of them saw and did, for the report."""

    saves: int = 0
    shares: int = 0
    greens: int = 0
    greens_while_wrong: int = 0
    refused: list[str] = field(default_factory=list)
    first_in_danger: float | None = None
    answered: Counter[str] = field(default_factory=Counter)

    def danger(self) -> None:
        """A text is in danger now."""
        if self.first_in_danger is None:
            self.first_in_danger = time.time()


class Practitioner:
    """One of them, on one device."""

    def __init__(
        self, seat: Seat, client: httpx.AsyncClient, chance: random.Random, seen: Seen
    ) -> None:
        self.seat = seat
        self.notes = dict(seat.notes)
        self.texts = 0
        self.state = "idle"
        self.muted = False
        """This page sends nothing."""
        self.silenced = False
        """Nor will the next one that is opened."""
        self.never_sent: set[str] = set()
        self.device = seat.device
        self.chance = chance
        self._client = client
        self._seen = seen
        self.current: str | None = None
        self._waiting: list[dict[str, Any]] = []
        self._offline = False
        self._sending = asyncio.Lock()
        self._headers = {
            "cookie": f"anamnesis_session={seat.token}; anamnesis_csrf={seat.csrf}",
            "x-csrf-token": seat.csrf,
        }

    async def encounter(self, pause: Pause, endangered: Callable[[str], bool]) -> None:
        """One encounter: writes, perhaps shares, waits for green; left when the day is over.

        `endangered` says whether an act of this kind is in danger now.
        """
        encounter = new_id()
        self.state, self.current, self.muted = "idle", None, self.silenced
        await self.keep(started(encounter))
        base: str | None = None
        for _ in range(self.chance.randint(1, WRITINGS)):
            if not await pause():
                return
            self._danger(endangered, "text")
            base = await self.write(encounter, base)
        if self.chance.random() < SHARED_OF_TEN / 10:
            if not await pause():
                return
            self._danger(endangered, "share")
            await self.share()
        await self._looked(encounter)

    async def write(
        self, encounter: str, base: str | None, typed_at: datetime | None = None
    ) -> str:
        """Types all sections of a note; the digest of the text."""
        act = written(encounter, base, self.chance)
        self.texts += 1
        self.state, self.current = "typed", encounter
        self._seen.saves += 1
        if self.muted:
            self.never_sent.add(encounter)
        [entry] = self.made([act], typed_at)
        # A note that is cut off by the end of the drill counts as well: it is sent to the end.
        self.notes[encounter] = str(entry["digest"])
        await self._send([] if self.muted else [entry])
        return str(entry["digest"])

    async def share(self) -> None:
        """Shares the patient's document."""
        self._seen.shares += 1
        await self.keep(self.device.share())

    async def keep(self, *acts: Act) -> None:
        """Sends these, again and again, until each has a receipt or a refusal."""
        await self._send([] if self.muted else self.made(acts))

    def made(self, acts: Sequence[Act], typed_at: datetime | None = None) -> list[dict[str, Any]]:
        """The entries of these acts; a muted page's are numbered by nobody."""
        before = self.device.sequence
        entries = [self.device.entry(act, typed_at) for act in acts]
        if self.muted:
            self.device.sequence = before
        return entries

    def go_offline(self) -> None:
        """What is written from now on waits in the outbox."""
        self._offline = True

    async def come_online(self) -> None:
        """Sends everything that waits, in order."""
        self._offline = False
        await self._send([])

    async def look(self) -> None:
        """What the page's witness does every few seconds: asks, and obeys."""
        encounter = self.current
        if encounter is None or self.muted or self._offline or self.state == "typed":
            return
        shown = self.notes[encounter]
        state = await self._witnessed(encounter, shown)
        if encounter == self.current:
            self.state = state
        await self._checked(encounter, shown, state)

    async def tell(self, encounter: str) -> None:
        """What the page's witness says of what waits, also where nothing of it gets away."""
        await self._witnessed(encounter, self.notes[encounter])

    async def ask(self, path: str) -> dict[str, Any]:
        """What the keeper answers this page."""
        answer = await self._client.get(path, headers=self._headers)
        found: dict[str, Any] = answer.json()
        return found

    async def wrong(self, encounters: Sequence[str]) -> list[str]:
        """Those of these encounters of which a reader gets another text than was typed."""
        return [one for one in encounters if await self._read(one) != self.notes[one]]

    def _danger(self, endangered: Callable[[str], bool], act: str) -> None:
        if self.seat.in_cohort and endangered(act):
            self._seen.danger()

    async def _looked(self, encounter: str) -> None:
        """Until the screen is green, or patience ends; a green that is wrong is a finding."""
        until = time.monotonic() + GREEN_SECONDS_MAX
        while time.monotonic() < until and not self.muted and not self._offline:
            shown = self.notes[encounter]
            state = self.state = await self._witnessed(encounter, shown)
            if state == "recorded":
                await self._checked(encounter, shown, state)
                return
            await asyncio.sleep(GREEN_SECONDS_MAX / 8)

    async def _checked(self, encounter: str, shown: str, state: str) -> None:
        if state != "recorded":
            return
        self._seen.greens += 1
        note = await self._note(encounter)
        # While nobody answers, nobody got another text; and green was said of what was shown then.
        if note is None or note.get("digest") == shown or self.notes[encounter] != shown:
            return
        if await self._witnessed(encounter, shown) == "recorded":
            self._seen.greens_while_wrong += 1

    async def _witnessed(self, encounter: str, shown: str) -> str:
        """What the screen says of the text on it: `held` while nobody answers."""
        report = {
            "device": self.device.id,
            "encounter": encounter,
            "shown": shown,
            "sequence": self.device.sequence,
            "waiting": len(self._waiting),
            "oldest_ms": _age_ms(self._waiting[0]) if self._waiting else None,
            "held": [told(entry) for entry in self._waiting[-HELD_TOLD_MAX:]],
        }
        try:
            answer = await self._client.post("/keep/witness", json=report, headers=self._headers)
        except httpx.HTTPError:
            return "held"
        if answer.status_code != 200:
            return "held"
        state = str(answer.json()["state"])
        return state if state in ("recorded", "journaled") else "journaled"

    async def readable(self, encounter: str) -> list[str]:
        """Every text that a reader of the note sees, those kept beside it included."""
        note = await self._note(encounter) or {}
        beside = [one["text"] for one in note.get("divergences", [])]
        return [*note.get("sections", {}).values(), *beside]

    async def _read(self, encounter: str) -> str | None:
        digest = (await self._note(encounter) or {}).get("digest")
        return None if digest is None else str(digest)

    async def _note(self, encounter: str) -> dict[str, Any] | None:
        """The note as a reader gets it; empty if there is none, None if nobody answers for long."""
        for _ in range(READ_TIMES_MAX):
            with suppress(httpx.HTTPError):
                answer = await self._client.get(
                    f"/keep/encounters/{encounter}/note", headers=self._headers
                )
                if answer.status_code in (200, 404):
                    note: dict[str, Any] = answer.json() if answer.status_code == 200 else {}
                    return note
            await asyncio.sleep(SENT_AGAIN_AFTER_SECONDS)
        return None

    async def _send(self, entries: list[dict[str, Any]]) -> None:
        self._waiting += entries
        async with self._sending:
            while self._waiting and not self._offline:
                batch = self._waiting[:SENT_AT_ONCE]
                outcomes = await self._sent(batch)
                if outcomes is None:
                    self.state = "held" if self.state != "idle" else "idle"
                    await asyncio.sleep(SENT_AGAIN_AFTER_SECONDS)
                    continue
                del self._waiting[: len(batch)]
                self._seen.refused += [one for one in outcomes if one not in _RECEIPTED]
                if self.state in ("typed", "held") and outcomes[-1] in _RECEIPTED:
                    self.state = outcomes[-1]
        if self._waiting and self.state == "typed":
            self.state = "held"

    async def _sent(self, entries: list[dict[str, Any]]) -> list[str] | None:
        """For each the state its receipt says or the code of a refusal; None if that is unknown."""
        try:
            answer = await self._client.post(
                "/keep/entries",
                content=msgspec.json.encode({"entries": entries}),
                headers=self._headers | {"content-type": "application/json"},
            )
        except httpx.HTTPError as failure:
            self._seen.answered[type(failure).__name__] += 1
            return None
        self._seen.answered[str(answer.status_code)] += 1
        if answer.status_code != 200:
            return None
        return [
            str(one["receipt"]["state"]) if one["outcome"] == "receipt" else str(one["code"])
            for one in answer.json()["results"]
        ]


def _age_ms(entry: dict[str, Any]) -> int:
    age = datetime.now(UTC) - datetime.fromisoformat(entry["typed_at"])
    return max(0, int(age.total_seconds() * 1_000))


_RECEIPTED: Final = ("journaled", "recorded")
