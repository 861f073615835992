"""The keeper's marks in `marks.db`: how far it has compared, and what devices said they hold."""

import threading
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

import apsw

from anamnesis.reconcile.store import MarkNotKept
from anamnesis.storage.sqlite.connection import FormatRefused, bring_up, open_writer

APPLICATION: Final = 0x414E414D  # "ANAM", in the file's header
_STEPS: Final = ["CREATE TABLE mark (name TEXT PRIMARY KEY, mark BLOB NOT NULL) STRICT"]


class SqliteMarkStore:
    """A `MarkStore`; a file that cannot be read is begun again, for all of it is found again."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.Lock()
        try:
            self._connection = _opened(path)
        except (apsw.CorruptError, apsw.NotADBError, FormatRefused):
            for suffix in ("", "-wal", "-shm"):
                with suppress(FileNotFoundError):
                    path.with_name(path.name + suffix).unlink()
            self._connection = _opened(path)

    def read(self, name: str) -> bytes | None:
        """What was last written under this name; None if it cannot be read any more."""
        with self._lock, suppress(apsw.Error):
            found: bytes | None = self._connection.execute(
                "SELECT mark FROM mark WHERE name = ?", (name,)
            ).get
            return found
        return None

    def read_all(self, beginning: str) -> dict[str, bytes]:
        """Every mark whose name begins so; none if they cannot be read any more."""
        bounds = (beginning, beginning + "\U0010ffff")
        with self._lock, suppress(apsw.Error):
            rows = self._connection.execute(
                "SELECT name, mark FROM mark WHERE name >= ? AND name < ? ORDER BY name", bounds
            ).fetchall()
            return {str(name): mark for name, mark in rows if isinstance(mark, bytes)}
        return {}

    def write(self, marks: Mapping[str, bytes | None]) -> None:
        """Keeps them, all or none; raises MarkNotKept."""
        kept = [(name, mark) for name, mark in marks.items() if mark is not None]
        gone = [(name,) for name, mark in marks.items() if mark is None]
        try:
            with self._lock, self._connection:
                self._connection.executemany("INSERT OR REPLACE INTO mark VALUES (?, ?)", kept)
                self._connection.executemany("DELETE FROM mark WHERE name = ?", gone)
        except apsw.Error as error:
            raise MarkNotKept(type(error).__name__) from error

    def close(self) -> None:
        """Lets go of the file."""
        with self._lock:
            self._connection.close()


def _opened(path: Path) -> apsw.Connection:
    connection = open_writer(path, "access")
    try:
        bring_up(connection, APPLICATION, _STEPS)
    except BaseException:
        connection.close()
        raise
    return connection
