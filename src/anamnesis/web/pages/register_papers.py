"""Papers about a breach: each as a page, a PDF and structured data, and those that were sent."""

import base64
from typing import Any, Final
from urllib.parse import quote

import msgspec
from litestar import Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, FromQuery

from anamnesis.clinical.breach import PAPERS, BreachPaper, PaperType
from anamnesis.incident.paper import Paper
from anamnesis.web.addresses import is_identifier
from anamnesis.web.catalogue import Language
from anamnesis.web.desk import Desk
from anamnesis.web.identity import Identity
from anamnesis.web.pages.register import found_entry
from anamnesis.web.printing.paper_sheet import paper_sheet
from anamnesis.web.printing.press import PrintingRefused
from anamnesis.web.register_papers import MAILED, OFFERED, Papers
from anamnesis.web.register_view import Entry

_TYPES: Final[dict[str, PaperType]] = {str(type_): type_ for type_ in PAPERS}
_ALONE: Final = {"x-content-type-options": "nosniff"}


class Asked(msgspec.Struct, frozen=True):
    """A paper that was asked for, with the entry it is about."""

    entry: Entry
    paper: Paper
    identity: Identity
    practitioner: str
    mail_to: str


def routes(desk: Desk) -> list[HTTPRouteHandler]:
    """`/register/{entry}/papers/{type}`, its `/pdf` and `/data`, and `…/sent/{paper}`."""

    def asked(
        request: Request[Any, Any, Any], entry: str, type_: str, language: str, practitioner: str
    ) -> Asked:
        identity = desk.signed_in(request)
        found = found_entry(desk, identity, entry)
        if _TYPES.get(type_) not in OFFERED[found.breach.role]:
            raise NotFoundException
        papers = Papers(desk, identity.practice, found)
        if practitioner and practitioner not in dict(papers.practitioners()):
            raise NotFoundException
        here = desk.words(request).language
        wanted: Language = "en" if language == "en" else "fr" if language == "fr" else here
        paper = papers.paper(_TYPES[type_], wanted, practitioner)
        return Asked(found, paper, identity, practitioner, papers.address_of(practitioner))

    @get("/register/{entry:str}/papers/{kind:str}", sync_to_thread=True)
    def show(
        request: Request[Any, Any, Any],
        entry: FromPath[str],
        kind: FromPath[str],
        language: FromQuery[str] = "",
        practitioner: FromQuery[str] = "",
    ) -> Response[str]:
        one = asked(request, entry, kind, language, practitioner)
        return desk.page(
            request,
            "register-paper.html",
            one.identity,
            entry=one.entry,
            paper=one.paper,
            practitioner=practitioner,
            mail_to=one.mail_to,
            sender=one.identity.practitioner,
            receiver=practitioner,
            mailed=desk.dispatches is not None and one.paper.type in MAILED,
            late=kind == "authority-initial" and one.entry.needs_delay_reason,
        )

    @get("/register/{entry:str}/papers/{kind:str}/data", sync_to_thread=True)
    def data(
        request: Request[Any, Any, Any],
        entry: FromPath[str],
        kind: FromPath[str],
        language: FromQuery[str] = "",
        practitioner: FromQuery[str] = "",
    ) -> dict[str, Any]:
        one = asked(request, entry, kind, language, practitioner)
        found: dict[str, Any] = msgspec.to_builtins(one.paper)
        missing = [item.key for item in one.paper.missing]
        return found | {"missing": missing, "entry": one.entry.resource.content}

    return [show, data, _pdf(desk, asked), _sent(desk)]


def _pdf(desk: Desk, asked: Any) -> HTTPRouteHandler:  # noqa: ANN401 -- the function above
    @get("/register/{entry:str}/papers/{kind:str}/pdf", sync_to_thread=True)
    def pdf(
        request: Request[Any, Any, Any],
        entry: FromPath[str],
        kind: FromPath[str],
        language: FromQuery[str] = "",
        practitioner: FromQuery[str] = "",
    ) -> Response[Any]:
        one: Asked = asked(request, entry, kind, language, practitioner)
        practice = desk.reader.practice(one.identity.practice)
        sender = [practice.name, *practice.address.splitlines()] if practice else []
        back = f"/register/{entry}/papers/{kind}"
        return printed(desk, request, one.entry, one.paper, sender, back, one.identity)

    return pdf


def printed(
    desk: Desk,
    request: Request[Any, Any, Any],
    entry: Entry,
    paper: Paper,
    sender: list[str],
    back: str,
    identity: Identity | None = None,
) -> Response[Any]:
    """The paper as a PDF, a draft unless `final=yes` is asked for, or why it cannot be printed."""
    words, now = desk.catalogue(paper.language), desk.settings.now()
    at = desk.dates_in(paper.language).minute(now.isoformat())
    foot = words("paper-foot", version=entry.resource.version, at=at)
    draft = request.query_params.get("final") != "yes"
    try:
        content = desk.press.pdf(paper_sheet(paper, sender, foot, words, now, draft=draft))
    except PrintingRefused as refused:
        return desk.page(
            request,
            "document-unprintable.html",
            identity,
            status_code=422,
            address_back=back,
            refused=refused,
        )
    name = quote(f"{paper.title}.pdf")
    disposition = {"content-disposition": f"inline; filename*=UTF-8''{name}"}
    return Response(content, media_type="application/pdf", headers=_ALONE | disposition)


def _sent(desk: Desk) -> HTTPRouteHandler:
    @get("/register/{entry:str}/sent/{paper:str}", sync_to_thread=True)
    def sent(
        request: Request[Any, Any, Any], entry: FromPath[str], paper: FromPath[str]
    ) -> Response[bytes]:
        return kept_paper(desk, desk.signed_in(request).practice, entry, paper)

    return sent


def kept_paper(desk: Desk, practice: str, entry: str, paper: str) -> Response[bytes]:
    """A paper of this register as it was sent; raises NotFoundException."""
    kept = desk.reader.resource(practice, paper) if is_identifier(paper) else None
    if kept is None or kept.type != "breach-paper" or kept.content["breach"] != entry:
        raise NotFoundException
    content = msgspec.convert(kept.content, BreachPaper)
    return Response(base64.b64decode(content.data), media_type="application/pdf", headers=_ALONE)
