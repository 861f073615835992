"""The record in memory, with the same promises to those who read it and those who fold."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import RLock

from msgspec.structs import astuple

from anamnesis.clinical.patient import Search
from anamnesis.record.appointment_rows import KeptSlot
from anamnesis.record.comparison import PROGRESS_TABLE, fingerprint_of
from anamnesis.record.model import Touched
from anamnesis.record.note_rows import (
    KeptDivergence,
    KeptNote,
    KeptResolution,
    KeptSignature,
    KeptTypedText,
    KeptVersion,
    KeptWithdrawal,
)
from anamnesis.record.outstanding import ERASED
from anamnesis.record.reading import Reading
from anamnesis.record.row import Kept, Made, Table, Value
from anamnesis.record.row_model import TouchedRow
from anamnesis.record.rows import (
    MAKERS,
    TABLES,
    KeptEncounter,
    KeptEntry,
    KeptObservation,
    KeptPatient,
    KeptPractice,
    KeptPractitioner,
    KeptRetirement,
    KeptWord,
)
from anamnesis.record.source import After
from anamnesis.record.store import RecordTransaction
from anamnesis.record.tables import Tables, key_of
from anamnesis.storage.zones import day_bounds

_OF_NOTES = (KeptVersion, KeptTypedText, KeptSignature, KeptWithdrawal, KeptResolution)


class MemoryRecord(Reading):
    """A `RecordWriter` and a `RecordReader` in one; what is written shows when it is committed."""

    def __init__(self) -> None:
        self._lock = RLock()
        self._source = _MemorySource()
        super().__init__(self._opened)

    @contextmanager
    def transaction(self) -> Iterator[RecordTransaction]:
        """Keeps everything of the block, or nothing."""
        with self._lock:
            transaction = _MemoryTransaction(self._source)
            try:
                yield transaction
            except BaseException:
                transaction.undo()
                raise

    def dump(self) -> Iterator[tuple[str, list[tuple[Value, ...]]]]:
        """Every table's name and rows, in the order of their key."""
        with self._lock:
            yield PROGRESS_TABLE, [(self._source.applied(),)]
            for table in TABLES:
                rows = self._source.tables.all(table)
                if rows:
                    yield table.TABLE, [astuple(row) for row in rows]

    def fingerprint(self) -> str:
        """SHA-256 of the whole content."""
        return fingerprint_of(self.dump())

    def close(self) -> None:
        """Nothing to let go of."""

    @contextmanager
    def _opened(self) -> Iterator["_MemorySource"]:
        with self._lock:
            yield self._source


class _MemorySource:
    """A `Source` over tables in memory: what SQLite finds by an index is looked for row by row."""

    def __init__(self) -> None:
        self.tables = Tables()
        self.count = 0
        self.changes = 0
        self.last_change: dict[tuple[str, str], int] = {}

    def touch(self, row: Kept) -> None:
        if isinstance(row, KeptNote | KeptVersion | KeptTypedText):
            self.changes += 1
            self.last_change[row.practice, row.encounter] = self.changes

    def touched(self, after: int, limit: int) -> list[Touched]:
        found = [Touched(change, *note) for note, change in self.last_change.items()]
        return sorted((one for one in found if one.change > after), key=lambda one: one.change)[
            :limit
        ]

    def last_touched(self) -> int:
        return self.changes

    def form(self) -> int:
        return 0

    def touched_rows(self, after: int, limit: int) -> list[TouchedRow]:
        del after, limit
        return []  # nobody but its own transactions can write in it

    def last_touched_row(self) -> int:
        return 0

    def watched(self) -> bool:
        return True

    def strays(self, table: type[Made], first: int, end: int | None) -> list[tuple[int, str]]:
        found: list[tuple[int, str]] = []
        for row in self.tables.all(table):
            entry = self.tables.get(KeptEntry, row.position)
            taken = entry is not None and (entry.code is None or table is KeptTypedText)
            known = taken and entry is not None and entry.kind in MAKERS[table]
            if first <= row.position and (end is None or row.position < end) and not known:
                found.append((row.position, str(getattr(row, "practice", ""))))
        return found

    def derived(
        self, table: type[Kept], after: tuple[str, str], limit: int
    ) -> list[tuple[str, str]]:
        names = ("encounter",) if table is KeptDivergence else table.KEY[1:]
        found = {
            (row.practice, "/".join(str(getattr(row, name)) for name in names))
            for row in self.tables.all(table)
            if hasattr(row, "practice")
        }
        return sorted(one for one in found if one > after)[:limit]

    def applied(self) -> int:
        return self.count

    def get(self, table: type[Table], *key: Value) -> Table | None:
        return self.tables.get(table, *key)

    def find(self, table: type[Table], **equal: Value) -> list[Table]:
        return self.tables.find(table, **equal)

    def entries_from(self, position: int, limit: int | None) -> list[KeptEntry]:
        rows = [row for row in self.tables.all(KeptEntry) if row.position >= position]
        return rows if limit is None else rows[:limit]

    def entries_outstanding(self, practice: str | None) -> list[KeptEntry]:
        return [
            row
            for row in self.tables.all(KeptEntry)
            if row.code not in (None, ERASED) and practice in (None, row.practice)
        ]

    def entries_by(
        self, practice: str, author: str, before: int | None, limit: int
    ) -> list[KeptEntry]:
        rows = [
            row
            for row in self.tables.all(KeptEntry)
            if (row.practice, row.author, row.code) == (practice, author, None)
            and (before is None or row.position < before)
        ]
        return rows[::-1][:limit]

    def note_positions(self, practice: str, encounter: str) -> list[int]:
        positions: set[int] = set()
        for table in _OF_NOTES:
            for row in self.tables.find(table, practice=practice, encounter=encounter):
                entry = self.tables.get(KeptEntry, row.position)
                if entry is not None and entry.code is None:
                    positions.add(row.position)
        return sorted(positions)

    def notes_awaiting(self, practice: str, author: str) -> list[KeptNote]:
        return [
            row
            for row in self.tables.all(KeptNote)
            if (row.practice, row.author, row.awaiting) == (practice, author, 1)
        ]

    def encounters_of(
        self, practice: str, patient: str, before: After, limit: int
    ) -> list[KeptEncounter]:
        rows = [
            row
            for row in self.tables.all(KeptEncounter)
            if (row.practice, row.patient) == (practice, patient)
            and (before is None or (row.started_at, row.encounter) < before)
        ]
        rows.sort(key=lambda row: (row.started_at, row.encounter), reverse=True)
        return rows[:limit]

    def encounter_for(self, practice: str, appointment: str) -> KeptEncounter | None:
        for row in self.tables.all(KeptEncounter):
            if (row.practice, row.appointment) == (practice, appointment):
                return row
        return None

    def slots_on(self, practice: str, first: str, days: int, zone: str) -> list[KeptSlot]:
        begin, end = day_bounds(first, zone, days)
        rows = [
            row
            for row in self.tables.all(KeptSlot)
            if row.practice == practice and begin <= row.starts_at < end
        ]
        return sorted(rows, key=lambda row: (row.starts_at, row.position))

    def observations_of(self, practice: str, patient: str) -> list[KeptObservation]:
        rows = [
            row
            for row in self.tables.all(KeptObservation)
            if (row.practice, row.patient) == (practice, patient)
        ]
        return sorted(rows, key=lambda row: (row.effective_at, row.position))

    def practices(self) -> list[KeptPractice]:
        return self.tables.all(KeptPractice)

    def practitioners(self) -> list[KeptPractitioner]:
        return self.tables.all(KeptPractitioner)

    def retirements_in(self, practice: str) -> list[KeptRetirement]:
        return self.tables.find(KeptRetirement, practice=practice)

    def patients_matching(
        self, practice: str, search: Search, after: After, limit: int
    ) -> list[KeptPatient]:
        words: dict[str, list[str]] = {}
        for row in self.tables.all(KeptWord):
            if row.practice == practice:
                words.setdefault(row.patient, []).append(row.word)
        rows = [
            row
            for row in self.tables.all(KeptPatient)
            if row.practice == practice
            and (after is None or (row.sort_name, row.patient) > after)
            and (not search.birth_dates or row.birth_date in search.birth_dates)
            and all(
                any(word.startswith(start) for word in words.get(row.patient, []))
                for start in search.words
            )
        ]
        rows.sort(key=lambda row: (row.sort_name, row.patient))
        return rows[:limit]


class _MemoryTransaction:
    """Writes at once, and remembers how to take it back."""

    def __init__(self, source: _MemorySource) -> None:
        self._source = source
        self._before = source.count
        self._done: list[tuple[Kept | None, Kept | None]] = []

    def applied(self) -> int:
        return self._source.count

    def get(self, table: type[Table], *key: Value) -> Table | None:
        return self._source.get(table, *key)

    def find(self, table: type[Table], **equal: Value) -> list[Table]:
        return self._source.find(table, **equal)

    def put(self, row: Kept) -> None:
        before = self._source.get(type(row), *key_of(row))
        self._source.tables.put(row)
        self._source.touch(row)
        self._done.append((before, row))

    def remove(self, row: Kept) -> None:
        before = self._source.get(type(row), *key_of(row))
        self._source.tables.remove(row)
        self._source.touch(row)
        self._done.append((before, None))

    def advance(self, applied: int) -> None:
        self._source.count = applied

    def undo(self) -> None:
        for before, after in reversed(self._done):
            if after is not None:
                self._source.tables.remove(after)
            if before is not None:
                self._source.tables.put(before)
        self._source.count = self._before
