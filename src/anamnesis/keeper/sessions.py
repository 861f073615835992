"""Signing in and out, and who is at the other end of a request."""

import asyncio
import hashlib
import hmac
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import TypeVar

import msgspec
import structlog

from anamnesis.access.account import PASSWORD_CHARACTERS_MAX, Account, folded_login
from anamnesis.access.limits import SignInLimits
from anamnesis.access.session import Session
from anamnesis.access.store import AccessStore
from anamnesis.keeper.http import Refused
from anamnesis.keeper.passwords import Busy, Passwords
from anamnesis.seams import Clock, Ids

TOKEN_BYTES = 32
RECHECKED_AFTER_SECONDS = 1.0
"""A session ended elsewhere is honoured within this time."""
SEEN_EVERY = timedelta(minutes=1)
"""How often a session in use is written down as such."""
CACHED_MAX = 10_000
"""Sessions held in memory; beyond, all are read again from the store."""

_log = structlog.get_logger()
_T = TypeVar("_T")


class AccessThread:
    """The one thread that uses the access store, so that the loop never waits for a disk."""

    def __init__(self, store: AccessStore) -> None:
        self._store = store
        self._thread = ThreadPoolExecutor(1, "access")

    async def run(self, work: Callable[[AccessStore], _T]) -> _T:
        """What `work` returns, run on the store's thread."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, work, self._store)

    def close(self) -> None:
        """Waits for what is under way, then closes the store."""
        self._thread.submit(self._store.close)
        self._thread.shutdown(wait=True)


class _Known:
    __slots__ = ("checked_at", "csrf", "session", "token_digest")

    def __init__(self, session: Session, token: str, token_digest: bytes, at: float) -> None:
        self.session = session
        self.token_digest = token_digest
        self.csrf = csrf_of(token)
        self.checked_at = at


class SignedIn(msgspec.Struct, frozen=True):
    """A fresh session, and the two secrets that go into the browser's cookies."""

    session: Session
    token: str
    csrf: str


def csrf_of(token: str) -> str:
    """The token that a page must send back; bound to the session, and useless without it."""
    return hashlib.sha256(b"anamnesis csrf\n" + token.encode()).hexdigest()


def digest_of(token: str) -> bytes:
    """What is stored of a session's token, and nothing else of it."""
    return hashlib.sha256(token.encode()).digest()


class Sessions:
    """Finds, starts and ends sessions. Only digests of tokens are ever stored."""

    def __init__(self, access: AccessThread, passwords: Passwords, clock: Clock, ids: Ids) -> None:
        self._access = access
        self._passwords = passwords
        self._clock = clock
        self._ids = ids
        self._limits = SignInLimits()
        self._known: dict[str, _Known] = {}

    async def current(self, token: str | None, active: bool = True) -> Session | None:
        """Whose session `token` opens, or None.

        `active` says that somebody did something: polling alone keeps no session alive.
        """
        if not token:
            return None
        known = self._known.get(token)
        monotonic = self._clock.monotonic()
        if known is None or monotonic - known.checked_at >= RECHECKED_AFTER_SECONDS:
            if known is not None:
                # One request of a busy page asks the store; the others need not wait for it.
                known.checked_at = monotonic
            known = await self._read(token, monotonic)
            if known is None:
                return None
        now = self._clock.now()
        if known.session.expired(now):
            await self._end(token, known.token_digest, now)
            return None
        if active and now - known.session.seen_at >= SEEN_EVERY:
            await self._seen(known, now)
        return known.session

    def csrf_matches(self, token: str, header: str, cookie: str) -> bool:
        """Whether the page that sent this is the session's: header, cookie and session agree."""
        known = self._known.get(token)
        expected = known.csrf if known is not None else csrf_of(token)
        return hmac.compare_digest(header.encode(), expected.encode()) and hmac.compare_digest(
            cookie.encode(), expected.encode()
        )

    async def sign_in(self, login: str, password: str, address: str) -> SignedIn:
        """A new session; raises `Refused` 401 `sign-in-refused` or 429 `sign-in-limited`."""
        login = folded_login(login)
        wait = self._limits.wait(login, address, self._clock.monotonic())
        if wait > 0.0:
            raise Refused(429, "sign-in-limited", retry_after=int(wait) + 1)
        self._limits.tried(login, address, self._clock.monotonic())
        account = await self._access.run(lambda store: store.account(login))
        right = await self._password_right(account, password)
        if account is None or not right:
            raise Refused(401, "sign-in-refused")
        self._limits.succeeded(login, address)
        return await self._start(account)

    async def sign_out(self, token: str) -> None:
        """Ends the session at once."""
        await self._end(token, digest_of(token), self._clock.now())

    async def _password_right(self, account: Account | None, password: str) -> bool:
        usable = account is not None and not account.disabled
        target = account.password_hash if account is not None and usable else None
        try:
            return await self._passwords.check(target, password[:PASSWORD_CHARACTERS_MAX])
        except Busy:
            raise Refused(429, "sign-in-limited", retry_after=1) from None

    async def _start(self, account: Account) -> SignedIn:
        now = self._clock.now()
        session = Session(
            id=self._ids.new(),
            login=account.login,
            practitioner=account.practitioner,
            practice=account.practice,
            name=account.name,
            started_at=now,
            seen_at=now,
            role=account.role,
        )
        token = secrets.token_urlsafe(TOKEN_BYTES)
        digest = digest_of(token)
        await self._access.run(lambda store: store.start_session(digest, session))
        return SignedIn(session, token, csrf_of(token))

    async def _read(self, token: str, monotonic: float) -> _Known | None:
        digest = digest_of(token)
        session: Session | None = None
        try:
            session = await self._access.run(lambda store: store.session(digest))
        finally:
            if session is None:
                # Ended, or not to be known: nobody goes on with what was known before.
                self._known.pop(token, None)
        if session is None:
            return None
        if len(self._known) >= CACHED_MAX:
            self._known.clear()
        known = self._known[token] = _Known(session, token, digest, monotonic)
        return known

    async def _seen(self, known: _Known, now: datetime) -> None:
        known.session = msgspec.structs.replace(known.session, seen_at=now)
        session = known.session.id
        try:
            await self._access.run(lambda store: store.seen([(session, now)]))
        except Exception as failure:  # noqa: BLE001 - costs the session a minute, not the text
            _log.warning("session-not-marked", failure=type(failure).__name__)

    async def _end(self, token: str, digest: bytes, now: datetime) -> None:
        self._known.pop(token, None)
        await self._access.run(lambda store: store.end_session(digest, now))
