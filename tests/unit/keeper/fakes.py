"""What the keeper's unit tests replace: time, identifiers, and the two ends of ASGI."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from anamnesis.keeper.http import Message, Request, Scope
from anamnesis.reconcile.store import MarkNotKept

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


class FakeClock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def now(self) -> datetime:
        return NOON + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        return self.seconds

    def move(self, seconds: float) -> None:
        self.seconds += seconds


class FakeMarks:
    """Marks in memory; `full` refuses them."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}
        self.full = False

    def read(self, name: str) -> bytes | None:
        return self.kept.get(name)

    def read_all(self, beginning: str) -> dict[str, bytes]:
        return {name: mark for name, mark in self.kept.items() if name.startswith(beginning)}

    def write(self, marks: Mapping[str, bytes | None]) -> None:
        if self.full:
            raise MarkNotKept
        for name, mark in marks.items():
            if mark is None:
                self.kept.pop(name, None)
            else:
                self.kept[name] = mark

    def close(self) -> None:
        pass


class FakeIds:
    """Counts."""

    def __init__(self) -> None:
        self.made = 0

    def new(self) -> str:
        self.made += 1
        return f"00000000-0000-7000-8000-{self.made:012d}"


class Client:
    """One request's other end: what it sends, and what it got."""

    def __init__(self, body: Sequence[bytes] = (b"",), leaves: bool = False) -> None:
        self._messages: list[Message] = [
            {"type": "http.request", "body": part, "more_body": n < len(body) - 1 or leaves}
            for n, part in enumerate(body)
        ]
        if leaves:
            self._messages.append({"type": "http.disconnect"})
        self.got: list[Message] = []
        self.gone = asyncio.Event()

    async def receive(self) -> Message:
        if self._messages:
            return self._messages.pop(0)
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        self.got.append(message)

    @property
    def status(self) -> int:
        status: int = self.got[0]["status"]
        return status

    @property
    def headers(self) -> dict[str, str]:
        return {name.decode(): value.decode() for name, value in self.got[0]["headers"]}

    @property
    def body(self) -> bytes:
        return b"".join(message.get("body", b"") for message in self.got[1:])


def scope(
    method: str = "GET",
    path: str = "/",
    query: str = "",
    **headers: str,
) -> Scope:
    """An HTTP scope; header names are written with underscores."""
    return {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "client": ("192.0.2.7", 40_000),
        "headers": [
            (name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()
        ],
    }


def request(method: str = "GET", path: str = "/", query: str = "", **headers: str) -> Request:
    """A request without a body."""
    return Request(scope(method, path, query, **headers), Client().receive)
