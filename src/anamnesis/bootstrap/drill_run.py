"""One run of a drill: people work, a fault is begun among them, and everything is read again."""

import asyncio
import random
import time
from collections.abc import Callable
from contextlib import closing, suppress
from typing import Final

import httpx

from anamnesis.bootstrap.drill_destroyed import Destroyed
from anamnesis.bootstrap.drill_happening import SIMULATED, Deployed, Happening, Silent
from anamnesis.bootstrap.drill_looking import Looking
from anamnesis.bootstrap.drill_machine import STRIKES, Struck
from anamnesis.bootstrap.drill_report import Outcome, report_of
from anamnesis.bootstrap.drill_scene import SAMPLED_EVERY_SECONDS, Scene, Tell, typed_of
from anamnesis.bootstrap.drill_server import STOP_SECONDS_MAX, Server
from anamnesis.drill.plan import Plan
from anamnesis.drill.practitioners import Practitioner, Seat, Seen
from anamnesis.drill.report import Report
from anamnesis.settings import Settings
from anamnesis.storage.sqlite.incidents import SqliteIncidentReader

QUIET_SECONDS: Final = 3.0
"""After the last text is back, how much longer is looked."""
CONNECTIONS_MAX: Final = 96
WATCHED_MAX: Final = 60
"""Practitioners whose page is asked again and again what it says, as the real page asks."""
ASKED_EVERY_SECONDS: Final = 3.0
READ_AT_ONCE: Final = 48
READ_OVER_HTTP_MAX: Final = 1_500
"""Notes that are read again as a page reads them; every note is read from the record besides."""


async def run(
    plan: Plan, settings: Settings, seats: list[Seat], server: Server, tell: Tell
) -> Report:
    """Runs the plan against a server that is up. Raises FeatureNotFound, RolloutRefused."""
    limits = httpx.Limits(max_connections=CONNECTIONS_MAX)
    async with httpx.AsyncClient(base_url=server.address, limits=limits, timeout=10.0) as client:
        chance = random.Random(plan.seed)  # noqa: S311 -- the same drill twice
        seen = Seen()
        everybody = [
            Practitioner(seat, client, random.Random(chance.random()), seen)  # noqa: S311
            for seat in seats
        ]
        people, concerned = everybody[: plan.practitioners], everybody[plan.practitioners :]
        scene = Scene(plan, settings, server, client, people, concerned, seen, tell)
        return await _Run(scene, chance).run()


class _Run:
    """One run under way."""

    def __init__(self, scene: Scene, chance: random.Random) -> None:
        self._scene = scene
        self._chance = chance
        self._happening = _happening(scene)
        self._over_since: float | None = None

    async def run(self) -> Report:
        scene, plan = self._scene, self._scene.plan
        await self._happening.prepare()
        looking = [asyncio.create_task(work) for work in (scene.sample(), scene.look())]
        working = [asyncio.create_task(self._work(one)) for one in scene.people]
        asking = asyncio.create_task(self._ask())
        try:
            await self._pass("healthy", plan.healthy_seconds, lambda: False)
            false_alarms = _incidents(scene.settings)
            await self._happening.begin()
            await self._pass("faulty", plan.faulty_seconds, self._is_back)
            scene.over.set()
            await self._finished(working)
            asking.cancel()
            await self._settle()
        finally:
            for task in (*looking, *working, asking):
                task.cancel()
        pages = await self._happening.shown()
        beside = await self._happening.lost()
        lost = await self._lost()
        registered = await self._happening.registered()
        return report_of(scene, Outcome(false_alarms, lost, beside, pages, registered))

    async def _work(self, one: Practitioner) -> None:
        scene = self._scene
        each = scene.plan.practitioners / scene.plan.saves_per_second
        chance = random.Random(self._chance.random())  # noqa: S311

        async def pause() -> bool:
            with suppress(TimeoutError):
                await asyncio.wait_for(scene.over.wait(), chance.expovariate(1 / each))
            return not scene.over.is_set()

        await pause()
        while not scene.over.is_set():
            await one.encounter(pause, self._happening.endangers)

    async def _ask(self) -> None:
        """The witnesses of some pages, the cohort's first: each asks every three seconds."""
        watched = self._scene.people[:WATCHED_MAX]
        while True:
            for one in watched:
                begun = time.monotonic()
                await one.look()
                spent = time.monotonic() - begun
                await asyncio.sleep(max(0.0, ASKED_EVERY_SECONDS / len(watched) - spent))

    async def _pass(self, stage: str, seconds: float, enough: Callable[[], bool]) -> None:
        begun = time.monotonic()
        while (passed := time.monotonic() - begun) < seconds and not enough():
            self._scene.tell(stage, round(passed * 10), round(seconds * 10))
            await asyncio.sleep(SAMPLED_EVERY_SECONDS)
        self._scene.tell(stage, round(seconds * 10), round(seconds * 10))

    def _is_back(self) -> bool:
        """Whether the fault is over, everything is right again, and stayed so for a while."""
        if not self._happening.over():
            return False
        # What was seen before the fault was over says nothing of what is wrong since.
        self._over_since = self._over_since or time.monotonic()
        if not self._scene.plan.protected:
            return True
        looked = time.monotonic() - self._over_since > QUIET_SECONDS
        return looked and self._scene.quiet(QUIET_SECONDS)

    async def _finished(self, working: "list[asyncio.Task[None]]") -> None:
        """Until everybody has put the pen down; whoever cannot send is waited for no longer."""
        _, late = await asyncio.wait(working, timeout=STOP_SECONDS_MAX)
        for one in late:
            one.cancel()

    async def _settle(self) -> None:
        """Until the record has everything that is journaled, and nothing is listed as wrong."""
        scene = self._scene
        begun, until = time.time(), time.monotonic() + STOP_SECONDS_MAX
        while time.monotonic() < until:
            last = scene.samples[-1]
            behind = last.recorded < last.journaled or last.application != "up"
            wrong = scene.plan.protected and last.wrong
            if last.at > begun and not behind and not wrong:
                return
            await asyncio.sleep(SAMPLED_EVERY_SECONDS)

    async def _lost(self) -> int:
        """Reads every note from the record, and many as pages do; those that either gets wrongly.

        What never left a page is not to be read anywhere, and is counted apart.
        """
        scene = self._scene
        everybody = [*scene.people, *scene.concerned]
        owners = {
            note: one for one in everybody for note in one.notes if note not in one.never_sent
        }
        notes = typed_of(everybody)
        with closing(Looking(scene.settings, scene.plan.seed)) as looking:
            wrong = {one.encounter for one in await asyncio.to_thread(looking.wrong, notes)}
        over_http = self._chance.sample(sorted(owners), min(len(owners), READ_OVER_HTTP_MAX))
        for start in range(0, len(over_http), READ_AT_ONCE):
            scene.tell("reading", start, len(over_http))
            some = over_http[start:][:READ_AT_ONCE]
            for found in await asyncio.gather(*(owners[one].wrong([one]) for one in some)):
                wrong.update(found)
        scene.tell("reading", len(over_http), len(over_http))
        return len(wrong)


def _happening(scene: Scene) -> Happening:
    fault = scene.plan.what
    if fault.name in STRIKES:
        return Struck(scene, STRIKES[fault.name])
    if fault.name == "device-destroyed":
        return Destroyed(scene)
    if fault.name in SIMULATED:
        return SIMULATED[fault.name](scene)
    if "browser" in fault.needs:
        # Playwright is there for the tests only; whoever lacks it gets a hole in the matrix.
        from anamnesis.bootstrap.drill_pages import Killed, Paged  # noqa: PLC0415

        return Paged(scene) if fault.kind == "page" else Killed(scene)
    return Silent(scene) if fault.kind == "silence" else Deployed(scene)


def _incidents(settings: Settings) -> int:
    with closing(SqliteIncidentReader(settings.incidents)) as reader:
        return len(reader.incidents(100))
