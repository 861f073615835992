"""Passes on to the application everything that is not the keeper's own."""

from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import quote

import httpx

from anamnesis.access.session import Session
from anamnesis.keeper.headers import secured
from anamnesis.keeper.http import Gone, Headers, Receive, Refused, Request, Send
from anamnesis.record.resource_model import Share

CONNECT_SECONDS_MAX = 2.0
READ_SECONDS_MAX = 30.0
"""The application's longest silence; exports stream and never stay silent."""
WRITE_SECONDS_MAX = 10.0
POOL_SECONDS_MAX = 5.0
CONNECTIONS_MAX = 64
CONNECTIONS_IDLE_MAX = 16
IDLE_SECONDS_MAX = 20.0
REQUEST_BYTES_MAX = 16 * 1_048_576
"""A page sends nothing larger; entries go to the keeper's own route."""

_HOP_BY_HOP = frozenset(
    # RFC 9110, section 7.6.1, and those of old that still travel.
    {
        b"connection",
        b"keep-alive",
        b"proxy-authenticate",
        b"proxy-authorization",
        b"proxy-connection",
        b"te",
        b"trailer",
        b"transfer-encoding",
        b"upgrade",
    }
)
_IDENTITY_PREFIX = b"x-anamnesis-"
_SECRET_COOKIES = (b"anamnesis_session=", b"anamnesis_share=")
_TIMEOUT = {
    "connect": CONNECT_SECONDS_MAX,
    "read": READ_SECONDS_MAX,
    "write": WRITE_SECONDS_MAX,
    "pool": POOL_SECONDS_MAX,
}


class ApplicationUnavailable(Exception):
    """Nothing came back from the application, and nothing was sent to the client yet."""


class Forward:
    """A pool of connections to the application's socket."""

    def __init__(self, socket_path: Path) -> None:
        self._transport = httpx.AsyncHTTPTransport(
            uds=str(socket_path),
            limits=httpx.Limits(
                max_connections=CONNECTIONS_MAX,
                max_keepalive_connections=CONNECTIONS_IDLE_MAX,
                keepalive_expiry=IDLE_SECONDS_MAX,
            ),
        )

    async def close(self) -> None:
        """Closes the connections."""
        await self._transport.aclose()

    async def pass_on(
        self,
        request: Request,
        visitor: Session | Share | None,
        receive: Receive,
        send: Send,
        https: bool,
    ) -> int:
        """Streams the request there and the answer back; the status that was answered.

        `visitor` is who is signed in, or the share that was opened by its link and code. Raises
        `ApplicationUnavailable` as long as the client has seen nothing.
        """
        response = await self._ask(request, visitor, receive)
        try:
            return await _answer(response, request.path, send, https)
        finally:
            await response.aclose()

    async def _ask(
        self, request: Request, visitor: Session | Share | None, receive: Receive
    ) -> httpx.Response:
        headers = forwarded_headers(request, visitor)
        has_body = b"content-length" in request.headers or b"transfer-encoding" in request.headers
        # A connection kept alive since before the application's last restart fails at once:
        # one that asks for nothing but an answer may be tried again.
        tries = 1 if has_body else 2
        while True:
            tries -= 1
            outgoing = httpx.Request(
                request.method,
                "http://application" + _target(request),
                headers=headers,
                stream=_Body(receive) if has_body else _NoBody(),
                extensions={"timeout": _TIMEOUT},
            )
            try:
                return await self._transport.handle_async_request(outgoing)
            except (httpx.ReadError, httpx.RemoteProtocolError) as failure:
                if tries == 0:
                    raise ApplicationUnavailable from failure
            except httpx.TransportError as failure:
                raise ApplicationUnavailable from failure


def forwarded_headers(request: Request, visitor: Session | Share | None) -> Headers:
    """What the application gets to see: no hop-by-hop header and no cookie that opens anything.

    The identity is the one that the keeper vouches for, in place of any that came in.
    """
    named = request.headers.get(b"connection", b"").lower().replace(b" ", b"").split(b",")
    dropped = _HOP_BY_HOP | frozenset(named)
    headers: Headers = []
    for name, value in request.scope["headers"]:
        if name in dropped or name.startswith(_IDENTITY_PREFIX):
            continue
        if name != b"cookie":
            headers.append((name, value))
        elif kept := _without_secrets(value):
            headers.append((name, kept))
    if isinstance(visitor, Session) and visitor.role == "operator":
        headers += [
            (b"x-anamnesis-operator", visitor.login.encode()),
            (b"x-anamnesis-name", quote(visitor.name).encode()),
        ]
    elif isinstance(visitor, Session):
        headers += [
            (b"x-anamnesis-practitioner", visitor.practitioner.encode()),
            (b"x-anamnesis-practice", visitor.practice.encode()),
            (b"x-anamnesis-name", quote(visitor.name).encode()),
            (b"x-anamnesis-login", visitor.login.encode()),
        ]
    elif visitor is not None:
        headers += [
            (b"x-anamnesis-share", visitor.share.encode()),
            (b"x-anamnesis-share-practice", visitor.practice.encode()),
        ]
    return headers


def _without_secrets(cookie: bytes) -> bytes:
    pairs = [pair.strip() for pair in cookie.split(b";")]
    return b"; ".join(pair for pair in pairs if not pair.startswith(_SECRET_COOKIES))


def _target(request: Request) -> str:
    raw: bytes = request.scope.get("raw_path") or quote(request.path).encode()
    query: bytes = request.scope.get("query_string", b"")
    return (raw + (b"?" + query if query else b"")).decode("latin-1")


class _NoBody(httpx.AsyncByteStream):
    async def __aiter__(self) -> AsyncIterator[bytes]:
        nothing: tuple[bytes, ...] = ()
        for part in nothing:
            yield part


class _Body(httpx.AsyncByteStream):
    def __init__(self, receive: Receive) -> None:
        self._receive = receive

    async def __aiter__(self) -> AsyncIterator[bytes]:
        size = 0
        while True:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                raise Gone
            part: bytes = message.get("body", b"")
            size += len(part)
            if size > REQUEST_BYTES_MAX:
                raise Refused(413, "request-too-large", bytes_max=REQUEST_BYTES_MAX)
            if part:
                yield part
            if not message.get("more_body", False):
                return


async def _answer(response: httpx.Response, path: str, send: Send, https: bool) -> int:
    stream = response.stream
    if not isinstance(stream, httpx.AsyncByteStream):
        raise TypeError("the transport answered with a stream that is not asynchronous")
    headers = [
        (name.lower(), value)
        for name, value in response.headers.raw
        if name.lower() not in _HOP_BY_HOP
    ]
    await send(
        {
            "type": "http.response.start",
            "status": response.status_code,
            "headers": secured(headers, path, https),
        }
    )
    async for part in stream:
        await send({"type": "http.response.body", "body": part, "more_body": True})
    await send({"type": "http.response.body", "body": b""})
    return response.status_code
