"""Listens for the guard itself: one that weighs nothing any more looks as if nothing were wrong."""

from typing import Final, Literal

import structlog

from anamnesis.keeper.incident_book import IncidentBook
from anamnesis.keeper.weighing import Weighing
from anamnesis.seams import Clock

GUARD_SILENT_SECONDS: Final = 10.0
"""It weighs four times a second; not a single time in so long is silence."""

State = Literal["up", "silent"]

_log = structlog.get_logger()


class GuardWatch:
    """Silent is a guard that does not turn, and one that let facts go unweighed. On the loop."""

    def __init__(self, weighing: Weighing, book: IncidentBook, clock: Clock) -> None:
        self._weighing = weighing
        self._book = book
        self._clock = clock
        self._turns, self._turned_at = 0, clock.monotonic()
        self._missed, self._missed_at = 0, -GUARD_SILENT_SECONDS
        self.state: State = "up"

    def look(self) -> None:
        """Notices silence, and its end; called every moment."""
        now = self._clock.monotonic()
        if self._weighing.turns != self._turns:
            self._turns, self._turned_at = self._weighing.turns, now
        if self._weighing.missed != self._missed:
            self._missed, self._missed_at = self._weighing.missed, now
        stands = now - self._turned_at >= GUARD_SILENT_SECONDS
        misses = now - self._missed_at < GUARD_SILENT_SECONDS
        state: State = "silent" if stands or misses else "up"
        if state != self.state:
            self._book.step("guard-silent" if state == "silent" else "guard-heard")
            _log.error("guard-changed", state=state, missed=self._missed)
            self.state = state
        self._book.lasts("guard-silent", state == "silent")

    def shown(self) -> dict[str, object]:
        """For the operator: whether it is heard, and all it knows."""
        return {"state": self.state, **self._weighing.shown()}
