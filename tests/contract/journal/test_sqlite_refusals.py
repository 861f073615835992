"""Commits that have certainly stored nothing are told apart from those that may have."""

from collections.abc import Iterator
from pathlib import Path

import apsw
import pytest

from anamnesis.journal.damage import JournalDamaged
from anamnesis.journal.entry import JournaledEntry
from anamnesis.journal.store import StoreBusy, StoreFull, StorePoisoned, StoreReadOnly
from anamnesis.storage.sqlite import connection as connections
from anamnesis.storage.sqlite.journal import SqliteJournal
from tests.unit.journal.making import accepted, entry, journal_over, proves, submission, whole


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SqliteJournal]:
    monkeypatch.setattr(connections, "BUSY_WAIT_MS", 1)
    store = SqliteJournal(tmp_path / "journal.db", free_bytes_min=0)
    yield store
    store.close()


def test_a_nearly_full_disk_is_refused_before_it_is_full(
    tmp_path: Path, store: SqliteJournal
) -> None:
    journal = journal_over(store)
    store._free_bytes_min = 2**62
    with pytest.raises(StoreFull, match="nearly full"):
        journal.append([submission(1)])
    store._free_bytes_min = 0
    proves(accepted(journal.append([submission(1)])[0]))


def test_a_file_held_by_another_program_is_not_written_and_not_given_up(
    tmp_path: Path, store: SqliteJournal
) -> None:
    journal = journal_over(store)
    other = apsw.Connection(str(tmp_path / "journal.db"))
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreBusy) as raised:
        journal.append([submission(1)])
    assert raised.value.code == "store-busy"
    other.execute("ROLLBACK")
    other.close()
    proves(accepted(journal.append([submission(1)])[0]))
    assert whole(store).size == 1


def test_a_file_that_takes_no_writes_is_said_to(store: SqliteJournal) -> None:
    journal = journal_over(store)
    store._connection.pragma("query_only", 1)
    with pytest.raises(StoreReadOnly):
        journal.append([submission(1)])
    store._connection.pragma("query_only", 0)
    proves(accepted(journal.append([submission(1)])[0]))


def test_a_database_that_has_reached_its_limit_is_full(store: SqliteJournal) -> None:
    journal = journal_over(store)
    journal.append([submission(1)])
    pages = store._connection.pragma("page_count")
    store._connection.pragma("max_page_count", pages)
    large = {"text": "a" * 100_000}
    with pytest.raises(StoreFull):
        journal.append([submission(2, content=large)])
    store._connection.pragma("max_page_count", 2**30)
    proves(accepted(journal.append([submission(2, content=large)])[0]))
    assert whole(store).size == 2


def test_a_journal_found_damaged_while_it_works_stops(store: SqliteJournal) -> None:
    journal = journal_over(store)
    journal.append([submission(1)])
    store._connection.execute("ALTER TABLE device RENAME TO gone")
    with pytest.raises(JournalDamaged):
        journal.append([submission(2)])
    store._connection.execute("ALTER TABLE gone RENAME TO device")
    with pytest.raises(StorePoisoned):
        journal.append([submission(2)])


def test_an_error_that_is_not_foreseen_ends_the_writing(store: SqliteJournal) -> None:
    journal = journal_over(store)
    store._connection.execute(
        "CREATE TRIGGER odd BEFORE INSERT ON checkpoint BEGIN SELECT RAISE(FAIL, 'odd'); END"
    )
    for _ in range(2):
        with pytest.raises(StorePoisoned):
            journal.append([submission(1)])
    with pytest.raises(StorePoisoned):
        store.commit([JournaledEntry(0, "2026-11-23T14:02:12.000Z", "s", entry(1))], "to 1", 1)
