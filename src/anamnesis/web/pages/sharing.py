"""What practitioners see of sharing: with whom a document is shared, and what colleagues sent."""

from dataclasses import dataclass
from typing import Any, Literal

from litestar import Request, Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, FromQuery

from anamnesis.access.sharing import stands
from anamnesis.clinical.patient import folded
from anamnesis.record.resource_model import Colleague, Resource, Share
from anamnesis.seams import instant
from anamnesis.web.desk import Desk
from anamnesis.web.identity import Identity
from anamnesis.web.pages.documents import document_of
from anamnesis.web.shared_documents import (
    SharedDocument,
    file_of,
    page_of,
    pages_of,
    shared_document,
)

COLLEAGUES_SHOWN_MAX = 12
"""Of those who are found; who looks for somebody else types more of the name."""
RECEIVED_SHOWN_MAX = 200

ShareState = Literal["open", "revoked", "expired", "withdrawn", "restricted"]


@dataclass(frozen=True, slots=True)
class SharedRow:
    """A share as lists show it; `title` and `type` only while it is open."""

    share: Share
    state: ShareState
    practice_name: str = ""
    title: str = ""
    type: str = ""


def routes(desk: Desk) -> list[HTTPRouteHandler]:
    """A document's shares, the directory, `/received` and what is below it."""

    @get("/patients/{patient:str}/documents/{document:str}/sharing", sync_to_thread=True)
    def shares(
        request: Request[Any, Any, Any], patient: FromPath[str], document: FromPath[str]
    ) -> Response[str]:
        """The part of the document's page that lists its shares."""
        identity = desk.signed_in(request)
        document_of(desk, identity, patient, document)
        kept = desk.reader.shares(identity.practice, document)
        rows = [SharedRow(one, _state(desk, one)) for one in reversed(kept)]
        return desk.page(request, "sharing-shares.html", identity, rows=rows)

    @get("/colleagues", sync_to_thread=True)
    def colleagues(request: Request[Any, Any, Any], q: FromQuery[str] = "") -> Response[str]:
        """Who a document may be shared with, of every practice here, by what is known of them."""
        identity = desk.signed_in(request)
        found = _colleagues(desk, identity, q)
        return desk.page(
            request,
            "sharing-colleagues.html",
            identity,
            colleagues=found[:COLLEAGUES_SHOWN_MAX],
            more=max(0, len(found) - COLLEAGUES_SHOWN_MAX),
        )

    return [shares, colleagues, *_received(desk)]


def _received(desk: Desk) -> list[HTTPRouteHandler]:
    @get("/received", sync_to_thread=True)
    def received(request: Request[Any, Any, Any]) -> Response[str]:
        """Newest first; what has ended stays listed, and says no more than from whom it was."""
        identity = desk.signed_in(request)
        kept = desk.reader.shares_with(identity.practice, identity.practitioner)
        newest = kept[::-1][:RECEIVED_SHOWN_MAX]
        return desk.page(request, "received.html", identity, rows=_rows(desk, newest))

    @get("/received/{share:str}", sync_to_thread=True)
    def show(request: Request[Any, Any, Any], share: FromPath[str]) -> Response[str]:
        identity, shared = _with_me(desk, request, share)
        return desk.page(
            request,
            "received-document.html",
            identity,
            shared=shared,
            pages=len(pages_of(desk, shared)),
            here_address=f"/received/{share}",
        )

    @get("/received/{share:str}/page", sync_to_thread=True)
    def page(
        request: Request[Any, Any, Any], share: FromPath[str], number: FromQuery[int] = 1
    ) -> Response[bytes]:
        return page_of(desk, _with_me(desk, request, share)[1], number)

    @get("/received/{share:str}/file", sync_to_thread=True)
    def file(request: Request[Any, Any, Any], share: FromPath[str]) -> Response[bytes]:
        return file_of(desk, _with_me(desk, request, share)[1])

    return [received, show, page, file]


def _with_me(
    desk: Desk, request: Request[Any, Any, Any], share: str
) -> tuple[Identity, SharedDocument]:
    """A share with who asks; raises NotFoundException for any other, and for one that ended."""
    identity = desk.signed_in(request)
    kept = desk.reader.shares_with(identity.practice, identity.practitioner)
    mine = next((one for one in kept if one.share == share), None)
    return identity, shared_document(desk, mine)


def _rows(desk: Desk, shares: list[Share]) -> list[SharedRow]:
    names = {one.practice: one.practice_name for one in desk.reader.directory()}
    rows = []
    for share in shares:
        state, name = _state(desk, share), names.get(share.practice, "")
        version = _version(desk, share) if state == "open" else None
        title, type_ = (
            ("", "") if version is None else (version.content["title"], version.content["type"])
        )
        rows.append(SharedRow(share, state, name, title, type_))
    return rows


def _version(desk: Desk, share: Share) -> Resource | None:
    versions = desk.reader.resource_versions(share.practice, share.document)
    return next((one for one in versions if one.version == share.version), None)


def _state(desk: Desk, share: Share) -> ShareState:
    now = desk.settings.now()
    if stands(desk.reader, share, now):
        return "open"
    if share.revoked_at is not None:
        return "revoked"
    document = desk.reader.resource(share.practice, share.document)
    withdrawn = document is not None and document.withdrawn is not None
    if withdrawn:
        return "withdrawn"
    return "expired" if instant(now) >= share.expires_at else "restricted"


def _colleagues(desk: Desk, identity: Identity, asked: str) -> list[Colleague]:
    wanted = folded(asked).split()
    found = []
    for one in desk.colleagues(identity):
        if (one.practice, one.practitioner) == (identity.practice, identity.practitioner):
            continue
        known = folded(f"{one.name} {one.specialty} {one.practice_name}")
        if all(word in known for word in wanted):
            found.append(one)
    return found
