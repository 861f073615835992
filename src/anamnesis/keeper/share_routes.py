"""Opening a share by its link and code, and who opened one (protocol, section 8)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, quote

import msgspec

from anamnesis.access.audit import AuditEvent
from anamnesis.access.session import Session
from anamnesis.access.sharing import SHARE_SESSION_AGE_MAX, TOKEN_CHARACTERS_MAX
from anamnesis.keeper.audit import AuditTrail
from anamnesis.keeper.http import Answer, Headers, Refused, Request
from anamnesis.keeper.reading import Reading
from anamnesis.keeper.routes import Routes
from anamnesis.keeper.sessions import AccessThread
from anamnesis.keeper.shares import SHARE_COOKIE, Shares
from anamnesis.record.resource_model import Share

SHARE_BYTES_MAX = 4_096
"""A link's token and a code."""
OPENINGS_MAX = 500
"""Events read of one share, newest first."""
ONE_OPENING = timedelta(minutes=1)
"""A page, its pictures and its file, fetched within this time, are one opening."""


class _Tried(msgspec.Struct):
    link: str
    code: str


class ShareRoutes:
    """`/keep/share` for whoever has a link and a code, and the openings for who shared."""

    def __init__(
        self,
        shares: Shares,
        reading: Reading,
        access: AccessThread,
        audit: AuditTrail,
        https: bool,
    ) -> None:
        self._shares = shares
        self._reading = reading
        self._access = access
        self._audit = audit
        self._https = https

    def add_to(self, routes: Routes) -> None:
        """Registers them."""
        routes.add_public("POST", "/keep/share", self.open)
        routes.add("GET", "/keep/shares/{}/openings", self.openings)

    async def open(self, request: Request) -> Answer:
        """200 with the cookie, or 303 to the document for a form; refused as `Shares.open` says."""
        body = await request.body(SHARE_BYTES_MAX)
        form = request.header(b"content-type").startswith("application/x-www-form-urlencoded")
        tried = _of_form(body) if form else _of_json(body)
        try:
            opening = await self._shares.open(request, tried.link, tried.code)
        except Refused as refused:
            if not form or refused.status not in (401, 429):
                raise
            return _back_to_form(refused.code, tried.link)
        if form:
            return Answer.empty(303, [(b"location", b"/shared"), *self._cookie(opening)])
        return Answer.empty(200, self._cookie(opening))

    async def openings(self, request: Request, session: Session) -> Answer:
        """Who opened a share of this practice, or tried to, newest first."""
        name = request.path.split("/")[3]
        share = await self._reading.record(lambda reader: reader.share(session.practice, name))
        if share is None:
            raise Refused(404, "share-unknown")
        try:
            await self._audit.flush()
        except Exception:  # noqa: BLE001 - the trail says itself what is wrong with it
            raise Refused(503, "audit-unavailable") from None
        events = await self._access.run(
            lambda store: store.share_audit(session.practice, share.share, OPENINGS_MAX)
        )
        return Answer.json({"openings": shown_openings(share, events)})

    def _cookie(self, opening: str) -> Headers:
        seconds = int(SHARE_SESSION_AGE_MAX.total_seconds())
        secure = "; Secure" if self._https else ""
        # No other page of this host is ever sent it.
        text = (
            f"{SHARE_COOKIE}={opening}; Path=/shared; Max-Age={seconds}; HttpOnly; "
            f"SameSite=Strict{secure}"
        )
        return [(b"set-cookie", text.encode())]


def shown_openings(share: Share, events: Sequence[AuditEvent]) -> list[dict[str, Any]]:
    """What the practice sees of a share's trail, of which `events` are the newest first.

    What one page asks for within `ONE_OPENING` of its first look is one opening; what was not
    shown is none. Refused tries are all there.
    """
    shown: list[dict[str, Any]] = []
    began: dict[tuple[str | None, str], datetime] = {}
    for event in reversed(events):
        who = (event.practitioner, event.address)
        if event.kind == "share-opened":
            at = datetime.fromisoformat(event.at)
            seen = event.status is None or event.status < 400
            if not seen or (who in began and at - began[who] <= ONE_OPENING):
                continue
            began[who] = at
        shown.append(
            {
                "at": event.at,
                "kind": event.kind,
                "name": share.to_name if event.practitioner else "",
                "address": event.address,
            }
        )
    return shown[::-1]


def _of_form(body: bytes) -> _Tried:
    try:
        fields = parse_qs(body.decode(), keep_blank_values=True, max_num_fields=10)
    except ValueError:
        raise Refused(400, "malformed") from None
    return _Tried(fields.get("link", [""])[-1], fields.get("code", [""])[-1])


def _of_json(body: bytes) -> _Tried:
    try:
        return msgspec.json.decode(body, type=_Tried)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise Refused(400, "malformed") from None


def _back_to_form(code: str, token: str) -> Answer:
    location = f"/share/{quote(token[:TOKEN_CHARACTERS_MAX], safe='')}?refused={code}"
    return Answer.empty(303, [(b"location", location.encode())])
