"""The settings that durability rests on: set, read back, and refused when they are not there."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import apsw
import pytest

from anamnesis.storage.sqlite import connection as connections
from anamnesis.storage.sqlite.connection import (
    FormatRefused,
    SettingsRefused,
    bring_up,
    make_directory,
    open_reader,
    open_writer,
)
from anamnesis.storage.sqlite.journal import SqliteJournal, SqliteJournalReader
from tests.unit.journal.making import journal_over, submission

KIND = 0x414E4101


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "new" / "deep" / "journal.db"


@pytest.fixture
def writer(path: Path) -> Iterator[apsw.Connection]:
    connection = open_writer(path, "journal")
    yield connection
    connection.close()


def settings_of(connection: apsw.Connection) -> dict[str, object]:
    names = [
        "journal_mode",
        "synchronous",
        "foreign_keys",
        "cell_size_check",
        "trusted_schema",
        "mmap_size",
        "recursive_triggers",
        "wal_autocheckpoint",
    ]
    return {name: connection.pragma(name) for name in names}


SAFE = {
    "journal_mode": "wal",
    "synchronous": 2,
    "foreign_keys": 1,
    "cell_size_check": 1,
    "trusted_schema": 0,
    "mmap_size": 0,
    "recursive_triggers": 1,
    "wal_autocheckpoint": 0,
}


def test_a_writer_waits_for_the_disk_at_every_commit(writer: apsw.Connection) -> None:
    assert settings_of(writer) == SAFE
    assert writer.pragma("page_size") == 8192


def test_a_reader_cannot_write_and_moves_no_log_along(writer: apsw.Connection, path: Path) -> None:
    writer.execute("CREATE TABLE t (x)")
    reader = open_reader(path)
    assert settings_of(reader) == SAFE
    with pytest.raises(apsw.ReadOnlyError):
        reader.execute("INSERT INTO t VALUES (1)")
    reader.close()


def test_other_databases_have_their_log_moved_along_by_sqlite(tmp_path: Path) -> None:
    for role in ("record", "access"):
        connection = open_writer(tmp_path / role, role)
        assert connection.pragma("wal_autocheckpoint") == 1000
        assert connection.pragma("synchronous") == 2
        connection.close()


def test_directory_and_log_are_there_before_the_first_commit(
    writer: apsw.Connection, path: Path
) -> None:
    there = {file.name for file in path.parent.iterdir()}
    assert there == {"journal.db", "journal.db-shm", "journal.db-wal"}
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_the_names_in_every_new_directory_are_made_durable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[Path] = []
    monkeypatch.setattr(connections, "sync_directory", synced.append)
    make_directory(tmp_path / "a" / "b")
    assert synced == [tmp_path, tmp_path / "a", tmp_path / "a" / "b"]
    open_writer(tmp_path / "a" / "b" / "journal.db", "journal").close()
    assert synced[-1] == tmp_path / "a" / "b"


def test_a_directory_that_cannot_be_made_durable_is_refused(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(descriptor: int) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "fsync", failing)
    with pytest.raises(OSError, match="Input/output"):
        open_writer(path, "journal")


def test_a_setting_that_does_not_hold_is_refused(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "_settings", lambda: {"synchronous": 7})
    with pytest.raises(SettingsRefused) as raised:
        open_writer(path, "journal")
    assert (raised.value.setting, raised.value.code) == ("synchronous", "settings-refused")


class WriteProtected(apsw.VFS):
    """A disk that lets files be opened for reading only, as a mount gone read-only does."""

    def __init__(self) -> None:
        super().__init__("write-protected", "")

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> apsw.VFSFile:
        flags[0] &= ~(apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE)
        flags[0] |= apsw.SQLITE_OPEN_READONLY
        return apsw.VFSFile("", name, flags)


def test_a_disk_that_takes_no_writes_is_refused(path: Path) -> None:
    SqliteJournal(path).close()
    protected = WriteProtected()
    try:
        with pytest.raises(SettingsRefused, match="should be write and is read"):
            SqliteJournal(path, vfs="write-protected")
    finally:
        protected.unregister()


def test_an_sqlite_that_can_corrupt_its_log_is_refused(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apsw, "sqlite_lib_version", lambda: "3.51.2")
    with pytest.raises(SettingsRefused, match=r"3\.51\.3"):
        open_writer(path, "journal")
    with pytest.raises(SettingsRefused, match=r"3\.51\.3"):
        open_reader(path)


def test_a_database_that_is_not_there_is_not_made_by_a_reader(path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"journal\.db"):
        open_reader(path)
    assert not path.exists()


def test_a_database_without_a_write_ahead_log_is_refused_by_a_reader(tmp_path: Path) -> None:
    apsw.Connection(str(tmp_path / "other.db")).execute("CREATE TABLE t (x)")
    with pytest.raises(SettingsRefused, match="journal_mode"):
        open_reader(tmp_path / "other.db")


def test_steps_are_taken_once_and_in_order(writer: apsw.Connection) -> None:
    steps = ["CREATE TABLE a (x); SELECT 1; INSERT INTO a VALUES (1)", "INSERT INTO a VALUES (2)"]
    bring_up(writer, KIND, steps[:1])
    bring_up(writer, KIND, steps)
    bring_up(writer, KIND, steps)
    assert [row[0] for row in writer.execute("SELECT x FROM a")] == [1, 2]
    assert writer.pragma("user_version") == 2


def test_a_step_that_fails_leaves_nothing_behind(writer: apsw.Connection) -> None:
    with pytest.raises(apsw.SQLError):
        bring_up(writer, KIND, ["CREATE TABLE a (x); NONSENSE"])
    assert writer.pragma("user_version") == 0
    bring_up(writer, KIND, ["CREATE TABLE a (x)"])


def test_a_newer_format_is_refused_and_left_alone(path: Path) -> None:
    SqliteJournal(path).close()
    connection = apsw.Connection(str(path))
    connection.pragma("user_version", 2)
    connection.close()
    for opening in (SqliteJournal, SqliteJournalReader):
        with pytest.raises(FormatRefused, match="newer program"):
            opening(path)


def test_a_file_of_another_kind_is_refused_and_left_alone(path: Path) -> None:
    make_directory(path.parent)
    connection = apsw.Connection(str(path))
    connection.execute("PRAGMA journal_mode=wal; CREATE TABLE precious (x)").fetchall()
    connection.close()
    for opening in (SqliteJournal, SqliteJournalReader):
        with pytest.raises(FormatRefused):
            opening(path)


READ_IT = """
import sys
from pathlib import Path
from anamnesis.storage.sqlite.journal import SqliteJournalReader
reader = SqliteJournalReader(Path(sys.argv[1]))
print(reader.size(), len(reader.read(0, 100)))
"""


def read_by_another_process(path: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-c", READ_IT, str(path)], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_another_process_reads_while_the_writer_works(path: Path) -> None:
    store = SqliteJournal(path, free_bytes_min=0)
    journal = journal_over(store)
    for number in range(1, 4):
        journal.append([submission(number)])
        if number == 2:
            assert read_by_another_process(path) == "2 2"
    store.close()


@pytest.mark.parametrize("left", [[], ["journal.db-wal"], ["journal.db-wal", "journal.db-shm"]])
def test_another_process_reads_what_a_stopped_writer_left(path: Path, left: list[str]) -> None:
    store = SqliteJournal(path, free_bytes_min=0)
    journal_over(store).append([submission(1), submission(2)])
    if left:
        store._connection.close()  # as a process that is killed: the log is all there is
    else:
        store.close()
    for name in ("journal.db-wal", "journal.db-shm"):
        if name not in left:
            path.with_name(name).unlink(missing_ok=True)
    assert read_by_another_process(path) == "2 2"
    again = SqliteJournal(path, free_bytes_min=0)
    assert journal_over(again).size == 2
    again.close()


def test_the_log_does_not_grow_without_end(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("anamnesis.storage.sqlite.journal.WAL_PAGES", 50)
    store = SqliteJournal(path, free_bytes_min=0)
    journal = journal_over(store)
    for number in range(1, 101):
        journal.append([submission(number)])
    assert path.with_name("journal.db-wal").stat().st_size < 100 * 8192
    store.close()
