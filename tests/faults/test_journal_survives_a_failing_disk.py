"""The disk fails at every single place it can: what was acknowledged is always there.

A failing write or sync inside this process is not a power cut, but what a power cut may leave of
unsynced writes (none, all, or some) is tried after each of them.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import apsw
import pytest

from anamnesis.journal.damage import JournalDamaged
from anamnesis.journal.entry import JournaledEntry
from anamnesis.journal.journal import Accepted, Outcome, Submission
from anamnesis.journal.store import StoreFull, StorePoisoned
from anamnesis.receipt.receipt import Receipt
from anamnesis.storage.sqlite import journal as sqlite_journal
from anamnesis.storage.sqlite.connection import FormatRefused
from anamnesis.storage.sqlite.journal import SqliteJournal
from tests.faults.journal_disk import Disk, Op, full, io_error_of
from tests.unit.journal.making import (
    entry,
    journal_over,
    proves,
    refused,
    submission,
    uuid,
    whole,
)

GROUPS = [[1], [2, 3], [4], [5, 6, 7], [8], [9], [10, 11]]
WAL_PAGES = 12  # so few that the log is moved along within these groups


class Run:
    """One life of a keeper on a disk: what it attempted and what it acknowledged."""

    def __init__(self, disk: Disk, directory: Path) -> None:
        self.disk = disk
        self.attempted: set[str] = set()
        self.acknowledged: dict[str, Receipt] = {}
        self.ended_by: Exception | None = None
        self.store: SqliteJournal | None = None
        self._path = directory / "journal.db"

    def work(self) -> "Run":
        """Goes through all groups, or until the disk ends it."""
        try:
            self.store = SqliteJournal(self._path, vfs=self.disk.name, free_bytes_min=0)
            journal = journal_over(self.store)
            for group in GROUPS:
                self.send(journal.append, [submission(number) for number in group])
        except (StorePoisoned, StoreFull, JournalDamaged) as error:
            self.ended_by = error
        return self

    def send(
        self, append: Callable[[list[Submission]], list[Outcome]], group: list[Submission]
    ) -> None:
        self.attempted |= {one.entry.id for one in group}
        try:
            outcomes = append(group)
        except StoreFull:
            outcomes = append(group)  # full only once
        for outcome in outcomes:
            assert isinstance(outcome, Accepted)
            self.acknowledged[outcome.journaled.entry.id] = outcome.receipt

    def close(self) -> None:
        """Lets go without moving the log along: the process is dead."""
        if self.store is not None:
            self.store._connection.close()


def recovered_as_promised(run: Run, directory: Path) -> set[str]:
    """Opens what is left as the next keeper does; gives the ids that are there."""
    store = SqliteJournal(directory / "journal.db", free_bytes_min=0)
    try:
        journal = journal_over(store)
        there = {one.entry.id for one in store.read(0, whole(store).size)}
        assert set(run.acknowledged) <= there <= run.attempted
        for name, receipt in run.acknowledged.items():
            assert journal.receipt(name) == receipt
        for group in GROUPS:  # what the devices still hold, they send again
            for outcome in journal.append([submission(number) for number in group]):
                assert isinstance(outcome, Accepted)
                proves(outcome)
        assert whole(store).size == 11
    finally:
        store.close()
    return there


def images_recover(
    run: Run, tmp_path: Path, seed: int, shares: tuple[float, ...] = (0.0, 0.6, 1.0)
) -> None:
    """Whatever share of what was not synced is on the disk."""
    chance = random.Random(seed)
    for kept in shares:
        image = run.disk.image(tmp_path / f"image-{seed}-{kept}", chance, kept)
        recovered_as_promised(run, image)


@pytest.fixture
def new_disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], Disk]]:
    monkeypatch.setattr(sqlite_journal, "WAL_PAGES", WAL_PAGES)
    disks: list[Disk] = []

    def new() -> Disk:
        disks.append(Disk(f"disk-{len(disks)}"))
        return disks[-1]

    yield new
    for disk in disks:
        disk.unregister()


def places(new_disk: Callable[[], Disk], tmp_path: Path) -> list[Op]:
    """Everything that a run without a fault asks of the disk."""
    disk = new_disk()
    run = Run(disk, tmp_path / "sound").work()
    run.close()
    assert run.ended_by is None
    assert len(run.acknowledged) == 11
    return disk.operations


def strike_at(number: int, error: apsw.Error, *, for_good: bool) -> Callable[[int, Op], None]:
    def strike(now: int, operation: Op) -> None:
        if now == number or (for_good and now > number):
            raise error

    return strike


def test_a_run_without_a_fault_syncs_each_commit_and_moves_its_log_along(
    new_disk: Callable[[], Disk], tmp_path: Path
) -> None:
    operations = places(new_disk, tmp_path)
    assert operations.count(("sync", "journal.db-wal")) >= len(GROUPS)
    assert operations.count(("sync", "journal.db")) >= 2


@pytest.mark.parametrize("for_good", [False, True], ids=["once", "for good"])
@pytest.mark.parametrize("what", ["sync", "write", "truncate"])
def test_whatever_fails_nothing_acknowledged_is_lost(
    new_disk: Callable[[], Disk], tmp_path: Path, what: str, for_good: bool
) -> None:
    operations = places(new_disk, tmp_path)
    stopped = 0
    for number, operation in enumerate(operations, 1):
        if operation[0] != what:
            continue
        disk = new_disk()
        disk.strike = strike_at(number, io_error_of(what), for_good=for_good)
        run = Run(disk, tmp_path / f"run-{number}").work()
        stopped += run.ended_by is not None
        images_recover(run, tmp_path, number, (0.0, 0.6) if what == "write" else (0.0, 0.6, 1.0))
        run.close()
    if what != "truncate":
        assert stopped > len(GROUPS)


def test_a_disk_that_is_full_at_any_write_loses_nothing_acknowledged(
    new_disk: Callable[[], Disk], tmp_path: Path
) -> None:
    operations = places(new_disk, tmp_path)
    went_on = 0
    for number, (what, _) in enumerate(operations, 1):
        if what != "write":
            continue
        disk = new_disk()
        disk.strike = strike_at(number, full(), for_good=False)
        run = Run(disk, tmp_path / f"run-{number}").work()
        went_on += run.ended_by is None
        images_recover(run, tmp_path, number, (0.6,))
        run.close()
    assert went_on > len(GROUPS), "a full disk should mostly be met before COMMIT"


@pytest.mark.parametrize("seed", [1, 2])
def test_a_power_cut_before_any_operation_loses_nothing_acknowledged(
    new_disk: Callable[[], Disk], tmp_path: Path, seed: int
) -> None:
    disk = new_disk()
    chance = random.Random(seed)
    run = Run(disk, tmp_path / "run")
    cuts: list[tuple[Path, int]] = []

    def strike(now: int, operation: Op) -> None:
        kept = chance.choice([0.0, 0.2, 0.5, 0.8, 1.0])
        image = disk.image(tmp_path / f"cut-{now}", chance, kept)
        cuts.append((image, len(run.acknowledged)))

    disk.strike = strike
    run.work().close()
    everything = dict(run.acknowledged)
    assert len(everything) == 11
    for image, count in cuts:
        run.acknowledged = dict(list(everything.items())[:count])
        recovered_as_promised(run, image)


def fail_syncs_of(disk: Disk, name: str) -> None:
    def strike(now: int, operation: Op) -> None:
        if operation == ("sync", name):
            raise io_error_of("sync")

    disk.strike = strike


def test_after_a_failed_sync_the_disk_is_left_alone(
    new_disk: Callable[[], Disk], tmp_path: Path
) -> None:
    disk = new_disk()
    store = SqliteJournal(tmp_path / "journal.db", vfs=disk.name, free_bytes_min=0)
    journal_over(store).append([submission(1)])
    fail_syncs_of(disk, "journal.db-wal")
    with pytest.raises(StorePoisoned):
        journal_over(store).append([submission(2)])
    disk.strike = lambda now, operation: None
    done = len(disk.operations)
    with pytest.raises(StorePoisoned):  # the store itself, whoever asks it
        store.commit([JournaledEntry(1, "2026-11-23T14:02:12.000Z", "s", entry(2))], "to 2", 2)
    store.close()
    assert disk.operations[done:] == []


def test_an_error_while_the_log_is_moved_along_takes_nothing_back_and_ends_the_writing(
    new_disk: Callable[[], Disk], tmp_path: Path
) -> None:
    operations = places(new_disk, tmp_path)
    synced = [(name, n) for n, (what, name) in enumerate(operations, 1) if what == "sync"]
    commits = [n for name, n in synced if name == "journal.db-wal"]
    moved = next(n for name, n in synced if name == "journal.db" and n > commits[2])
    disk = new_disk()
    disk.strike = strike_at(moved, io_error_of("sync"), for_good=False)
    run = Run(disk, tmp_path / "run").work()
    assert isinstance(run.ended_by, StorePoisoned)
    assert 0 < len(run.acknowledged) < len(run.attempted)
    images_recover(run, tmp_path, 1)
    run.close()


def test_an_entry_of_a_failed_sync_may_be_there_or_not_and_both_are_whole(
    new_disk: Callable[[], Disk], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_journal, "WAL_PAGES", 1_000)
    operations = places(new_disk, tmp_path)
    last_sync = max(n for n, op in enumerate(operations, 1) if op == ("sync", "journal.db-wal"))
    disk = new_disk()
    disk.strike = strike_at(last_sync, io_error_of("sync"), for_good=True)
    run = Run(disk, tmp_path / "run").work()
    assert isinstance(run.ended_by, StorePoisoned)
    without = recovered_as_promised(run, disk.image(tmp_path / "without", random.Random(1), 0.0))
    with_it = recovered_as_promised(run, disk.image(tmp_path / "with", random.Random(1), 1.0))
    assert with_it - without == {uuid(10), uuid(11)}
    run.close()


@pytest.mark.parametrize("ended_by", ["a kill", "an error"])
def test_what_an_earlier_life_did_not_flush_is_flushed_before_it_is_acknowledged(
    new_disk: Callable[[], Disk],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    ended_by: str,
) -> None:
    """The entries are there for whoever opens the file, in the kernel's memory or on the disk."""
    monkeypatch.setattr(sqlite_journal, "WAL_PAGES", 1_000)
    disk = new_disk()
    run = Run(disk, tmp_path / "run")
    store = SqliteJournal(tmp_path / "run" / "journal.db", vfs=disk.name, free_bytes_min=0)
    journal = journal_over(store)
    journal.append([submission(1)])
    if ended_by == "an error":
        fail_syncs_of(disk, "journal.db-wal")
    else:
        disk.skip_syncs = True  # killed between writing and flushing: nobody heard of it
    with suppress(StorePoisoned):
        journal.append([submission(2)])
    store._connection.close()
    disk.strike, disk.skip_syncs = (lambda now, operation: None), False
    monkeypatch.setattr(sqlite_journal, "write_again", disk.written_again)
    again = SqliteJournal(tmp_path / "run" / "journal.db", vfs=disk.name, free_bytes_min=0)
    [outcome] = journal_over(again).append([submission(2)])
    assert isinstance(outcome, Accepted)
    assert outcome.duplicate
    run.attempted = {uuid(number) for number in range(1, 12)}
    run.acknowledged = {uuid(2): outcome.receipt}
    recovered_as_promised(run, disk.image(tmp_path / "image", random.Random(1), 0.0))
    again.close()


def test_a_disk_that_lied_about_its_flushes_is_not_taken_for_whole(
    new_disk: Callable[[], Disk], tmp_path: Path
) -> None:
    """What such a disk loses is lost, and not silently: damage is named, a hole is refused."""
    disk = new_disk()
    disk.skip_syncs = True
    run = Run(disk, tmp_path / "run").work()
    run.close()
    assert len(run.acknowledged) == 11
    noticed: Counter[str] = Counter()
    for seed in range(60):
        chance = random.Random(seed)
        image = disk.image(tmp_path / f"image-{seed}", chance, chance.choice([0.0, 0.9, 0.99]))
        try:
            with closing(SqliteJournal(image / "journal.db", free_bytes_min=0)) as store:
                size = whole(store).size
                if size < 11:
                    [outcome] = journal_over(store).append([submission(12)])
                    assert refused(outcome) == ("sequence-gap", {"expected": size + 1})
                    noticed["hole"] += 1
                else:
                    noticed["whole"] += 1
        except (JournalDamaged, FormatRefused) as damage:
            noticed[damage.code] += 1
    print(noticed)
    assert noticed["hole"]
    assert sum(noticed.values()) == 60
