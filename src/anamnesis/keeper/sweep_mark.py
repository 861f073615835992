"""Where the sweep is, kept over a restart: not at each step, for a little may be swept twice."""

from collections.abc import Callable

import msgspec
import structlog

from anamnesis.reconcile.store import MarkNotKept, MarkStore
from anamnesis.seams import Clock

KEPT_EVERY_SECONDS = 5.0
_NAME = "sweep"

_log = structlog.get_logger()


class SweepMark(msgspec.Struct):
    """One pass: its stage, the place in it, and what the one before came to.

    `position` counts journal entries; `after` is the last derived row of a later stage. `spent`
    is in seconds, of this pass; `period` is what the last one took. `record` is the file swept.
    """

    stage: str = "entries"
    position: int = 0
    after: tuple[str, str] = ("", "")
    begun_at: str | None = None
    spent: float = 0.0
    judged: int = 0
    wrong: int = 0
    completed_at: str | None = None
    period: float | None = None
    passes: int = 0
    record: str = ""


class SweepMarks:
    """Keeps the mark. `record` names the file that is being swept: another one is begun anew."""

    def __init__(self, store: MarkStore, clock: Clock, record: Callable[[], str]) -> None:
        self._store = store
        self._clock = clock
        self._record = record
        self._kept_at = clock.monotonic()
        self.failing = False

    def read(self) -> SweepMark:
        """Where the sweep was; the beginning, if that is not known or was of another record."""
        kept = self._store.read(_NAME)
        try:
            mark = SweepMark() if kept is None else msgspec.json.decode(kept, type=SweepMark)
        except msgspec.DecodeError:
            mark = SweepMark()
        if mark.record != self._record():
            return SweepMark(completed_at=mark.completed_at, period=mark.period, passes=mark.passes)
        return mark

    def write_now_and_then(self, mark: SweepMark) -> None:
        """Keeps it, if it was not just kept."""
        if self._clock.monotonic() - self._kept_at >= KEPT_EVERY_SECONDS:
            self.write(mark)

    def write(self, mark: SweepMark) -> None:
        """Keeps it; where the disk refuses, more is swept twice after a restart."""
        self._kept_at = self._clock.monotonic()
        mark.record = self._record()
        try:
            self._store.write({_NAME: msgspec.json.encode(mark)})
        except MarkNotKept:
            if not self.failing:
                _log.warning("marks-not-kept")
            self.failing = True
        else:
            self.failing = False
