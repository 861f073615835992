"""The journal in memory, with a disk that can be told to fail in either of the two truths."""

from collections.abc import Sequence
from enum import Enum

from anamnesis.journal.entry import Header, JournaledEntry, restore_entry, restore_header
from anamnesis.journal.recovery import check_erasure, missing_entry
from anamnesis.journal.store import StoreFull, StorePoisoned


class Fault(Enum):
    """What the disk does at the next commit."""

    FULL = "nothing is stored, and that is said"
    LOST = "nothing is stored, and nobody can tell"
    KEPT = "all is stored, and nobody can tell"


class MemoryDisk:
    """What outlives a crash: rows of (header, content), leaves, and checkpoints by size.

    `fault` strikes the next commit, once.
    """

    def __init__(self) -> None:
        self.rows: list[tuple[bytes, bytes]] = []
        self.leaves: list[bytes] = []
        self.checkpoints: list[tuple[int, str]] = []
        self.fault: Fault | None = None


class MemoryJournal:
    """A `JournalStore` over a `MemoryDisk`. Opening another over the same disk is a restart."""

    def __init__(self, disk: MemoryDisk | None = None) -> None:
        self.disk = MemoryDisk() if disk is None else disk
        self._poisoned = False
        self._positions: dict[str, int] = {}
        self._sequences: dict[tuple[str, int], str] = {}
        self._devices: dict[str, tuple[int, str]] = {}
        for journaled in self.read(0, self.size()):
            self._index(journaled)

    def size(self) -> int:
        """The number of entries."""
        return len(self.disk.rows)

    def read(self, start: int, limit: int) -> list[JournaledEntry]:
        """At most `limit` entries in order, from `start` on."""
        return [self._restore(at) for at in range(start, min(start + limit, self.size()))]

    def headers(self, start: int, limit: int) -> list[Header]:
        """As `read`, without what the entries say."""
        return [
            restore_header(at, self.disk.rows[at][0])
            for at in range(start, min(start + limit, self.size()))
        ]

    def find(self, ids: Sequence[str]) -> dict[str, JournaledEntry]:
        """The entries with these ids."""
        return {
            name: self._restore(self._positions[name]) for name in ids if name in self._positions
        }

    def at(self, positions: Sequence[int]) -> list[JournaledEntry]:
        """The entries at these positions; raises IndexError beyond the end."""
        for position in positions:
            if not 0 <= position < self.size():
                raise IndexError(f"There is no entry at position {position}.")
        return [self._restore(position) for position in positions]

    def last_sequences(self, devices: Sequence[str]) -> dict[str, tuple[int, str]]:
        """For each known device, its last sequence and its author."""
        return {device: self._devices[device] for device in devices if device in self._devices}

    def at_sequence(self, device: str, sequence: int) -> str | None:
        """The id of the entry with this number of this device."""
        return self._sequences.get((device, sequence))

    def leaves(self, start: int, limit: int) -> list[bytes]:
        """At most `limit` leaf hashes, from `start` on."""
        return self.disk.leaves[start : start + limit]

    def checkpoint(self, position: int | None) -> str | None:
        """The first checkpoint that covers `position`, or the newest."""
        if position is None:
            return self.disk.checkpoints[-1][1] if self.disk.checkpoints else None
        return next((note for size, note in self.disk.checkpoints if size > position), None)

    def commit(self, entries: Sequence[JournaledEntry], checkpoint: str, size: int) -> None:
        """Keeps entries and checkpoint, all or none, or what `disk.fault` says."""
        if self._poisoned:
            raise StorePoisoned("An earlier commit has no known outcome.")
        fault, self.disk.fault = self.disk.fault, None
        if fault is Fault.FULL:
            raise StoreFull("The disk is full, because a test said so.")
        if fault is not Fault.LOST:
            self._keep(entries, checkpoint, size)
        if fault is not None:
            self._poisoned = True
            raise StorePoisoned("The disk did not confirm a commit, because a test said so.")

    def close(self) -> None:
        """Nothing to let go of."""

    def _keep(self, entries: Sequence[JournaledEntry], checkpoint: str, size: int) -> None:
        if not self._follows(entries, size):
            self._poisoned = True
            raise StorePoisoned("The entries do not follow those that are journaled.")
        for journaled in entries:
            self.disk.rows.append((journaled.header(), journaled.entry.content))
            self.disk.leaves.append(journaled.leaf())
            self._index(journaled)
        self.disk.checkpoints.append((size, checkpoint))

    def _follows(self, entries: Sequence[JournaledEntry], size: int) -> bool:
        devices = dict(self._devices)
        ids = set(self._positions)
        for position, journaled in enumerate(entries, self.size()):
            entry = journaled.entry
            last = devices.get(entry.device, (0, entry.author))[0]
            if (journaled.position, entry.sequence) != (position, last + 1) or entry.id in ids:
                return False
            devices[entry.device] = (entry.sequence, entry.author)
            ids.add(entry.id)
        return bool(entries) and size == self.size() + len(entries)

    def _index(self, journaled: JournaledEntry) -> None:
        entry = journaled.entry
        self._positions[entry.id] = journaled.position
        self._sequences[entry.device, entry.sequence] = entry.id
        self._devices.setdefault(entry.device, (0, entry.author))
        self._devices[entry.device] = (entry.sequence, self._devices[entry.device][1])

    def _restore(self, position: int) -> JournaledEntry:
        try:
            header, content = self.disk.rows[position]
        except IndexError:
            raise missing_entry(position) from None
        journaled = restore_entry(position, header, content)
        decision = journaled.entry.erased_by
        if decision is not None:
            at = self._positions.get(decision)
            check_erasure(
                journaled, None if at is None else restore_header(at, self.disk.rows[at][0])
            )
        return journaled
