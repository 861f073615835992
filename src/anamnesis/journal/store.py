"""What the journal asks of whoever keeps it; implemented in storage/."""

from collections.abc import Sequence
from typing import Protocol

from anamnesis.journal.entry import Header, JournaledEntry


class StoreFull(Exception):
    """Nothing of this commit was stored, and nothing is broken: the same may be tried later.

    Whoever waits for an answer is still told *unknown*, never *not saved*.
    """

    code = "store-full"


class StoreReadOnly(StoreFull):
    """As StoreFull: the disk takes no writes at all."""

    code = "store-read-only"


class StoreBusy(StoreFull):
    """As StoreFull: another program holds the journal's file."""

    code = "store-busy"


class StorePoisoned(Exception):
    """Whether the commit was stored is unknown, here and for good.

    The process must stop acknowledging and exit; what is in the journal is what is read when
    it is opened again.
    """

    code = "store-poisoned"


class JournalReader(Protocol):
    """Reads the journal: what the application and the tools get.

    What is returned was checked against its digests. Raises JournalDamaged.
    """

    def size(self) -> int:
        """The number of entries; their positions are 0 to size - 1."""
        ...

    def read(self, start: int, limit: int) -> list[JournaledEntry]:
        """At most `limit` entries in order, from position `start` on, without a gap."""
        ...

    def headers(self, start: int, limit: int) -> list[Header]:
        """As `read`, without what the entries say, and without the digests that check it."""
        ...

    def find(self, ids: Sequence[str]) -> dict[str, JournaledEntry]:
        """The entries with these ids, by id; unknown ones are left out."""
        ...

    def at(self, positions: Sequence[int]) -> list[JournaledEntry]:
        """The entries at these positions, in this order; raises IndexError beyond the end."""
        ...

    def last_sequences(self, devices: Sequence[str]) -> dict[str, tuple[int, str]]:
        """For each known device, the last sequence it has journaled and its author."""
        ...

    def at_sequence(self, device: str, sequence: int) -> str | None:
        """The id of the entry that has this number of this device."""
        ...

    def leaves(self, start: int, limit: int) -> list[bytes]:
        """At most `limit` leaf hashes (32 bytes each) as committed, from position `start` on."""
        ...

    def checkpoint(self, position: int | None) -> str | None:
        """The first signed checkpoint that covers `position`, or the newest for None."""
        ...


class JournalStore(JournalReader, Protocol):
    """Keeps the journal. One of it per journal, used by one thread."""

    def commit(self, entries: Sequence[JournaledEntry], checkpoint: str, size: int) -> None:
        """Makes the entries and the checkpoint over all `size` entries durable, all or none.

        Durable when it returns. Raises StoreFull (nothing stored) or StorePoisoned (unknown);
        after StorePoisoned every commit raises it.
        """
        ...

    def close(self) -> None:
        """Lets go of the files; undoes nothing."""
        ...
