"""Judges rows of the record one by one: entries of the journal have to account for each."""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Iterable

import msgspec

from anamnesis.clinical.resources import WRITTEN_WHOLE
from anamnesis.journal.entry import JournaledEntry
from anamnesis.journal.store import JournalReader
from anamnesis.keeper.demands import Demands
from anamnesis.keeper.judgement import (
    Cleared,
    Disagreement,
    Outside,
    RowVerdict,
    judged,
    newest_first,
)
from anamnesis.keeper.received import Expected
from anamnesis.reconcile.finding import Finding
from anamnesis.record.appointment_rows import KeptSlot
from anamnesis.record.note_rows import KeptNote, KeptTypedText
from anamnesis.record.reading_rows import OF_NOTES, TABLE_NAMED
from anamnesis.record.resource_rows import KeptResource
from anamnesis.record.row import Made
from anamnesis.record.row_model import TouchedRow
from anamnesis.record.rows import MAKERS, KeptEntry, KeptPatient
from anamnesis.record.store import RecordReader

REMEMBERED_MAX = 100_000
"""Rows remembered as wrong, to be looked at again; the sweep finds those beyond once more."""


RESOURCES = frozenset(WRITTEN_WHOLE)


class _Named(msgspec.Struct):
    id: str


class Rows:
    """Remembers which rows are wrong. Safe between threads; each brings its own way to read."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._wrong: OrderedDict[str, TouchedRow] = OrderedDict()

    def judged(
        self,
        reader: RecordReader,
        journal: JournalReader,
        demands: Demands,
        rows: Iterable[TouchedRow],
    ) -> list[RowVerdict]:
        """Verdicts on these rows and on the entries that made them."""
        found: list[RowVerdict] = []
        for row in rows:
            for verdict in _verdicts(row, reader, journal, demands):
                self._note(row, verdict)
                found.append(verdict)
        return found

    def again(
        self, reader: RecordReader, journal: JournalReader, demands: Demands
    ) -> list[RowVerdict]:
        """Verdicts on what was wrong: the record may have been made anew."""
        with self._lock:
            wrong = list(self._wrong.values())
        return self.judged(reader, journal, demands, wrong)

    def _note(self, row: TouchedRow, verdict: RowVerdict) -> None:
        with self._lock:
            if isinstance(verdict, Disagreement):
                self._wrong[verdict.expected.id] = row
                if len(self._wrong) > REMEMBERED_MAX:
                    self._wrong.popitem(last=False)
            else:
                self._wrong.pop(verdict.expected.id, None)


def begun_by(journaled: JournaledEntry) -> TouchedRow | None:
    """The derived row that there is because of this entry, if it is the first of its subject."""
    entry = journaled.entry
    if entry.erased_by is not None:
        return None
    match entry.kind:
        case "encounter.start":
            return TouchedRow(0, KeptNote.TABLE, entry.practice, entry.encounter or "")
        case "patient.create":
            return TouchedRow(0, KeptPatient.TABLE, entry.practice, entry.patient or "")
        case "appointment.book":
            return TouchedRow(0, KeptSlot.TABLE, entry.practice, entry.id)
        case kind if kind.removesuffix(".write") in RESOURCES:
            named = msgspec.json.decode(entry.content, type=_Named)
            return TouchedRow(0, KeptResource.TABLE, entry.practice, named.id)
        case _:
            return None


def _verdicts(
    row: TouchedRow, reader: RecordReader, journal: JournalReader, demands: Demands
) -> list[RowVerdict]:
    if row.place in OF_NOTES:
        return _of_note(row, reader, journal)
    table = TABLE_NAMED[row.place]
    if not issubclass(table, Made):
        stands = reader.derived_stands(row.place, row.practice, row.subject)
        return [_found(row, None if stands else "record-row-differs")]
    position = int(row.subject)
    journaled = _at(journal, position) if position < reader.applied() else None
    if journaled is None or journaled.entry.kind not in MAKERS.get(table, {journaled.entry.kind}):
        return [_found(row, _stray(row, position, reader))]
    expected = Expected.of(journaled)
    verdicts: list[RowVerdict] = [*judged(reader, journal, demands, [expected]).values()]
    if isinstance(verdicts[0], Outside) and table not in (KeptEntry, KeptTypedText):
        return [_found(row, _stray(row, position, reader))]
    if reader.entries_stand([journaled]):
        verdicts = [Disagreement(expected, "read-back-provenance")]
    return verdicts


def _stray(row: TouchedRow, position: int, reader: RecordReader) -> str | None:
    if not reader.row_there(row.place, position):
        return None
    twin = reader.has_twin(row.place, position)
    return "record-row-doubled" if twin else "record-row-orphaned"


def _of_note(row: TouchedRow, reader: RecordReader, journal: JournalReader) -> list[RowVerdict]:
    entries = [*newest_first(reader, journal, row.practice, row.subject)][::-1]
    stands = reader.note_stands(row.practice, row.subject, entries)
    if stands is None:
        return []  # it moved on meanwhile, and was touched again by that
    newest = entries[-1] if entries else None
    return [_found(row, None if stands else "record-row-differs", newest)]


def _found(row: TouchedRow, code: str | None, newest: JournaledEntry | None = None) -> RowVerdict:
    finding = Finding(
        f"row/{row.place}/{_named(row)}",
        code or "",
        row.practice,
        "" if newest is None else newest.entry.author,
        row.subject if row.place in OF_NOTES else None,
        "" if newest is None else newest.received_at,
    )
    expected = Expected.found(finding)
    return Cleared(expected) if code is None else Disagreement(expected, code)


def _named(row: TouchedRow) -> str:
    """What a row is called: no word that a patient is found by leaves the record."""
    return hashlib.sha256(f"{row.practice}/{row.subject}".encode()).hexdigest()[:32]


def _at(journal: JournalReader, position: int) -> JournaledEntry | None:
    if position < 0:
        return None
    try:
        return journal.at([position])[0]
    except IndexError:
        return None
