"""The journal in `journal.db`: its one writer, next to any number of readers."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import apsw

from anamnesis.journal.damage import JournalDamaged
from anamnesis.journal.entry import JournaledEntry
from anamnesis.journal.store import StoreBusy, StoreFull, StorePoisoned, StoreReadOnly
from anamnesis.storage.sqlite.connection import WAL_PAGES, bring_up, open_writer, write_again
from anamnesis.storage.sqlite.journal_reader import (
    APPLICATION,
    STEPS,
    SqliteJournalReader,
    key_of,
    readable,
)

__all__ = ["FREE_BYTES_MIN", "SqliteJournal", "SqliteJournalReader"]

FREE_BYTES_MIN = 64 * 1024 * 1024  # left on the disk, so that what is stored can still be moved

_ADD_DEVICE = "INSERT INTO device (id, author) VALUES (?, ?)"
_ADD_ENTRY = """
INSERT INTO entry (position, id, device, sequence, header, content)
VALUES (?, ?, (SELECT number FROM device WHERE id = ?), ?, ?, ?)
"""
_ADD_CHECKPOINT = "INSERT INTO checkpoint (size, note, leaves) VALUES (?, ?, ?)"
# A statement before COMMIT that fails so has stored nothing, and may be tried again.
_NOTHING_STORED: tuple[tuple[type[apsw.Error], type[StoreFull], str], ...] = (
    (apsw.FullError, StoreFull, "The disk of the journal is full."),
    (apsw.ReadOnlyError, StoreReadOnly, "The disk of the journal takes no writes."),
    (apsw.BusyError, StoreBusy, "Another program holds the journal's file."),
)


class SqliteJournal(SqliteJournalReader):
    """Keeps the journal at `path` (a `JournalStore`): its only writer and only checkpointer.

    Whoever opens it holds the journal's lock. Raises FormatRefused, SettingsRefused, StoreFull,
    JournalDamaged or OSError when the file cannot be opened as it must be.
    """

    def __init__(
        self, path: Path, *, vfs: str | None = None, free_bytes_min: int = FREE_BYTES_MIN
    ) -> None:
        self._directory = path.parent
        self._free_bytes_min = free_bytes_min
        self._poison: str | None = None
        self._log_pages = 0
        self._checkpoint_at = WAL_PAGES
        # What an earlier life wrote to the log and did not flush, because it was killed or because
        # the disk failed, can be read by everybody and is on no disk; whoever sends it again is
        # told that it is journaled.
        write_again(path.with_name(f"{path.name}-wal"))
        with _openable(), readable("opened"):
            self._connection = open_writer(path, "journal", vfs=vfs)
            try:
                bring_up(self._connection, APPLICATION, STEPS)
                self._connection.set_wal_hook(self._note_log_pages)
            except BaseException:
                self._connection.close()
                raise

    def commit(self, entries: Sequence[JournaledEntry], checkpoint: str, size: int) -> None:
        """Makes entries and checkpoint durable, all or none; see `JournalStore.commit`."""
        if self._poison is not None:
            raise StorePoisoned(self._poison)
        self._check_room()
        before = self.size()
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            self._write(entries, checkpoint, size)
            # All pages but the last go to the log now: a full disk is met while nothing can have
            # been stored, and not by COMMIT.
            self._connection.cache_flush()
        except apsw.Error as error:
            self._give_up(error, before)
        except BaseException:
            self._poison = "A commit was broken off."
            raise
        self._commit_point()
        self._move_log_along()

    def close(self) -> None:
        """Moves the log along if that is safe, and lets go of the files."""
        try:
            if self._poison is None:
                self._connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_PASSIVE)
        finally:
            self._connection.close()

    def _commit_point(self) -> None:
        try:
            # THE COMMIT POINT. COMMIT writes the last page of the transaction to the log and
            # waits until the disk says that it has all of it (fsync). Before this line returns
            # the entries are not in the journal for anyone; after it nothing takes them out.
            self._connection.execute("COMMIT")
        except BaseException as error:
            # Unknown, whatever the error: a failed fsync has been seen to leave the entries out
            # for this connection and in for the next one. Trying again proves nothing, because
            # the kernel may have marked the pages clean.
            self._poison = f"The disk did not confirm a commit ({type(error).__name__})."
            raise StorePoisoned(self._poison) from error

    def _write(self, entries: Sequence[JournaledEntry], checkpoint: str, size: int) -> None:
        first = [one.entry for one in entries if one.entry.sequence == 1]
        devices = [(key_of(entry.device), key_of(entry.author)) for entry in first]
        self._connection.executemany(_ADD_DEVICE, devices)
        self._connection.executemany(_ADD_ENTRY, [_row(one) for one in entries])
        leaves = b"".join([one.leaf() for one in entries])
        self._connection.execute(_ADD_CHECKPOINT, (size, checkpoint, leaves))

    def _give_up(self, error: apsw.Error, before: int) -> NoReturn:
        """After an error before COMMIT: nothing is stored if it is of the harmless kind."""
        harmless = _harmless(error)
        if harmless is not None and self._rolled_back(before):
            raise harmless from error
        self._poison = f"The journal could not be written ({type(error).__name__})."
        raise StorePoisoned(self._poison) from error

    def _rolled_back(self, before: int) -> bool:
        try:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            return not self._connection.in_transaction and self.size() == before
        except (apsw.Error, JournalDamaged):
            return False

    def _check_room(self) -> None:
        disk = os.statvfs(self._directory)
        if disk.f_bavail * disk.f_frsize < self._free_bytes_min:
            raise StoreFull("The disk of the journal is nearly full.")

    def _note_log_pages(self, _connection: apsw.Connection, _schema: str, pages: int) -> int:
        if pages < self._log_pages:
            self._checkpoint_at = WAL_PAGES  # the log has begun again
        self._log_pages = pages
        return apsw.SQLITE_OK

    def _move_log_along(self) -> None:
        """Copies the log into the database now and then.

        What was committed is durable in the log whatever happens here, so an error does not take
        back the commit before it; but it is an error of the disk, and no commit follows it.
        """
        if self._log_pages < self._checkpoint_at:
            return
        self._checkpoint_at = self._log_pages + WAL_PAGES
        try:
            self._connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_PASSIVE)
        except apsw.BusyError:
            return  # another program reads or copies; the next attempt is WAL_PAGES away
        except apsw.Error as error:
            self._poison = f"The log could not be moved along ({type(error).__name__})."


def _row(journaled: JournaledEntry) -> tuple[int, bytes, bytes, int, bytes, bytes]:
    entry = journaled.entry
    device = key_of(entry.device)
    sequence, header = entry.sequence, journaled.header()
    return journaled.position, key_of(entry.id), device, sequence, header, entry.content


def _harmless(error: apsw.Error) -> StoreFull | None:
    for kind, outcome, message in _NOTHING_STORED:
        if isinstance(error, kind):
            return outcome(message)
    return None


@contextmanager
def _openable() -> Iterator[None]:
    try:
        yield
    except apsw.Error as error:
        harmless = _harmless(error)
        if harmless is None:
            raise
        raise harmless from error
