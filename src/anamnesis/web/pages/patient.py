"""A patient: who they are, what was measured, every encounter."""

from typing import Any

from litestar import Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, FromQuery

from anamnesis.clinical.observation import MEASURES
from anamnesis.record.model import Patient
from anamnesis.web.addresses import is_identifier
from anamnesis.web.desk import Desk
from anamnesis.web.identity import Identity
from anamnesis.web.plot import plot
from anamnesis.web.record_view import FORMS, record_view

ENCOUNTERS = 25


def routes(desk: Desk) -> list[HTTPRouteHandler]:
    """`/patients/{id}` (`?part=encounters` for more of the timeline) and `/patients/{id}/edit`."""

    @get("/patients/{patient:str}", sync_to_thread=True)
    def show(
        request: Request[Any, Any, Any],
        patient: FromPath[str],
        before: FromQuery[str | None] = None,
        part: FromQuery[str] = "",
    ) -> Response[str]:
        identity = desk.signed_in(request)
        found = desk.reader.patient(identity.practice, patient)
        if found is None:
            return _not_yet(desk, request, identity, patient)
        page = desk.reader.encounters(identity.practice, patient, ENCOUNTERS, before)
        if part == "encounters":
            return desk.page(
                request, "patient-encounters.html", identity, patient=found, encounters=page
            )
        measured = desk.reader.observations(identity.practice, patient)
        valid = [one for one in measured if one.in_error is None]
        plots = [plot(code, [one for one in valid if one.code == code]) for code in MEASURES]
        resources = desk.reader.resources(identity.practice, patient)
        return desk.page(
            request,
            "patient.html",
            identity,
            patient=found,
            record=record_view(resources),
            fields_of=FORMS,
            documents=sum(one.type == "document" and one.withdrawn is None for one in resources),
            encounters=page,
            plots=[one for one in plots if one is not None],
        )

    @get("/patients/{patient:str}/edit", sync_to_thread=True)
    def edit(request: Request[Any, Any, Any], patient: FromPath[str]) -> Response[str]:
        identity = desk.signed_in(request)
        found: Patient | None = desk.reader.patient(identity.practice, patient)
        if found is None:
            raise NotFoundException
        today = desk.today().isoformat()
        return desk.page(request, "patient-form.html", identity, patient=found, today=today)

    return [show, edit]


def _not_yet(
    desk: Desk, request: Request[Any, Any, Any], identity: Identity, patient: str
) -> Response[str]:
    """A patient just written down may be journaled and not recorded yet: the page says so."""
    if request.query_params.get("new") != "yes" or not is_identifier(patient):
        raise NotFoundException
    return desk.page(request, "patient-waiting.html", identity, patient_id=patient)
