"""Reading appointments: a day's list, an agenda's days, a patient's."""

from collections.abc import Callable
from typing import cast

from anamnesis.clinical.composition import Status
from anamnesis.record.appointment_model import Appointment, AppointmentRow
from anamnesis.record.appointment_rows import KeptAppointment, KeptSlot
from anamnesis.record.model import PatientRow
from anamnesis.record.naming import names_of, patient_name, patients_of
from anamnesis.record.reading_lists import note_of
from anamnesis.record.source import Open, Source
from anamnesis.record.store import ZONE, RecordDamaged

_Names = Callable[[str], str]
_Patients = Callable[[str], PatientRow | None]


class AppointmentReading:
    """Questions about appointments."""

    def __init__(self, opened: Open) -> None:
        self._open = opened

    def day(
        self, practice: str, practitioner: str | None, date: str, zone: str = ZONE
    ) -> list[AppointmentRow]:
        """The appointments of one day, in order of time."""
        return self.agenda(practice, practitioner, date, 1, zone)

    def agenda(
        self,
        practice: str,
        practitioner: str | None,
        first_day: str,
        days: int,
        zone: str = ZONE,
    ) -> list[AppointmentRow]:
        """The appointments of some days, in order of time."""
        with self._open() as source:
            slots = source.slots_on(practice, first_day, days, zone)
            wanted = [one for one in slots if practitioner in (None, one.practitioner)]
            return _rows(source, practice, wanted)

    def appointments_of(self, practice: str, patient: str) -> list[AppointmentRow]:
        """A patient's appointments, in order of time, cancelled ones too."""
        with self._open() as source:
            slots = source.find(KeptSlot, practice=practice, patient=patient)
            slots.sort(key=lambda slot: (slot.starts_at, slot.position))
            return _rows(source, practice, slots)

    def encounter_for(self, practice: str, appointment: str) -> str | None:
        """The first encounter that was started for an appointment."""
        with self._open() as source:
            started = source.encounter_for(practice, appointment)
            return None if started is None else started.encounter

    def appointment(self, practice: str, appointment: str) -> Appointment | None:
        """One appointment."""
        with self._open() as source:
            slot = source.get(KeptSlot, practice, appointment)
            if slot is None:
                return None
            booked = _booked(source, slot)
            return Appointment(
                appointment=slot.appointment,
                patient=slot.patient,
                practitioner=slot.practitioner,
                starts_at=slot.starts_at,
                minutes=slot.minutes,
                reason=booked.reason,
                status=slot.status,
                type=booked.type,
                version=slot.version,
                overlap=bool(slot.overlap),
            )


def _booked(source: Source, slot: KeptSlot) -> KeptAppointment:
    booked = source.get(KeptAppointment, slot.position)
    if booked is None:
        raise RecordDamaged("An appointment has a place and no booking.")
    return booked


def _rows(source: Source, practice: str, slots: list[KeptSlot]) -> list[AppointmentRow]:
    names, patients = names_of(source, practice), patients_of(source, practice)
    return [_row(source, slot, names, patients) for slot in slots]


def _row(source: Source, slot: KeptSlot, names: _Names, patients: _Patients) -> AppointmentRow:
    booked, patient = _booked(source, slot), patients(slot.patient)
    started = source.encounter_for(slot.practice, slot.appointment)
    note = None if started is None else note_of(source, started)
    return AppointmentRow(
        appointment=slot.appointment,
        patient=slot.patient,
        patient_name=patient_name(patient),
        birth_date="" if patient is None else patient.birth_date,
        practitioner=slot.practitioner,
        practitioner_name=names(slot.practitioner),
        starts_at=slot.starts_at,
        minutes=slot.minutes,
        reason=booked.reason,
        status=slot.status,
        encounter=None if started is None else started.encounter,
        note_status=None if note is None else cast("Status", note.status),
        type=booked.type,
        version=slot.version,
        overlap=bool(slot.overlap),
    )
