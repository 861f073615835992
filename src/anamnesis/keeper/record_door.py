"""The keeper's own way into the record: read-only, and gone back to after every trouble."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import structlog

from anamnesis.record.store import RecordReader

_log = structlog.get_logger()
_T = TypeVar("_T")


class RecordUnavailable(Exception):
    """The record cannot be read now; it may be missing, damaged, or being made again."""


class RecordDoor:
    """Opens the record for one thread, and opens it anew when the file was replaced."""

    def __init__(self, path: Path, open_reader: Callable[[], RecordReader]) -> None:
        self._path = path
        self._open_reader = open_reader
        self._reader: RecordReader | None = None
        self._identity: tuple[int, int] | None = None
        self._reported = False

    def read(self, question: Callable[[RecordReader], _T]) -> _T:
        """What `question` finds; raises `RecordUnavailable`, and then starts afresh next time."""
        try:
            answer = question(self._fresh())
        except Exception as failure:
            # A reader that failed once is not asked again: its file may be gone or torn.
            self.close()
            if not self._reported:
                self._reported = True
                _log.warning("record-unavailable", failure=type(failure).__name__)
            raise RecordUnavailable from failure
        if self._reported:
            self._reported = False
            _log.info("record-available")
        return answer

    def identity(self) -> str:
        """Which file the record is now; another one was made anew. Empty while there is none."""
        try:
            status = self._path.stat()
        except OSError:
            return ""
        return f"{status.st_dev}/{status.st_ino}"

    def close(self) -> None:
        """Lets the record go."""
        reader, self._reader = self._reader, None
        if reader is not None:
            reader.close()

    def _fresh(self) -> RecordReader:
        status = self._path.stat()
        identity = (status.st_dev, status.st_ino)
        if self._reader is not None and identity != self._identity:
            self.close()
        if self._reader is None:
            self._reader = self._open_reader()
            self._identity = identity
        return self._reader
