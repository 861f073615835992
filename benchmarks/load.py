"""The load: ready-made HTTP requests over kept-alive connections, from one epoll loop.

It knows no product: it sends bytes, reads answers, checks each one and writes down the waits. All
that a client would compute is made before the clock starts, and what is left of its own cost is
measured with every run (`own_cpu`), so that a table can say what the generator took of the cores.
"""

import select
import socket
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Self

ANSWER_SECONDS_MAX = 30.0
READ_BYTES = 65_536

Check = Callable[[bytes], bool]
"""Whether an answer's body says that all was done at once; raises for one that is no success."""


@dataclass(slots=True)
class Run:
    """What clients saw. Waits in milliseconds; in an open loop from when a save was due."""

    seconds: float = 0.0
    waits: list[float] = field(default_factory=list)
    unfinished: int = 0
    own_cpu: float = 0.0

    @property
    def rate(self) -> float:
        """Answers in a second."""
        return len(self.waits) / self.seconds


class _Line:
    """One connection: sends its requests in their order, one at a time."""

    __slots__ = ("due", "received", "requests", "since", "socket", "waiting")

    def __init__(self, address: tuple[str, int], requests: Iterator[bytes]) -> None:
        self.socket = socket.create_connection(address, ANSWER_SECONDS_MAX)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.requests = requests
        self.received = b""
        self.waiting = False
        self.since = 0.0
        self.due: deque[float] = deque()

    def send(self, since: float) -> bool:
        """Sends the next request, whose wait counts from `since`; False if there is none left."""
        request = next(self.requests, None)
        if request is None:
            return False
        self.since = since
        self.waiting = True
        self.socket.sendall(request)
        return True

    def receive(self) -> bytes | None:
        """The answer's body once it is whole."""
        part = self.socket.recv(READ_BYTES)
        if not part:
            raise RuntimeError("A connection was closed in the middle of a run.")
        self.received += part
        head, end, body = self.received.partition(b"\r\n\r\n")
        if not end or len(body) < _length(head):
            return None
        if not head.startswith((b"HTTP/1.1 200", b"HTTP/1.1 201")):
            raise RuntimeError(f"A save was answered with {head[:60]!r} {body[:300]!r}")
        self.received = b""
        self.waiting = False
        return body


def closed_loop(
    address: tuple[str, int], requests: Sequence[Iterator[bytes]], seconds: float, check: Check
) -> Run:
    """Each client sends its next save as soon as the last is answered, for so many seconds."""
    with _Lines(address, requests) as lines:
        lines.settle(check)
        run = Run()
        cpu, started = time.process_time(), time.perf_counter()
        end = started + seconds
        under_way = sum(line.send(time.perf_counter()) for line in lines.all)
        while under_way:
            for line in lines.ready(ANSWER_SECONDS_MAX):
                body = line.receive()
                if body is None:
                    continue
                now = time.perf_counter()
                run.waits.append((now - line.since) * 1_000)
                run.unfinished += not check(body)
                if now >= end or not line.send(now):
                    under_way -= 1
        run.seconds = time.perf_counter() - started
        run.own_cpu = time.process_time() - cpu
        return run


def open_loop(
    address: tuple[str, int],
    requests: Sequence[Iterator[bytes]],
    rate: float,
    seconds: float,
    check: Check,
) -> Run:
    """Saves fall due `rate` times a second whatever the server does, each client in its turn.

    A wait counts from when the save was due, so that a server that stalls is charged for every
    save it kept from being sent (G. Tene's "coordinated omission").
    """
    with _Lines(address, requests) as lines:
        lines.settle(check)
        run = Run()
        cpu, started = time.process_time(), time.perf_counter()
        total, fallen = int(rate * seconds), 0
        while len(run.waits) < total:
            now = time.perf_counter()
            while fallen < total and (due := started + fallen / rate) <= now:
                line = lines.all[fallen % len(lines.all)]
                fallen += 1
                line.due.append(due)
                if not line.waiting:
                    line.send(line.due.popleft())
            pause = started + fallen / rate - now if fallen < total else ANSWER_SECONDS_MAX
            for line in lines.ready(max(0.0, pause)):
                body = line.receive()
                if body is None:
                    continue
                run.waits.append((time.perf_counter() - line.since) * 1_000)
                run.unfinished += not check(body)
                if line.due:
                    line.send(line.due.popleft())
        run.seconds = time.perf_counter() - started
        run.own_cpu = time.process_time() - cpu
        return run


class _Lines:
    """All connections of a run, and which of them have something to read."""

    def __init__(self, address: tuple[str, int], requests: Sequence[Iterator[bytes]]) -> None:
        self.all = [_Line(address, mine) for mine in requests]
        self._by_descriptor = {line.socket.fileno(): line for line in self.all}
        self._poll = select.epoll()
        for descriptor in self._by_descriptor:
            self._poll.register(descriptor, select.EPOLLIN)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._poll.close()
        for line in self.all:
            line.socket.close()

    def settle(self, check: Check) -> None:
        """One save on each connection, which a server is still accepting, before any clock starts.

        What is measured is saves, not hundreds of clients that connect in one instant.
        """
        under_way = sum(line.send(time.perf_counter()) for line in self.all)
        while under_way:
            for line in self.ready(ANSWER_SECONDS_MAX):
                body = line.receive()
                if body is not None:
                    check(body)
                    under_way -= 1

    def ready(self, seconds: float) -> list[_Line]:
        """Those with something to read, waited for at most `seconds`."""
        found = self._poll.poll(seconds)
        if not found and seconds >= ANSWER_SECONDS_MAX:
            raise RuntimeError("The server stopped answering in the middle of a run.")
        return [self._by_descriptor[descriptor] for descriptor, _ in found]


def _length(head: bytes) -> int:
    lower = head.lower()
    at = lower.find(b"content-length:")
    if at < 0:
        raise RuntimeError(f"An answer without its length: {head[:200]!r}")
    return int(lower[at + 15 :].split(b"\r\n", 1)[0])
