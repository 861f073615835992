"""My incidents: which of my entries were shown wrongly, when, and that they are right again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from litestar import Request, Response, get
from litestar.handlers import HTTPRouteHandler

from anamnesis.reconcile.discrepancy import DEFINITIVE, Discrepancy, Incident, IncidentCounts
from anamnesis.seams import instant
from anamnesis.web.desk import Desk
from anamnesis.web.identity import Identity

INCIDENTS = 20
LATELY = 3
"""Incidents that the day's page looks at."""
LISTED = 500
"""Entries of one incident that are listed."""


@dataclass(frozen=True, slots=True)
class Line:
    """One entry, and what it is about where the record knows that."""

    one: Discrepancy
    patient: str
    patient_name: str
    started_at: str

    @property
    def is_gone(self) -> bool:
        """Whether nothing will bring it, as far as anybody knows."""
        return self.one.righted_at is None and self.one.code in DEFINITIVE


@dataclass(frozen=True, slots=True)
class Mine:
    """An incident as it concerns one practitioner."""

    incident: Incident
    counts: IncidentCounts
    lines: list[Line]


def routes(desk: Desk) -> list[HTTPRouteHandler]:
    """`/incidents`."""

    @get("/incidents", sync_to_thread=True)
    def incidents(request: Request[Any, Any, Any]) -> Response[str]:
        identity = desk.signed_in(request)
        return desk.page(request, "incidents.html", identity, incidents=_mine(desk, identity))

    return [incidents]


def concerned_lately(desk: Desk, identity: Identity) -> bool:
    """Whether something of theirs is in an incident that goes on or ended a day ago at most."""
    me = identity.practice, identity.practitioner
    since = instant(desk.settings.now() - timedelta(days=1))
    with desk.incidents() as reader:
        return any(
            (incident.closed_at is None or incident.closed_at >= since)
            and reader.counts(incident.number, *me).entries
            for incident in reader.incidents(LATELY)
        )


def _mine(desk: Desk, identity: Identity) -> list[Mine]:
    me = identity.practice, identity.practitioner
    found: list[Mine] = []
    with desk.incidents() as reader:
        for incident in reader.incidents(INCIDENTS):
            counts = reader.counts(incident.number, *me)
            if counts.entries:
                rows = reader.discrepancies(incident.number, *me, -1, LISTED)
                found.append(Mine(incident, counts, _lines(desk, identity, rows)))
    return found


def _lines(desk: Desk, identity: Identity, rows: Sequence[Discrepancy]) -> list[Line]:
    """The newest entry of each encounter; those about no encounter each by itself."""
    newest = {one.encounter or one.entry: one for one in rows}
    return [_line(desk, identity, one) for one in newest.values()]


def _line(desk: Desk, identity: Identity, one: Discrepancy) -> Line:
    encounter = desk.reader.encounter(identity.practice, one.encounter or "")
    if encounter is None:
        return Line(one, "", "", "")
    patient = desk.reader.patient(identity.practice, encounter.patient)
    name = "" if patient is None else f"{patient.name} {patient.first_names}".strip()
    return Line(one, encounter.patient, name, encounter.started_at)
