"""Server-sent events (WHATWG HTML, section 9.2): what pages learn without asking."""

import asyncio
from collections.abc import Awaitable, Callable

import msgspec

from anamnesis.access.session import Session
from anamnesis.keeper.headers import secured
from anamnesis.keeper.http import Headers, Receive, Send

WAITING_EVENTS_MAX = 256
"""Events waiting for one page; a page that reads slower loses the stream, comes back and asks."""
STREAMS_MAX = 2_000
STREAMS_PER_SESSION_MAX = 32
COMMENT_EVERY_SECONDS = 15.0
SESSION_ASKED_EVERY_SECONDS = 1.0
SEND_SECONDS_MAX = 30.0
"""A page that takes nothing for so long is gone, whatever its connection says."""

_encode = msgspec.json.Encoder().encode

Living = Callable[[], Awaitable[bool]]


class Event(msgspec.Struct, frozen=True):
    """One event and whom it concerns: a practice, and in it one author or everybody."""

    name: str
    data: dict[str, object]
    practice: str | None = None
    author: str | None = None

    def encoded(self) -> bytes:
        """The event as it goes over the wire."""
        return b"event: %b\ndata: %b\n\n" % (self.name.encode(), _encode(self.data))


class TooManyStreams(Exception):
    """No more event streams are opened."""


class Stream:
    """What waits for one open page."""

    __slots__ = ("closed", "session", "waiting", "woken")

    def __init__(self, session: Session) -> None:
        self.session = session
        self.waiting: list[bytes] = []
        self.woken = asyncio.Event()
        self.closed = False

    def put(self, data: bytes) -> None:
        """Adds an event, or closes the stream when too many wait."""
        if len(self.waiting) >= WAITING_EVENTS_MAX:
            self.closed = True
        else:
            self.waiting.append(data)
        self.woken.set()

    def concerns(self, event: Event) -> bool:
        """Whether this page may and should hear of `event`."""
        return (event.practice is None or event.practice == self.session.practice) and (
            event.author is None or event.author == self.session.practitioner
        )


class Push:
    """Every open stream. Used on the event loop only."""

    def __init__(self) -> None:
        self._streams: set[Stream] = set()
        self._closing = False

    def __len__(self) -> int:
        return len(self._streams)

    def publish(self, events: list[Event]) -> None:
        """Gives each event to the streams it concerns."""
        if not self._streams:
            return
        for event in events:
            data = event.encoded()
            for stream in self._streams:
                if stream.concerns(event):
                    stream.put(data)

    def open(self, session: Session) -> Stream:
        """A new stream; raises `TooManyStreams`."""
        of_session = sum(stream.session.id == session.id for stream in self._streams)
        if (
            self._closing
            or len(self._streams) >= STREAMS_MAX
            or of_session >= STREAMS_PER_SESSION_MAX
        ):
            raise TooManyStreams
        stream = Stream(session)
        self._streams.add(stream)
        return stream

    def close(self) -> None:
        """Ends every stream, so that the process can stop."""
        self._closing = True
        for stream in self._streams:
            stream.closed = True
            stream.woken.set()

    async def serve(
        self, stream: Stream, living: Living, receive: Receive, send: Send, https: bool
    ) -> None:
        """Sends events until the page goes, its session ends, or it reads too slowly."""
        gone = asyncio.ensure_future(_gone(receive, stream))
        headers: Headers = [
            (b"content-type", b"text/event-stream"),
            (b"x-accel-buffering", b"no"),
        ]
        try:
            await send(
                {
                    "type": "http.response.start",
                    "status": 200,
                    "headers": secured(headers, "/keep/events", https),
                }
            )
            await send({"type": "http.response.body", "body": b": open\n\n", "more_body": True})
            await self._pump(stream, living, send)
            await send({"type": "http.response.body", "body": b""})
        finally:
            self._streams.discard(stream)
            gone.cancel()

    async def _pump(self, stream: Stream, living: Living, send: Send) -> None:
        loop = asyncio.get_running_loop()
        commented_at = loop.time()
        while not stream.closed:
            try:
                async with asyncio.timeout(SESSION_ASKED_EVERY_SECONDS):
                    await stream.woken.wait()
            except TimeoutError:
                pass
            stream.woken.clear()
            data = b"".join(stream.waiting)
            stream.waiting.clear()
            if not await living():
                data += Event("session", {"state": "ended"}).encoded()
                stream.closed = True
            elif not data and loop.time() - commented_at >= COMMENT_EVERY_SECONDS:
                data = b": still here\n\n"
            if data:
                commented_at = loop.time()
                async with asyncio.timeout(SEND_SECONDS_MAX):
                    await send({"type": "http.response.body", "body": data, "more_body": True})


async def _gone(receive: Receive, stream: Stream) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    stream.closed = True
    stream.woken.set()
