"""The documents of a patient: the list of them, each one's page, its versions."""

from typing import Any
from urllib.parse import urlencode

import uuid_utils
from litestar import Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath
from litestar.response import Redirect

from anamnesis.clinical.documents import DOCUMENT_TYPES
from anamnesis.record.model import Patient
from anamnesis.record.resource_model import Resource
from anamnesis.record.restriction import restriction_of
from anamnesis.web.addresses import is_identifier
from anamnesis.web.desk import Desk
from anamnesis.web.document_versions import compared, groups
from anamnesis.web.identity import Identity
from anamnesis.web.shared_documents import danger_in

GROUPS = 20
"""Of versions, on one page."""
WANTED = ("type", "encounter", "template", "appointment")
"""What the address of a document that nobody has written in yet says of it."""


def routes(desk: Desk) -> list[HTTPRouteHandler]:
    """`/patients/{id}/documents`, `…/new`, `…/{document}` and `…/{document}/versions`."""

    @get("/patients/{patient:str}/documents", sync_to_thread=True)
    def listed(request: Request[Any, Any, Any], patient: FromPath[str]) -> Response[str]:
        identity = desk.signed_in(request)
        found = _patient(desk, identity, patient)
        kept = desk.reader.resources(identity.practice, patient, "document")
        newest = sorted(kept, key=lambda one: (one.content["date"], one.recorded_at), reverse=True)
        return desk.page(
            request,
            "documents.html",
            identity,
            patient=found,
            documents=[(one, _shared(desk, one)) for one in newest],
            types=DOCUMENT_TYPES,
        )

    @get("/patients/{patient:str}/documents/new")
    async def new(request: Request[Any, Any, Any], patient: FromPath[str]) -> Redirect:
        """A document has its own address from the start, so that a reload comes back to it."""
        desk.signed_in(request)
        if request.query_params.get("type") not in DOCUMENT_TYPES or not is_identifier(patient):
            raise NotFoundException
        wanted = {name: request.query_params.get(name, "") for name in WANTED}
        query = urlencode({name: value for name, value in wanted.items() if value})
        return Redirect(f"/patients/{patient}/documents/{uuid_utils.uuid7()}?{query}")

    @get("/patients/{patient:str}/documents/{document:str}", sync_to_thread=True)
    def show(
        request: Request[Any, Any, Any], patient: FromPath[str], document: FromPath[str]
    ) -> Response[str]:
        identity = desk.signed_in(request)
        found = _patient(desk, identity, patient)
        current = desk.reader.resource(identity.practice, document)
        if current is None:
            return _blank(desk, request, identity, found, document)
        if current.type != "document" or current.patient != patient:
            raise NotFoundException
        return _page(desk, request, identity, found, current)

    @get("/patients/{patient:str}/documents/{document:str}/versions", sync_to_thread=True)
    def versions(
        request: Request[Any, Any, Any], patient: FromPath[str], document: FromPath[str]
    ) -> Response[str]:
        identity = desk.signed_in(request)
        current = document_of(desk, identity, patient, document)
        every = request.query_params.get("every") == "yes"
        skipped = _count(request.query_params.get("skip"))
        issues = desk.reader.issues(identity.practice, document)
        kept = desk.reader.resource_versions(identity.practice, document)
        found = groups(kept, {one.version for one in issues}, every=every)
        more = skipped + GROUPS if len(found) > skipped + GROUPS else None
        return desk.page(
            request,
            "document-versions.html",
            identity,
            patient=_patient(desk, identity, patient),
            document=current,
            groups=[compared(one, desk.words(request)) for one in found[skipped:][:GROUPS]],
            issues=issues,
            every=every,
            more=more,
        )

    return [listed, new, show, versions]


def document_of(desk: Desk, identity: Identity, patient: str, document: str) -> Resource:
    """The document as it is now; raises NotFoundException unless it is this patient's."""
    current = desk.reader.resource(identity.practice, document)
    if current is None or current.type != "document" or current.patient != patient:
        raise NotFoundException
    return current


def _blank(
    desk: Desk,
    request: Request[Any, Any, Any],
    identity: Identity,
    patient: Patient,
    document: str,
) -> Response[str]:
    """A document that nobody has written in yet, or that the record does not have yet."""
    wanted = {name: request.query_params.get(name, "") for name in WANTED}
    if wanted["type"] not in DOCUMENT_TYPES or not is_identifier(document):
        raise NotFoundException
    templates = [
        one
        for one in desk.reader.practice_resources(identity.practice, "document-template")
        if one.content["type"] == wanted["type"]
        and (one.content["shared"] or one.author == identity.practitioner)
    ]
    chosen = [one.content for one in templates if one.resource == wanted["template"]]
    start = chosen[0] if chosen else {"title": "", "body": "", "lines": []}
    content = {
        "id": document,
        "type": wanted["type"],
        "title": start["title"],
        "date": desk.today().isoformat(),
        "recipient": "",
        "body": start["body"],
        "lines": start["lines"],
        "file": None,
    }
    encounter = wanted["encounter"] if is_identifier(wanted["encounter"]) else ""
    started = bool(encounter) and desk.reader.encounter(identity.practice, encounter) is not None
    appointment = wanted["appointment"] if is_identifier(wanted["appointment"]) else ""
    return desk.page(
        request,
        "document.html",
        identity,
        **_about(desk, identity, patient, content),
        danger=None,
        current=None,
        version=0,
        digest="",
        entry="",
        encounter=encounter,
        started=started,
        appointment=appointment,
        from_template=bool(chosen),
        templates=[] if chosen else templates,
    )


def _page(
    desk: Desk,
    request: Request[Any, Any, Any],
    identity: Identity,
    patient: Patient,
    current: Resource,
) -> Response[str]:
    return desk.page(
        request,
        "document.html",
        identity,
        **_about(desk, identity, patient, current.content),
        danger=danger_in(desk, current),
        current=current,
        version=current.version,
        digest=current.digest,
        entry=current.entry,
        encounter=current.encounter or "",
        started=True,
        appointment="",
        from_template=False,
        templates=[],
    )


def _about(
    desk: Desk, identity: Identity, patient: Patient, content: dict[str, Any]
) -> dict[str, Any]:
    """What is at hand while a document is written: allergies, and names of current treatments."""
    kept = desk.reader.resources(identity.practice, patient.patient)
    standing = [one for one in kept if one.withdrawn is None]
    active = [one for one in standing if one.content.get("status") == "active"]
    return {
        "patient": patient,
        "document": content["id"],
        "content": content,
        "restricted": restriction_of(desk.reader, identity.practice, patient.patient),
        "allergies": [one for one in active if one.type == "allergy"],
        "treatments": [one for one in active if one.type == "medication"],
    }


def _patient(desk: Desk, identity: Identity, patient: str) -> Patient:
    found = desk.reader.patient(identity.practice, patient)
    if found is None:
        raise NotFoundException
    return found


def _shared(desk: Desk, document: Resource) -> int:
    """How many shares of it stand."""
    now = desk.settings.now().isoformat(timespec="milliseconds").replace("+00:00", "Z")
    shares = desk.reader.shares(document.practice, document.resource)
    return sum(one.revoked_at is None and one.expires_at > now for one in shares)


def _count(text: str | None) -> int:
    return int(text) if text is not None and text.isdecimal() and len(text) < 7 else 0
