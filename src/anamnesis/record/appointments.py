"""How appointments are booked, moved and ended, and when two of them collide."""

from datetime import datetime, timedelta

from msgspec.structs import replace

from anamnesis.clinical.appointment import VACANT, Booked, Moved, StatusSet
from anamnesis.journal.entry import JournaledEntry
from anamnesis.record.appointment_rows import KeptAppointment, KeptMove, KeptSlot, KeptStatus
from anamnesis.record.effect import Effect
from anamnesis.record.outstanding import NotTaken
from anamnesis.record.people import must_exist
from anamnesis.record.rows import KeptPractitioner
from anamnesis.record.store import RecordView
from anamnesis.seams import instant

YEAR_MIN, YEAR_MAX = 1900, 2999  # what a calendar can count on from


def book_appointment(journaled: JournaledEntry, content: Booked, view: RecordView) -> Effect:
    """An appointment of a patient with a practitioner of this practice, where nobody else is."""
    entry = journaled.entry
    patient = must_exist(journaled, view)
    slot = placed(content, entry.practice, entry.id, patient, journaled.position)
    _check_free(slot, view)
    row = KeptAppointment(
        journaled.position,
        entry.practice,
        entry.id,
        patient,
        content.practitioner,
        content.starts_at,
        content.minutes,
        content.reason,
        content.type,
        int(content.overlap),
    )
    return Effect((row, slot))


def move_appointment(journaled: JournaledEntry, content: Moved, view: RecordView) -> Effect:
    """Another time or practitioner; whoever looked at an older one has to look again."""
    slot = _slot(journaled, content.appointment, view)
    if content.version != slot.version:
        raise NotTaken("appointment-changed")
    moved = replace(
        placed(content, slot.practice, slot.appointment, slot.patient, slot.position),
        version=slot.version + 1,
        status=slot.status,
    )
    _check_free(moved, view)
    row = KeptMove(
        journaled.position,
        slot.practice,
        slot.appointment,
        content.version,
        content.practitioner,
        content.starts_at,
        content.minutes,
        int(content.overlap),
    )
    return Effect((row, moved), moved.version)


def set_status(journaled: JournaledEntry, content: StatusSet, view: RecordView) -> Effect:
    """What became of an appointment; the last word stands."""
    slot = _slot(journaled, content.appointment, view)
    earlier = view.find(KeptStatus, practice=slot.practice, appointment=slot.appointment)
    row = KeptStatus(journaled.position, slot.practice, slot.appointment, content.status)
    return Effect((row, replace(slot, status=content.status)), len(earlier) + 2)


def _slot(journaled: JournaledEntry, appointment: str, view: RecordView) -> KeptSlot:
    slot = view.get(KeptSlot, journaled.entry.practice, appointment)
    if slot is None:
        raise NotTaken("appointment-unknown")
    if slot.patient != journaled.entry.patient:
        raise NotTaken("patient-mismatch")
    return slot


def placed(
    content: Booked | Moved | KeptAppointment | KeptMove,
    practice: str,
    appointment: str,
    patient: str,
    position: int,
) -> KeptSlot:
    """Where the appointment is after this entry, as if it were just booked."""
    starts = datetime.fromisoformat(content.starts_at)
    if not YEAR_MIN <= starts.year <= YEAR_MAX:
        raise NotTaken("content-refused")
    return KeptSlot(
        practice=practice,
        appointment=appointment,
        patient=patient,
        practitioner=content.practitioner,
        day=starts.date().isoformat(),
        starts_at=content.starts_at,
        ends_at=instant(starts + timedelta(minutes=content.minutes)),
        minutes=content.minutes,
        status="booked",
        version=1,
        overlap=int(content.overlap),
        position=position,
    )


def _check_free(slot: KeptSlot, view: RecordView) -> None:
    """Raises NotTaken unless the practitioner is of this practice and has this time free."""
    where = {"practice": slot.practice, "practitioner": slot.practitioner}
    if not view.find(KeptPractitioner, **where):
        raise NotTaken("practitioner-unknown")
    if slot.overlap or slot.status in VACANT:
        return
    today = datetime.fromisoformat(slot.day)
    # No appointment is longer than a day: the day before, this one and the next hold them all.
    days = [(today + timedelta(days=step)).date().isoformat() for step in (-1, 0, 1)]
    for day in days:
        for other in view.find(KeptSlot, **where, day=day):
            if other.appointment == slot.appointment or other.status in VACANT:
                continue
            if other.starts_at < slot.ends_at and slot.starts_at < other.ends_at:
                raise NotTaken("appointment-overlaps")
