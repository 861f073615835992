"""Looking at the rows themselves: which of them no entry accounts for (a `RowReader`)."""

from collections.abc import Sequence
from typing import Final

from anamnesis.journal.entry import JournaledEntry
from anamnesis.record.appointment_rows import KeptAppointment, KeptSlot
from anamnesis.record.derived import DERIVED, word_stands
from anamnesis.record.effect import Effect
from anamnesis.record.fold import entry_row
from anamnesis.record.note_rows import KeptDivergence, KeptNote
from anamnesis.record.outstanding import NotTaken
from anamnesis.record.refold import refold_rows
from anamnesis.record.resource_rows import KeptResource, KeptResourceVersion
from anamnesis.record.row import Kept, Made
from anamnesis.record.row_model import DerivedRow, TouchedRow
from anamnesis.record.rows import (
    MAKERS,
    TABLES,
    KeptEncounter,
    KeptEntry,
    KeptIdentity,
    KeptPatient,
    KeptWord,
)
from anamnesis.record.source import Open

TABLE_NAMED: Final[dict[str, type[Kept]]] = {table.TABLE: table for table in TABLES}
OF_NOTES: Final = (KeptNote.TABLE, KeptDivergence.TABLE)
"""Tables whose rows are folded again to be judged; the subject of both is the encounter."""
STRAYS_MAX: Final = 1_000
"""Rows of the table of entries named in one answer."""
WALKED: Final[tuple[type[Kept], ...]] = (*DERIVED, KeptWord, KeptNote, KeptDivergence)
"""Derived tables, in the order in which they are swept."""
FOUNDED_BY: Final[dict[type[Kept], tuple[type[Made], str]]] = {
    KeptPatient: (KeptIdentity, "patient"),
    KeptResource: (KeptResourceVersion, "resource"),
    KeptSlot: (KeptAppointment, "appointment"),
    KeptNote: (KeptEncounter, "encounter"),
    KeptDivergence: (KeptEncounter, "encounter"),
}
"""The rows without which there can be no derived one, and what they name its subject by."""


class RowReading:
    """Questions about rows."""

    def __init__(self, opened: Open) -> None:
        self._open = opened

    def touched_rows(self, after: int, limit: int) -> list[TouchedRow]:
        """Rows that were written otherwise than entries usually do."""
        with self._open() as source:
            return source.touched_rows(after, limit)

    def last_touched_row(self) -> int:
        """The newest such change."""
        with self._open() as source:
            return source.last_touched_row()

    def watched(self) -> bool:
        """Whether everything that watches the tables is there."""
        with self._open() as source:
            return source.watched()

    def strays(self, first: int, end: int | None) -> list[TouchedRow]:
        """Rows that no entry made."""
        with self._open() as source:
            found: list[TouchedRow] = []
            first = max(first, source.applied()) if end is None else first
            for table in MAKERS:
                for position, practice in source.strays(table, first, end):
                    found.append(TouchedRow(0, table.TABLE, practice, str(position)))
            if end is None or first < 0:
                # Every entry that was applied has its row: only beyond those is there room.
                found += [
                    TouchedRow(0, KeptEntry.TABLE, row.practice, str(row.position))
                    for row in source.entries_from(first, STRAYS_MAX)
                    if end is None or row.position < end
                ]
            return found

    def row_there(self, place: str, position: int) -> bool:
        """Whether a table has a row at a position."""
        with self._open() as source:
            return source.get(TABLE_NAMED[place], position) is not None

    def has_twin(self, place: str, position: int) -> bool:
        """Whether another row of the table says the same of the same."""
        table = TABLE_NAMED[place]
        with self._open() as source:
            row = source.get(table, position)
            if not isinstance(row, Made) or isinstance(row, KeptEntry) or not table.LOOKUPS:
                return False
            where = {name: getattr(row, name) for name in table.LOOKUPS[0]}
            return any(
                isinstance(other, Made)
                and other.position != position
                and other.content() == row.content()
                for other in source.find(table, **where)
            )

    def derived_stands(self, place: str, practice: str, subject: str) -> bool:
        """Whether a derived row says what it must."""
        table = TABLE_NAMED[place]
        with self._open() as source:
            if table is KeptWord:
                word, _, patient = subject.rpartition("/")
                gone = source.get(KeptWord, practice, word, patient) is None
                # One that is missing is missed by the patient it belongs to.
                return word_stands(source, practice, word, patient) != gone
            try:
                return DERIVED[table](source, practice, subject)
            except (ValueError, TypeError, NotTaken):
                return False  # what it is derived from is no date, or nothing at all

    def note_stands(
        self, practice: str, encounter: str, entries: Sequence[JournaledEntry]
    ) -> bool | None:
        """Whether a note and its divergences are what its entries make of it."""
        with self._open() as source:
            positions = source.note_positions(practice, encounter)
            if positions != [one.position for one in entries]:
                return None
            shown = source.get(KeptNote, practice, encounter)
            started = source.find(KeptEncounter, practice=practice, encounter=encounter)
            if not started:
                return shown is None
            begun = source.get(KeptEntry, started[0].position)
            author = "" if begun is None else begun.author
            due = refold_rows(entries, practice, encounter, started[0].patient, author)
            beside = source.find(KeptDivergence, practice=practice, encounter=encounter)
            return (shown, beside) == due

    def entries_stand(self, entries: Sequence[JournaledEntry]) -> list[int]:
        """Positions of those whose provenance is not kept as it came."""
        wrong: list[int] = []
        with self._open() as source:
            for journaled in entries:
                row = source.get(KeptEntry, journaled.position)
                if row is not None:
                    effect = Effect((), row.version, diverged=bool(row.diverged))
                    if row != entry_row(journaled, effect, row.code, row.failure):
                        wrong.append(journaled.position)
        return wrong

    def derived(self, place: str, after: tuple[str, str], limit: int) -> list[DerivedRow]:
        """The derived rows of a table; a word is to be judged each time, and never founded."""
        table = TABLE_NAMED[place]
        made, name = FOUNDED_BY.get(table, (None, ""))
        with self._open() as source:
            return [
                DerivedRow(
                    practice,
                    subject,
                    made is not None
                    and bool(source.find(made, **{"practice": practice, name: subject})),
                )
                for practice, subject in source.derived(table, after, limit)
            ]
