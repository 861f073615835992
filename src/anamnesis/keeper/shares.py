"""Opens what was shared: by link and code for whoever has both, in the product for a colleague.

Whether a share stands is asked of the record each time; nothing is remembered about it here.
"""

import asyncio
import hashlib
import hmac
import re
import secrets
from collections.abc import Awaitable, Callable

import msgspec

from anamnesis.access.session import Session
from anamnesis.access.sharing import (
    TOKEN_BYTES,
    ShareLimits,
    link_of,
    secret_of,
    share_session,
    stands,
)
from anamnesis.keeper.audit import AuditTrail
from anamnesis.keeper.http import Refused, Request
from anamnesis.keeper.reading import Reading
from anamnesis.keeper.sessions import AccessThread
from anamnesis.record.resource_model import Share
from anamnesis.record.store import RecordReader
from anamnesis.seams import Clock

SHARE_COOKIE = "anamnesis_share"
TRIES_AT_ONCE_MAX = 16
"""Links tried at the same time: each costs a flush of the disk that sessions need as well."""
REFUSED_EVERY_SECONDS = 0.25
"""A refusal leaves at a multiple of this after it came, so that its time tells nothing."""

_RECEIVED = re.compile(r"/received/([0-9a-f-]{36})(?=/|\Z)")

Sleep = Callable[[float], Awaitable[None]]


class Asked(msgspec.Struct, frozen=True):
    """The share that somebody asked to see, None if there is none, and whether it is open."""

    share: Share | None
    is_open: bool


class Shares:
    """Judges who may see a shared document now."""

    def __init__(
        self,
        access: AccessThread,
        reading: Reading,
        audit: AuditTrail,
        clock: Clock,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._access = access
        self._reading = reading
        self._audit = audit
        self._clock = clock
        self._sleep = sleep
        self._limits = ShareLimits()
        self._under_way = 0

    async def open(self, request: Request, token: str, code: str) -> str:
        """The cookie's value that a link and its code open a share with.

        Raises `Refused`: 401 `share-refused`, one and the same whatever is wrong, and as late;
        429 `share-limited`; 503 when record or audit trail are away.
        """
        came = self._clock.monotonic()
        wait = self._limits.wait(request.address, came)
        if wait > 0.0 or self._under_way >= TRIES_AT_ONCE_MAX:
            raise Refused(429, "share-limited", retry_after=int(wait) + 1)
        self._audit.require_writable()
        self._limits.tried(request.address, came)
        self._under_way += 1
        try:
            opening = await self._judge(request, token, code)
        finally:
            self._under_way -= 1
        if opening is None:
            await self._level(came)
            raise Refused(401, "share-refused")
        self._limits.opened(request.address)
        return opening

    async def _judge(self, request: Request, token: str, code: str) -> str | None:
        """Every refusal does the same: one look into the record, one count made durable."""
        link, secret = link_of(token), secret_of(token, code)
        now = self._clock.now()

        def question(reader: RecordReader) -> Asked:
            share = reader.share_of_link(link)
            return Asked(share, share is not None and stands(reader, share, now))

        asked = await self._reading.record(question)
        share = asked.share
        expected = (share.secret if share is not None else None) or link
        is_right = hmac.compare_digest(expected, secret)
        if share is not None and asked.is_open and is_right:
            opening = secrets.token_urlsafe(TOKEN_BYTES)
            event = self._audit.share_event("share-opened", request, share, None, 200)
            session, digest = share_session(share, now), _digest(opening)
            if await self._access.run(lambda kept: kept.open_share(link, digest, session, event)):
                return opening
        refused = None
        if share is not None:
            refused = self._audit.share_event("share-refused", request, share, None, 401)
        await self._access.run(lambda kept: kept.count_wrong_code(link, refused))
        return None

    async def opened(self, request: Request) -> Share | None:
        """The share that the request's cookie has open, if it stands now; None, and as late."""
        came = self._clock.monotonic()
        asked = await self._by_cookie(request.cookies.get(SHARE_COOKIE, ""))
        if asked.is_open:
            return asked.share
        # Beyond the limit a refusal is no longer news for the trail, and must not fill it.
        if self._limits.wait(request.address, came) == 0.0:
            self._limits.tried(request.address, came)
            if asked.share is not None:
                self._audit.share("share-refused", request, asked.share, None, 401)
        await self._level(came)
        return None

    async def _by_cookie(self, token: str) -> Asked:
        digest = _digest(token)
        session = await self._access.run(lambda store: store.share_session(digest))
        if session is None:
            return Asked(None, False)
        now = self._clock.now()

        def question(reader: RecordReader) -> Asked:
            share = reader.share(session.practice, session.share)
            return Asked(share, share is not None and stands(reader, share, now))

        asked = await self._reading.record(question)
        return Asked(asked.share, asked.is_open and not session.expired(now))

    async def received(self, request: Request, session: Session) -> Share | None:
        """The share with this colleague that the request's path names, ended or not.

        Raises `Refused` 503 when looking at it could not be traced.
        """
        found = _RECEIVED.search(request.path)
        if found is None:
            return None
        self._audit.require_writable()
        shares = await self._reading.record(
            lambda reader: reader.shares_with(session.practice, session.practitioner)
        )
        return next((one for one in shares if one.share == found.group(1)), None)

    async def _level(self, came: float) -> None:
        took = self._clock.monotonic() - came
        await self._sleep(REFUSED_EVERY_SECONDS - took % REFUSED_EVERY_SECONDS)


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
