"""Appointments: the agenda's days, a patient's, and one."""

from datetime import date
from typing import Annotated, Final

import msgspec
from litestar.handlers import HTTPRouteHandler
from litestar.params import PathParameter, QueryParameter

from anamnesis.clinical.appointment import AppointmentStatus
from anamnesis.clinical.composition import Status
from anamnesis.web.api.questions import (
    DAY,
    UUID,
    Asking,
    Id,
    Instant,
    Page,
    PatientId,
    Version,
    every,
    question,
    shown,
)
from anamnesis.web.api.refusals import ApiRefused, malformed
from anamnesis.web.desk import Desk

TAG: Final = "Agenda"
DAYS_MAX: Final = 42  # six weeks, what a month's page shows at most
YEAR_MIN, YEAR_MAX = 1900, 2999  # as far as appointments are taken


class Appointment(msgspec.Struct, frozen=True):
    """An appointment where it is now; `version` is what `appointment.move` names."""

    appointment: Id
    patient: Id
    practitioner: Id
    starts_at: Instant
    minutes: int
    reason: str
    status: AppointmentStatus
    type: Id | None
    version: Version
    overlap: bool


class AppointmentRow(Appointment, frozen=True):
    """An appointment in a list; `encounter` is the one that was started for it, if any."""

    patient_name: str
    birth_date: str
    practitioner_name: str
    encounter: Id | None
    note_status: Status | None


def routes(desk: Desk) -> list[HTTPRouteHandler]:
    """`/agenda`, `/patients/{id}/appointments`, `/appointments/{id}`."""

    @question("/agenda", TAG, "The agenda")
    def agenda(
        request: Asking,
        practitioner: Annotated[
            str | None,
            QueryParameter(pattern=UUID, description="Only this practitioner's."),
        ] = None,
        first_day: Annotated[
            str | None,
            QueryParameter(
                pattern=DAY,
                format="date",
                description="`YYYY-MM-DD` where the practice is; today when left out.",
            ),
        ] = None,
        days: Annotated[int, QueryParameter(ge=1, le=DAYS_MAX, description="How many days.")] = 1,
    ) -> Page[AppointmentRow]:
        """The practice's appointments of some days, in order of time."""
        identity = desk.signed_in(request)
        first = desk.today() if first_day is None else _day(first_day)
        if not YEAR_MIN <= first.year <= YEAR_MAX:
            return Page([], None)
        found = desk.reader.agenda(
            identity.practice, practitioner, first.isoformat(), days, desk.settings.zone
        )
        return every(found, AppointmentRow)

    @question(
        "/patients/{patient:str}/appointments",
        TAG,
        "A patient’s appointments",
        ["patient-unknown"],
    )
    def patient_appointments(request: Asking, patient: PatientId) -> Page[AppointmentRow]:
        """Past and to come, cancelled ones too, in order of time."""
        practice = desk.signed_in(request).practice
        if desk.reader.patient(practice, patient) is None:
            raise ApiRefused("patient-unknown")
        return every(desk.reader.appointments_of(practice, patient), AppointmentRow)

    @question("/appointments/{appointment:str}", TAG, "An appointment", ["appointment-unknown"])
    def appointment(
        request: Asking,
        appointment: Annotated[
            str, PathParameter(pattern=UUID, description="The id of the entry that booked it.")
        ],
    ) -> Appointment:
        """Where it is now, with the status that was set last."""
        found = desk.reader.appointment(desk.signed_in(request).practice, appointment)
        if found is None:
            raise ApiRefused("appointment-unknown")
        return shown(found, Appointment)

    return [agenda, patient_appointments, appointment]


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise malformed("first_day") from None
