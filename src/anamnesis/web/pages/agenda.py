"""The agenda: a day or a week of appointments, and the time between them."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from litestar import Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.handlers import HTTPRouteHandler

from anamnesis.record.model import Patient
from anamnesis.web.agenda_view import (
    EVERYBODY,
    Agenda,
    Frame,
    Kind,
    View,
    agenda_of,
    days_of,
    kinds_of,
)
from anamnesis.web.desk import Desk
from anamnesis.web.identity import Identity

STEPS: dict[View, int] = {"day": 1, "week": 7}
YEAR_MIN, YEAR_MAX = 1901, 2998  # as far as appointments are taken, and a week to turn to


def routes(desk: Desk) -> list[HTTPRouteHandler]:
    """`/agenda`, and `/agenda/grid`: the part that a page left open asks for again and again.

    Both take `?day=`, `?view=day|week`, `?practitioner={id}|all` and whom to book for, `?patient=`.
    """

    @get("/agenda", sync_to_thread=True)
    def agenda(request: Request[Any, Any, Any]) -> Response[str]:
        return _page(desk, request, "agenda.html")

    @get("/agenda/grid", sync_to_thread=True)
    def grid(request: Request[Any, Any, Any]) -> Response[str]:
        return _page(desk, request, "agenda-grid.html")

    return [agenda, grid]


def _page(desk: Desk, request: Request[Any, Any, Any], template: str) -> Response[str]:
    identity = desk.signed_in(request)
    shown = _day(desk, request)
    view: View = "week" if request.query_params.get("view") == "week" else "day"
    kinds = kinds_of(desk.reader.practice_resources(identity.practice, "appointment-type"))
    frame = _frame(desk, request, identity, view, shown)
    made = _agenda(desk, identity, frame, kinds)
    patient = _patient(desk, request, identity)
    step = timedelta(days=STEPS[view])
    return desk.page(
        request,
        template,
        identity,
        agenda=made,
        frame=frame,
        shown=shown,
        before=shown - step,
        after=shown + step,
        today=desk.today(),
        kinds=kinds,
        patient=patient,
        link=_links(view, frame.chosen, shown, patient),
        everybody=EVERYBODY,
        counts=_counts(made),
    )


def _day(desk: Desk, request: Request[Any, Any, Any]) -> date:
    text = request.query_params.get("day")
    if not text:
        return desk.today()
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise NotFoundException from None
    if not YEAR_MIN <= found.year <= YEAR_MAX:
        raise NotFoundException
    return found


def _frame(
    desk: Desk, request: Request[Any, Any, Any], identity: Identity, view: View, shown: date
) -> Frame:
    practitioners = tuple(desk.reader.practitioners(identity.practice))
    chosen = request.query_params.get("practitioner") or identity.practitioner
    if chosen != EVERYBODY and chosen not in {one.practitioner for one in practitioners}:
        raise NotFoundException
    return Frame(
        view,
        days_of(view, shown),
        practitioners,
        chosen,
        ZoneInfo(desk.settings.zone),
        desk.settings.now(),
    )


def _agenda(desk: Desk, identity: Identity, frame: Frame, kinds: dict[str, Kind]) -> Agenda:
    rows = desk.reader.agenda(
        identity.practice,
        None if frame.chosen == EVERYBODY else frame.chosen,
        frame.days[0].isoformat(),
        len(frame.days),
        desk.settings.zone,
    )
    return agenda_of(frame, rows, kinds)


def _patient(desk: Desk, request: Request[Any, Any, Any], identity: Identity) -> Patient | None:
    """Whom the page was opened for, if for anybody."""
    wanted = request.query_params.get("patient")
    if not wanted:
        return None
    found = desk.reader.patient(identity.practice, wanted)
    if found is None:
        raise NotFoundException
    return found


def _links(view: View, chosen: str, shown: date, patient: Patient | None) -> Callable[..., str]:
    """Writes the address of this page with some of its parameters changed."""

    def link(path: str = "/agenda", **changed: str) -> str:
        asked = {"day": shown.isoformat(), "view": view, "practitioner": chosen}
        if patient is not None:
            asked["patient"] = patient.patient
        asked |= changed
        return f"{path}?{urlencode({name: value for name, value in asked.items() if value})}"

    return link


def _counts(agenda: Agenda) -> dict[str, int]:
    counts: dict[str, int] = {"": 0}
    for column in agenda.columns:
        for item in (*column.items, *column.beyond):
            row = getattr(item, "row", None)
            if row is not None:
                counts[""] += 1
                counts[row.status] = counts.get(row.status, 0) + 1
    return counts
