"""Whatever is altered, removed or added in whichever table of the record, a sweep finds it."""

import shutil
from pathlib import Path

import apsw
import pytest

from anamnesis.keeper.demands import Demands
from anamnesis.keeper.disagreements import Disagreements
from anamnesis.keeper.record_door import RecordDoor
from anamnesis.keeper.rows import Rows
from anamnesis.keeper.sweep import Sweep
from anamnesis.keeper.sweep_mark import SweepMarks
from anamnesis.keeper.touched_rows import LOOKED_EVERY_SECONDS, TouchedRows
from anamnesis.record.row import Kept, Made
from anamnesis.record.rows import TABLES, KeptWord
from anamnesis.storage.sqlite.record import SqliteRecordReader, SqliteRecordWriter
from tests.contract.record.test_record_entries import everything
from tests.unit.keeper.fakes import FakeClock, FakeMarks
from tests.unit.record.making import Writing

SHOWN_TO_NOBODY = {
    # Nobody reads them, or only beside a row that has the same and is compared.
    ("entry", "version"),
    ("entry", "diverged"),
    ("entry", "failure"),
}
COLUMNS = [
    (table, column)
    for table in TABLES
    for column in table.__struct_fields__
    if (table.TABLE, column) not in SHOWN_TO_NOBODY
]


class World:
    """One practice's record in a file, and a copy of it to spoil."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.writing = Writing()
        everything(self.writing)
        self.sound = folder / "sound.db"
        writer = SqliteRecordWriter(self.sound)
        self.writing.fold(writer)
        writer.close()
        self.spoilt = folder / "record.db"

    def spoil(self, statements: str, *, watched: bool = False) -> None:
        """Does it to a copy; where nothing watches, the triggers are put back afterwards."""
        for suffix in ("", "-wal", "-shm"):
            self.spoilt.with_name(self.spoilt.name + suffix).unlink(missing_ok=True)
        shutil.copy(self.sound, self.spoilt)
        connection = apsw.Connection(str(self.spoilt))
        triggers = connection.execute(
            "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'"
        ).fetchall()
        keeps = [(str(name), str(sql)) for name, sql in triggers]
        for name, _ in keeps:
            if not watched or name.endswith(("_rewritten", "_removed", "_follows")):
                connection.execute(f"DROP TRIGGER {name}")
        connection.execute(statements)
        for name, sql in keeps:
            if not watched or name.endswith(("_rewritten", "_removed", "_follows")):
                connection.execute(sql)
        connection.close()

    def swept(self) -> list[str]:
        """The codes that one whole pass over the copy finds."""
        found = Disagreements()
        door = RecordDoor(self.spoilt, lambda: SqliteRecordReader(self.spoilt))
        clock = FakeClock()
        marks = SweepMarks(FakeMarks(), clock, door.identity)
        sweep = Sweep(
            door, self.writing.journal, clock, found.take, lambda code: None, Rows(), marks
        )
        while sweep.step():
            pass
        door.close()
        return [one.code for one in found.all()]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return World(tmp_path_factory.mktemp("rows"))


def test_nothing_is_found_in_a_record_that_nobody_spoilt(world: World) -> None:
    world.spoil("SELECT 1")
    assert world.swept() == []


@pytest.mark.parametrize(
    ("table", "column"), COLUMNS, ids=[f"{table.TABLE}.{column}" for table, column in COLUMNS]
)
def test_each_column_that_is_altered_is_found(world: World, table: type[Kept], column: str) -> None:
    order = ", ".join(table.KEY)
    one = f"rowid = (SELECT rowid FROM {table.TABLE} ORDER BY {order} LIMIT 1)"
    if not issubclass(table, Made):
        keys = " AND ".join(
            f"{name} = (SELECT {name} FROM {table.TABLE} ORDER BY {order} LIMIT 1)"
            for name in table.KEY
        )
        one = keys
    world.spoil(f"UPDATE {table.TABLE} SET {column} = {_other(table, column)} WHERE {one}")
    assert world.swept() != []


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.TABLE)
def test_each_row_that_is_removed_is_found(world: World, table: type[Kept]) -> None:
    key = ", ".join(table.KEY)
    world.spoil(
        f"DELETE FROM {table.TABLE} WHERE ({key}) = "
        f"(SELECT {key} FROM {table.TABLE} ORDER BY {key} LIMIT 1)"
    )
    assert world.swept() != []


@pytest.mark.parametrize(
    ("table", "place"),
    [(t, place) for place in (-3, 900) for t in TABLES if issubclass(t, Made) or place >= 0],
    ids=lambda given: given if isinstance(given, int) else given.TABLE,
)
def test_each_row_that_no_entry_made_is_found(world: World, table: type[Kept], place: int) -> None:
    world.spoil(_added(table, place))
    assert world.swept() != []


@pytest.mark.parametrize("table", [t for t in TABLES if issubclass(t, Made)], ids=lambda t: t.TABLE)
def test_a_row_put_in_beside_the_product_is_noticed_at_the_next_look(
    world: World, table: type[Kept]
) -> None:
    world.spoil("SELECT 1")
    reader = SqliteRecordReader(world.spoilt)
    clock, found = FakeClock(), Disagreements()
    touched = TouchedRows(Rows(), world.writing.journal, clock, lambda: None)
    found.take(touched.judged(reader, Demands()))
    assert found.all() == []
    connection = apsw.Connection(str(world.spoilt))
    connection.execute("DROP TRIGGER note_version_follows")
    connection.execute(_added(table, 900))
    connection.close()
    clock.move(LOOKED_EVERY_SECONDS)
    found.take(touched.judged(reader, Demands()))
    reader.close()
    codes = {one.code for one in found.all()} - {"record-unwatched"}
    assert codes <= {"record-row-orphaned", "record-row-doubled"}
    assert codes


def _other(table: type[Kept], column: str) -> str:
    """Another value than the column has, of its type and within what the table allows."""
    found = _OTHERS.get((table.TABLE, column)) or _OTHERS.get(("", column))
    if found is not None:
        return found
    annotation = str(table.__annotations__.get(column, "str"))
    if "int" in annotation and "str" not in annotation:
        return f"ifnull({column}, 0) + 40"
    return f"ifnull({column}, '') || 'x'"


_OTHERS = {
    ("note", "status"): "CASE status WHEN 'draft' THEN 'signed' ELSE 'draft' END",
    ("note", "signed_version"): "CASE WHEN signed_version IS NULL THEN 1 ELSE NULL END",
    ("note_divergence", "reason"): "iif(reason = 'concurrent', 'after-signature', 'concurrent')",
    ("note_divergence", "kept"): "iif(kept = 'both', 'note', 'both')",
    ("appointment_slot", "status"): "iif(status = 'done', 'no-show', 'done')",
    ("entry", "code"): "'unknown-kind'",
    ("", "missing"): "'[[1,2]]'",
    ("", "json"): "json_set(json, '$.altered', 1)",
    ("", "merged"): "1 - merged",
    ("", "overlap"): "1 - overlap",
    ("", "awaiting"): "1 - awaiting",
    ("", "position"): "position + 700",
}


def _added(table: type[Kept], place: int) -> str:
    """A row like the first one, somewhere no entry asked for."""
    key = ", ".join(table.KEY)
    changed = {"position": str(place)} if issubclass(table, Made) else {}
    unique = {"version": "900"} if table.TABLE in _BY_VERSION else {}
    names = _UNIQUE.get(table.TABLE, ())
    unique |= {name: f"{name} || 'x'" for name in names}
    if table is KeptWord:
        unique = {"word": "word || 'x'"}
    values = changed | unique
    columns = [values.get(name, name) for name in table.__struct_fields__]
    return (
        f"INSERT INTO {table.TABLE} ({', '.join(table.__struct_fields__)}) "
        f"SELECT {', '.join(columns)} FROM {table.TABLE} ORDER BY {key} LIMIT 1"
    )


_BY_VERSION = {"patient_identity", "note_version", "resource_version", "appointment_move"}
_UNIQUE = {
    "entry": ("entry",),
    "practice": ("practice",),
    "practitioner": ("practitioner",),
    "encounter": ("encounter",),
    "observation": ("observation",),
    "appointment": ("appointment",),
    "document_share": ("share",),
    "patient": ("patient",),
    "note": ("encounter",),
    "note_divergence": ("section",),
    "appointment_slot": ("appointment",),
    "resource": ("resource",),
}
