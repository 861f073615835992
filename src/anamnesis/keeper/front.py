"""The front door: one ASGI application that sorts requests and guards the way in."""

import re
from collections.abc import Callable

import structlog

from anamnesis.access.audit import AuditKind
from anamnesis.access.rights import may_open
from anamnesis.access.session import Session
from anamnesis.keeper.audit import AuditTrail
from anamnesis.keeper.away import Away
from anamnesis.keeper.forward import ApplicationUnavailable, Forward
from anamnesis.keeper.headers import secured
from anamnesis.keeper.http import (
    UNSAFE_METHODS,
    Answer,
    Gone,
    Message,
    Receive,
    Refused,
    Request,
    Scope,
    Send,
    is_navigation,
    same_origin,
)
from anamnesis.keeper.messages import message
from anamnesis.keeper.page_answers import PageAnswers
from anamnesis.keeper.pages import SHARE_CLOSED, refused_page, see_other, to_sign_in
from anamnesis.keeper.push import Push, TooManyStreams
from anamnesis.keeper.routes import PRACTITIONERS, Routes
from anamnesis.keeper.sessions import Sessions
from anamnesis.keeper.shares import Shares
from anamnesis.record.resource_model import Share
from anamnesis.settings import Language, Settings

SESSION_COOKIE = "anamnesis_session"
CSRF_COOKIE = "anamnesis_csrf"
LANGUAGE_COOKIE = "anamnesis_language"

_PUBLIC = re.compile(
    r"/(?:sign-in|offline|service-worker\.js|manifest\.webmanifest|favicon\.ico"
    r"|static/.*|language/.*|share(?:/[^/]*)?)\Z"
)
_TWO_NAMES = re.compile(r"//|/\.\.?(?:/|\Z)")
"""What the application would take for a shorter path: the trail must know what was looked at."""
_ENCOUNTER_PAGE = re.compile(r"/encounters/([0-9a-f-]{36})")
"""The page on which a note is written."""
_SHARED = re.compile(r"/shared(?:/|\Z)")
_UNNAMED = frozenset({"/keep/share"})
"""Posted to by a page that sends no referrer: its Origin is `null` (Fetch Standard, 3.1)."""
_PASSIVE = frozenset(
    {"/keep/witness", "/keep/events", "/keep/session", "/keep/operator", "/agenda/grid"}
)
"""Asked by a page left open: does not count as somebody being there."""

_log = structlog.get_logger()


class Front:
    """Admits, routes, forwards; every response leaves with the security headers."""

    def __init__(
        self,
        settings: Settings,
        routes: Routes,
        sessions: Sessions,
        forward: Forward,
        push: Push,
        audit: AuditTrail,
        shares: Shares,
        away: Away,
        given_up: Callable[[], bool],
        pages: PageAnswers,
    ) -> None:
        self._settings = settings
        self._https = settings.secure_cookies
        self._routes = routes
        self._sessions = sessions
        self._forward = forward
        self._push = push
        self._audit = audit
        self._shares = shares
        self._away = away
        self._given_up = given_up
        self._pages = pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One HTTP request (ASGI 3). Websockets are not spoken here."""
        if scope["type"] != "http":
            if scope["type"] == "websocket":
                await send({"type": "websocket.close", "code": 1008})
            return
        request = Request(scope, receive)
        started = False

        async def sending(event: Message) -> None:
            nonlocal started
            started = True
            await send(event)

        try:
            if request.path.startswith("/keep/"):
                await self._keep(request, receive, sending)
            elif self._given_up():
                await self._send(request, sending, self._instead(request))
            else:
                await self._pass_on(request, receive, sending)
        except Gone:
            return
        except Refused as refused:
            await self._give_up(request, sending, refused, started)
        except Exception as failure:  # noqa: BLE001 - whatever it was, it ends this request only
            _log.error("request-failed", method=request.method, exc_info=failure)
            await self._give_up(request, sending, Refused(500, "internal-error"), started)

    async def _give_up(self, request: Request, send: Send, refused: Refused, started: bool) -> None:
        """Says why not. After half an answer it says nothing more.

        The connection is then closed without the answer's end, and the browser knows.
        """
        if not started:
            await self._send(request, send, self.refusal(request, refused))

    def refusal(self, request: Request, refused: Refused) -> Answer:
        """The answer that says why not, in the reader's language."""
        body = {
            "code": refused.code,
            "message": message(refused.code, self.language(request)),
            **refused.detail,
        }
        headers = []
        if "allow" in refused.detail:
            # RFC 9110, section 15.5.6.
            headers.append((b"allow", str(refused.detail["allow"]).encode()))
        if "retry_after" in refused.detail:
            headers.append((b"retry-after", str(refused.detail["retry_after"]).encode()))
        return Answer.json(body, refused.status, headers)

    def language(self, request: Request) -> Language:
        """The reader's language: the cookie's, else the practice's."""
        chosen = request.cookies.get(LANGUAGE_COOKIE)
        if chosen == "en":
            return "en"
        return "fr" if chosen == "fr" else self._settings.language

    async def _keep(self, request: Request, receive: Receive, send: Send) -> None:
        public = self._routes.public(request.method, request.path)
        if public is not None:
            if request.method in UNSAFE_METHODS:
                self._check_origin(request)
            await self._send(request, send, await public(request))
            return
        session = await self._session(request, active=request.path not in _PASSIVE)
        if session is None:
            raise Refused(401, "not-signed-in")
        if request.method in UNSAFE_METHODS:
            self._check_origin(request)
            self._check_csrf(request)
        if request.path == "/keep/events" and request.method == "GET":
            if session.role not in PRACTITIONERS:
                raise Refused(403, "role-refused")
            await self._events(request, session, receive, send)
            return
        handler = self._routes.private(request.method, request.path, session.role)
        self._audit.require_room(request)
        answer = await handler(request, session)
        self._audit.look(request, session, answer.status)
        await self._send(request, send, answer)

    async def _events(
        self, request: Request, session: Session, receive: Receive, send: Send
    ) -> None:
        try:
            stream = self._push.open(session)
        except TooManyStreams:
            raise Refused(503, "keeper-busy") from None
        token = request.cookies.get(SESSION_COOKIE)

        async def living() -> bool:
            return await self._sessions.current(token, active=False) is not None

        await self._push.serve(stream, living, receive, send, self._https)

    async def _pass_on(self, request: Request, receive: Receive, send: Send) -> None:
        if _TWO_NAMES.search(request.path):
            raise Refused(404, "not-found")
        if _SHARED.match(request.path):
            await self._pass_on_shared(request, receive, send)
            return
        session = await self._session(request, active=request.path not in _PASSIVE)
        if session is None and not _PUBLIC.match(request.path):
            if is_navigation(request):
                await self._send(request, send, to_sign_in(request))
                return
            raise Refused(401, "not-signed-in")
        if session is not None and self._barred(request, session):
            await self._send(request, send, self._elsewhere(request, session))
            return
        if request.method in UNSAFE_METHODS and not self._check_origin(request):
            # A form cannot send our header, but a browser always says where a form comes from.
            self._check_csrf(request)
        self._audit.require_room(request)
        share = None if session is None else await self._shares.received(request, session)
        status: int | None = None
        try:
            status = await self._through(request, session, receive, send)
        finally:
            # Without a status the answer was cut off, and part of it may have been seen.
            if share is not None:
                shown = status is None or status < 400
                kind: AuditKind = "share-opened" if shown else "share-refused"
                self._audit.share(kind, request, share, session, status)
            elif session is not None:
                self._audit.look(request, session, status)
                page = _ENCOUNTER_PAGE.fullmatch(request.path)
                if page and is_navigation(request):
                    await self._pages.heard(session, page[1], status)

    @staticmethod
    def _barred(request: Request, session: Session) -> bool:
        """Whether this page is for another role than the session's."""
        return not _PUBLIC.match(request.path) and not may_open(session, request.path)

    def _elsewhere(self, request: Request, session: Session) -> Answer:
        """An operator who has just signed in is led to their own page; all else is refused."""
        if not is_navigation(request):
            return self.refusal(request, Refused(403, "role-refused"))
        if session.role == "operator" and request.path == "/":
            return see_other("/operator")
        return refused_page("role-refused", self.language(request))

    async def _pass_on_shared(self, request: Request, receive: Receive, send: Send) -> None:
        """What a link and its code opened: whoever is signed in here does not matter."""
        if request.method not in ("GET", "HEAD"):
            raise Refused(405, "method-not-allowed", allow="GET, HEAD")
        self._audit.require_writable()
        share = await self._shares.opened(request)
        if share is None:
            if is_navigation(request):
                await self._send(request, send, see_other(SHARE_CLOSED))
                return
            raise Refused(401, "share-refused")
        status: int | None = None
        try:
            status = await self._through(request, share, receive, send)
        finally:
            self._audit.share("share-opened", request, share, None, status)

    async def _through(
        self, request: Request, visitor: Session | Share | None, receive: Receive, send: Send
    ) -> int:
        """Asks the application; the status that was answered, by itself or in its place."""
        try:
            return await self._forward.pass_on(request, visitor, receive, send, self._https)
        except ApplicationUnavailable:
            await self._send(request, send, answer := self._instead(request))
            return answer.status

    def _instead(self, request: Request) -> Answer:
        return self._away.instead(request, self.language(request), self._given_up())

    async def _session(self, request: Request, active: bool) -> Session | None:
        return await self._sessions.current(request.cookies.get(SESSION_COOKIE), active)

    def _check_origin(self, request: Request) -> bool:
        same = same_origin(request, self._settings.public_origin)
        if request.path in _UNNAMED and request.header(b"origin") == "null":
            same = None if request.header(b"sec-fetch-site") in ("", "same-origin") else False
        if same is False or request.header(b"sec-fetch-site") == "cross-site":
            raise Refused(403, "origin-refused")
        return same is True

    def _check_csrf(self, request: Request) -> None:
        cookies = request.cookies
        if not self._sessions.csrf_matches(
            cookies.get(SESSION_COOKIE, ""),
            request.header(b"x-csrf-token"),
            cookies.get(CSRF_COOKIE, ""),
        ):
            raise Refused(403, "csrf-refused")

    async def _send(self, request: Request, send: Send, answer: Answer) -> None:
        headers = secured(answer.headers, request.path, self._https)
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        body = b"" if request.method == "HEAD" else answer.body
        await send({"type": "http.response.body", "body": body})
