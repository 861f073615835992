"""The record in SQLite as reading sees it: each list by the index made for it."""

from collections.abc import Iterator
from typing import Any, Final

import apsw

from anamnesis.clinical.patient import Search
from anamnesis.record.appointment_rows import KeptSlot
from anamnesis.record.comparison import PROGRESS_TABLE
from anamnesis.record.model import Touched
from anamnesis.record.note_rows import KeptNote
from anamnesis.record.row import Kept, Made, Table, Value
from anamnesis.record.row_model import TouchedRow
from anamnesis.record.rows import (
    TABLES,
    KeptEncounter,
    KeptEntry,
    KeptObservation,
    KeptPatient,
    KeptPractice,
    KeptPractitioner,
    KeptRetirement,
)
from anamnesis.record.source import After
from anamnesis.storage.sqlite import record_rows as row_statements
from anamnesis.storage.sqlite import record_tables as tables
from anamnesis.storage.sqlite.record_tables import select
from anamnesis.storage.zones import day_bounds

DUMP_ROWS: Final = 1_000  # in one run of a dump
RARE_MAX: Final = 1_000  # patients with a word, up to which they are sorted and not walked by name

_LAST = "\U0010ffff"  # sorts behind every word that begins with what stands before it
_NOTE_POSITIONS = """
SELECT position FROM note_version WHERE practice = ?1 AND encounter = ?2 UNION
SELECT t.position FROM note_typed_text AS t JOIN entry AS e USING (position)
WHERE t.practice = ?1 AND t.encounter = ?2 AND e.code IS NULL UNION
SELECT position FROM note_signature WHERE practice = ?1 AND encounter = ?2 UNION
SELECT position FROM note_withdrawal WHERE practice = ?1 AND encounter = ?2 UNION
SELECT position FROM note_resolution WHERE practice = ?1 AND encounter = ?2
ORDER BY 1
"""
STATEMENTS: Final = {
    "applied": "SELECT applied FROM progress",
    "note_positions": _NOTE_POSITIONS,
    "entries_from": select(KeptEntry, "WHERE position >= ? ORDER BY position LIMIT ?"),
    "all_outstanding": select(
        KeptEntry, "INDEXED BY entry_outstanding WHERE code <> 'erased' ORDER BY position"
    ),
    "outstanding": select(KeptEntry, "WHERE practice = ? AND code <> 'erased' ORDER BY position"),
    "entries_by": select(
        KeptEntry,
        "INDEXED BY entry_by_author WHERE practice = ? AND author = ? AND position < ? "
        "AND code IS NULL ORDER BY position DESC LIMIT ?",
    ),
    "touched": "SELECT change, practice, encounter FROM touched WHERE change > ? "
    "ORDER BY change LIMIT ?",
    "touched_rows": "SELECT change, place, practice, subject FROM touched_row WHERE change > ? "
    "ORDER BY change LIMIT ?",
    "last_touched_row": "SELECT ifnull(max(change), 0) FROM touched_row",
    "last_touched": "SELECT ifnull(max(change), 0) FROM touched",
    "notes_awaiting": select(
        KeptNote, "INDEXED BY note_awaiting WHERE practice = ? AND author = ? AND awaiting = 1"
    ),
    "encounters_of": select(
        KeptEncounter,
        "WHERE practice = ? AND patient = ? AND (started_at, encounter) < (?, ?) "
        "ORDER BY started_at DESC, encounter DESC LIMIT ?",
    ),
    "encounter_for": select(
        KeptEncounter, "WHERE practice = ? AND appointment = ? ORDER BY position LIMIT 1"
    ),
    "slots_on": select(
        KeptSlot,
        "WHERE practice = ? AND starts_at >= ? AND starts_at < ? ORDER BY starts_at, position",
    ),
    "observations_of": select(
        KeptObservation, "WHERE practice = ? AND patient = ? ORDER BY effective_at, position"
    ),
    "word_count": "SELECT count(*) FROM (SELECT 1 FROM patient_word "
    "WHERE practice = ? AND word >= ? AND word < ? LIMIT ?)",
    "practices": select(KeptPractice, "ORDER BY position"),
    "practitioners": select(KeptPractitioner, "ORDER BY position"),
    "retirements_in": select(KeptRetirement, "WHERE practice = ? ORDER BY position"),
}
_EVERY = 2**63 - 1  # a position or a limit that leaves nothing out


class SqliteSource:
    """A `Source` on one connection, which is in a transaction for as long as it is used."""

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection

    def applied(self) -> int:
        """The number of journal entries applied."""
        return int(self._connection.execute(STATEMENTS["applied"]).get)

    def get(self, table: type[Table], *key: Value) -> Table | None:
        """The row with this key."""
        return tables.get(self._connection, table, key)

    def find(self, table: type[Table], **equal: Value) -> list[Table]:
        """The rows with these columns, in the order of their key."""
        return tables.find(self._connection, table, equal)

    def entries_from(self, position: int, limit: int | None) -> list[KeptEntry]:
        """Entries of every practice, in order."""
        bound = _EVERY if limit is None else limit
        return self._rows(KeptEntry, "entries_from", position, bound)

    def entries_outstanding(self, practice: str | None) -> list[KeptEntry]:
        """Entries with a code, in order."""
        if practice is None:
            return self._rows(KeptEntry, "all_outstanding")
        return self._rows(KeptEntry, "outstanding", practice)

    def entries_by(
        self, practice: str, author: str, before: int | None, limit: int
    ) -> list[KeptEntry]:
        """Entries without a code by this author, newest first."""
        below = _EVERY if before is None else before
        return self._rows(KeptEntry, "entries_by", practice, author, below, limit)

    def note_positions(self, practice: str, encounter: str) -> list[int]:
        """Positions of the `note.*` entries without a code, in order."""
        found = self._connection.execute(_NOTE_POSITIONS, (practice, encounter))
        return [position for (position,) in found]

    def touched(self, after: int, limit: int) -> list[Touched]:
        """Notes written since change `after`, in the order of their last change."""
        found = self._connection.execute(STATEMENTS["touched"], (after, limit))
        return [Touched(*row) for row in found]

    def last_touched(self) -> int:
        """The newest change, 0 if there is none."""
        return int(self._connection.execute(STATEMENTS["last_touched"]).get)

    def form(self) -> int:
        """Changes with the tables, indexes and triggers (the file header's schema cookie)."""
        return int(self._connection.pragma("schema_version"))

    def touched_rows(self, after: int, limit: int) -> list[TouchedRow]:
        """Rows written otherwise than usual since change `after`, in the order of their change."""
        found = self._connection.execute(STATEMENTS["touched_rows"], (after, limit))
        return [TouchedRow(*row) for row in found]

    def last_touched_row(self) -> int:
        """The newest such change, 0 if there is none."""
        return int(self._connection.execute(STATEMENTS["last_touched_row"]).get)

    def watched(self) -> bool:
        """Whether tables, indexes and triggers are exactly those that were made."""
        return tables.form_of(self._connection) == tables.form_made()

    def strays(self, table: type[Made], first: int, end: int | None) -> list[tuple[int, str]]:
        """Position and practice of rows in [first, end) that no entry of these kinds made."""
        return row_statements.strays(self._connection, table, first, end)

    def derived(
        self, table: type[Kept], after: tuple[str, str], limit: int
    ) -> list[tuple[str, str]]:
        """Practice and subject of the rows of a derived table, in order, from beyond `after`."""
        return row_statements.derived(self._connection, table, after, limit)

    def notes_awaiting(self, practice: str, author: str) -> list[KeptNote]:
        """Notes of this author's encounters that await a signature."""
        return self._rows(KeptNote, "notes_awaiting", practice, author)

    def encounters_of(
        self, practice: str, patient: str, before: After, limit: int
    ) -> list[KeptEncounter]:
        """A patient's encounters, newest first."""
        place = (_LAST, _LAST) if before is None else before
        return self._rows(KeptEncounter, "encounters_of", practice, patient, *place, limit)

    def encounter_for(self, practice: str, appointment: str) -> KeptEncounter | None:
        """The first encounter started for an appointment."""
        found = self._rows(KeptEncounter, "encounter_for", practice, appointment)
        return found[0] if found else None

    def slots_on(self, practice: str, first: str, days: int, zone: str) -> list[KeptSlot]:
        """Appointments that start on these days, by start and then in order."""
        return self._rows(KeptSlot, "slots_on", practice, *day_bounds(first, zone, days))

    def observations_of(self, practice: str, patient: str) -> list[KeptObservation]:
        """A patient's measurements, by when they were taken and then in order."""
        return self._rows(KeptObservation, "observations_of", practice, patient)

    def practices(self) -> list[KeptPractice]:
        """Every practice, in order."""
        return self._rows(KeptPractice, "practices")

    def practitioners(self) -> list[KeptPractitioner]:
        """Every practitioner of every practice, in order."""
        return self._rows(KeptPractitioner, "practitioners")

    def retirements_in(self, practice: str) -> list[KeptRetirement]:
        """The retired devices of a practice, in order."""
        return self._rows(KeptRetirement, "retirements_in", practice)

    def patients_matching(
        self, practice: str, search: Search, after: After, limit: int
    ) -> list[KeptPatient]:
        """Patients by name and id, with everything that is searched for."""
        rare = any(self._is_rare(practice, word) for word in search.words)
        statement, bindings = search_statement(practice, search, after, limit, rare=rare)
        return tables.rows(self._connection, KeptPatient, statement, bindings)

    def dump(self) -> Iterator[tuple[str, list[tuple[Value, ...]]]]:
        """Every table's name and rows, in the order of their key, in runs of DUMP_ROWS."""
        yield PROGRESS_TABLE, [(self.applied(),)]
        for table in TABLES:
            cursor = self._connection.cursor()
            cursor.execute(select(table, f"ORDER BY {', '.join(table.KEY)}"))
            while run := [row for _, row in zip(range(DUMP_ROWS), cursor, strict=False)]:
                yield table.TABLE, run

    def _is_rare(self, practice: str, word: str) -> bool:
        bindings = (practice, word, word + _LAST, RARE_MAX + 1)
        return int(self._connection.execute(STATEMENTS["word_count"], bindings).get) <= RARE_MAX

    def _rows(self, table: type[Table], name: str, *bindings: Any) -> list[Table]:  # noqa: ANN401
        return tables.rows(self._connection, table, STATEMENTS[name], bindings)


def search_statement(
    practice: str, search: Search, after: After, limit: int, *, rare: bool
) -> tuple[str, tuple[Any, ...]]:
    """The statement that looks for patients, and what is bound in it.

    With a date of birth or a `rare` word it looks up those few and sorts them; otherwise it walks
    through the names in order and stops when the page is full.
    """
    wanted = ["practice = ?"]
    bindings: list[str | int] = [practice]
    if search.birth_dates:
        wanted.append(f"birth_date IN ({', '.join('?' * len(search.birth_dates))})")
        bindings += search.birth_dates
    for word in search.words:
        wanted.append(
            "patient IN (SELECT patient FROM patient_word "
            "WHERE practice = ? AND word >= ? AND word < ?)"
        )
        bindings += (practice, word, word + _LAST)
    if after is not None:
        wanted.append("(sort_name, patient) > (?, ?)")
        bindings += after
    walked = "sort_name, patient"
    by_birth = "INDEXED BY patient_by_birth" if search.birth_dates else ""
    # A plus keeps SQLite from walking the index by name for the sake of the order.
    order = "+sort_name, +patient" if rare and not by_birth else walked
    statement = select(
        KeptPatient, f"{by_birth} WHERE {' AND '.join(wanted)} ORDER BY {order} LIMIT ?"
    )
    return statement, (*bindings, limit)
