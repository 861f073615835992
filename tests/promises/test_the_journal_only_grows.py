"""PROMISE: an entry that was changed, removed or moved is found, and the program never does it."""

from contextlib import closing
from pathlib import Path

import apsw
import pytest

from anamnesis.journal.damage import JournalDamaged
from anamnesis.journal.verification import verify_journal
from anamnesis.receipt.checkpoint import open_checkpoint
from anamnesis.receipt.merkle import verify_consistency
from anamnesis.storage.sqlite.journal import SqliteJournal, SqliteJournalReader
from tests.promises.story import SIGNER, accepted, begun, made, told

KEY = SIGNER.verification_key


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "journal.db"
    with closing(SqliteJournal(path)) as store:
        journal = begun(store)
        for start in range(1, 60, 4):
            accepted(
                journal,
                *(made("note.write", {"text": f"n° {n}"}, n) for n in range(start, start + 4)),
            )
    return path


def test_each_checkpoint_is_proved_to_begin_every_later_one() -> None:
    store, journal = told(encounters=10)
    notes = sorted(
        {note for position in range(0, store.size(), 17) if (note := store.checkpoint(position))},
        key=lambda note: open_checkpoint(note, KEY).size,
    )
    assert len(notes) > 5
    newest = open_checkpoint(journal.checkpoint(), KEY)
    for note in notes:
        old = open_checkpoint(note, KEY)
        proof = journal.consistency(old.size, newest.size)
        verify_consistency(old.size, newest.size, old.root, newest.root, proof)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entry SET content = x'7b7d' WHERE position = 5",
        "DELETE FROM entry WHERE position = 5",
        "DELETE FROM entry WHERE position = (SELECT max(position) FROM entry)",
        "UPDATE checkpoint SET note = '' WHERE size = 4",
        "DELETE FROM checkpoint",
        "INSERT OR REPLACE INTO entry SELECT * FROM entry WHERE position = 5",
        "UPDATE device SET author = x'00000000000000000000000000000000'",
    ],
)
def test_the_database_itself_refuses_to_change_or_forget(path: Path, statement: str) -> None:
    with closing(SqliteJournal(path)) as store, pytest.raises(apsw.ConstraintError):
        store._connection.execute(statement)


CHANGES: dict[str, str] = {
    "a word": (
        "UPDATE entry SET content = CAST(replace(CAST(content AS TEXT), 'n°', 'no') AS BLOB)"
        " WHERE position = 20"
    ),
    "an author": (
        "UPDATE entry SET header = CAST(replace(CAST(header AS TEXT), '8000', '8001') AS BLOB)"
        " WHERE position = 20"
    ),
    "an order": (
        "UPDATE entry SET position = 999 WHERE position = 20;"
        "UPDATE entry SET position = 20 WHERE position = 21;"
        "UPDATE entry SET position = 21 WHERE position = 999"
    ),
    "an entry": "DELETE FROM entry WHERE position = 20",
    "the end": "DELETE FROM entry WHERE position >= 56; DELETE FROM checkpoint WHERE size > 56",
    "a signature": "UPDATE checkpoint SET note = replace(note, '—', '-') WHERE size = 24",
}


@pytest.mark.parametrize("what", sorted(CHANGES))
def test_whoever_changes_the_file_by_hand_is_found_out(path: Path, what: str) -> None:
    with closing(SqliteJournalReader(path)) as before:
        held = before.checkpoint(None)
    assert held is not None
    forced(path, CHANGES[what])
    with pytest.raises((JournalDamaged, AssertionError)):
        still_the_journal_of(held, path)


def still_the_journal_of(held: str, path: Path) -> None:
    """What somebody does who kept a checkpoint elsewhere."""
    with closing(SqliteJournalReader(path)) as journal:
        found = verify_journal(journal, KEY)
    kept = open_checkpoint(held, KEY)
    assert (found.size, found.root) == (kept.size, kept.root.hex())


def test_a_journal_nobody_touched_is_still_the_one_held(path: Path) -> None:
    with closing(SqliteJournalReader(path)) as before:
        held = before.checkpoint(None)
    assert held is not None
    still_the_journal_of(held, path)


def forced(path: Path, statements: str) -> None:
    """Changes the file as somebody with the disk in hand can: without the triggers."""
    connection = apsw.Connection(str(path))
    triggers = connection.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'trigger'"
    ).fetchall()
    for (name,) in triggers:
        connection.execute(f"DROP TRIGGER {name}")
    before = connection.total_changes()
    connection.execute(statements)
    assert connection.total_changes() > before
    connection.close()
