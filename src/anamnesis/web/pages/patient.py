"""A patient: who they are, what was measured, every encounter."""

from typing import Any

from litestar import Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, FromQuery

from anamnesis.clinical.observation import MEASURES
from anamnesis.record.model import Patient
from anamnesis.record.restriction import restriction_of
from anamnesis.web.addresses import is_identifier
from anamnesis.web.desk import Desk
from anamnesis.web.identity import Identity
from anamnesis.web.plot import plot
from anamnesis.web.record_view import FORMS, record_view, title_of
from anamnesis.web.timeline import ITEMS, ITEMS_PRINTED, KINDS, Sources, by_month, timeline


def routes(desk: Desk) -> list[HTTPRouteHandler]:
    """`/patients/{id}` and `/patients/{id}/edit`.

    `?kind=` leaves one kind of the timeline, `?every=yes` shows all of it at once, to be printed,
    and `?part=timeline` is more of it alone.
    """

    @get("/patients/{patient:str}", sync_to_thread=True)
    def show(
        request: Request[Any, Any, Any],
        patient: FromPath[str],
        before: FromQuery[str | None] = None,
        part: FromQuery[str] = "",
        kind: FromQuery[str] = "",
        every: FromQuery[str] = "",
    ) -> Response[str]:
        identity = desk.signed_in(request)
        found = desk.reader.patient(identity.practice, patient)
        if found is None:
            return _not_yet(desk, request, identity, patient)
        resources = desk.reader.resources(identity.practice, patient)
        measured = desk.reader.observations(identity.practice, patient)
        only = next((one for one in KINDS if one == kind), None)
        limit = ITEMS_PRINTED if every == "yes" else ITEMS
        sources = Sources(resources, measured)
        page = timeline(desk.reader, identity.practice, patient, sources, only, before, limit)
        shown: dict[str, Any] = {
            "patient": found,
            "months": by_month(page.items, desk.dates(request).month),
            "next": page.next,
            "kind": only,
            "title_of": title_of,
        }
        if part == "timeline":
            return desk.page(request, "patient-timeline.html", identity, **shown)
        valid = [one for one in measured if one.in_error is None]
        plots = [plot(code, [one for one in valid if one.code == code]) for code in MEASURES]
        return desk.page(
            request,
            "patient.html",
            identity,
            record=record_view(resources),
            fields_of=FORMS,
            restricted=restriction_of(desk.reader, identity.practice, patient),
            documents=sum(one.type == "document" and one.withdrawn is None for one in resources),
            kinds=KINDS,
            plots=[one for one in plots if one is not None],
            **shown,
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
