"""Everything that compares, judges and brings back, joined: it runs for as long as the keeper."""

import asyncio
from collections.abc import Callable, Iterable

from anamnesis.keeper.appraisal import Appraisal
from anamnesis.keeper.disagreements import Disagreements
from anamnesis.keeper.findings import Findings
from anamnesis.keeper.guard_watch import GuardWatch
from anamnesis.keeper.guarding import LOOKED_EVERY_SECONDS, Guarding
from anamnesis.keeper.incident_book import IncidentBook
from anamnesis.keeper.judgement import RowVerdict
from anamnesis.keeper.last_step import LastStep
from anamnesis.keeper.parts import Parts
from anamnesis.keeper.publishing import published
from anamnesis.keeper.push import Event
from anamnesis.keeper.repair import Repair
from anamnesis.keeper.rows import Rows
from anamnesis.keeper.sentinel_watch import SentinelWatch, synthetic
from anamnesis.keeper.silences import Silences
from anamnesis.keeper.sweep import Sweep
from anamnesis.keeper.sweep_mark import SweepMarks
from anamnesis.keeper.watch import State, Vitals
from anamnesis.keeper.weighing import Weighing
from anamnesis.rollout.rollout import Rollout


class Vigilance:
    """`publish` sends events to pages, `replace` has the application killed and started again.

    Both are called from any thread; `wake` wakes the application.
    """

    def __init__(
        self,
        parts: Parts,
        publish: Callable[[list[Event]], None],
        replace: Callable[[str], None],
        wake: Callable[[], None],
        stop: Callable[[int], None],
    ) -> None:
        settings, clock = parts.settings, parts.clock
        self._publish = publish
        self._replace = replace
        self._wake = wake
        look = Appraisal(parts.appraisal_door, parts.appraisal_reader)
        self.book = IncidentBook(parts.incidents, clock, look)
        self.guarding = Guarding(
            settings.rollout,
            settings.doing,
            published(settings.rollout),
            clock,
            self.book,
            self._replaced,
            self._ordered_anew,
            self._rollout_changed,
            settings.protected,
        )
        self.findings = Findings(self.book, self.guarding, parts.marks, clock)
        self.last_step = LastStep(self.guarding, self.book, clock, settings.protected)
        self.disagreements = Disagreements(
            self.guarding.suspects, self.guarding.wrong, self.guarding.right
        )
        self.weighing = Weighing(clock, lambda: self.guarding.rollout, self.guarding.weighed, stop)
        self.guard = GuardWatch(self.weighing, self.book, clock)
        self.sentinels = SentinelWatch(self.guarding, self.book, clock, settings.sentinels)
        self.sentinels.synthetic = synthetic(parts.access, parts.reader)
        self.repair = Repair(
            settings.record_order, self.disagreements, clock, wake, settings.protected
        )
        self.rows = Rows()
        self.sweep = Sweep(
            parts.sweep_door,
            parts.sweep_reader,
            clock,
            self._swept,
            stop,
            self.rows,
            SweepMarks(parts.marks, clock, parts.sweep_door.identity),
        )
        self.silences = Silences(clock, self.findings, lambda: self.sweep.is_overdue)

    def start(self) -> None:
        """Starts the threads."""
        self.book.start()
        self.sweep.start()
        self.weighing.start()

    async def run(
        self,
        state: Callable[[], tuple[State, Vitals]],
        readable: Callable[[], bool],
        counts: Callable[[], tuple[int, int]],
    ) -> None:
        """Looks at the application from outside until cancelled."""
        while True:
            self.guarding.look(*state(), *counts())
            self.last_step.look(state()[0], readable(), len(self.disagreements), *counts())
            self.sentinels.look()
            self.silences.look(*counts(), readable=readable())
            self.guard.look()
            self.weighing.stands(state()[0] == "up" and readable(), *counts())
            if self.repair.made_anew():
                self.guarding.made_anew()
                self.last_step.made_anew()
                self.sweep.hurry()
            await asyncio.sleep(LOOKED_EVERY_SECONDS)

    def running(self) -> list[str]:
        """The features that run now, for whomever."""
        return [one.feature for one in self.guarding.rollout.active()]

    def close(self) -> None:
        """Writes what is known and ends the threads."""
        self.weighing.close()
        self.sweep.close()
        self.book.close()

    def _swept(self, verdicts: Iterable[RowVerdict]) -> None:
        self._publish(self.disagreements.take(verdicts))

    def _replaced(self, why: str) -> None:
        self.weighing.excuse()
        self._replace(why)
        self.book.step("replaced", "application")

    def _ordered_anew(self) -> None:
        self.weighing.excuse()
        self.repair.at_once()
        self.book.step("ordered")

    def _rollout_changed(self, rollout: Rollout) -> None:
        self._wake()
        data = {
            "revision": rollout.revision,
            "running": self.running(),
            "mode": rollout.mode,
        }
        self._publish([Event("features", data)])
