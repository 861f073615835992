"""Signing in, asking who one is, signing out (protocol, section 2)."""

from urllib.parse import parse_qs, quote

import msgspec

from anamnesis.access.account import LOGIN_CHARACTERS_MAX
from anamnesis.access.audit import AuditKind
from anamnesis.access.session import AGE_MAX, Session
from anamnesis.keeper.audit import AuditTrail
from anamnesis.keeper.front import CSRF_COOKIE, SESSION_COOKIE
from anamnesis.keeper.http import Answer, Headers, Refused, Request
from anamnesis.keeper.routes import ANYBODY, Routes
from anamnesis.keeper.sessions import Sessions, SignedIn

SIGN_IN_BYTES_MAX = 8_192


class _SignIn(msgspec.Struct):
    login: str
    password: str


class SessionRoutes:
    """The three routes of a session."""

    def __init__(self, sessions: Sessions, audit: AuditTrail, https: bool) -> None:
        self._sessions = sessions
        self._audit = audit
        self._https = https

    def add_to(self, routes: Routes) -> None:
        """Registers them."""
        routes.add_public("POST", "/keep/session", self.sign_in)
        routes.add("GET", "/keep/session", self.shown, ANYBODY)
        routes.add("DELETE", "/keep/session", self.sign_out, ANYBODY)

    async def sign_in(self, request: Request) -> Answer:
        """200 with the session, or 303 for a form; 401 and 429 as the protocol says."""
        body = await request.body(SIGN_IN_BYTES_MAX)
        form = request.header(b"content-type").startswith("application/x-www-form-urlencoded")
        fields = _form(body) if form else None
        asked = _asked(body, fields)
        try:
            signed_in = await self._sessions.sign_in(asked.login, asked.password, request.address)
        except Refused as refused:
            limited = refused.code == "sign-in-limited"
            kind: AuditKind = "sign-in-limited" if limited else "sign-in-refused"
            login = asked.login[:LOGIN_CHARACTERS_MAX]
            self._audit.note(kind, request, None, login=login, status=refused.status)
            if fields is None:
                raise
            return _back_to_form(refused.code, fields.get("next", "/"))
        self._audit.note("sign-in", request, signed_in.session, status=200)
        cookies = self._cookies(signed_in)
        if fields is None:
            return Answer.json(signed_in.session.shown(), headers=cookies)
        target = local_path(fields.get("next", "/"))
        return Answer.empty(303, [(b"location", target.encode()), *cookies])

    async def shown(self, _request: Request, session: Session) -> Answer:
        """200 with the session."""
        return Answer.json(session.shown())

    async def sign_out(self, request: Request, session: Session) -> Answer:
        """204, and the cookies are gone."""
        await self._sessions.sign_out(request.cookies[SESSION_COOKIE])
        self._audit.note("sign-out", request, session, status=204)
        return Answer.empty(204, self._ended())

    def _cookies(self, signed_in: SignedIn) -> Headers:
        seconds = int(AGE_MAX.total_seconds())
        return [
            self._cookie(SESSION_COOKIE, signed_in.token, f"Max-Age={seconds}; HttpOnly"),
            self._cookie(CSRF_COOKIE, signed_in.csrf, f"Max-Age={seconds}"),
        ]

    def _ended(self) -> Headers:
        return [
            self._cookie(SESSION_COOKIE, "", "Max-Age=0; HttpOnly"),
            self._cookie(CSRF_COOKIE, "", "Max-Age=0"),
        ]

    def _cookie(self, name: str, value: str, attributes: str) -> tuple[bytes, bytes]:
        secure = "; Secure" if self._https else ""
        text = f"{name}={value}; Path=/; SameSite=Lax; {attributes}{secure}"
        return (b"set-cookie", text.encode())


def local_path(target: str) -> str:
    """`target` if it is a path on this host, else `/`: nobody is sent elsewhere by a link."""
    plain = target.isascii() and target.isprintable() and "\\" not in target
    if plain and target.startswith("/") and not target.startswith("//"):
        return target
    return "/"


def _form(body: bytes) -> dict[str, str]:
    try:
        pairs = parse_qs(body.decode(), keep_blank_values=True, max_num_fields=10)
    except ValueError:
        raise Refused(400, "malformed") from None
    return {name: values[-1] for name, values in pairs.items()}


def _asked(body: bytes, fields: dict[str, str] | None) -> _SignIn:
    if fields is not None:
        return _SignIn(fields.get("login", ""), fields.get("password", ""))
    try:
        return msgspec.json.decode(body, type=_SignIn)
    except msgspec.DecodeError:
        raise Refused(400, "malformed") from None


def _back_to_form(code: str, target: str) -> Answer:
    location = f"/sign-in?refused={code}&next={quote(local_path(target), safe='/')}"
    return Answer.empty(303, [(b"location", location.encode())])
