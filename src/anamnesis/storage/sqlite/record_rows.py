"""Walking through the rows of a record's tables, to find those that no entry accounts for."""

from typing import Final

import apsw

from anamnesis.record.reading_rows import WALKED
from anamnesis.record.row import Kept, Made
from anamnesis.record.rows import MAKERS
from anamnesis.storage.sqlite.record_tables import stray, subject_columns, subject_of

_END = 2**63 - 1

STRAYS: Final = {
    table: f"SELECT position, practice FROM {table.TABLE} "
    f"WHERE position >= ? AND position < ? AND {stray(table, table.TABLE)} ORDER BY position"
    for table in MAKERS
}
_SUBJECTS: Final = {table: subject_columns(table) for table in WALKED}
# The rows of one subject stand together under the table's key, and are named once.
DERIVED: Final = {
    table: f"SELECT DISTINCT practice, {subject_of(table, table.TABLE)} FROM {table.TABLE} "
    f"WHERE (practice, {', '.join(names)}) > (?{', ?' * len(names)}) "
    f"ORDER BY practice, {', '.join(names)} LIMIT ?"
    for table, names in _SUBJECTS.items()
}


def strays(
    connection: apsw.Connection, table: type[Made], first: int, end: int | None
) -> list[tuple[int, str]]:
    """Position and practice of rows in [first, end) that no entry that makes such rows made."""
    bounds = (first, _END if end is None else end)
    return [(int(one), str(of)) for one, of in connection.execute(STRAYS[table], bounds)]


def derived(
    connection: apsw.Connection, table: type[Kept], after: tuple[str, str], limit: int
) -> list[tuple[str, str]]:
    """Practice and subject of the rows of a derived table, in order, from beyond `after`."""
    practice, subject = after
    names = _SUBJECTS[table]
    parts = subject.rsplit("/", len(names) - 1) if subject else [""] * len(names)
    found = connection.execute(DERIVED[table], (practice, *parts, limit))
    return [(str(of), str(one)) for of, one in found]
