"""One keeper per data directory: a lock that the kernel drops when its holder dies."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PID_BYTES_MAX = 20


class AlreadyHeld(Exception):
    """Another process works on this journal; `pid` is what it wrote into the lock, if anything."""

    code = "journal-in-use"

    def __init__(self, path: Path, pid: int | None) -> None:
        self.path = path
        self.pid = pid
        who = "Another process" if pid is None else f"Process {pid}"
        super().__init__(
            f"{who} already works on this journal ({path.name}); end it before starting another."
        )


@contextmanager
def hold(path: Path) -> Iterator[None]:
    """Holds the lock file at `path` (flock, exclusive), with this process's id in it.

    Raises AlreadyHeld at once rather than wait. The file stays where it is: removing it would
    let two processes hold a lock of the same name.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyHeld(path, _pid_in(descriptor)) from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(descriptor)


def _pid_in(descriptor: int) -> int | None:
    text = os.pread(descriptor, PID_BYTES_MAX, 0).strip()
    return int(text) if text.isdigit() else None
