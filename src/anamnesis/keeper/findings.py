"""What is found wrong outside the record: told once, until it is so no longer.

What is so is remembered over a restart, so that it is not told again.
"""

import threading
from collections import Counter, OrderedDict
from collections.abc import Sequence
from datetime import datetime

import msgspec
import structlog

from anamnesis.keeper.guarding import Guarding
from anamnesis.keeper.incident_book import IncidentBook
from anamnesis.keeper.judgement import Disagreement
from anamnesis.keeper.received import Expected
from anamnesis.reconcile.finding import Finding
from anamnesis.reconcile.store import MarkStore
from anamnesis.seams import Clock

OPEN_MAX = 10_000
"""Findings remembered as open; of those beyond, the oldest may be told once more."""
OPEN_SECONDS_MAX = 7 * 86_400.0
"""What has been so for so long is history: its incident keeps it."""
MARKS = "finding/"

_log = structlog.get_logger()


class Open(msgspec.Struct, frozen=True):
    """A finding that is so still, and when it was found."""

    finding: Finding
    found_at: datetime


class Findings:
    """Safe between threads."""

    def __init__(
        self, book: IncidentBook, guarding: Guarding, marks: MarkStore, clock: Clock
    ) -> None:
        self._book = book
        self._guarding = guarding
        self._clock = clock
        self._lock = threading.Lock()
        self._open: OrderedDict[str, Open] = OrderedDict()
        self._changed: dict[str, bytes | None] = {}
        kept = (_open(mark) for mark in marks.read_all(MARKS).values())
        for one in sorted((one for one in kept if one), key=lambda one: one.found_at):
            self._open[one.finding.subject] = one
        self.counts: Counter[str] = Counter()
        """How often each code was found since the start."""

    def __contains__(self, subject: str) -> bool:
        return subject in self._open

    def open(self) -> list[Open]:
        """Those that are so still, oldest first."""
        with self._lock:
            return list(self._open.values())

    def forget_old(self) -> None:
        """Drops those of OPEN_SECONDS_MAX ago."""
        now = self._clock.now()
        for one in self.open():
            if (now - one.found_at).total_seconds() < OPEN_SECONDS_MAX:
                return
            with self._lock:
                self._open.pop(one.finding.subject, None)
                self._changed[MARKS + one.finding.subject] = None

    def wrong(self, beginning: str) -> int:
        """How many of those that are so still have a subject that begins so."""
        return sum(one.finding.subject.startswith(beginning) for one in self.open())

    def changes(self) -> dict[str, bytes | None]:
        """What has to be kept since this was last asked."""
        with self._lock:
            changed, self._changed = self._changed, {}
        return changed

    def found(self, finding: Finding, *, of_page: bool = False) -> None:
        """It is so. `of_page`: only what runs in its practitioner's page can have done it."""
        if not self._is_new(finding):
            return
        _log.error("discrepancy", code=finding.code, subject=finding.subject)
        told = Disagreement(Expected.found(finding), finding.code)
        self._book.wrong([told], [self._guarding.features_of(finding.practice, finding.author)])
        if of_page:
            self._guarding.page_loses(finding.code, finding.practice, finding.author, finding.since)

    def lost(
        self, findings: Sequence[Finding], instead_of: Sequence[str], *, of_page: bool = False
    ) -> None:
        """These are lost for good, which says better what `instead_of` named until now.

        Features are suspected `of_page` only: no feature takes a device away.
        """
        with self._lock:
            for subject in instead_of:
                if self._open.pop(subject, None) is not None:
                    self._changed[MARKS + subject] = None
        new = [one for one in findings if self._is_new(one)]
        told = [Disagreement(Expected.found(one), one.code) for one in new]
        for one in new:
            _log.error("discrepancy", code=one.code, subject=one.subject)
        ran = [self._guarding.features_of(one.practice, one.author) for one in new]
        self._book.wrong(told, ran if of_page else [()] * len(new), instead_of)
        for one in new if of_page else ():
            self._guarding.page_loses(one.code, one.practice, one.author, one.since)

    def came_back(self, subjects: Sequence[str]) -> None:
        """These are not lost after all, however long ago that was told and forgotten here."""
        with self._lock:
            for subject in subjects:
                if self._open.pop(subject, None) is not None:
                    self._changed[MARKS + subject] = None
        self._book.righted([Expected.found(Finding(subject, "")) for subject in subjects])

    def noted(self, finding: Finding) -> None:
        """It is so, and may well be: it is counted and shown, and accuses nobody."""
        self._is_new(finding)

    def cleared(self, subjects: Sequence[str]) -> None:
        """These are so no longer, if they were."""
        gone: list[Finding] = []
        with self._lock:
            for subject in subjects:
                one = self._open.pop(subject, None)
                if one is not None:
                    gone.append(one.finding)
                    self._changed[MARKS + subject] = None
        if gone:
            self._book.righted([Expected.found(one) for one in gone])

    def _is_new(self, finding: Finding) -> bool:
        with self._lock:
            before = self._open.get(finding.subject)
            if before is not None and before.finding.code == finding.code:
                return False
            one = Open(finding, self._clock.now())
            self._open[finding.subject] = one
            self._open.move_to_end(finding.subject)
            self._changed[MARKS + finding.subject] = msgspec.json.encode(one)
            if len(self._open) > OPEN_MAX:
                oldest, _ = self._open.popitem(last=False)
                self._changed[MARKS + oldest] = None
            self.counts[finding.code] += 1
            return True


def _open(mark: bytes) -> Open | None:
    try:
        return msgspec.json.decode(mark, type=Open)
    except msgspec.DecodeError:
        return None
