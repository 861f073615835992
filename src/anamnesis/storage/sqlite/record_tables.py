"""The record's tables in SQLite: their form, and one row of them in or out."""

import contextlib
import functools
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from typing import Any, Final

import apsw
from msgspec.structs import astuple

from anamnesis.record.fold import FOLD_EDITION
from anamnesis.record.note_rows import KeptDivergence, KeptNote, KeptTypedText, KeptVersion
from anamnesis.record.reading_rows import WALKED
from anamnesis.record.row import Kept, Made, Table, Value
from anamnesis.record.rows import MAKERS, TABLES, KeptWord
from anamnesis.record.store import RecordDamaged, RecordOutdated
from anamnesis.record.tables import key_of
from anamnesis.storage.sqlite.connection import FormatRefused

APPLICATION: Final = 0x414E4152  # "ANAR", in the file's header
_KEPT = """
CREATE TRIGGER {table}_is_not_rewritten BEFORE UPDATE ON {table}
BEGIN SELECT RAISE(ABORT, 'what an entry made is kept'); END;
CREATE TRIGGER {table}_is_not_removed BEFORE DELETE ON {table}
BEGIN SELECT RAISE(ABORT, 'what an entry made is kept'); END;
"""
_TOUCHED = """
CREATE TRIGGER {table}_{deed}_of_{row}_is_told AFTER {deed} ON {table}
BEGIN INSERT INTO touched (practice, encounter) VALUES ({row}.practice, {row}.encounter); END;
"""
_TOUCHED_ROW = """
CREATE TRIGGER {table}_row_{deed}_of_{row}_is_told AFTER {deed} ON {table}{when}
BEGIN INSERT INTO touched_row (place, practice, subject)
VALUES ('{table}', {row}.practice, {subject}); END;
"""
_STRAY = """NOT EXISTS (
    SELECT 1 FROM entry AS e WHERE e.position = {row}.position AND e.practice = {row}.practice
    AND e.kind IN ({kinds}){taken}
)"""
_DEEDS = (("INSERT", "NEW"), ("UPDATE", "OLD"), ("UPDATE", "NEW"), ("DELETE", "OLD"))
_REWRITTEN = (("UPDATE", "OLD"), ("UPDATE", "NEW"), ("DELETE", "OLD"))
# Entries replace rows: they take out and put in, and never update. What else they do to a note or
# a word is told of already, by the note and by the patient.
_DEEDS_TOLD: Final[dict[type[Kept], tuple[tuple[str, str], ...]]] = {
    KeptNote: _REWRITTEN[:2],
    KeptWord: _REWRITTEN,
}


def stray(table: type[Made], row: str) -> str:
    """A condition: the row of the table was made by no entry of the kinds that make such rows."""
    kinds = ", ".join(f"'{kind}'" for kind in sorted(MAKERS[table]))
    # What was typed is kept of an entry that was not taken, too.
    taken = "" if table is KeptTypedText else " AND e.code IS NULL"
    return _STRAY.format(row=row, kinds=kinds, taken=taken)


def subject_columns(table: type[Kept]) -> tuple[str, ...]:
    """What a derived row is about, besides its practice."""
    return ("encounter",) if table is KeptDivergence else table.KEY[1:]


def subject_of(table: type[Kept], row: str) -> str:
    """An expression for what a derived row is about."""
    return " || '/' || ".join(f"{row}.{name}" for name in subject_columns(table))


def _triggers() -> str:
    """Everything that keeps rows as entries made them, or tells of those that were written."""
    made = [table for table in TABLES if issubclass(table, Made)]
    found = [_KEPT.format(table=table.TABLE) for table in made]
    for name in (KeptNote.TABLE, KeptVersion.TABLE, KeptTypedText.TABLE):
        found += [_TOUCHED.format(table=name, deed=deed, row=row) for deed, row in _DEEDS]
    for table in made:
        found += [_told(table, *deed, "", f"{deed[1]}.position") for deed in _REWRITTEN]
        if table in MAKERS:
            when = f"\nWHEN {stray(table, 'NEW')}"
            found.append(_told(table, "INSERT", "NEW", when, "NEW.position"))
    for derived in WALKED:
        deeds = _DEEDS_TOLD.get(derived, _DEEDS)
        found += [_told(derived, *deed, "", subject_of(derived, deed[1])) for deed in deeds]
    for deed, row in (("INSERT", "NEW"), ("DELETE", "OLD")):
        when = f"\nWHEN {row}.status <> 'draft'"
        found.append(_told(KeptNote, deed, row, when, subject_of(KeptNote, row)))
    return "".join(found)


def _told(table: type[Kept], deed: str, row: str, when: str, subject: str) -> str:
    return _TOUCHED_ROW.format(table=table.TABLE, deed=deed, row=row, when=when, subject=subject)


SCHEMA: Final = files(__package__).joinpath("record.sql").read_text(encoding="utf-8") + _triggers()
# Any change of the tables or of the rules of folding makes another format, so that no record is
# ever read that another program would have made otherwise.
FORMAT: Final = int(hashlib.sha256(f"{FOLD_EDITION}\n{SCHEMA}".encode()).hexdigest()[:7], 16)


class RecordFileOutdated(RecordOutdated, FormatRefused):
    """The file is a record in another form than this program writes, or no record at all."""

    code = RecordOutdated.code


@contextmanager
def damage_named() -> Iterator[None]:
    """Raises RecordDamaged where SQLite finds that the file contradicts itself."""
    try:
        yield
    except (apsw.CorruptError, apsw.NotADBError) as error:
        raise RecordDamaged(f"The record's file is damaged ({type(error).__name__}).") from error


def columns(table: type[Kept]) -> str:
    """The table's columns, in the order of its struct."""
    return ", ".join(table.__struct_fields__)


def _equal(names: tuple[str, ...]) -> str:
    return " AND ".join(f"{name} = ?" for name in names)


_PUT = {
    table: f"INSERT {'' if issubclass(table, Made) else 'OR REPLACE '}INTO {table.TABLE} "
    f"({columns(table)}) VALUES ({', '.join('?' * len(table.__struct_fields__))})"
    for table in TABLES
}
_REMOVE = {table: f"DELETE FROM {table.TABLE} WHERE {_equal(table.KEY)}" for table in TABLES}
_GET = {
    table: f"SELECT {columns(table)} FROM {table.TABLE} WHERE {_equal(table.KEY)}"
    for table in TABLES
}
_FIND = {
    (table, names): f"SELECT {columns(table)} FROM {table.TABLE} WHERE {_equal(names)} "
    f"ORDER BY {', '.join(table.KEY)}"
    for table in TABLES
    for names in table.LOOKUPS
}


def check_form(connection: apsw.Connection) -> None:
    """Raises RecordOutdated unless the file is a record in exactly this form."""
    found = (connection.pragma("application_id"), connection.pragma("user_version"))
    if found != (APPLICATION, FORMAT):
        raise RecordFileOutdated(
            "This file is not a record as this program writes it; it is made again from the "
            "journal."
        )


def is_empty(connection: apsw.Connection) -> bool:
    """Whether nothing was ever put into the file."""
    tables = connection.execute("SELECT count(*) FROM sqlite_schema").get
    return bool(tables == 0 and connection.pragma("application_id") == 0)


def form_of(connection: apsw.Connection) -> frozenset[tuple[str, str]]:
    """Each table, index and trigger by name, with the statement that made it."""
    return frozenset(
        (str(name), str(statement))
        for name, statement in connection.execute(
            "SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL"
        )
    )


@functools.cache
def form_made() -> frozenset[tuple[str, str]]:
    """The form of a record that nobody altered."""
    with contextlib.closing(apsw.Connection(":memory:")) as connection:
        connection.execute(SCHEMA)
        return form_of(connection)


def create(connection: apsw.Connection) -> None:
    """Puts empty tables into an empty file, all or none."""
    with connection:
        connection.execute(SCHEMA)
        connection.pragma("application_id", APPLICATION)
        connection.pragma("user_version", FORMAT)


def put(connection: apsw.Connection, row: Kept) -> None:
    """Keeps the row; one that an entry made must be new."""
    connection.execute(_PUT[type(row)], astuple(row))


def remove(connection: apsw.Connection, row: Kept) -> None:
    """Takes the row out."""
    connection.execute(_REMOVE[type(row)], key_of(row))


def get(connection: apsw.Connection, table: type[Table], key: tuple[Value, ...]) -> Table | None:
    """The row with this key."""
    for row in connection.execute(_GET[table], key):
        return table(*row)
    return None


def find(connection: apsw.Connection, table: type[Table], equal: dict[str, Value]) -> list[Table]:
    """The rows with these columns, one of the table's lookups, in the order of their key."""
    statement = _FIND.get((table, tuple(equal)))
    if statement is None:
        raise LookupError(f"{table.TABLE} is not looked up by {tuple(equal)}.")
    return rows(connection, table, statement, tuple(equal.values()))


def select(table: type[Kept], rest: str) -> str:
    """A statement for whole rows of the table."""
    return f"SELECT {columns(table)} FROM {table.TABLE} {rest}"


def rows(
    connection: apsw.Connection, table: type[Table], statement: str, bindings: tuple[Any, ...]
) -> list[Table]:
    """What the statement, made by `select`, finds."""
    return [table(*row) for row in connection.execute(statement, bindings)]
