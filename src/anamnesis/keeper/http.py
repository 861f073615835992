"""The little of HTTP that the keeper's own routes need, on ASGI 3 (asgiref.readthedocs.io)."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

JSON = b"application/json"
TEXT = b"text/plain; charset=utf-8"
HTML = b"text/html; charset=utf-8"

BODY_SECONDS_MAX = 30.0
"""A body that takes longer is given up: a dripping client holds a connection for nothing."""

UNSAFE_METHODS = frozenset({"POST", "PUT", "PATCH", "DELETE"})

_encode = msgspec.json.Encoder().encode


class Refused(Exception):
    """The request gets no more than this answer: a status, a stable code, and details."""

    def __init__(self, status: int, code: str, **detail: object) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.detail = detail


class Gone(Exception):
    """The client went away before it had sent its request."""


class Answer:
    """A whole response in memory."""

    __slots__ = ("body", "headers", "status")

    def __init__(self, status: int, body: bytes, kind: bytes, headers: Iterable[Any] = ()) -> None:
        self.status = status
        self.body = body
        self.headers: Headers = [
            (b"content-type", kind),
            (b"content-length", str(len(body)).encode()),
            *headers,
        ]

    @classmethod
    def json(cls, value: object, status: int = 200, headers: Iterable[Any] = ()) -> "Answer":
        """`value` as JSON."""
        return cls(status, _encode(value), JSON, headers)

    @classmethod
    def text(cls, value: str, status: int = 200) -> "Answer":
        """`value` as plain text."""
        return cls(status, value.encode(), TEXT)

    @classmethod
    def empty(cls, status: int, headers: Iterable[Any] = ()) -> "Answer":
        """No body: 204, or a redirection."""
        answer = cls(status, b"", TEXT, headers)
        if status == 204:
            answer.headers = list(headers)
        return answer


class Request:
    """One request as the keeper's routes see it. Headers are the raw ASGI pairs."""

    __slots__ = ("_cookies", "_receive", "headers", "method", "path", "scope")

    def __init__(self, scope: Scope, receive: Receive) -> None:
        self.scope = scope
        self.method: str = scope["method"]
        self.path: str = scope["path"]
        self.headers: dict[bytes, bytes] = dict(scope["headers"])
        self._receive = receive
        self._cookies: dict[str, str] | None = None

    @property
    def address(self) -> str:
        """The network address of the other end; empty for a Unix socket."""
        client = self.scope.get("client")
        return str(client[0]) if client else ""

    @property
    def cookies(self) -> dict[str, str]:
        """The cookies sent; none if the header is not a cookie header."""
        if self._cookies is None:
            self._cookies = _cookies(self.headers.get(b"cookie", b""))
        return self._cookies

    def header(self, name: bytes) -> str:
        """One header as text, empty if it was not sent."""
        return self.headers.get(name, b"").decode("latin-1")

    def query(self) -> dict[str, str]:
        """The last value of each query parameter."""
        pairs = parse_qs(self.scope.get("query_string", b"").decode("latin-1"))
        return {name: values[-1] for name, values in pairs.items()}

    async def body(self, bytes_max: int) -> bytes:
        """The whole body; raises `Refused` 413 beyond `bytes_max`, and `Gone`."""
        declared = self.headers.get(b"content-length", b"0")
        if declared.isdigit() and int(declared) > bytes_max:
            raise Refused(413, "request-too-large", bytes_max=bytes_max)
        try:
            async with asyncio.timeout(BODY_SECONDS_MAX):
                return await self._whole_body(bytes_max)
        except TimeoutError:
            raise Gone from None

    async def _whole_body(self, bytes_max: int) -> bytes:
        parts: list[bytes] = []
        size = 0
        while True:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                raise Gone
            part: bytes = message.get("body", b"")
            size += len(part)
            if size > bytes_max:
                raise Refused(413, "request-too-large", bytes_max=bytes_max)
            parts.append(part)
            if not message.get("more_body", False):
                return part if len(parts) == 1 else b"".join(parts)


def _cookies(header: bytes) -> dict[str, str]:
    text = header.decode("latin-1")
    if '"' not in text:
        # The simple form, which is all that browsers send of ours, costs no regular expression.
        pairs = (part.strip().partition("=") for part in text.split(";"))
        return {name: value for name, equals, value in pairs if equals}
    try:
        return {name: morsel.value for name, morsel in SimpleCookie(text).items()}
    except CookieError:
        return {}


def same_origin(request: Request, public_origin: str) -> bool | None:
    """Whether the request's Origin is this host; None if the browser sent none (RFC 6454)."""
    origin = request.header(b"origin")
    if not origin:
        return None
    if public_origin:
        return origin == public_origin
    return urlsplit(origin).netloc == request.header(b"host") != ""


def is_navigation(request: Request) -> bool:
    """Whether a person is going to a page, rather than a script fetching something."""
    mode = request.header(b"sec-fetch-mode")
    if mode:
        return mode == "navigate"
    return request.method in ("GET", "HEAD") and "text/html" in request.header(b"accept")
