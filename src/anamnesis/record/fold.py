"""Applies journaled entries to the record. The same entries always give the same record.

Each entry is decided first, from what the record says, and written after: a rule that does not
take it leaves nothing behind but its place on the list of outstanding entries.
"""

from collections.abc import Sequence
from typing import Final

from anamnesis.clinical.composition import NOTE_TEXT_KINDS
from anamnesis.clinical.kinds import KINDS, read_content
from anamnesis.clinical.refusal import ContentRefused
from anamnesis.clinical.resources import WRITTEN_WHOLE
from anamnesis.journal.entry import JournaledEntry
from anamnesis.record import appointments, documents, encounters, notes, people, resources
from anamnesis.record.effect import Effect, Rule
from anamnesis.record.outstanding import ERASED, FOLD_FAILED, NotTaken
from anamnesis.record.rows import KeptEntry
from anamnesis.record.store import RecordAhead, RecordTransaction, RecordView

FOLD_EDITION: Final = 4
"""Raise it when the same entries give another record than before: every record is made again."""

RULES: Final[dict[str, Rule]] = {
    "practice.create": people.create_practice,
    "practitioner.create": people.create_practitioner,
    "patient.create": people.create_patient,
    "patient.amend": people.amend_patient,
    "encounter.start": encounters.start_encounter,
    "encounter.close": encounters.close_encounter,
    **dict.fromkeys(sorted(NOTE_TEXT_KINDS), notes.take_text),
    "note.sign": notes.sign,
    "note.resolve": notes.resolve,
    "note.enter-in-error": notes.enter_in_error,
    "observation.record": encounters.record_observation,
    "observation.enter-in-error": encounters.observation_in_error,
    "appointment.book": appointments.book_appointment,
    "appointment.move": appointments.move_appointment,
    "appointment.set-status": appointments.set_status,
    **{f"{type}.write": resources.write for type in WRITTEN_WHOLE},
    "document.write": documents.write,
    "document.issue": documents.issue,
    "document.share": documents.share,
    "share.revoke": documents.revoke,
    "file.part": documents.take_part,
    "resource.enter-in-error": resources.enter_in_error,
    "resource.retire": resources.retire,
    "device.retire": encounters.retire_device,
}


def apply(batch: Sequence[JournaledEntry], transaction: RecordTransaction) -> None:
    """Folds the entries and moves the number applied, all in this one transaction.

    Raises RecordAhead unless they follow those applied, and whatever a fault raises.
    """
    applied = transaction.applied()
    for journaled in batch:
        if journaled.position != applied:
            raise RecordAhead(
                f"The record has {applied} entries and is given position {journaled.position}."
            )
        apply_one(journaled, transaction)
        applied += 1
    transaction.advance(applied)


def apply_failed(
    journaled: JournaledEntry, failure: Exception, transaction: RecordTransaction
) -> None:
    """Lists an entry that a fault of this program keeps out, so that those after it go on."""
    if transaction.applied() != journaled.position:
        raise RecordAhead("The entry that failed is not the next one.")
    try:
        effect = _kept_text(journaled)
    except Exception:  # noqa: BLE001 -- whatever is wrong with it, the entry must be listed
        effect = Effect((), 0)
    _write(journaled, effect, transaction, FOLD_FAILED, type(failure).__name__)
    transaction.advance(journaled.position + 1)


def decide(journaled: JournaledEntry, view: RecordView) -> Effect:
    """What this entry does to the record that `view` shows. Raises NotTaken."""
    entry = journaled.entry
    if entry.kind not in KINDS:
        raise NotTaken("unknown-kind")
    if entry.erased_by is not None:
        raise NotTaken(ERASED)
    try:
        content = read_content(entry.kind, entry.content)
    except ContentRefused:
        raise NotTaken("content-refused") from None
    return RULES[entry.kind](journaled, content, view)


def apply_one(journaled: JournaledEntry, transaction: RecordTransaction) -> None:
    """Folds one entry and does not move the number applied; raises whatever a fault raises."""
    try:
        effect = decide(journaled, transaction)
    except NotTaken as reason:
        _write(journaled, _kept_text(journaled), transaction, reason.code, None)
    else:
        _write(journaled, effect, transaction, None, None)


def _kept_text(journaled: JournaledEntry) -> Effect:
    """What is kept of an entry that is not taken: the text typed in it, if that can be read."""
    entry = journaled.entry
    if entry.kind not in NOTE_TEXT_KINDS:
        return Effect((), 0)
    try:
        content = read_content(entry.kind, entry.content)
    except ContentRefused:
        return Effect((), 0)
    return Effect((notes.typed_text(journaled, content.sections),), 0)


def entry_row(
    journaled: JournaledEntry, effect: Effect, code: str | None, failure: str | None
) -> KeptEntry:
    """What is kept of every entry, whatever became of it."""
    entry = journaled.entry
    return KeptEntry(
        position=journaled.position,
        entry=entry.id,
        kind=entry.kind,
        practice=entry.practice,
        author=entry.author,
        patient=entry.patient,
        encounter=entry.encounter,
        device=entry.device,
        sequence=entry.sequence,
        base=entry.base,
        build=entry.build,
        features=" ".join(entry.features),
        typed_at=entry.typed_at,
        received_at=journaled.received_at,
        session=journaled.session,
        digest=entry.digest,
        version=effect.version,
        diverged=int(effect.diverged),
        code=code,
        failure=failure,
    )


def _write(
    journaled: JournaledEntry,
    effect: Effect,
    transaction: RecordTransaction,
    code: str | None,
    failure: str | None,
) -> None:
    transaction.put(entry_row(journaled, effect, code, failure))
    for row in effect.removed:
        transaction.remove(row)
    for row in effect.rows:
        transaction.put(row)
