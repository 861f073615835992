"""The encounter's editor, opened from the record or for an encounter that is about to start."""

from typing import Any

from litestar import Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, FromQuery

from anamnesis.record.model import Observation
from anamnesis.record.restriction import restriction_of
from anamnesis.web.addresses import is_identifier
from anamnesis.web.desk import Desk
from anamnesis.web.pages.encounter import (
    EncounterView,
    context,
    encounter_view,
    previous_note,
    unit_shown,
)
from anamnesis.web.record_view import models_of, record_view


def routes(desk: Desk) -> list[HTTPRouteHandler]:
    """`/encounters/{id}`; `?patient=` says whose it is while the record does not know it yet."""

    @get("/encounters/{encounter:str}", sync_to_thread=True)
    def show(
        request: Request[Any, Any, Any],
        encounter: FromPath[str],
        patient: FromQuery[str | None] = None,
    ) -> Response[str]:
        identity = desk.signed_in(request)
        # What is no identifier could be typed about, and never be recorded.
        if not is_identifier(encounter) or (patient is not None and not is_identifier(patient)):
            raise NotFoundException
        view = encounter_view(desk.reader, identity.practice, encounter, patient)
        if view is None:
            raise NotFoundException
        values = context(view)
        practice, author = identity.practice, identity.practitioner
        shown = desk.features.shown(practice, author, dict(view.sections))
        values["sections"] = [(name, shown.get(name, "")) for name, _ in view.sections]
        appointment = request.query_params.get("appointment", "")
        if values["appointment"] is None and is_identifier(appointment):
            values["appointment"] = appointment
        return desk.page(
            request,
            "encounter.html",
            identity,
            practitioner=identity.practitioner,
            practice=identity.practice,
            login=identity.login,
            locked=view.status != "draft",
            title=_title(desk, request, view),
            patient_facts=_facts(desk, request, view),
            allergies=record_view(
                desk.reader.resources(identity.practice, values["patient"], "allergy")
            ).allergies,
            restricted=restriction_of(desk.reader, identity.practice, values["patient"]),
            models=models_of(desk.reader, identity.practice, identity.practitioner),
            features=" ".join(desk.features.names(practice, author)),
            previous=previous_note(desk.reader, view, practice),
            parts=desk.features.parts(practice, author, encounter, values["patient"]),
            measured=[_measured(desk, request, one) for one in view.observations],
            **values,
        )

    return [show]


def _title(desk: Desk, request: Request[Any, Any, Any], view: EncounterView) -> str:
    words = desk.words(request)
    if view.started_at is None:
        return words("encounter-new")
    return words("encounter-of", day=desk.dates(request).day(view.started_at.isoformat()))


def _facts(desk: Desk, request: Request[Any, Any, Any], view: EncounterView) -> str:
    if not view.birth_date:
        return ""
    words, dates = desk.words(request), desk.dates(request)
    sex = words(f"sex-{view.sex}")
    return f"{sex} · {dates.short_day(view.birth_date)} · {desk.age(request, view.birth_date)}"


def _measured(desk: Desk, request: Request[Any, Any, Any], one: Observation) -> str:
    words = desk.words(request)
    return f"{words(f'measure-{one.code}')} {one.value} {unit_shown(one.unit)}"
