"""What features the application is in the middle of: written there, read by the keeper.

A page of memory shared through a file. It outlives the application's process, so that one that was
killed, hangs or ended itself can still be asked what it was doing.
"""

import mmap
import os
import struct
import threading
from contextlib import suppress
from pathlib import Path

import msgspec

THREADS_MAX = 32
"""Threads that run features at the same time; those beyond share a place."""

_ACT = struct.Struct("<dq64s")
_BYTES = mmap.PAGESIZE


class Act(msgspec.Struct, frozen=True):
    """A feature at work since `since` (monotonic seconds of this machine), on this position."""

    feature: str
    since: float
    position: int


class Doing:
    """The file, opened for writing; made if there is none. Safe between threads."""

    def __init__(self, path: Path) -> None:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            os.ftruncate(descriptor, _BYTES)
            self._map = mmap.mmap(descriptor, _BYTES)
        finally:
            os.close(descriptor)
        self._mine = threading.local()
        self._lock = threading.Lock()
        self._threads = 0

    def begin(self, feature: str, since: float, position: int) -> bytes:
        """A feature is about to run in this thread; gives what `end` wants back."""
        at = self._place()
        before = self._map[at : at + _ACT.size]
        _ACT.pack_into(self._map, at, since, position, feature.encode())
        return before

    def end(self, before: bytes) -> None:
        """It returned."""
        at = self._place()
        self._map[at : at + _ACT.size] = before

    def close(self) -> None:
        """Lets go of the file and leaves what it says."""
        self._map.close()

    def _place(self) -> int:
        found = getattr(self._mine, "place", None)
        if found is None:
            with self._lock:
                found = self._mine.place = self._threads % THREADS_MAX * _ACT.size
                self._threads += 1
        return int(found)


def doing_at(path: Path) -> list[Act]:
    """What the application is in the middle of, or was when it ended, longest first."""
    page = b""
    with suppress(FileNotFoundError):
        page = path.read_bytes()
    if len(page) < THREADS_MAX * _ACT.size:
        return []
    acts = []
    for since, position, name in _ACT.iter_unpack(page[: THREADS_MAX * _ACT.size]):
        feature = name.rstrip(b"\0").decode(errors="replace")
        if feature:
            acts.append(Act(feature, since, position))
    return sorted(acts, key=lambda act: act.since)


def forget(path: Path) -> None:
    """Forgets it: the process that said so is being replaced, and it has been judged."""
    path.unlink(missing_ok=True)
