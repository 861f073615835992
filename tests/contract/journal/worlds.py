"""The places a journal can be kept in, each with a second pair of eyes and a way to crash."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from anamnesis.journal.store import JournalReader, JournalStore, StorePoisoned
from anamnesis.storage.memory.journal import Fault, MemoryDisk, MemoryJournal
from anamnesis.storage.sqlite.journal import SqliteJournal, SqliteJournalReader


class World(Protocol):
    """One disk with a journal on it."""

    @property
    def store(self) -> JournalStore: ...

    def fail_next(self, fault: Fault | None) -> None:
        """The next commit fails like this, or not after all."""
        ...

    def crash(self) -> None:
        """The process is gone from one moment to the next; `store` is opened again."""
        ...

    @contextmanager
    def truth(self) -> Iterator[JournalReader]:
        """What somebody else reads from the disk."""
        ...

    def end(self) -> None: ...


class MemoryWorld:
    def __init__(self, _directory: Path) -> None:
        self.disk = MemoryDisk()
        self.store: JournalStore = MemoryJournal(self.disk)

    def fail_next(self, fault: Fault | None) -> None:
        self.disk.fault = fault

    def crash(self) -> None:
        self.disk.fault = None
        self.store = MemoryJournal(self.disk)

    @contextmanager
    def truth(self) -> Iterator[JournalReader]:
        yield MemoryJournal(self.disk)

    def end(self) -> None:
        self.store.close()


class FailingSqliteJournal(SqliteJournal):
    """Loses power during COMMIT, before the entries are on the disk or after."""

    fault: Fault | None = None

    def _check_room(self) -> None:
        self._free_bytes_min = 2**62 if self.fault is Fault.FULL else 0
        try:
            super()._check_room()
        finally:
            if self.fault is Fault.FULL:
                self.fault = None

    def _commit_point(self) -> None:
        fault, self.fault = self.fault, None
        if fault is Fault.LOST:
            self._connection.execute("ROLLBACK")
        else:
            super()._commit_point()
        if fault is not None:
            self._poison = "a test said so"
            raise StorePoisoned(self._poison)


class SqliteWorld:
    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._lives = 0
        self._open(directory / "0")

    def _open(self, directory: Path) -> None:
        self.path = directory / "journal.db"
        self.store: FailingSqliteJournal = FailingSqliteJournal(self.path)

    def fail_next(self, fault: Fault | None) -> None:
        self.store.fault = fault

    def crash(self) -> None:
        """Goes on with the files as they lie there at this moment; memory and locks are gone."""
        self._lives += 1
        after = self._directory / str(self._lives)
        after.mkdir()
        for name in ("journal.db", "journal.db-wal"):
            shutil.copyfile(self.path.with_name(name), after / name)
        self.store._connection.close()
        shutil.rmtree(self.path.parent)
        self._open(after)

    @contextmanager
    def truth(self) -> Iterator[JournalReader]:
        reader = SqliteJournalReader(self.path)
        try:
            yield reader
        finally:
            reader.close()

    def end(self) -> None:
        self.store.close()


WORLDS: dict[str, type[MemoryWorld] | type[SqliteWorld]] = {
    "memory": MemoryWorld,
    "sqlite": SqliteWorld,
}
