"""What several entries add up to, told from the rows they made: a row that says otherwise is wrong.

Notes are folded again instead (refold.py): what they say depends on the order of their entries.
"""

from collections.abc import Callable
from typing import Final

from msgspec.structs import replace

from anamnesis.clinical.patient import Traits, search_words, sort_name
from anamnesis.record.appointment_rows import KeptAppointment, KeptMove, KeptSlot, KeptStatus
from anamnesis.record.appointments import placed
from anamnesis.record.note_rows import KeptSignature
from anamnesis.record.resource_rows import (
    KeptResource,
    KeptResourceVersion,
    KeptResourceWithdrawal,
)
from anamnesis.record.row import Kept, Made
from anamnesis.record.rows import (
    KeptEntry,
    KeptIdentity,
    KeptObservation,
    KeptPatient,
    KeptWord,
)
from anamnesis.record.store import RecordView


def patient_stands(view: RecordView, practice: str, patient: str) -> bool:
    """Whether the patient is listed under the newest identity, and found by each word of it."""
    rows = view.find(KeptIdentity, practice=practice, patient=patient)
    shown = view.get(KeptPatient, practice, patient)
    if not rows:
        return shown is None
    newest = max(rows, key=lambda row: row.position)
    traits = Traits(**newest.content())
    due = KeptPatient(
        practice, patient, len(rows), newest.position, sort_name(traits), traits.birth_date
    )
    words = search_words(traits)
    return shown == due and all(view.get(KeptWord, practice, word, patient) for word in words)


def word_stands(view: RecordView, practice: str, word: str, patient: str) -> bool:
    """Whether the patient's newest identity has this word."""
    rows = view.find(KeptIdentity, practice=practice, patient=patient)
    if not rows:
        return False
    newest = max(rows, key=lambda row: row.position)
    return word in search_words(Traits(**newest.content()))


def resource_stands(view: RecordView, practice: str, resource: str) -> bool:
    """Whether the newest version is the one shown, and withdrawn only where an entry says so."""
    where = {"practice": practice, "resource": resource}
    versions = view.find(KeptResourceVersion, **where)
    shown = view.get(KeptResource, practice, resource)
    if not versions:
        return shown is None
    first, newest = versions[0], versions[-1]
    after = [
        row for row in view.find(KeptResourceWithdrawal, **where) if row.position > newest.position
    ]
    due = KeptResource(
        practice=practice,
        resource=resource,
        type=first.type,
        patient=first.patient,
        version=len(versions),
        position=newest.position,
        first=first.position,
        withdrawn=(after[-1].reason or "") if after else None,
    )
    return shown == due and newest.version == len(versions)


def slot_stands(view: RecordView, practice: str, appointment: str) -> bool:
    """Whether the appointment stands where it was booked or moved to, with its last status."""
    where = {"practice": practice, "appointment": appointment}
    booked = view.find(KeptAppointment, **where)
    shown = view.get(KeptSlot, practice, appointment)
    if not booked:
        return shown is None
    moves, statuses = view.find(KeptMove, **where), view.find(KeptStatus, **where)
    latest = moves[-1] if moves else booked[0]
    due = placed(latest, practice, appointment, booked[0].patient, booked[0].position)
    status = statuses[-1].status if statuses else "booked"
    return shown == replace(due, version=1 + len(moves), status=status)


DERIVED: Final[dict[type[Kept], Callable[[RecordView, str, str], bool]]] = {
    KeptPatient: patient_stands,
    KeptResource: resource_stands,
    KeptSlot: slot_stands,
}
"""For each derived table with one row for a subject: whether the row is right."""


def belongs(made: Made, entry: KeptEntry) -> bool:
    """Whether a row is filed under what its entry is about: practice, patient, encounter, number.

    The entry's content, which is compared by its digest, does not have these.
    """
    filed = all(
        getattr(made, name) == getattr(entry, name) for name in _FILED if hasattr(made, name)
    )
    match made:
        case KeptObservation():
            return filed and made.observation == entry.entry
        case KeptAppointment():
            return filed and made.appointment == entry.entry
        case KeptResourceVersion():
            return filed and (f"{made.type}.write", made.version) == (entry.kind, entry.version)
        case KeptIdentity() | KeptSignature():
            return filed and made.version == entry.version
        case _:
            return filed


_FILED: Final = ("practice", "author", "patient", "encounter")
