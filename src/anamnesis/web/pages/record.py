"""What stands in a patient's record: written, changed, entered in error; every version readable."""

from typing import Any

from litestar import Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, FromQuery

from anamnesis.record.model import Patient
from anamnesis.web.addresses import is_identifier
from anamnesis.web.desk import Desk
from anamnesis.web.identity import Identity
from anamnesis.web.record_view import FORMS, changes_of, title_of


def routes(desk: Desk) -> list[HTTPRouteHandler]:
    """`/patients/{id}/record/new?type=…` and `/patients/{id}/record/{resource}`."""

    @get("/patients/{patient:str}/record/new", sync_to_thread=True)
    def new(
        request: Request[Any, Any, Any],
        patient: FromPath[str],
        type: FromQuery[str] = "",
        category: FromQuery[str] = "",
    ) -> Response[str]:
        identity = desk.signed_in(request)
        found = _patient(desk, identity, patient)
        if type not in FORMS:
            raise NotFoundException
        return desk.page(
            request,
            "record-form.html",
            identity,
            patient=found,
            type=type,
            fields=FORMS[type],
            content={"category": category},
            resource=None,
            changes=[],
            title="",
        )

    @get("/patients/{patient:str}/record/{resource:str}", sync_to_thread=True)
    def show(
        request: Request[Any, Any, Any], patient: FromPath[str], resource: FromPath[str]
    ) -> Response[str]:
        identity = desk.signed_in(request)
        found = _patient(desk, identity, patient)
        versions = desk.reader.resource_versions(identity.practice, resource)
        if not versions or versions[-1].patient != patient or versions[-1].type not in FORMS:
            raise NotFoundException
        newest = versions[-1]
        return desk.page(
            request,
            "record-form.html",
            identity,
            patient=found,
            type=newest.type,
            fields=FORMS[newest.type],
            content=newest.content,
            resource=newest,
            changes=changes_of(versions),
            title=title_of(newest),
        )

    return [new, show]


def _patient(desk: Desk, identity: Identity, patient: str) -> Patient:
    found = desk.reader.patient(identity.practice, patient) if is_identifier(patient) else None
    if found is None:
        raise NotFoundException
    return found
