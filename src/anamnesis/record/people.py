"""How practices, practitioners and patients come into the record, and what patients become."""

from anamnesis.clinical.kinds import PracticeCreated, PractitionerCreated
from anamnesis.clinical.patient import Traits, search_words, sort_name
from anamnesis.journal.entry import JournaledEntry
from anamnesis.record.effect import Effect
from anamnesis.record.outstanding import NotTaken
from anamnesis.record.row import Kept
from anamnesis.record.rows import (
    KeptIdentity,
    KeptPatient,
    KeptPractice,
    KeptPractitioner,
    KeptWord,
)
from anamnesis.record.store import RecordView


def create_practice(
    journaled: JournaledEntry, content: PracticeCreated, view: RecordView
) -> Effect:
    """A practice begins with its own entry, once."""
    practice = journaled.entry.practice
    if content.id != practice:
        raise NotTaken("practice-mismatch")
    if view.find(KeptPractice, practice=practice):
        raise NotTaken("practice-exists")
    row = KeptPractice(
        journaled.position, practice, content.name, content.address, content.telephone
    )
    return Effect((row,))


def create_practitioner(
    journaled: JournaledEntry, content: PractitionerCreated, view: RecordView
) -> Effect:
    """A practitioner joins a practice, once."""
    practice = journaled.entry.practice
    if view.find(KeptPractitioner, practice=practice, practitioner=content.id):
        raise NotTaken("practitioner-exists")
    row = KeptPractitioner(
        journaled.position,
        practice,
        content.id,
        content.family,
        content.given,
        content.title,
        content.specialty,
        content.rpps,
    )
    return Effect((row,))


def create_patient(journaled: JournaledEntry, content: Traits, view: RecordView) -> Effect:
    """A patient's first identity."""
    if _current(journaled, view) is not None:
        raise NotTaken("patient-exists")
    rows = _identity(journaled, content, 1)
    return Effect((*rows, *_words(journaled, content)))


def amend_patient(journaled: JournaledEntry, content: Traits, view: RecordView) -> Effect:
    """A further identity; the earlier ones stay readable, and the last one is searched."""
    current = _current(journaled, view)
    if current is None:
        raise NotTaken("patient-unknown")
    version = current.version + 1
    before = view.get(KeptIdentity, current.position)
    old = set(_words(journaled, _traits(before))) if before is not None else set()
    new = _words(journaled, content)
    added = tuple(word for word in new if word not in old)
    removed = tuple(sorted(old - set(new), key=lambda row: row.word))
    return Effect((*_identity(journaled, content, version), *added), version, removed)


def must_exist(journaled: JournaledEntry, view: RecordView) -> str:
    """The entry's patient; raises NotTaken `patient-unknown` unless this practice has it."""
    current = _current(journaled, view)
    if current is None:
        raise NotTaken("patient-unknown")
    return current.patient


def _current(journaled: JournaledEntry, view: RecordView) -> KeptPatient | None:
    return view.get(KeptPatient, journaled.entry.practice, journaled.entry.patient)


def _identity(journaled: JournaledEntry, traits: Traits, version: int) -> tuple[Kept, ...]:
    practice, patient = journaled.entry.practice, journaled.entry.patient or ""
    position = journaled.position
    columns = {name: getattr(traits, name) for name in KeptIdentity.COLUMNS}
    return (
        KeptIdentity(
            position=position, practice=practice, patient=patient, version=version, **columns
        ),
        KeptPatient(practice, patient, version, position, sort_name(traits), traits.birth_date),
    )


def _traits(row: KeptIdentity) -> Traits:
    return Traits(**row.content())


def _words(journaled: JournaledEntry, traits: Traits) -> tuple[KeptWord, ...]:
    practice, patient = journaled.entry.practice, journaled.entry.patient or ""
    return tuple(KeptWord(practice, word, patient) for word in sorted(search_words(traits)))
