"""How encounters start and close, what is measured, and which outbox was given up."""

import msgspec

from anamnesis.clinical.composition import awaits_signature
from anamnesis.clinical.encounter import Close, Start
from anamnesis.clinical.kinds import Observed, ObservedInError, Retired
from anamnesis.clinical.sections import BLANK_DIGEST
from anamnesis.journal.entry import JournaledEntry
from anamnesis.record.effect import Effect
from anamnesis.record.note_rows import KeptNote
from anamnesis.record.outstanding import NotTaken
from anamnesis.record.people import must_exist
from anamnesis.record.rows import (
    KeptClosing,
    KeptEncounter,
    KeptObservation,
    KeptObservationError,
    KeptRetirement,
)
from anamnesis.record.store import RecordView


def start_encounter(journaled: JournaledEntry, content: Start, view: RecordView) -> Effect:
    """An encounter begins, and with it a blank note. Its appointment need not be known."""
    entry = journaled.entry
    patient = must_exist(journaled, view)
    encounter = entry.encounter or ""
    if view.get(KeptNote, entry.practice, encounter) is not None:
        raise NotTaken("encounter-exists")
    started = KeptEncounter(
        journaled.position,
        entry.practice,
        encounter,
        patient,
        content.started_at,
        content.appointment,
    )
    note = KeptNote(
        practice=entry.practice,
        encounter=encounter,
        patient=patient,
        author=entry.author,
        status="draft",
        version=0,
        signed_version=None,
        digest=BLANK_DIGEST,
        position=None,
        awaiting=int(awaits_signature("draft", 0, None)),
    )
    return Effect((started, note))


def close_encounter(journaled: JournaledEntry, content: Close, view: RecordView) -> Effect:
    """The encounter is over; said again, the later word stands."""
    note = note_of(journaled, view)
    earlier = view.find(KeptClosing, practice=note.practice, encounter=note.encounter)
    row = KeptClosing(journaled.position, note.practice, note.encounter, content.closed_at)
    return Effect((row,), len(earlier) + 1)


def note_of(journaled: JournaledEntry, view: RecordView) -> KeptNote:
    """The note of the entry's encounter; raises NotTaken unless it is of the same patient."""
    entry = journaled.entry
    note = view.get(KeptNote, entry.practice, entry.encounter)
    if note is None:
        raise NotTaken("encounter-unknown")
    if note.patient != entry.patient:
        raise NotTaken("patient-mismatch")
    return note


def record_observation(journaled: JournaledEntry, content: Observed, view: RecordView) -> Effect:
    """A measured value, as typed, with or without an encounter."""
    entry = journaled.entry
    patient = must_exist(journaled, view)
    if entry.encounter is not None:
        note_of(journaled, view)
    row = KeptObservation(
        journaled.position,
        entry.practice,
        entry.id,
        patient,
        entry.encounter,
        content.code,
        content.value,
        content.unit,
        content.effective_at,
    )
    return Effect((row,))


def observation_in_error(
    journaled: JournaledEntry, content: ObservedInError, view: RecordView
) -> Effect:
    """A measured value is said to be wrong; it stays readable."""
    entry = journaled.entry
    found = view.find(KeptObservation, practice=entry.practice, observation=content.observation)
    if not found:
        raise NotTaken("observation-unknown")
    if found[0].patient != entry.patient:
        raise NotTaken("patient-mismatch")
    row = KeptObservationError(
        journaled.position, entry.practice, content.observation, content.reason
    )
    return Effect((row,))


def retire_device(journaled: JournaledEntry, content: Retired, view: RecordView) -> Effect:  # noqa: ARG001 -- a Rule
    """An outbox says that it lost entries (I6: a hole that somebody is told about)."""
    row = KeptRetirement(
        journaled.position,
        journaled.entry.practice,
        content.device,
        content.last_sequence,
        msgspec.json.encode(content.missing).decode(),
    )
    return Effect((row,))
