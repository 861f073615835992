"""What only a file can do: be outdated, be damaged, be replaced, be read while it is written."""

import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import apsw
import pytest

from anamnesis.clinical.patient import Search
from anamnesis.record.fold import apply
from anamnesis.record.row import Made
from anamnesis.record.rows import TABLES
from anamnesis.record.store import RecordDamaged, RecordOutdated, RecordUnwritable
from anamnesis.storage.sqlite import record_tables
from anamnesis.storage.sqlite.connection import FormatRefused
from anamnesis.storage.sqlite.record import SqliteRecordReader, SqliteRecordWriter
from anamnesis.storage.sqlite.record_pool import CONNECTIONS_MAX
from anamnesis.storage.sqlite.record_rebuild import put_in_place, rebuild_beside
from anamnesis.storage.sqlite.record_source import STATEMENTS, search_statement
from tests.contract.record.test_record_entries import everything
from tests.unit.record.making import ENCOUNTER, PATIENT, PRACTICE, Writing, text

ONE, TWO = text("Un"), text("Deux")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "record.db"


def written(path: Path) -> Writing:
    writing = Writing().begun()
    writing.note("write", ONE)
    with closing(SqliteRecordWriter(path)) as writer:
        writing.fold(writer)
    return writing


def told(_: int, __: int) -> None:
    """Nobody listens."""


def plan(statement: str, bindings: int) -> list[str]:
    connection = apsw.Connection(":memory:")
    record_tables.create(connection)
    rows = connection.execute(f"EXPLAIN QUERY PLAN {statement}", ("x",) * bindings)
    return [str(row[3]) for row in rows]


def test_the_tables_are_those_of_the_rows() -> None:
    connection = apsw.Connection(":memory:")
    record_tables.create(connection)
    kept = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
    names = {str(row[0]) for row in connection.execute(kept)}
    assert names == {table.TABLE for table in TABLES} | {"progress", "touched", "touched_row"}
    for table in TABLES:
        columns = connection.execute(f"PRAGMA table_info({table.TABLE})").fetchall()
        assert tuple(column[1] for column in columns) == table.__struct_fields__
        key = {str(column[1]): int(column[5]) for column in columns if column[5]}
        assert sorted(key, key=lambda name: key[name]) == list(table.KEY)
        assert table.__struct_fields__[: len(table.KEY)] == table.KEY or table.TABLE == (
            "note_divergence"
        )


@pytest.mark.parametrize("name", sorted(set(STATEMENTS) - {"applied"}))
def test_every_list_has_an_index_of_its_own(name: str) -> None:
    statement = STATEMENTS[name]
    steps = plan(statement, 2 if "?1" in statement else statement.count("?"))
    scanned = [step for step in steps if step.startswith("SCAN") and "subquery" not in step]
    directory = [f"SCAN {table}" for table in ("practice", "practitioner")]
    assert scanned in ([], ["SCAN entry USING INDEX entry_outstanding"], *[[s] for s in directory])
    assert not any(step.endswith("(practice=?)") and "PRIMARY KEY" in step for step in steps)


@pytest.mark.parametrize(
    "statement", sorted({*record_tables._FIND.values(), *record_tables._GET.values()})
)
def test_every_row_is_found_without_looking_at_others(statement: str) -> None:
    assert not [step for step in plan(statement, statement.count("?")) if "SCAN" in step]


@pytest.mark.parametrize("rare", [True, False])
@pytest.mark.parametrize("search", [Search((), ()), Search(("a", "b"), ()), Search(("a",), ("d",))])
def test_patients_are_found_by_an_index(search: Search, rare: bool) -> None:
    statement, bindings = search_statement(PRACTICE, search, ("a", "b"), 10, rare=rare)
    assert not [step for step in plan(statement, len(bindings)) if "SCAN" in step]


def test_another_form_of_file_is_outdated_and_left_as_it_is(path: Path) -> None:
    written(path)
    with closing(apsw.Connection(str(path))) as connection:
        connection.pragma("user_version", record_tables.FORMAT + 1)
    before = path.read_bytes()
    for opened in (SqliteRecordWriter, SqliteRecordReader):
        with pytest.raises(RecordOutdated) as caught:
            opened(path)
        assert isinstance(caught.value, FormatRefused)
    assert path.read_bytes() == before


def test_a_file_of_another_kind_is_refused(path: Path) -> None:
    with closing(apsw.Connection(str(path))) as connection:
        connection.execute("CREATE TABLE other (a)")
    with pytest.raises(RecordOutdated):
        SqliteRecordWriter(path)


def test_there_is_nothing_to_read_before_there_is_a_record(path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        SqliteRecordReader(path)


@pytest.mark.parametrize("table", [table for table in TABLES if issubclass(table, Made)])
def test_what_an_entry_made_can_be_neither_changed_nor_removed(
    path: Path, table: type[Made]
) -> None:
    writing = Writing()
    everything(writing)
    with closing(SqliteRecordWriter(path)) as writer:
        writing.fold(writer)
    with closing(apsw.Connection(str(path))) as connection:
        for act in ("UPDATE {} SET practice = ''", "DELETE FROM {}"):
            change = act.format(table.TABLE)
            with pytest.raises(apsw.ConstraintError, match="is kept"):
                connection.execute(change)


def test_a_version_out_of_turn_is_not_kept(path: Path) -> None:
    written(path)
    add = (
        "INSERT INTO note_version SELECT 900, practice, encounter, motif, interrogatoire, "
        "examen, conclusion, digest, 3, 0 FROM note_version"
    )
    with (
        closing(apsw.Connection(str(path))) as connection,
        pytest.raises(apsw.ConstraintError, match="must follow"),
    ):
        connection.execute(add)


def test_a_reader_and_the_writer_do_not_wait_for_each_other(path: Path) -> None:
    writing = written(path)
    more = [writing.note("write", TWO, base=ONE)]
    writer = SqliteRecordWriter(path)
    reader = SqliteRecordReader(path)
    rows = reader.dump()
    next(rows)  # a reader is in the middle of something from here on
    with writer.transaction() as transaction:
        apply(more, transaction)
        shown = reader.note(PRACTICE, ENCOUNTER)
        assert shown is not None
        assert shown.sections == ONE
    after = reader.note(PRACTICE, ENCOUNTER)
    assert after is not None
    assert after.sections == TWO
    texts = [row for table, run in rows if table == "note_version" for row in run]
    assert len(texts) == 1
    reader.close()
    writer.close()


def in_threads(count: int, work: Callable[[], None]) -> list[BaseException]:
    failures: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as failure:  # noqa: BLE001 -- shown by the test
            failures.append(failure)

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failures


def test_many_threads_share_a_reader_while_the_record_grows(path: Path) -> None:
    writing = written(path)
    reader = SqliteRecordReader(path)

    def look() -> None:
        for _ in range(30):
            note = reader.note(PRACTICE, ENCOUNTER)
            assert note is not None
            assert note.digest == note.sections.digest()
            assert len(reader.versions(PRACTICE, ENCOUNTER)) >= note.version

    writer = SqliteRecordWriter(path)
    looking = threading.Thread(
        target=lambda: failures.extend(in_threads(CONNECTIONS_MAX + 4, look))
    )
    failures: list[BaseException] = []
    looking.start()
    base = ONE
    for number in range(40):
        mine = text(f"{number}")
        writing.note("write", mine, base=base)
        writing.fold(writer)
        base = mine
    looking.join()
    assert failures == []
    reader.close()
    writer.close()


def tear(path: Path, page: int) -> None:
    """Writes over one page of the file."""
    with path.open("r+b") as file:
        file.seek(page * 4096)
        file.write(b"\xff" * 4096)


def test_a_torn_file_is_said_to_be_damaged(path: Path) -> None:
    writing = written(path)
    with closing(SqliteRecordWriter(path)) as writer:
        for number in range(200):
            writing.note("write", text("x" * 3_000, f"{number}"))
        writing.fold(writer)
    with closing(apsw.Connection(str(path))) as connection:
        root = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'patient'").get
    tear(path, int(root) - 1)
    reader = SqliteRecordReader(path)
    with pytest.raises(RecordDamaged):
        reader.fingerprint()
    note = reader.note(PRACTICE, ENCOUNTER)
    assert note is not None
    reader.close()
    tear(path, 0)
    for opened in (SqliteRecordWriter, SqliteRecordReader):
        with pytest.raises(RecordDamaged):
            opened(path)
    assert rebuild_beside(path, writing.journal, told).comparison is None


def test_a_disk_without_room_keeps_nothing_and_says_so(path: Path) -> None:
    writing = written(path)
    writer = SqliteRecordWriter(path)
    pages = writer._connection.pragma("page_count")
    writer._connection.pragma("max_page_count", pages)
    writing.note("write", text("x" * 100_000), base=ONE)
    with pytest.raises(RecordUnwritable):
        writing.fold(writer)
    assert writer.applied() == writing.journal.size() - 1
    writer._connection.pragma("max_page_count", 1_000_000)
    writing.fold(writer)
    assert writer.applied() == writing.journal.size()
    writer.close()


def test_a_record_made_again_beside_is_the_same_and_takes_the_others_place(path: Path) -> None:
    writing = Writing()
    everything(writing)
    with closing(SqliteRecordWriter(path)) as writer:
        writing.fold(writer, 5)
    reader = SqliteRecordReader(path)
    before = reader.fingerprint()
    writing.encounter("01930000-0000-7000-8000-0000000f0000")
    made = rebuild_beside(path, writing.journal, told)
    assert made.comparison is not None
    assert made.comparison.identical
    assert made.applied == writing.journal.size()
    assert reader.fingerprint() == before
    put_in_place(path)
    assert reader.applied() == writing.journal.size()
    assert reader.fingerprint() == made.fingerprint != before
    reader.close()
    assert sorted(one.name for one in path.parent.glob("record.db*") if one.suffix == ".db") == [
        "record.db"
    ]
    with closing(SqliteRecordWriter(path)) as writer:
        assert writer.applied() == writing.journal.size()


def test_a_record_that_was_tampered_with_is_found_out(path: Path) -> None:
    writing = written(path)
    with closing(apsw.Connection(str(path))) as connection:
        connection.execute("DROP TRIGGER note_version_is_not_rewritten")
        connection.execute("UPDATE note_version SET motif = 'Deux'")
    made = rebuild_beside(path, writing.journal, told)
    assert made.comparison is not None
    assert [one.table for one in made.comparison.differences] == ["note_version"]
    put_in_place(path)
    with closing(SqliteRecordReader(path)) as reader:
        note = reader.note(PRACTICE, ENCOUNTER)
        assert note is not None
        assert note.sections == ONE


def test_a_rebuild_that_was_broken_off_is_begun_again(path: Path) -> None:
    writing = written(path)

    def pulled(_: int, __: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rebuild_beside(path, writing.journal, pulled)
    assert rebuild_beside(path, writing.journal, told).applied == writing.journal.size()


def test_an_outdated_record_is_replaced_without_a_comparison(path: Path) -> None:
    writing = written(path)
    with closing(apsw.Connection(str(path))) as connection:
        connection.pragma("user_version", 1)
    assert rebuild_beside(path, writing.journal, told).comparison is None
    put_in_place(path)
    with closing(SqliteRecordReader(path)) as reader:
        assert reader.patient(PRACTICE, PATIENT) is not None


def test_a_text_that_is_no_longer_what_was_typed_is_read_back_as_it_is(path: Path) -> None:
    writing = written(path)
    name = writing.journal.read(writing.journal.size() - 1, 1)[0].entry.id
    with closing(apsw.Connection(str(path))) as connection:
        connection.execute("DROP TRIGGER note_version_is_not_rewritten")
        connection.execute("DROP TRIGGER note_version_is_not_removed")
        connection.execute("UPDATE note_version SET motif = 'Deux'")
        with closing(SqliteRecordReader(path)) as reader:
            read = reader.read_back(PRACTICE, [name])[name]
            assert read.digest == read.note_digest == TWO.digest() != ONE.digest()
            connection.execute("DELETE FROM note_version")
            assert reader.read_back(PRACTICE, [name]) == {}
            with pytest.raises(RecordDamaged):
                reader.note(PRACTICE, ENCOUNTER)
