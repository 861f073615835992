"""A file system over the real one whose k-th call fails, whatever SQLite asks of it.

An error says nothing about what happened: the call may have done nothing, all of it, or, for a
write, half of it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import TypeVar

import apsw

_T = TypeVar("_T")


class Truth(Enum):
    """What a call that reports an error has really done."""

    NOTHING = "nothing"
    ALL = "all"
    HALF = "half"


CHANGING = {
    "write": apsw.SQLITE_IOERR_WRITE,
    "sync": apsw.SQLITE_IOERR_FSYNC,
    "truncate": apsw.SQLITE_IOERR_TRUNCATE,
    "delete": apsw.SQLITE_IOERR_DELETE,
    "open": apsw.SQLITE_CANTOPEN,
    "lock": apsw.SQLITE_IOERR_LOCK,
    "unlock": apsw.SQLITE_IOERR_UNLOCK,
}
READING = {
    "read": apsw.SQLITE_IOERR_READ,
    "size": apsw.SQLITE_IOERR_FSTAT,
    "access": apsw.SQLITE_IOERR_ACCESS,
}
CODES = CHANGING | READING


@dataclass(frozen=True)
class Fault:
    """Call number `at` (from 1) fails, and every later one if it is `for_good`."""

    at: int
    truth: Truth = Truth.NOTHING
    for_good: bool = False
    full: bool = False
    """Whether the error is that the disk is full."""

    def strikes(self, number: int) -> bool:
        return number == self.at or (self.for_good and number > self.at)


def truths_of(call: str) -> list[Truth]:
    """What a failed call of this name may have done."""
    if call in READING:
        return [Truth.NOTHING]
    return [Truth.NOTHING, Truth.ALL, *([Truth.HALF] if call == "write" else [])]


class FailingDisk(apsw.VFS):
    """Counts calls, and lets `fault` strike. `calls` has the name of each."""

    def __init__(self, name: str, fault: Fault | None = None) -> None:
        self.name = name
        self.fault = fault
        self.calls: list[str] = []
        super().__init__(name, "")

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> apsw.VFSFile:
        return self.call("open", lambda: _File(self, name, flags))

    def xDelete(self, filename: str, syncdir: bool) -> None:
        self.call("delete", lambda: super(FailingDisk, self).xDelete(filename, syncdir))

    def xAccess(self, pathname: str, flags: int) -> bool:
        return self.call("access", lambda: super(FailingDisk, self).xAccess(pathname, flags))

    def call(
        self, name: str, doing: Callable[[], _T], half: Callable[[], object] | None = None
    ) -> _T:
        """Does it, unless this is the call that fails."""
        self.calls.append(name)
        fault = self.fault
        if fault is None or not fault.strikes(len(self.calls)):
            return doing()
        if fault.truth is Truth.ALL and name in CHANGING:
            doing()
        if fault.truth is Truth.HALF and half is not None:
            half()
        raise _error(name, full=fault.full and name == "write")


class _File(apsw.VFSFile):
    def __init__(
        self, disk: FailingDisk, name: str | apsw.URIFilename | None, flags: list[int]
    ) -> None:
        self._disk = disk
        super().__init__("", name, flags)

    def xRead(self, amount: int, offset: int) -> bytes:
        return self._disk.call("read", lambda: super(_File, self).xRead(amount, offset))

    def xWrite(self, data: bytes, offset: int) -> None:
        kept = bytes(data)
        self._disk.call(
            "write",
            lambda: super(_File, self).xWrite(kept, offset),
            lambda: super(_File, self).xWrite(kept[: len(kept) // 2], offset),
        )

    def xSync(self, flags: int) -> None:
        self._disk.call("sync", lambda: super(_File, self).xSync(flags))

    def xTruncate(self, size: int) -> None:
        self._disk.call("truncate", lambda: super(_File, self).xTruncate(size))

    def xFileSize(self) -> int:
        return self._disk.call("size", lambda: super(_File, self).xFileSize())

    def xLock(self, level: int) -> None:
        self._disk.call("lock", lambda: super(_File, self).xLock(level))

    def xUnlock(self, level: int) -> None:
        self._disk.call("unlock", lambda: super(_File, self).xUnlock(level))


def _error(name: str, *, full: bool) -> apsw.Error:
    kind: type[apsw.Error] = apsw.CantOpenError if name == "open" else apsw.IOError
    error = (apsw.FullError if full else kind)("the disk failed because a test said so")
    error.extendedresult = apsw.SQLITE_FULL if full else CODES[name]  # type: ignore[attr-defined]
    return error
