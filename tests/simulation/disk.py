"""The machine's disk: what a journal and a record have on it, and what a power cut leaves.

Beside the sound stores are those with a fault that the simulation must find.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import Enum

from anamnesis.journal.entry import JournaledEntry
from anamnesis.record.store import RecordTransaction, RecordUnwritable
from anamnesis.storage.memory.journal import MemoryDisk, MemoryJournal
from anamnesis.storage.memory.record import MemoryRecord


class Killed(BaseException):
    """The process ends here."""


class JournalDisk(MemoryDisk):
    """Rows and checkpoints of which the first ones have been flushed.

    Readers beside the writer see the first `visible` rows: what a commit that failed has left is
    seen when the next writer opens the file.
    """

    def __init__(self) -> None:
        super().__init__()
        self.flushed = (0, 0)
        self.visible = 0

    def copy(self) -> "JournalDisk":
        other = JournalDisk()
        other.rows += self.rows
        other.leaves += self.leaves
        other.checkpoints += self.checkpoints
        other.flush()
        return other

    def flush(self) -> None:
        self.flushed = (len(self.rows), len(self.checkpoints))
        self.show()

    def show(self) -> None:
        self.visible = len(self.rows)

    def power_cut(self) -> None:
        """What was not flushed is gone."""
        rows, checkpoints = self.flushed
        del self.rows[rows:], self.leaves[rows:], self.checkpoints[checkpoints:]
        self.show()


class SeenJournal(MemoryJournal):
    """The journal as a reader beside its writer sees it."""

    def __init__(self, disk: JournalDisk) -> None:
        self._seen = disk
        super().__init__(disk)

    def size(self) -> int:
        return self._seen.visible


class FlushingJournal(MemoryJournal):
    """Says yes when the disk has it, and has it keep whatever an earlier life left there."""

    def __init__(self, disk: JournalDisk, *, flushed_when_opened: bool = True) -> None:
        self._flush = disk.flush
        disk.show()
        if flushed_when_opened:
            disk.flush()
        super().__init__(disk)

    def commit(self, entries: Sequence[JournaledEntry], checkpoint: str, size: int) -> None:
        super().commit(entries, checkpoint, size)
        self._flush()


class AckBeforeFlush(MemoryJournal):
    """Planted fault: says yes, and has the disk flush it with the next commit."""

    def __init__(self, disk: JournalDisk) -> None:
        self._written = disk
        disk.show()
        super().__init__(disk)

    def commit(self, entries: Sequence[JournaledEntry], checkpoint: str, size: int) -> None:
        self._written.flush()
        super().commit(entries, checkpoint, size)
        self._written.show()


class RecordFault(Enum):
    """What becomes of the next transaction of the record."""

    REFUSED = "nothing is kept, and that is said"
    KEPT = "all is kept, and it is said that it is not"
    KILLED_BEFORE = "the process is killed, and nothing is kept"
    KILLED_AFTER = "the process is killed, and all is kept"


class SimulatedRecord(MemoryRecord):
    """A record whose next transaction may fail. What it has committed is on the disk."""

    def __init__(self) -> None:
        super().__init__()
        self.fault: RecordFault | None = None

    @contextmanager
    def transaction(self) -> Iterator[RecordTransaction]:
        fault, self.fault = self.fault, None
        with super().transaction() as transaction:
            yield transaction
            if fault is RecordFault.REFUSED:
                raise RecordUnwritable("The disk refused, because a seed said so.")
            if fault is RecordFault.KILLED_BEFORE:
                raise Killed
        if fault is RecordFault.KEPT:
            raise RecordUnwritable("The disk did not confirm, because a seed said so.")
        if fault is RecordFault.KILLED_AFTER:
            raise Killed

    @property
    def stamp(self) -> tuple[int, int]:
        """Another one whenever a row was put or removed, or entries were applied."""
        return self._source.count, self._source.changes


class AppliedApart(SimulatedRecord):
    """Planted fault: the number of entries applied is saved by itself, before the rows."""

    @contextmanager
    def transaction(self) -> Iterator[RecordTransaction]:
        applied = self.applied()
        try:
            with super().transaction() as transaction:
                yield transaction
                applied = transaction.applied()
        except BaseException:
            self._source.count = applied
            raise
