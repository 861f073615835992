"""Records that need not be kept any more, or soon: shown with the rule, and nothing else."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from litestar import Request, Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromQuery

from anamnesis.clinical.retention import Due, falls_due
from anamnesis.clinical.shapes import is_day
from anamnesis.record.model import Patient, PatientRow
from anamnesis.record.store import RecordReader
from anamnesis.web.desk import Desk

PATIENTS: Final = 500
"""Looked at for one page; those of whom something falls due are listed."""
SOON: Final = timedelta(days=365)
"""Due so soon, a record is listed already."""
CARE_TYPES: Final = ("document", "immunization")
"""What stands in a record and says, like encounters and measurements, that there was care."""


@dataclass(frozen=True, slots=True)
class DueRow:
    """A patient, the last sign of care, and from when on the record need not be kept."""

    patient: PatientRow | Patient
    last_care: date
    due: Due


def routes(desk: Desk) -> list[HTTPRouteHandler]:
    """`/retention`; `?after=` looks at the next patients, in the order of their names."""

    @get("/retention", sync_to_thread=True)
    def retention(
        request: Request[Any, Any, Any], after: FromQuery[str | None] = None
    ) -> Response[str]:
        identity = desk.signed_in(request)
        page = desk.reader.patients(identity.practice, "", PATIENTS, after)
        rows = [due_of(desk.reader, identity.practice, one) for one in page.rows]
        today = desk.today()
        due = [one for one in rows if one is not None and one.due.day <= today + SOON]
        return desk.page(
            request,
            "retention.html",
            identity,
            rows=sorted(due, key=lambda one: one.due.day),
            looked=len(page.rows),
            next=page.next,
            today=today,
        )

    return [retention]


def due_of(reader: RecordReader, practice: str, patient: PatientRow | Patient) -> DueRow | None:
    """When a patient's record falls due; None where there never was care."""
    care = last_care(reader, practice, patient.patient)
    if care is None:
        return None
    born = date.fromisoformat(patient.birth_date) if is_day(patient.birth_date) else None
    return DueRow(patient, care, falls_due(care, born))


def last_care(reader: RecordReader, practice: str, patient: str) -> date | None:
    """The day of the last sign that there was care; None where there never was one."""
    found = [one.started_at for one in reader.encounters(practice, patient, 1).rows]
    found += [one.effective_at for one in reader.observations(practice, patient)]
    kept = reader.resources(practice, patient)
    found += [one.typed_at for one in kept if one.type in CARE_TYPES]
    return date.fromisoformat(max(found)[:10]) if found else None
