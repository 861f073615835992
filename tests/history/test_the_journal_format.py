"""The journal is read by a reader that was written from docs/journal-format.md alone."""

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import apsw
import pytest

from anamnesis.journal.damage import JournalDamaged
from anamnesis.journal.store import JournalReader
from anamnesis.receipt.checkpoint import VerificationKey
from anamnesis.storage.sqlite import journal as sqlite_journal
from anamnesis.storage.sqlite import journal_reader
from anamnesis.storage.sqlite.connection import FormatRefused
from anamnesis.storage.sqlite.journal import SqliteJournal, SqliteJournalReader
from tests.history import journal_file
from tests.history.journal_file import MEMBERS, Unsound, read_journal
from tests.promises.story import SIGNER, told

VKEY = str(VerificationKey.of(SIGNER))
STEP_TWO = """
ALTER TABLE entry ADD COLUMN weight INTEGER;
CREATE TABLE keyring (patient BLOB PRIMARY KEY, key BLOB NOT NULL) STRICT;
"""
FAILING_STEP = "ALTER TABLE entry ADD COLUMN weight INTEGER; SELECT nothing FROM nowhere"

OTHER_BUILD = (
    'UPDATE entry SET header = CAST(replace(CAST(header AS TEXT), \'"build":"0\','
    ' \'"build":"1\') AS BLOB) WHERE position = 40'
)
OTHER_LEAVES = (
    "UPDATE checkpoint SET leaves = zeroblob(32) WHERE size = (SELECT min(size) FROM checkpoint)"
)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration's story: every kind of entry there is, in a file of its own."""
    folder = tmp_path_factory.mktemp("format")
    with closing(SqliteJournal(folder / "journal.db", free_bytes_min=0)) as store:
        told(store, encounters=12)
    return folder / "journal.db"


@pytest.fixture
def path(sound: Path, tmp_path: Path) -> Path:
    """A copy that a test may spoil, log and all."""
    for file in (sound, sound.with_name("journal.db-wal")):
        tmp_path.joinpath(file.name).write_bytes(file.read_bytes())
    return tmp_path / "journal.db"


def copy_journal(source: JournalReader, store: SqliteJournal) -> None:
    """Row by row: each checkpoint after the entries that it was the first to cover."""
    size = 0
    while size < source.size():
        note = source.checkpoint(size)
        assert note is not None
        covered = int(note.split("\n")[1])
        store.commit(source.read(size, covered - size), note, covered)
        size = covered


def as_read(path: Path) -> list[dict[str, object]]:
    """What the product's own reader gives."""
    with closing(SqliteJournalReader(path)) as reader:
        return [one.decoded() for one in reader.read(0, reader.size())]


def test_a_reader_written_from_the_page_reads_what_the_product_reads(sound: Path) -> None:
    journal = read_journal(sound, VKEY)
    assert [{**one.header, "content": one.content} for one in journal.entries] == as_read(sound)
    assert len(journal.entries) > 100
    assert max(journal.roots) == len(journal.entries)


def test_it_is_a_program_too(sound: Path) -> None:
    printed = subprocess.run(
        [sys.executable, journal_file.__file__, str(sound), VKEY],
        capture_output=True,
        check=True,
        cwd=sound.parent,
    )
    assert [json.loads(line) for line in printed.stdout.splitlines()] == as_read(sound)


def test_the_page_names_every_table_column_and_member(project_root: Path, sound: Path) -> None:
    page = (project_root / "docs" / "journal-format.md").read_text(encoding="utf-8")
    with closing(sqlite3.connect(f"{sound.as_uri()}?mode=ro", uri=True)) as connection:
        columns = connection.execute(
            "SELECT m.name, c.name FROM sqlite_schema m JOIN pragma_table_info(m.name) c"
            " WHERE m.type = 'table'"
        ).fetchall()
    for name in {one for pair in columns for one in pair} | set(MEMBERS):
        assert f"`{name}`" in page, name
    assert f"`0x{journal_reader.APPLICATION:08X}`" in page
    assert f"is the format: **{len(journal_reader.STEPS)}**" in page


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("UPDATE entry SET content = x'7b7d' WHERE position = 40", "content-differs"),
        ("UPDATE entry SET content = x'7b207d' WHERE position = 40", "not-canonical"),
        ("DELETE FROM entry WHERE position = 40", "position-differs"),
        ("DELETE FROM entry WHERE position = (SELECT max(position) FROM entry)", "leaves-differ"),
        ("UPDATE entry SET sequence = 9999 WHERE position = 40", "column-differs"),
        ("UPDATE device SET author = randomblob(16) WHERE number = 1", "device-differs"),
        (OTHER_LEAVES, "leaves-differ"),
        ("DELETE FROM checkpoint WHERE size = (SELECT max(size) FROM checkpoint)", "not-covered"),
        ("UPDATE checkpoint SET note = replace(note, 'A', 'B')", "not-signed"),
        (OTHER_BUILD, "leaves-differ"),
        ("DROP TABLE checkpoint", "not-readable"),
        ("PRAGMA application_id = 7", "not-a-journal"),
        ("PRAGMA user_version = 2", "format-unknown"),
    ],
)
def test_it_refuses_whatever_was_changed(path: Path, statement: str, code: str) -> None:
    with closing(apsw.Connection(str(path))) as connection:
        for name in connection.execute("SELECT name FROM sqlite_schema WHERE type='trigger'").get:
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute(statement)
    with pytest.raises(Unsound) as raised:
        read_journal(path, VKEY)
    assert raised.value.code == code


def test_it_refuses_a_journal_of_another_key(sound: Path) -> None:
    name, key_id, key = VKEY.split("+", 2)
    for other in (f"{name}x+{key_id}+{key}", f"{name}+{key_id}+{key[:-4]}AAA="):
        with pytest.raises(Unsound, match="not-signed"):
            read_journal(sound, other)


class TestWhenTheFormatChanges:
    """A format 2 that adds a column and a table, as the page says that a step may."""

    @pytest.fixture
    def steps(self, monkeypatch: pytest.MonkeyPatch) -> list[str]:
        steps = [*journal_reader.STEPS, STEP_TWO]
        monkeypatch.setattr(journal_reader, "STEPS", steps)
        monkeypatch.setattr(sqlite_journal, "STEPS", steps)
        return steps

    def test_an_older_file_is_read_as_it_is(
        self, path: Path, sound: Path, steps: list[str]
    ) -> None:
        before = path.read_bytes()
        assert as_read(path) == as_read(sound)
        assert path.read_bytes() == before

    def test_an_older_file_is_brought_up_when_it_is_opened_for_writing(
        self, path: Path, sound: Path, steps: list[str]
    ) -> None:
        with closing(SqliteJournal(path, free_bytes_min=0)) as store:
            assert store._connection.pragma("user_version") == 2
        assert as_read(path) == as_read(sound)

    def test_a_step_that_fails_leaves_the_older_format_whole(
        self, path: Path, steps: list[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        steps[1] = FAILING_STEP
        with pytest.raises(JournalDamaged):
            SqliteJournal(path, free_bytes_min=0)
        monkeypatch.undo()
        assert read_journal(path, VKEY).entries
        with closing(SqliteJournal(path, free_bytes_min=0)) as store:
            assert store._connection.pragma("user_version") == 1

    def test_the_older_program_refuses_the_newer_file_and_changes_nothing(
        self, path: Path, steps: list[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        SqliteJournal(path, free_bytes_min=0).close()
        monkeypatch.undo()
        before = path.read_bytes()
        for opening in (SqliteJournal, SqliteJournalReader):
            with pytest.raises(FormatRefused, match="newer program"):
                opening(path)
        assert path.read_bytes() == before

    def test_going_back_is_copying_the_rows_and_no_receipt_changes(
        self,
        path: Path,
        sound: Path,
        steps: list[str],
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        with closing(SqliteJournal(path, free_bytes_min=0)) as newer:
            del steps[1]
            back = tmp_path / "back" / "journal.db"
            with closing(SqliteJournal(back, free_bytes_min=0)) as older:
                copy_journal(newer, older)
        monkeypatch.undo()
        assert read_journal(back, VKEY) == read_journal(sound, VKEY)
