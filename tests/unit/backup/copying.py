"""A journal, a place in memory, and a seal that shows what it sealed, for tests of backups."""

from datetime import timedelta

from anamnesis.backup.manifest import Manifest
from anamnesis.backup.refusal import BackupRefused
from anamnesis.backup.taking import take
from anamnesis.journal.journal import Journal
from anamnesis.storage.memory.journal import MemoryDisk, MemoryJournal
from tests.unit.journal.making import SIGNER, SteppingClock, journal_over, submission

TAKEN_AT = "2026-11-23T15:00:{:02d}.000Z"


class MemoryPlace:
    """Keeps pieces in a dictionary, and may be told to stop taking them."""

    def __init__(self) -> None:
        self.pieces: dict[str, bytes] = {}
        self.takes: int | None = None

    def put(self, name: str, data: bytes) -> None:
        if self.takes == 0:
            raise BackupRefused("place-refused", "Full.")
        if self.takes is not None:
            self.takes -= 1
        self.pieces[name] = data

    def get(self, name: str) -> bytes:
        if name not in self.pieces:
            raise BackupRefused("piece-missing", name)
        return self.pieces[name]

    def names(self, beginning: str) -> list[str]:
        return sorted(name for name in self.pieces if name.startswith(beginning))


def seal(data: bytes) -> bytes:
    return b"sealed:" + data


def unseal(data: bytes) -> bytes:
    return data.removeprefix(b"sealed:")


class Practice:
    """A journal that grows, and its backups."""

    def __init__(self) -> None:
        self.store = MemoryJournal(MemoryDisk())
        self.clock = SteppingClock()
        self.journal: Journal = journal_over(self.store, self.clock)
        self.place = MemoryPlace()
        self.entries = 0
        self.backups = 0

    def write(self, *groups: int) -> None:
        """Commits so many entries in each group; a minute passes before each."""
        for number in groups:
            self.clock.moment += timedelta(minutes=1)
            first = self.entries + 1
            self.journal.append([submission(n) for n in range(first, first + number)])
            self.entries += number

    def back_up(self, state: bytes | None = None) -> Manifest:
        self.backups += 1
        at = TAKEN_AT.format(self.backups)
        return take(self.store, self.place, seal, SIGNER, "0.1.0", at, state)
