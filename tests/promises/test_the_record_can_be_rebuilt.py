"""PROMISE: the record follows from the journal alone; made again it is the same, byte by byte."""

from contextlib import closing
from pathlib import Path

import pytest

from anamnesis.journal.store import JournalStore
from anamnesis.record.comparison import compare
from anamnesis.record.follow import Follower
from anamnesis.record.store import RecordWriter
from anamnesis.storage.memory.record import MemoryRecord
from anamnesis.storage.sqlite.record import SqliteRecordReader, SqliteRecordWriter
from tests.promises.story import told


@pytest.fixture(scope="module")
def journal() -> JournalStore:
    return told()[0]


def fold(journal: JournalStore, record: RecordWriter, batch: int) -> None:
    follower = Follower(journal, record)
    while follower.step(batch):
        pass
    assert record.applied() == journal.size() > 300


def test_batches_of_any_size_give_the_same_record(journal: JournalStore) -> None:
    fingerprints = set()
    for batch in (1, 7, 256):
        record = MemoryRecord()
        fold(journal, record, batch)
        fingerprints.add(record.fingerprint())
    assert len(fingerprints) == 1


def test_another_engine_gives_the_same_record(journal: JournalStore, tmp_path: Path) -> None:
    path = tmp_path / "record.db"
    with closing(SqliteRecordWriter(path)) as writer:
        fold(journal, writer, 100)
    memory = MemoryRecord()
    fold(journal, memory, 256)
    with closing(SqliteRecordReader(path)) as reader:
        assert compare(reader, memory).identical
        assert reader.fingerprint() == memory.fingerprint()


def test_a_record_that_was_deleted_comes_back_the_same(
    journal: JournalStore, tmp_path: Path
) -> None:
    path = tmp_path / "record.db"
    before = ""
    for _ in range(2):
        with closing(SqliteRecordWriter(path)) as writer:
            fold(journal, writer, 256)
        with closing(SqliteRecordReader(path)) as reader:
            assert before in ("", reader.fingerprint())
            before = reader.fingerprint()
        for file in tmp_path.iterdir():
            file.unlink()
    assert before


def test_a_shorter_journal_gives_another_fingerprint(journal: JournalStore) -> None:
    whole, shorter = MemoryRecord(), MemoryRecord()
    fold(journal, whole, 256)
    Follower(journal, shorter).step(journal.size() - 1 if journal.size() < 256 else 255)
    assert shorter.fingerprint() != whole.fingerprint()


def test_every_entry_is_to_be_seen_or_listed_with_a_reason(journal: JournalStore) -> None:
    record = MemoryRecord()
    fold(journal, record, 256)
    everything = journal.read(0, journal.size())
    practice = everything[0].entry.practice
    listed = {one.entry for one in record.outstanding(practice)}
    seen = record.read_back(practice, [one.entry.id for one in everything])
    for one in everything:
        assert one.entry.id in listed or seen[one.entry.id].typed_digest == one.entry.digest
