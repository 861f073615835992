"""The processor's own register (GDPR art. 33(2), 33(5)), and what it owes each controller."""

from typing import Any, Final

import msgspec
from litestar import Request, Response, get
from litestar.exceptions import NotAuthorizedException, NotFoundException
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, FromQuery

from anamnesis.clinical.breach import PLATFORM, PaperType
from anamnesis.incident.paper import Paper
from anamnesis.web.addresses import is_identifier
from anamnesis.web.catalogue import Language
from anamnesis.web.controller_papers import (
    Controller,
    ControllerPapers,
    controllers_of,
)
from anamnesis.web.desk import Desk
from anamnesis.web.mailed import mailed_told
from anamnesis.web.pages.register import clock_told, form_of
from anamnesis.web.pages.register_papers import kept_paper, printed
from anamnesis.web.register_papers import OFFERED
from anamnesis.web.register_view import Entry, entries_of, entry_of

_TYPES: Final[dict[str, PaperType]] = {str(type_): type_ for type_ in OFFERED["processor"]}
TO_ONE: Final[PaperType] = "processor-to-controller"


class Asked(msgspec.Struct, frozen=True):
    """A paper that was asked for, and where it is."""

    entry: Entry
    paper: Paper
    sender: list[str]
    address: str
    addresses: tuple[str, ...]


def routes(desk: Desk) -> list[HTTPRouteHandler]:
    """`/operator/register`, an entry of it, and its papers as page, PDF and data."""

    @get("/operator/register", sync_to_thread=True)
    def listed(request: Request[Any, Any, Any]) -> Response[str]:
        _operator(request)
        entries = entries_of(desk.reader, PLATFORM, desk.settings.now())
        told = clock_told(desk, request)
        return desk.page(request, "operator-register.html", entries=entries, told=told)

    @get("/operator/register/{entry:str}", sync_to_thread=True)
    def show(request: Request[Any, Any, Any], entry: FromPath[str]) -> Response[str]:
        _operator(request)
        found = _entry(desk, entry)
        controllers = controllers_of(desk, found)
        return desk.page(
            request,
            "operator-register-entry.html",
            entry=found,
            controllers=controllers,
            to_tell=_to_tell(desk, found, controllers),
            told=clock_told(desk, request),
            told_at=found.told_at,
            mailed=mailed_told(desk, request),
            **form_of(desk, request, found.breach),
        )

    @get("/operator/register/{entry:str}/papers/{kind:str}", sync_to_thread=True)
    def paper(
        request: Request[Any, Any, Any],
        entry: FromPath[str],
        kind: FromPath[str],
        language: FromQuery[str] = "",
        controller: FromQuery[str] = "",
    ) -> Response[str]:
        one = _asked(desk, request, entry, kind, language, controller)
        return desk.page(
            request,
            "operator-register-paper.html",
            entry=one.entry,
            paper=one.paper,
            controller=controller,
            receiver=controller,
            sender="",
            mail_to="\n".join(one.addresses),
            mailed=desk.dispatches is not None,
            late=False,
        )

    return [listed, show, paper, _data(desk), _pdf(desk), _sent(desk), _content(desk)]


def _data(desk: Desk) -> HTTPRouteHandler:
    @get("/operator/register/{entry:str}/papers/{kind:str}/data", sync_to_thread=True)
    def data(
        request: Request[Any, Any, Any],
        entry: FromPath[str],
        kind: FromPath[str],
        language: FromQuery[str] = "",
        controller: FromQuery[str] = "",
    ) -> dict[str, Any]:
        one = _asked(desk, request, entry, kind, language, controller)
        found: dict[str, Any] = msgspec.to_builtins(one.paper)
        return found | {"missing": [item.key for item in one.paper.missing]}

    return data


def _pdf(desk: Desk) -> HTTPRouteHandler:
    @get("/operator/register/{entry:str}/papers/{kind:str}/pdf", sync_to_thread=True)
    def pdf(
        request: Request[Any, Any, Any],
        entry: FromPath[str],
        kind: FromPath[str],
        language: FromQuery[str] = "",
        controller: FromQuery[str] = "",
    ) -> Response[Any]:
        one = _asked(desk, request, entry, kind, language, controller)
        return printed(desk, request, one.entry, one.paper, one.sender, one.address)

    return pdf


def _content(desk: Desk) -> HTTPRouteHandler:
    @get("/operator/register/{entry:str}/content", sync_to_thread=True)
    def content(request: Request[Any, Any, Any], entry: FromPath[str]) -> dict[str, Any]:
        _operator(request)
        found = _entry(desk, entry).resource
        return {"version": found.version, "content": found.content}

    return content


def _sent(desk: Desk) -> HTTPRouteHandler:
    @get("/operator/register/{entry:str}/sent/{paper:str}", sync_to_thread=True)
    def sent(
        request: Request[Any, Any, Any], entry: FromPath[str], paper: FromPath[str]
    ) -> Response[bytes]:
        _operator(request)
        return kept_paper(desk, PLATFORM, entry, paper)

    return sent


def _operator(request: Request[Any, Any, Any]) -> None:
    """Raises NotAuthorizedException unless the keeper says that an operator asks."""
    if not request.headers.get("x-anamnesis-operator"):
        raise NotAuthorizedException


def _entry(desk: Desk, entry: str) -> Entry:
    now = desk.settings.now()
    found = entry_of(desk.reader, PLATFORM, entry, now) if is_identifier(entry) else None
    if found is None:
        raise NotFoundException
    return found


def _asked(
    desk: Desk, request: Request[Any, Any, Any], entry: str, kind: str, language: str, practice: str
) -> Asked:
    """The paper of one controller, or one about everything; raises NotFoundException."""
    _operator(request)
    found = _entry(desk, entry)
    if kind not in _TYPES or (_TYPES[kind] == TO_ONE) is not bool(practice):
        raise NotFoundException
    chosen = _controller(desk, found, practice) if practice else None
    papers = ControllerPapers(desk, found, chosen)
    here = desk.words(request).language
    wanted: Language = "en" if language == "en" else "fr" if language == "fr" else here
    name, address = papers.sender()
    return Asked(
        found,
        papers.paper(_TYPES[kind], wanted),
        [name, *address.splitlines()],
        f"/operator/register/{entry}/papers/{kind}",
        chosen.addresses if chosen else (),
    )


def _to_tell(desk: Desk, entry: Entry, controllers: list[Controller]) -> list[Controller]:
    """Those who were not told yet and can be told by e-mail."""
    if desk.dispatches is None:
        return []
    return [one for one in controllers if one.addresses and one.practice not in entry.told_at]


def _controller(desk: Desk, entry: Entry, practice: str) -> Controller:
    for one in controllers_of(desk, entry):
        if one.practice == practice:
            return one
    raise NotFoundException
