"""How resources are written, each time whole, and withdrawn. Every version stays readable."""

from typing import Any

from msgspec.structs import replace

from anamnesis.clinical.resources import (
    PATIENT_RESOURCES,
    PRACTICE_RESOURCES,
    ResourceInError,
    ResourceRetired,
)
from anamnesis.clinical.rights import RIGHTS_RESOURCES
from anamnesis.journal.entry import JournaledEntry
from anamnesis.record.effect import Effect
from anamnesis.record.encounters import note_of
from anamnesis.record.outstanding import NotTaken
from anamnesis.record.people import must_exist
from anamnesis.record.resource_rows import (
    KeptResource,
    KeptResourceVersion,
    KeptResourceWithdrawal,
)
from anamnesis.record.store import RecordView


def write(journaled: JournaledEntry, content: Any, view: RecordView) -> Effect:  # noqa: ANN401 -- each type has a struct of its own
    """The first version of a resource, or the next one; what was withdrawn stands again."""
    entry = journaled.entry
    type_ = entry.kind.removesuffix(".write")
    if entry.patient is not None and type_ not in RIGHTS_RESOURCES:  # which outlive the patient's
        must_exist(journaled, view)
    if entry.encounter is not None:
        note_of(journaled, view)
    current = view.get(KeptResource, entry.practice, content.id)
    if current is not None:
        if current.type != type_:
            raise NotTaken("resource-mismatch")
        if current.patient != entry.patient:
            raise NotTaken("patient-mismatch")
    version = 1 if current is None else current.version + 1
    kept = KeptResource(
        practice=entry.practice,
        resource=content.id,
        type=type_,
        patient=entry.patient,
        version=version,
        position=journaled.position,
        first=journaled.position if current is None else current.first,
        withdrawn=None,
    )
    row = KeptResourceVersion(
        position=journaled.position,
        practice=entry.practice,
        resource=content.id,
        type=type_,
        patient=entry.patient,
        encounter=entry.encounter,
        version=version,
        json=entry.content.decode(),
    )
    return Effect((row, kept), version)


def enter_in_error(journaled: JournaledEntry, content: ResourceInError, view: RecordView) -> Effect:
    """Something about a patient is said to be wrong; it stays readable, with the reason."""
    current = standing(journaled, content.resource, PATIENT_RESOURCES, view)
    return _withdrawn(journaled, current, content.reason)


def retire(journaled: JournaledEntry, content: ResourceRetired, view: RecordView) -> Effect:
    """Something of the practice's own is not wanted any more."""
    current = standing(journaled, content.resource, PRACTICE_RESOURCES, view)
    return _withdrawn(journaled, current, None)


def standing(
    journaled: JournaledEntry, resource: str, types: tuple[str, ...], view: RecordView
) -> KeptResource:
    """The resource that the entry names; raises NotTaken unless it is one of `types`."""
    current = view.get(KeptResource, journaled.entry.practice, resource)
    if current is None or current.type not in types:
        raise NotTaken("resource-unknown")
    if current.patient != journaled.entry.patient:
        raise NotTaken("patient-mismatch")
    return current


def _withdrawn(journaled: JournaledEntry, current: KeptResource, reason: str | None) -> Effect:
    row = KeptResourceWithdrawal(journaled.position, current.practice, current.resource, reason)
    return Effect((row, replace(current, withdrawn=reason or "")), current.version)
