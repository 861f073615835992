"""Datagrams that say "there is more" between keeper and application (protocol, section 7).

A datagram may be lost: the reader polls anyway. It carries nothing, so nothing can be forged.
"""

import contextlib
import os
import select
import socket
from pathlib import Path

POLL_SECONDS = 0.25
"""What a lost datagram costs at most."""


class Waker:
    """Sends wake-up datagrams to one path; nobody listening is not an error."""

    def __init__(self, path: Path) -> None:
        self._path = str(path)
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.setblocking(False)

    def wake(self) -> None:
        """Says that there is more. Never waits and never fails: the other side polls."""
        # Absent, not listening yet, or its buffer full of wake-ups: all cost one poll interval.
        with contextlib.suppress(OSError):
            self._socket.sendto(b"\0", self._path)

    def close(self) -> None:
        """Releases the socket."""
        self._socket.close()


class Wakened:
    """Waits for wake-up datagrams at one path, or for `nudge` from within the process."""

    def __init__(self, path: Path) -> None:
        with contextlib.suppress(FileNotFoundError):
            path.unlink()
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        umask = os.umask(0o177)
        try:
            self._socket.bind(str(path))
        finally:
            os.umask(umask)
        self._nudged, self._nudging = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._nudged.setblocking(False)
        self._nudging.setblocking(False)

    def wait(self, seconds: float = POLL_SECONDS) -> None:
        """Returns when woken, or after `seconds`; several wake-ups count as one."""
        select.select([self._socket, self._nudged], [], [], seconds)
        for side in (self._socket, self._nudged):
            with contextlib.suppress(BlockingIOError):
                while side.recv(16):
                    pass

    def nudge(self) -> None:
        """Ends the present or the next `wait` at once."""
        with contextlib.suppress(BlockingIOError):
            self._nudging.send(b"\0")

    def close(self) -> None:
        """Releases the sockets."""
        for side in (self._socket, self._nudged, self._nudging):
            side.close()
