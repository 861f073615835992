"""What a reader of the record gets. Nothing here is stored in this form: see rows.py.

Instants are RFC 3339 texts in UTC with milliseconds, days `YYYY-MM-DD`, digests 64 hexadecimal
digits. `position` is the place in the journal of the entry that made the thing.
"""

from typing import Generic, TypeVar

import msgspec

from anamnesis.clinical.composition import Status
from anamnesis.record.appointment_model import Appointment, AppointmentRow
from anamnesis.record.note_model import (
    Divergence,
    DivergenceReason,
    Note,
    NoteVersion,
    Signature,
    TypedText,
)
from anamnesis.record.resource_model import Colleague, Issue, Resource, Share

__all__ = [
    "Appointment",
    "AppointmentRow",
    "Change",
    "Colleague",
    "Divergence",
    "DivergenceReason",
    "Encounter",
    "EncounterRow",
    "Issue",
    "Note",
    "NoteVersion",
    "Observation",
    "Outstanding",
    "Page",
    "Patient",
    "PatientRow",
    "Practice",
    "Practitioner",
    "Provenance",
    "ReadBack",
    "Resource",
    "Retirement",
    "Share",
    "Signature",
    "Touched",
    "TypedText",
    "display_name",
]

Row = TypeVar("Row")


class Page(msgspec.Struct, Generic[Row], frozen=True):
    """Some rows of a longer list; `next` asks for those that follow, None at the end."""

    rows: list[Row]
    next: str | None


class Practice(msgspec.Struct, frozen=True):
    """A practice (cabinet): the tenant that everything belongs to."""

    practice: str
    name: str
    address: str
    telephone: str


class Practitioner(msgspec.Struct, frozen=True):
    """Somebody who writes in the record. `name` is title, given and family name in one line."""

    practitioner: str
    practice: str
    family: str
    given: str
    title: str
    specialty: str
    rpps: str

    @property
    def name(self) -> str:
        """How a screen names the practitioner."""
        return display_name(self.title, self.given, self.family)


class Patient(msgspec.Struct, frozen=True):
    """A patient's identity as it is now; every amendment makes a new `version`, from 1."""

    patient: str
    practice: str
    version: int
    birth_name: str
    used_name: str
    first_names: str
    birth_date: str
    sex: str
    birth_place: str
    telephone: str
    address: str
    recorded_at: str

    @property
    def name(self) -> str:
        """The family name a practice calls the patient by."""
        return self.used_name or self.birth_name


class PatientRow(msgspec.Struct, frozen=True):
    """A patient in a list."""

    patient: str
    birth_name: str
    used_name: str
    first_names: str
    birth_date: str
    sex: str
    telephone: str

    @property
    def name(self) -> str:
        """The family name a practice calls the patient by."""
        return self.used_name or self.birth_name


class Encounter(msgspec.Struct, frozen=True):
    """An encounter (consultation); what was written in it is its note."""

    encounter: str
    practice: str
    patient: str
    author: str
    author_name: str
    started_at: str
    closed_at: str | None
    appointment: str | None
    status: Status
    version: int


class EncounterRow(msgspec.Struct, frozen=True):
    """An encounter in a list. `motif` and `conclusion` are the first lines of these sections."""

    encounter: str
    patient: str
    patient_name: str
    started_at: str
    closed_at: str | None
    author: str
    author_name: str
    status: Status
    version: int
    signed_version: int | None
    motif: str
    conclusion: str
    divergences: int


class Observation(msgspec.Struct, frozen=True):
    """One measured value, as typed; `in_error` is the reason once it was entered in error."""

    observation: str
    patient: str
    encounter: str | None
    code: str
    value: str
    unit: str
    effective_at: str
    author: str
    author_name: str
    in_error: str | None


class Provenance(msgspec.Struct, frozen=True):
    """Where one applied entry comes from; `version` is that of what it made, `digest` its own."""

    entry: str
    kind: str
    practice: str
    author: str
    author_name: str
    patient: str | None
    encounter: str | None
    position: int
    device: str
    sequence: int
    build: str
    features: tuple[str, ...]
    typed_at: str
    received_at: str
    session: str
    version: int
    digest: str


class Outstanding(msgspec.Struct, frozen=True):
    """A journaled entry that the record could not take; outstanding.py explains each code.

    `failure` is the name of an exception's type, for `fold-failed` only.
    """

    entry: str
    kind: str
    practice: str
    position: int
    code: str
    failure: str | None
    author: str
    patient: str | None
    encounter: str | None
    device: str
    typed_at: str
    received_at: str


class Retirement(msgspec.Struct, frozen=True):
    """An outbox that said it lost entries; `missing` is inclusive ranges of sequences."""

    device: str
    author: str
    last_sequence: int
    missing: tuple[tuple[int, int], ...]
    received_at: str


class ReadBack(msgspec.Struct, frozen=True):
    """What the record holds of one applied entry, computed from its columns as read.

    `digest` is of what the entry made: for note text the text of `version` (which is the version
    it found when the text was kept aside), otherwise the entry's content put together again.
    `typed_digest` is of what was typed. `note_version` and `note_digest` are those of the note as
    it is now, for note text only. `misfiled`: its row names another practice, patient, encounter,
    author or number than the entry, or a digest that is not of its text.
    """

    entry: str
    kind: str
    position: int
    version: int
    digest: str
    typed_digest: str
    encounter: str | None
    note_version: int | None
    note_digest: str | None
    misfiled: bool = False


class Change(msgspec.Struct, frozen=True):
    """What applying one entry changed.

    `outstanding_code` is set when the record could not take it. `resource` is the one it wrote.
    """

    position: int
    entry: str
    kind: str
    practice: str
    author: str
    device: str
    encounter: str | None
    version: int
    diverged: bool
    outstanding_code: str | None
    patient: str | None = None
    resource: str | None = None


class Touched(msgspec.Struct, frozen=True):
    """A note some row of which was written; `change` counts such writings, the last one counts.

    The others say what the note is in the same moment of the record: the entry its text is of, its
    version, and the digest of that text as it was read. None where the rows contradict one another.
    """

    change: int
    practice: str
    encounter: str
    position: int | None = None
    version: int | None = None
    digest: str | None = None


def display_name(title: str, given: str, family: str) -> str:
    """A person's name in one line, without what is unknown."""
    return " ".join(part for part in (title, given, family) if part)
