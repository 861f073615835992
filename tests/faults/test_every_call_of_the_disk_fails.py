"""Every call that journal and record make of the disk fails, one after another, in each truth.

A run of the whole path (journal, fold) meets one fault, dies of it or goes on; the next life, on a
sound disk, gets everything sent again that has no receipt. The checker of histories then decides
from the files. A sample runs with every test; `make campaign-calls` goes through all of them.
"""

import os
import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import apsw
import pytest

from anamnesis.journal.entry import JournaledEntry
from anamnesis.journal.store import StoreFull, StorePoisoned
from anamnesis.record.store import RecordUnwritable
from anamnesis.storage.sqlite import journal as sqlite_journal
from anamnesis.storage.sqlite.journal import SqliteJournal
from tests.faults.failing_calls import FailingDisk, Fault, truths_of
from tests.history import small_server
from tests.history.checker import check_folder
from tests.history.recorder import Recorder
from tests.history.small_server import VKEY, SmallClient, SmallServer

SEED = int(os.environ.get("ANAMNESIS_SEED", str(random.randrange(2**32))))
EACH_TIME = 60
"""Faults tried with every test."""
GROUPS = (1, 3, 2, 1)
"""Notes in each request after the first."""
WAL_PAGES = 12  # so few that the log is moved along within these groups

Attempt = Callable[[Fault | None], "Run"]


class Run:
    """One client, and the lives of the server that it talks to."""

    def __init__(self, folder: Path) -> None:
        self.data = folder / "data"
        self.history = folder / "history.jsonl"
        self.recorder = Recorder(self.history)
        self.client = SmallClient(1, self.recorder)
        self.groups = [self.client.opening()]
        for notes in GROUPS:
            self.groups.append([self.client.note(f"{n} é≥ {notes}" * 300) for n in range(notes)])
        self.told: set[str] = set()
        self.ended_by: Exception | None = None
        self.calls: list[str] = []

    def live(self, disk: FailingDisk | None = None) -> None:
        """Sends what has no answer yet, folds, and stops; dies of what a process would die of."""
        try:
            server = SmallServer(self.data, vfs=disk.name if disk else None)
            for group in self.groups:
                self.once_more(lambda group=group: self.send(server, group), StoreFull)  # type: ignore[misc]
                self.once_more(server.follow, RecordUnwritable)
            server.close()
        except AssertionError:
            raise
        except Exception as failure:  # noqa: BLE001 - whatever the fault became
            self.ended_by = failure
        finally:
            if disk:
                disk.fault = None  # whoever is dead asks nothing of it
            for connection in apsw.connections():
                if connection.filename.startswith(str(self.data)):
                    connection.close(force=True)

    def send(self, server: SmallServer, group: list[dict[str, object]]) -> None:
        waiting = [entry for entry in group if entry["id"] not in self.told]
        if not waiting:
            return
        results = self.client.send(server, *waiting)
        assert [result["outcome"] for result in results] == ["receipt"] * len(waiting), results
        self.told |= {str(entry["id"]) for entry in waiting}

    def once_more(self, doing: Callable[[], None], harmless: type[Exception]) -> None:
        """Tries again after an error that says that nothing was stored."""
        try:
            doing()
        except harmless:
            doing()

    def is_right(self, *, settled: bool) -> None:
        if settled or self.told:
            verdict = check_folder(self.history, self.data, VKEY, settled=settled)
            assert verdict.found == [], verdict


@pytest.fixture
def attempt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Attempt]:
    """A first life with the fault, a second without, and both of them checked."""
    monkeypatch.setattr(sqlite_journal, "WAL_PAGES", WAL_PAGES)
    disks: list[FailingDisk] = []

    def tried(fault: Fault | None) -> Run:
        folder = tmp_path / str(len(disks))
        folder.mkdir()
        disk = FailingDisk(f"calls-{len(disks)}", fault)
        disks.append(disk)
        run = Run(folder)
        try:
            run.live(disk)
            run.is_right(settled=False)
            run.calls, ended_by, run.ended_by = disk.calls, run.ended_by, None
            run.live()
            assert run.ended_by is None, run.ended_by
            assert len(run.told) == sum(map(len, run.groups))
            run.is_right(settled=True)
        except AssertionError as wrong:
            raise AssertionError(f"{fault} in {folder}: {wrong}") from wrong
        finally:
            run.recorder.close()
        run.ended_by = ended_by
        return run

    yield tried
    for disk in disks:
        disk.unregister()


def faults_of(calls: list[str]) -> list[Fault]:
    """Everything that can go wrong once in a run that makes these calls."""
    faults = []
    for at, call in enumerate(calls, 1):
        for truth in truths_of(call):
            faults += [Fault(at, truth), Fault(at, truth, for_good=True)]
            if call == "write":
                faults.append(Fault(at, truth, full=True))
    return faults


def try_all(attempt: Attempt, faults: list[Fault]) -> None:
    ended = sum(attempt(fault).ended_by is not None for fault in faults)
    print(f"{len(faults)} faults: {ended} ended the process, {len(faults) - ended} did not")
    assert 0 < ended < len(faults)


def test_a_run_without_a_fault_asks_everything_of_the_disk(attempt: Attempt) -> None:
    run = attempt(None)
    assert run.ended_by is None
    assert {"open", "read", "write", "sync", "lock", "unlock", "size"} <= set(run.calls)


def test_whatever_call_fails_the_next_life_has_everything_acknowledged(attempt: Attempt) -> None:
    print(f"\nseed {SEED}")
    faults = faults_of(attempt(None).calls)
    chosen = random.Random(SEED).sample(faults, EACH_TIME)
    try_all(attempt, sorted(chosen, key=lambda fault: fault.at))


@pytest.mark.campaign
@pytest.mark.timeout(7_200)
def test_every_single_call_fails_in_every_truth(attempt: Attempt) -> None:
    calls = attempt(None).calls
    print(f"\n{len(calls)} calls of the disk: { {name: calls.count(name) for name in set(calls)} }")
    try_all(attempt, faults_of(calls))


class Swallowing(SqliteJournal):
    """Planted fault: an error of the disk is logged, and work goes on."""

    def commit(self, entries: Sequence[JournaledEntry], checkpoint: str, size: int) -> None:
        with suppress(StorePoisoned):
            super().commit(entries, checkpoint, size)


def test_a_journal_that_carries_on_after_an_error_is_found(
    attempt: Attempt, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = attempt(None).calls
    monkeypatch.setattr(small_server, "SqliteJournal", Swallowing)
    syncs = [Fault(at) for at, call in enumerate(calls, 1) if call == "sync"]
    with pytest.raises(AssertionError, match=r"'lost'|sequence-gap"):
        try_all(attempt, syncs)
