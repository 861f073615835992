"""Silence where something is expected: a discrepancy like any other (NODATA)."""

from collections.abc import Callable

from anamnesis.keeper.findings import Findings
from anamnesis.reconcile.finding import Finding
from anamnesis.seams import Clock, instant

RECORD_SILENT_SECONDS = 60.0
"""A record that stands still, the journal ahead of it, or that cannot be read, for so long."""


class Silences:
    """Looks at those who should tell something. Used by one thread."""

    def __init__(self, clock: Clock, findings: Findings, overdue: Callable[[], bool]) -> None:
        self._clock = clock
        self._findings = findings
        self._overdue = overdue
        self._applied = -1
        self._since: dict[str, tuple[float, str]] = {}
        self.looked_at: str | None = None

    def look(self, journaled: int, applied: int, *, readable: bool) -> None:
        """One look; called often."""
        moving = applied != self._applied or applied >= journaled
        self._applied = applied
        self.looked_at = instant(self._clock.now())
        self._hear("record-silent", not moving, RECORD_SILENT_SECONDS)
        self._hear("record-unavailable", not readable, RECORD_SILENT_SECONDS)
        self._hear("sweep-overdue", self._overdue(), 0.0)

    def _hear(self, code: str, is_silent: bool, seconds_max: float) -> None:
        subject = f"silence/{code}"
        if not is_silent:
            self._since.pop(code, None)
            if subject in self._findings:
                self._findings.cleared([subject])
            return
        now = self._clock.monotonic()
        since, at = self._since.setdefault(code, (now, instant(self._clock.now())))
        if now - since >= seconds_max:
            self._findings.found(Finding(subject, code, since=at))
