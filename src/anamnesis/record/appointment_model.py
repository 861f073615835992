"""What a reader gets of appointments."""

import msgspec

from anamnesis.clinical.composition import Status


class Appointment(msgspec.Struct, frozen=True):
    """An appointment where it is now, with the status that was set last.

    `version` counts its booking and its moves; `overlap` says that a double booking is meant.
    """

    appointment: str
    patient: str
    practitioner: str
    starts_at: str
    minutes: int
    reason: str
    status: str
    type: str | None
    version: int
    overlap: bool


class AppointmentRow(msgspec.Struct, frozen=True):
    """An appointment on a day's list; `encounter` is the one that was started for it, if any."""

    appointment: str
    patient: str
    patient_name: str
    birth_date: str
    practitioner: str
    practitioner_name: str
    starts_at: str
    minutes: int
    reason: str
    status: str
    encounter: str | None
    note_status: Status | None
    type: str | None
    version: int
    overlap: bool
