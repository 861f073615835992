"""Folding: all or nothing, whatever the batches, whatever fails, and the same each time."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from anamnesis.record.comparison import compare
from anamnesis.record.fold import apply
from anamnesis.record.follow import Follower
from anamnesis.record.note_rows import KeptNote, KeptVersion
from anamnesis.record.rebuild import rebuild
from anamnesis.record.row import Kept, Table, Value
from anamnesis.record.store import (
    RecordAhead,
    RecordTransaction,
    RecordUnwritable,
    RecordWriter,
)
from anamnesis.storage.memory.journal import MemoryJournal
from anamnesis.storage.memory.record import MemoryRecord
from tests.contract.record.test_record_entries import everything
from tests.contract.record.worlds import MemoryWorld, SqliteWorld, World
from tests.unit.record.making import ENCOUNTER, PRACTICE, TABLET, Writing, text

ONE, TWO, POISON = text("Un"), text("Deux"), text("poison")


class _Shaken:
    """A transaction in which keeping one text fails as a fault of this program would."""

    def __init__(self, inner: RecordTransaction, failure: Exception) -> None:
        self._inner = inner
        self._failure = failure

    def applied(self) -> int:
        return self._inner.applied()

    def get(self, table: type[Table], *key: Value) -> Table | None:
        return self._inner.get(table, *key)

    def find(self, table: type[Table], **equal: Value) -> list[Table]:
        return self._inner.find(table, **equal)

    def put(self, row: Kept) -> None:
        if isinstance(row, KeptVersion) and row.motif == "poison":
            raise self._failure
        self._inner.put(row)

    def remove(self, row: Kept) -> None:
        self._inner.remove(row)

    def advance(self, applied: int) -> None:
        self._inner.advance(applied)


class Shaky:
    """A writer whose transactions fail as `_Shaken` says."""

    def __init__(self, inner: RecordWriter, failure: Exception) -> None:
        self._inner = inner
        self._failure = failure

    def applied(self) -> int:
        return self._inner.applied()

    @contextmanager
    def transaction(self) -> Iterator[RecordTransaction]:
        with self._inner.transaction() as transaction:
            yield _Shaken(transaction, self._failure)

    def close(self) -> None:
        self._inner.close()


def poisoned() -> Writing:
    writing = Writing().begun()
    writing.note("write", ONE)
    writing.note("write", POISON, base=ONE)
    writing.note("write", TWO, base=ONE)
    return writing


def test_a_faulty_entry_is_listed_and_loses_no_other(world: World) -> None:
    writing = poisoned()
    writing.fold(Shaky(world.writer, ZeroDivisionError("Toux de M. Durand")))
    assert world.reader.applied() == writing.journal.size()
    [one] = world.reader.outstanding(PRACTICE)
    assert (one.code, one.failure) == ("fold-failed", "ZeroDivisionError")
    versions = world.reader.versions(PRACTICE, ENCOUNTER)
    assert [version.sections for version in versions] == [ONE, TWO]
    kept = world.reader.typed_text(PRACTICE, one.entry)
    assert kept is not None
    assert kept.sections == POISON
    assert not any("Durand" in str(row) for _, rows in world.reader.dump() for row in rows)


def test_a_refusing_disk_is_no_fault_of_an_entry(world: World) -> None:
    writing = poisoned()
    follower = Follower(writing.journal, Shaky(world.writer, RecordUnwritable("full")))
    with pytest.raises(RecordUnwritable):
        follower.step()
    assert (world.reader.applied(), world.reader.outstanding(None)) == (0, [])
    assert world.reader.practice(PRACTICE) is None
    writing.fold(world.writer)
    assert world.reader.outstanding(None) == []
    assert len(world.reader.versions(PRACTICE, ENCOUNTER)) == 3


def test_a_transaction_is_kept_as_a_whole_or_not_at_all(world: World) -> None:
    writing = poisoned()
    writing.fold(world.writer)
    before = world.reader.fingerprint()
    later = [writing.note("write", text("Trois"), base=TWO, device=TABLET)]

    def broken_off() -> None:
        with world.writer.transaction() as transaction:
            apply(later, transaction)
            note = transaction.get(KeptNote, PRACTICE, ENCOUNTER)
            assert note is not None
            assert note.version == 4
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        broken_off()
    assert world.reader.fingerprint() == before
    writing.fold(world.writer)
    assert len(world.reader.versions(PRACTICE, ENCOUNTER)) == 4


def test_an_entry_out_of_order_is_refused_as_a_whole(world: World) -> None:
    writing = poisoned()
    batch = writing.journal.read(0, 100)

    def skipped() -> None:
        with world.writer.transaction() as transaction:
            apply([batch[0], batch[2]], transaction)

    with pytest.raises(RecordAhead):
        skipped()
    assert world.reader.applied() == 0


def test_a_record_with_more_entries_than_the_journal_is_not_followed(world: World) -> None:
    poisoned().fold(world.writer)
    with pytest.raises(RecordAhead):
        Follower(MemoryJournal(), world.writer).step()


@pytest.mark.parametrize("batch", [1, 3, 256])
def test_the_same_journal_makes_the_same_record_whatever_the_batches(
    tmp_path: Path, batch: int
) -> None:
    writing = Writing()
    everything(writing)
    memory, sqlite = MemoryWorld(tmp_path), SqliteWorld(tmp_path)
    writing.fold(memory.writer)
    writing.fold(sqlite.writer, batch)
    assert sqlite.reader.fingerprint() == memory.reader.fingerprint()
    assert compare(sqlite.reader, memory.reader).identical
    assert {name for name, _ in sqlite.reader.dump()} == {name for name, _ in memory.reader.dump()}
    sqlite.end()


def test_a_rebuilt_record_is_the_same_and_says_how_far_it_is(world: World) -> None:
    writing = Writing()
    everything(writing)
    writing.fold(world.writer)
    told: list[tuple[int, int]] = []
    fresh = MemoryRecord()
    applied = rebuild(writing.journal, fresh, lambda *far: told.append(far))
    assert applied == writing.journal.size()
    assert told == [(applied, applied)]
    assert compare(world.reader, fresh).identical


def test_a_rebuild_stops_where_it_is_told_to(world: World) -> None:
    writing = poisoned()
    assert rebuild(writing.journal, world.writer, lambda *_: None, 4) == 4
    assert world.reader.applied() == 4


def test_a_record_that_says_something_else_is_told_apart(world: World) -> None:
    writing, other = poisoned(), Writing().begun()
    other.note("write", ONE)
    other.note("write", text("poisson"), base=ONE)
    other.note("write", TWO, base=ONE)
    writing.fold(world.writer)
    fresh = MemoryRecord()
    other.fold(fresh)
    found = compare(world.reader, fresh)
    tables = {difference.table for difference in found.differences}
    assert not found.identical
    assert {"entry", "note_version"} <= tables
    assert "patient" not in tables
    assert "poiss" not in str(found)


def test_a_record_that_lacks_rows_is_told_apart(world: World) -> None:
    writing = poisoned()
    writing.fold(world.writer)
    fresh = MemoryRecord()
    rebuild(writing.journal, fresh, lambda *_: None, writing.journal.size() - 1)
    found, reverse = compare(world.reader, fresh), compare(fresh, world.reader)
    assert {difference.table for difference in found.differences} >= {"progress", "entry"}
    assert found.differing == reverse.differing > 0
