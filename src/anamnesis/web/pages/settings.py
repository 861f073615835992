"""What practitioners choose for themselves: models and shortcuts, and the head of documents."""

from typing import Any

from litestar import Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, FromQuery

from anamnesis.record.resource_model import Resource
from anamnesis.web.desk import Desk
from anamnesis.web.identity import Identity
from anamnesis.web.record_view import SETTINGS, changes_of, flat, title_of


def routes(desk: Desk) -> list[HTTPRouteHandler]:
    """`/settings`, `/settings/new?type=…` and `/settings/{resource}`."""

    @get("/settings", sync_to_thread=True)
    def listed(request: Request[Any, Any, Any]) -> Response[str]:
        identity = desk.signed_in(request)
        groups = {type_: _mine(desk, identity, type_) for type_ in SETTINGS}
        return desk.page(request, "settings.html", identity, groups=groups, title_of=title_of)

    @get("/settings/new", sync_to_thread=True)
    def new(request: Request[Any, Any, Any], type: FromQuery[str] = "") -> Response[str]:
        identity = desk.signed_in(request)
        if type not in SETTINGS:
            raise NotFoundException
        content = _begun(desk, identity) if type == "letterhead" else {}
        return _form(desk, request, identity, type, content, None)

    @get("/settings/{resource:str}", sync_to_thread=True)
    def show(request: Request[Any, Any, Any], resource: FromPath[str]) -> Response[str]:
        identity = desk.signed_in(request)
        found = desk.reader.resource(identity.practice, resource)
        if found is None or found.type not in SETTINGS or not _is_mine(found, identity):
            raise NotFoundException
        content = flat(found.content, SETTINGS[found.type])
        return _form(desk, request, identity, found.type, content, found)

    return [listed, new, show]


def _form(
    desk: Desk,
    request: Request[Any, Any, Any],
    identity: Identity,
    type_: str,
    content: dict[str, Any],
    resource: Resource | None,
) -> Response[str]:
    versions = (
        []
        if resource is None
        else desk.reader.resource_versions(identity.practice, resource.resource)
    )
    return desk.page(
        request,
        "settings-form.html",
        identity,
        type=type_,
        fields=SETTINGS[type_],
        content=content,
        carried=_carried(type_, resource, identity),
        resource=resource,
        changes=changes_of(versions),
        title="" if resource is None else title_of(resource),
    )


def _carried(type_: str, resource: Resource | None, identity: Identity) -> dict[str, Any]:
    """What goes with each version and is not on the form."""
    if type_ == "letterhead":
        return {"practitioner": identity.practitioner}
    if type_ == "document-template":
        return {"lines": [] if resource is None else resource.content["lines"]}
    return {}


def _mine(desk: Desk, identity: Identity, type_: str) -> list[Resource]:
    found = desk.reader.practice_resources(identity.practice, type_)
    return [one for one in found if _is_mine(one, identity)]


def _is_mine(resource: Resource, identity: Identity) -> bool:
    """A letterhead is its practitioner's, a template its author's unless it is shared."""
    if resource.type == "letterhead":
        return bool(resource.content["practitioner"] == identity.practitioner)
    if resource.type == "appointment-type":
        return True  # the practice's
    return bool(resource.author == identity.practitioner or resource.content["shared"])


def _begun(desk: Desk, identity: Identity) -> dict[str, Any]:
    """What the record knows already of whoever writes a letterhead."""
    practice = desk.reader.practice(identity.practice)
    mine = [
        one
        for one in desk.reader.practitioners(identity.practice)
        if one.practitioner == identity.practitioner
    ]
    return {
        "name": mine[0].name if mine else identity.name,
        "qualifications": mine[0].specialty if mine else "",
        "rpps": mine[0].rpps if mine else "",
        "practice": practice.name if practice else "",
        "address": practice.address if practice else "",
        "telephone": practice.telephone if practice else "",
    }
