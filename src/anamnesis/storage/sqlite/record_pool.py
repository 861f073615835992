"""Connections that read the record, lent to one thread at a time, each showing one moment."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import BoundedSemaphore, Lock
from typing import Final, TypeAlias

import apsw

from anamnesis.storage.sqlite.connection import open_reader
from anamnesis.storage.sqlite.record_source import SqliteSource
from anamnesis.storage.sqlite.record_tables import check_form, damage_named

CONNECTIONS_MAX: Final = 8
LENT_WITHIN_SECONDS: Final = 10.0

_File: TypeAlias = tuple[int, int]


class ReaderPool:
    """At most CONNECTIONS_MAX read-only connections to the file at `path`.

    When another file has taken the place of the one that was open, that one is read from then
    on. Raises FileNotFoundError, RecordOutdated and RecordDamaged, also when it is made.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = Lock()
        self._room = BoundedSemaphore(CONNECTIONS_MAX)
        self._idle: list[tuple[_File, apsw.Connection]] = []
        self._closed = False
        self._return(*self._opened())

    @contextmanager
    def source(self) -> Iterator[SqliteSource]:
        """The record as it is now, unchanging for the length of the block.

        Raises TimeoutError when all connections stay lent, RecordDamaged for a torn file.
        """
        if not self._room.acquire(timeout=LENT_WITHIN_SECONDS):
            raise TimeoutError("Every connection to the record has been in use for too long.")
        try:
            file, connection = self._lent()
            try:
                with damage_named():
                    # One moment for every statement of a question; it holds up no writer.
                    connection.execute("BEGIN")
                    yield SqliteSource(connection)
            finally:
                self._taken_back(file, connection)
        finally:
            self._room.release()

    def close(self) -> None:
        """Closes what is idle now, and what is lent when it comes back."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for _, connection in idle:
            connection.close()

    def _lent(self) -> tuple[_File, apsw.Connection]:
        present = self._identity()
        while True:
            with self._lock:
                if self._closed:
                    raise ValueError("The record was closed.")
                if not self._idle:
                    break
                file, connection = self._idle.pop()
            if file == present:
                return file, connection
            connection.close()
        return self._opened()

    def _taken_back(self, file: _File, connection: apsw.Connection) -> None:
        try:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
        except apsw.Error:
            connection.close()
            raise
        self._return(file, connection)

    def _return(self, file: _File, connection: apsw.Connection) -> None:
        with self._lock:
            if not self._closed:
                self._idle.append((file, connection))
                return
        connection.close()

    def _opened(self) -> tuple[_File, apsw.Connection]:
        file = self._identity()
        with damage_named():
            connection = open_reader(self._path)
        try:
            with damage_named():
                check_form(connection)
            self._check_still(file)
        except BaseException:
            connection.close()
            raise
        return file, connection

    def _check_still(self, file: _File) -> None:
        if self._identity() != file:
            raise FileNotFoundError("The record was replaced while it was opened.")

    def _identity(self) -> _File:
        found = self._path.stat()
        return found.st_dev, found.st_ino
