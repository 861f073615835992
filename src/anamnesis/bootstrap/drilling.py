"""Runs a drill: a server of its own in a temporary folder, practitioners, a fault, a report."""

import asyncio
import functools
import random
import tempfile
import time
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import httpx

from anamnesis import __version__
from anamnesis.bootstrap import deploying
from anamnesis.bootstrap.drill_server import STOP_SECONDS_MAX, Tell, make_seats, serving
from anamnesis.drill.plan import Plan
from anamnesis.drill.practitioners import Practitioner, Seat, Seen
from anamnesis.drill.report import Report, Sample
from anamnesis.features.feature import Feature
from anamnesis.features.loading import find
from anamnesis.keeper.control import Command
from anamnesis.reconcile.discrepancy import Step
from anamnesis.rollout.cohort import Cohort
from anamnesis.settings import Settings
from anamnesis.storage.sqlite.incidents import SqliteIncidentReader

SAMPLED_EVERY_SECONDS: Final = 0.1
QUIET_SECONDS: Final = 3.0
"""After the last text is back, how much longer is looked."""
CONNECTIONS_MAX: Final = 96


def drill(plan: Plan, tell: Tell) -> Report:
    """One run of the plan. Raises FeatureNotFound, RolloutRefused, StartRefused."""
    feature, _ = find(plan.code)
    with tempfile.TemporaryDirectory(prefix="anm-drill-") as folder:
        settings = Settings(
            data=Path(folder) / "d",
            origin="drill.example",
            port=0,
            protected=plan.protected,
            sentinels=0.0,
        ).checked()
        seats = make_seats(settings, plan, tell)
        with serving(settings) as address:
            return asyncio.run(_Run(plan, settings, feature, tell).run(address, seats))


class _Run:
    """One drill under way."""

    def __init__(self, plan: Plan, settings: Settings, feature: Feature, tell: Tell) -> None:
        self._plan = plan
        self._settings = settings
        self._feature = feature
        self._tell = tell
        self._chance = random.Random(plan.seed)  # noqa: S311 -- the same drill twice
        self._seen = Seen()
        self._samples: list[Sample] = []
        self._deployed_at = 0.0
        self._nightly_at: float | None = None
        self._stopped = asyncio.Event()

    async def run(self, address: str, seats: list[Seat]) -> Report:
        limits = httpx.Limits(max_connections=CONNECTIONS_MAX)
        async with httpx.AsyncClient(base_url=address, limits=limits, timeout=10.0) as client:
            people = [
                Practitioner(seat, client, random.Random(self._chance.random()), self._seen)  # noqa: S311
                for seat in seats
            ]
            await self._begin(people)
            watching = asyncio.create_task(self._sample(client))
            working = [asyncio.create_task(self._work(one)) for one in people]
            await self._pass("healthy", self._plan.healthy_seconds, lambda: False)
            false_alarms = self._incidents()
            await self._deploy(seats)
            await self._night()
            await self._pass("faulty", self._plan.faulty_seconds, self._is_back)
            self._stopped.set()
            await asyncio.gather(*working)
            await self._settle()
            watching.cancel()
            lost = await self._lost(people)
        return self._report(people, false_alarms, lost)

    async def _begin(self, people: list[Practitioner]) -> None:
        for start in range(0, len(people), CONNECTIONS_MAX):
            self._tell("practitioners", start, len(people))
            await asyncio.gather(*(one.begin() for one in people[start:][:CONNECTIONS_MAX]))
        self._tell("practitioners", len(people), len(people))

    async def _work(self, one: Practitioner) -> None:
        each = self._plan.practitioners / self._plan.saves_per_second
        chance = random.Random(self._chance.random())  # noqa: S311

        async def pause() -> bool:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopped.wait(), chance.expovariate(1 / each))
            return not self._stopped.is_set()

        await pause()
        while not self._stopped.is_set():
            await one.encounter(pause, self._endangers)

    def _endangers(self, act: str) -> bool:
        """Whether the fault, once deployed, endangers what this act writes."""
        if not self._deployed_at or type(self._feature).nightly is not Feature.nightly:
            return False
        sharing = type(self._feature).shared is not Feature.shared
        return act == ("share" if sharing else "text")

    async def _deploy(self, seats: list[Seat]) -> None:
        cohort = tuple(seat.practitioner for seat in seats if seat.in_cohort)
        rollout = await asyncio.to_thread(
            functools.partial(deploying.deploy, at_once=True),
            self._settings,
            self._plan.code,
            Cohort(practitioners=cohort),
        )
        self._deployed_at = _seconds(rollout.deployments[-1].deployed_at)

    async def _night(self) -> None:
        if type(self._feature).nightly is Feature.nightly:
            return
        await asyncio.sleep(1.0)
        self._nightly_at = time.time()
        await asyncio.to_thread(deploying.ask, self._settings, Command(nightly=True))

    async def _pass(self, stage: str, seconds: float, enough: Callable[[], bool]) -> None:
        begun = time.monotonic()
        while (passed := time.monotonic() - begun) < seconds and not enough():
            self._tell(stage, round(passed * 10), round(seconds * 10))
            await asyncio.sleep(SAMPLED_EVERY_SECONDS)
        self._tell(stage, round(seconds * 10), round(seconds * 10))

    def _is_back(self) -> bool:
        """Whether the fault was stopped, everything is right again, and stayed so for a while."""
        rollout = deploying.in_force(self._settings)
        if not self._plan.protected or rollout.active():
            return False
        quiet = [one for one in self._samples if one.at > self._now() - QUIET_SECONDS]
        return len(quiet) > 5 and all(not one.wrong and one.application == "up" for one in quiet)

    async def _settle(self) -> None:
        """Until the record has everything that is journaled, and nothing is listed as wrong."""
        until = time.monotonic() + STOP_SECONDS_MAX
        while time.monotonic() < until:
            last = self._samples[-1] if self._samples else None
            behind = last is None or last.recorded < last.journaled
            if not behind and not (self._plan.protected and last is not None and last.wrong):
                return
            await asyncio.sleep(SAMPLED_EVERY_SECONDS)

    async def _sample(self, client: httpx.AsyncClient) -> None:
        while True:
            with suppress(httpx.HTTPError):
                found: dict[str, Any] = (await client.get("/keep/health")).json()
                self._samples.append(
                    Sample(
                        self._now(),
                        found["journaled"],
                        found["recorded"],
                        found["disagreements"],
                        found["application"],
                    )
                )
            await asyncio.sleep(SAMPLED_EVERY_SECONDS)

    def _now(self) -> float:
        return time.time() - self._deployed_at if self._deployed_at else -1.0

    async def _lost(self, people: list[Practitioner]) -> int:
        lost = 0
        for start in range(0, len(people), CONNECTIONS_MAX):
            self._tell("reading", start, len(people))
            found = await asyncio.gather(*(one.wrong() for one in people[start:][:CONNECTIONS_MAX]))
            lost += sum(len(encounters) for encounters in found)
        self._tell("reading", len(people), len(people))
        return lost

    def _incidents(self) -> int:
        with closing(SqliteIncidentReader(self._settings.incidents)) as reader:
            return len(reader.incidents(100))

    def _report(self, people: list[Practitioner], false_alarms: int, lost: int) -> Report:
        with closing(SqliteIncidentReader(self._settings.incidents)) as reader:
            found = reader.incidents(100)[: -false_alarms or None]
            steps = [step for one in found for step in reader.steps(one.number)]
            counted = sum(reader.counts(one.number, None, None).entries for one in found)
        endangered = self._nightly_at or self._seen.first_in_danger
        return Report(
            plan=self._plan,
            build=__version__,
            texts=sum(one.texts for one in people),
            shares=self._seen.shares,
            encounters=sum(len(one.notes) for one in people),
            lost=lost,
            wrong_at_worst=max((one.wrong for one in self._samples), default=0),
            detected_after=_after(steps, endangered, "found", "suspended"),
            suspended_after=_after(steps, endangered, "suspended", "safe-mode"),
            back_after=self._back_after(steps, endangered),
            false_alarms=false_alarms,
            greens=self._seen.greens,
            greens_while_wrong=self._seen.greens_while_wrong,
            refused=len(self._seen.refused),
            discrepancies=counted,
            made_anew=sum(step.what == "anew" for step in steps),
            steps=[_relative(step, self._deployed_at) for step in sorted(steps, key=_at)],
            samples=[one for one in self._samples if one.at >= -self._plan.healthy_seconds],
        )

    def _back_after(self, steps: list[Step], endangered: float | None) -> float | None:
        """The last moment at which the record was behind, or wrong."""
        if endangered is None or not any(step.what == "suspended" for step in steps):
            return None
        begun = endangered - self._deployed_at
        late = [one.at for one in self._samples if one.wrong and one.at >= begun]
        suspended = _after(steps, endangered, "suspended") or 0.0
        return max([suspended, *(at - begun for at in late)])


def _at(step: Step) -> str:
    return step.at


def _relative(step: Step, deployed_at: float) -> Step:
    seconds = _seconds(step.at) - deployed_at
    return Step(f"{seconds:+.3f} s", step.what, step.detail)


def _after(steps: list[Step], since: float | None, *what: str) -> float | None:
    """Seconds until the first step of these sorts."""
    times = [_seconds(step.at) for step in steps if step.what in what]
    return None if since is None or not times else max(0.0, min(times) - since)


def _seconds(at: str) -> float:
    return datetime.fromisoformat(at).timestamp()
