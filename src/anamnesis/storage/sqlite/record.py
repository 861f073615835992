"""The record in `record.db`: one writer, any number of readers, none of whom waits for another."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import apsw

from anamnesis.record.comparison import fingerprint_of
from anamnesis.record.reading import Reading
from anamnesis.record.row import Kept, Table, Value
from anamnesis.record.store import RecordTransaction, RecordUnwritable
from anamnesis.storage.sqlite import record_tables as tables
from anamnesis.storage.sqlite.connection import open_writer
from anamnesis.storage.sqlite.record_pool import ReaderPool
from anamnesis.storage.sqlite.record_source import SqliteSource

OF_THE_DISK = (
    apsw.FullError,
    apsw.IOError,
    apsw.ReadOnlyError,
    apsw.BusyError,
    apsw.LockedError,
    apsw.CantOpenError,
    apsw.PermissionsError,
    apsw.NoMemError,
    apsw.ProtocolError,
)
"""Anything else that SQLite says is about a row, and so a fault of a program."""


class SqliteRecordReader(Reading):
    """A `RecordReader` of the file at `path`; may be shared between threads.

    Notices when another file has taken its place. Raises FileNotFoundError, RecordOutdated,
    RecordDamaged.
    """

    def __init__(self, path: Path) -> None:
        self._pool = ReaderPool(path)
        super().__init__(self._pool.source)

    def dump(self) -> Iterator[tuple[str, list[tuple[Value, ...]]]]:
        """Every table's name and rows, of one moment."""
        with self._pool.source() as source:
            yield from source.dump()

    def fingerprint(self) -> str:
        """SHA-256 of the whole content."""
        return fingerprint_of(self.dump())

    def close(self) -> None:
        """Lets go of the file."""
        self._pool.close()


class SqliteRecordWriter:
    """Keeps the record at `path` (a `RecordWriter`): its only writer, used by one thread.

    Makes the file if there is none. Raises RecordOutdated, RecordDamaged, RecordUnwritable, and
    what `open_writer` raises.
    """

    def __init__(self, path: Path, *, vfs: str | None = None) -> None:
        with tables.damage_named():
            self._connection = open_writer(path, "record", vfs=vfs)
        try:
            with _explained():
                if tables.is_empty(self._connection):
                    tables.create(self._connection)
                tables.check_form(self._connection)
        except BaseException:
            self._connection.close()
            raise

    @property
    def connection(self) -> apsw.Connection:
        """What it writes with: features are handed it."""
        return self._connection

    def applied(self) -> int:
        """The number of journal entries applied."""
        with _explained():
            return SqliteSource(self._connection).applied()

    @contextmanager
    def transaction(self) -> Iterator[RecordTransaction]:
        """Keeps everything of the block, or nothing.

        Raises RecordUnwritable when the disk refuses: nothing was kept, or all of it was; the
        number applied, read again, says which.
        """
        with _explained():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield _Transaction(self._connection)
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    def close(self) -> None:
        """Lets go of the file."""
        self._connection.close()


class _Transaction:
    """What folding does, on the writer's connection."""

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection

    def applied(self) -> int:
        return SqliteSource(self._connection).applied()

    def get(self, table: type[Table], *key: Value) -> Table | None:
        return tables.get(self._connection, table, key)

    def find(self, table: type[Table], **equal: Value) -> list[Table]:
        return tables.find(self._connection, table, equal)

    def put(self, row: Kept) -> None:
        tables.put(self._connection, row)

    def remove(self, row: Kept) -> None:
        tables.remove(self._connection, row)

    def advance(self, applied: int) -> None:
        self._connection.execute("UPDATE progress SET applied = ?", (applied,))


@contextmanager
def _explained() -> Iterator[None]:
    """Says of an error of SQLite whether the disk is at fault, or the file; passes on the rest."""
    try:
        with tables.damage_named():
            yield
    except OF_THE_DISK as error:
        raise RecordUnwritable(
            f"The disk did not take what was to be recorded ({type(error).__name__})."
        ) from error
