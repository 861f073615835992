"""Reads every entry of the journal back from the record, over and over, whether or not asked.

What is read back when it is applied, and judged when its rows are touched, is judged here once
more: this finds what happened before the process started, or past the triggers. Then it walks
through the rows that several entries add up to, and looks for those that no entry accounts for.
Where it is outlives the process; it takes little of the machine, unless something asks it to hurry.
"""

import threading
from collections.abc import Callable, Iterable
from datetime import datetime

import structlog

from anamnesis.journal.entry import JournaledEntry
from anamnesis.journal.store import JournalReader
from anamnesis.keeper.demands import Demands
from anamnesis.keeper.exits import EXIT_UNEXPECTED
from anamnesis.keeper.judgement import Cleared, Disagreement, RowVerdict, judged
from anamnesis.keeper.received import Expected
from anamnesis.keeper.record_door import RecordDoor, RecordUnavailable
from anamnesis.keeper.rows import Rows, begun_by
from anamnesis.keeper.sweep_mark import SweepMark, SweepMarks
from anamnesis.reconcile.finding import Finding
from anamnesis.reconcile.pace import PASS_SECONDS_MAX, REST_SECONDS_MAX, is_overdue, rest_seconds
from anamnesis.record.reading_rows import WALKED
from anamnesis.record.row_model import TouchedRow
from anamnesis.record.store import RecordReader
from anamnesis.seams import Clock, instant

BATCH = 50
"""Entries judged in one go."""
ROWS_BATCH = 200
"""Derived rows looked at in one go."""
UNREADABLE_TRIES = 3
"""After so many failures at one place, REST_SECONDS_MAX apart, that is told and passed over."""
CLOSE_SECONDS_MAX = 5.0
FIRST = -(2**63)
STAGES = (ENTRIES := "entries", *(table.TABLE for table in WALKED))

_log = structlog.get_logger()


class Sweep:
    """One thread with a connection of its own to journal and record."""

    def __init__(
        self,
        door: RecordDoor,
        journal: JournalReader,
        clock: Clock,
        found: Callable[[Iterable[RowVerdict]], object],
        stop: Callable[[int], None],
        rows: Rows,
        marks: SweepMarks,
    ) -> None:
        self._door = door
        self._journal = journal
        self._clock = clock
        self._found = found
        self._stop = stop
        self._rows = rows
        self._marks = marks
        self._demands = Demands()
        self._woken = threading.Event()
        self._closing = False
        self._hurried = False
        self._failed = 0
        self._unread: list[Expected] = []
        self._unread_before: list[Expected] = []
        self._running_since = clock.monotonic()
        self.applied = 0
        """Entries there were at the last step."""
        self.mark = marks.read()
        """Where this pass is, and when the last one ended."""
        self._thread = threading.Thread(target=self._run, name="sweep", daemon=True)

    @property
    def is_overdue(self) -> bool:
        """Whether there has been no whole pass for too long."""
        completed, now = self.mark.completed_at, self._clock.now()
        since = None if completed is None else (now - datetime.fromisoformat(completed))
        running = self._clock.monotonic() - self._running_since
        return is_overdue(None if since is None else since.total_seconds(), running)

    def shown(self) -> dict[str, object]:
        """For the operator: where it is, how long a pass takes, when the next one ends."""
        mark = self.mark
        return {
            "stage": mark.stage,
            "position": mark.position,
            "applied": self.applied,
            "begun_at": mark.begun_at,
            "spent_seconds": round(mark.spent, 1),
            "judged": mark.judged,
            "wrong": mark.wrong,
            "passes": mark.passes,
            "completed_at": mark.completed_at,
            "period_seconds": mark.period,
            "due_within_seconds": PASS_SECONDS_MAX,
            "overdue": self.is_overdue,
        }

    def start(self) -> None:
        """Starts the thread."""
        self._thread.start()

    def hurry(self) -> None:
        """Begins a new pass at once, with short rests: something looks wrong."""
        self._hurried = True
        self._woken.set()

    def close(self) -> None:
        """Ends the thread."""
        self._closing = True
        self._woken.set()
        self._thread.join(CLOSE_SECONDS_MAX)
        self._marks.write(self.mark)

    def step(self) -> bool:
        """Judges the next few entries or rows; False at the end of a pass, the next starts anew.

        Raises RecordUnavailable.
        """
        mark = self.mark
        if self._entries(mark) if mark.stage == ENTRIES else self._walked(mark):
            return True
        following = STAGES.index(mark.stage) + 1
        if following < len(STAGES):
            mark.stage, mark.after = STAGES[following], ("", "")
            return True
        self._ended(mark)
        return False

    def _entries(self, mark: SweepMark) -> bool:
        self.applied = self._door.read(lambda reader: reader.applied())
        if mark.position == 0:
            self._take(self._door.read(lambda reader: self._strays(reader, FIRST, 0)))
        limit = min(BATCH, max(0, self.applied - mark.position))
        entries = self._journal.read(mark.position, limit)
        if not entries:
            self._take(self._door.read(lambda reader: self._strays(reader, 0, None)))
            return False
        self._take(self._door.read(lambda reader: self._judged(reader, entries)))
        mark.position += len(entries)
        return True

    def _judged(self, reader: RecordReader, entries: list[JournaledEntry]) -> list[RowVerdict]:
        """Each entry, its provenance, what it is the beginning of, and rows put in between."""
        expected = [Expected.of(journaled) for journaled in entries]
        leading = frozenset(one.position for one in expected)
        verdicts = judged(reader, self._journal, self._demands, expected, leading)
        for journaled in entries:
            if journaled.position in reader.entries_stand([journaled]):
                of = verdicts[journaled.position].expected
                verdicts[journaled.position] = Disagreement(of, "read-back-provenance")
        begun = [row for journaled in entries if (row := begun_by(journaled)) is not None]
        rows = self._rows.judged(reader, self._journal, self._demands, begun)
        end = expected[-1].position + 1
        return [*verdicts.values(), *rows, *self._strays(reader, expected[0].position, end)]

    def _strays(self, reader: RecordReader, first: int, end: int | None) -> list[RowVerdict]:
        strays = reader.strays(first, end)
        return self._rows.judged(reader, self._journal, self._demands, strays)

    def _walked(self, mark: SweepMark) -> bool:
        def look(reader: RecordReader) -> list[RowVerdict] | None:
            rows = reader.derived(mark.stage, mark.after, ROWS_BATCH)
            if not rows:
                return None
            mark.after = (rows[-1].practice, rows[-1].subject)
            loose = [
                TouchedRow(0, mark.stage, row.practice, row.subject)
                for row in rows
                if not row.founded
            ]
            mark.judged += len(rows) - len(loose)
            return self._rows.judged(reader, self._journal, self._demands, loose)

        verdicts = self._door.read(look)
        self._take(verdicts or [])
        return verdicts is not None

    def _take(self, verdicts: list[RowVerdict]) -> None:
        self.mark.judged += len(verdicts)
        self.mark.wrong += sum(isinstance(one, Disagreement) for one in verdicts)
        self._found(verdicts)

    def _ended(self, mark: SweepMark) -> None:
        unread, self._unread = self._unread, []
        if unread:
            self._unread_before += unread
        else:
            # Everything could be read: what could not in an earlier pass has come right.
            self._found([Cleared(one) for one in self._unread_before])
            self._unread_before = []
        at = instant(self._clock.now())
        self.mark = SweepMark(
            begun_at=at, completed_at=at, period=round(mark.spent, 3), passes=mark.passes + 1
        )
        self._demands = Demands()
        self._marks.write(self.mark)

    def _run(self) -> None:
        in_a_hurry = False
        try:
            while not self._closing:
                begun = self._clock.monotonic()
                if self._hurried:
                    in_a_hurry, self._hurried = True, False
                    self._begin_anew()
                rest = REST_SECONDS_MAX
                try:
                    if self.step():
                        rest = self._rest(begun, in_a_hurry=in_a_hurry)
                    else:
                        in_a_hurry = False
                    self._failed = 0
                except RecordUnavailable:
                    self._passed_over()
                self._woken.wait(rest)
                self._woken.clear()
                self.mark.spent += self._clock.monotonic() - begun
                self._marks.write_now_and_then(self.mark)
        except BaseException as failure:  # noqa: BLE001 - it ends the process
            # A record that nobody compares any more would look as if nothing were wrong with it.
            _log.critical("sweep-stopped", failure=type(failure).__name__, exc_info=failure)
            self._stop(EXIT_UNEXPECTED)

    def _passed_over(self) -> None:
        """What cannot be read again and again is wrong, and nothing behind it waits for it.

        A record that is being made again can be read before long: whoever opens the door says so.
        """
        self._failed += 1
        if self._failed < UNREADABLE_TRIES:
            return
        self._failed = 0
        mark = self.mark
        # Named by its place among batches: what a derived row is about may be somebody's name.
        place = Expected.found(Finding(f"unread/{mark.stage}/{mark.position}", "record-unreadable"))
        self._unread.append(place)
        self._take([Disagreement(place, "record-unreadable")])
        if mark.stage == ENTRIES:
            mark.position = min(mark.position + BATCH, max(self.applied, mark.position))
        elif mark.stage == STAGES[-1]:
            self._ended(mark)
        else:
            mark.stage, mark.after = STAGES[STAGES.index(mark.stage) + 1], ("", "")

    def _begin_anew(self) -> None:
        mark = self.mark
        self.mark = SweepMark(
            begun_at=instant(self._clock.now()),
            completed_at=mark.completed_at,
            period=mark.period,
            passes=mark.passes,
        )
        self._demands = Demands()
        self._unread_before += self._unread
        self._unread = []

    def _rest(self, begun: float, *, in_a_hurry: bool) -> float:
        worked = self._clock.monotonic() - begun
        left = max(0, self.applied - self.mark.position) // BATCH + 1
        return rest_seconds(worked, left, PASS_SECONDS_MAX - self.mark.spent, hurried=in_a_hurry)
