"""The record's tables, one struct for each: what folding writes and every store keeps.

A table that `position` is the key of has one row for each entry of its kinds, from which the
entry's content can be put together again (`content`); such a row is never changed. The others
are what the latest entries add up to, and are replaced.
"""

from typing import Any, ClassVar, TypeAlias, TypeVar

import msgspec

from anamnesis.clinical.composition import NOTE_TEXT_KINDS
from anamnesis.clinical.sections import SECTIONS, Sections

Value: TypeAlias = "str | int | None"
Content: TypeAlias = dict[str, Any]


class Kept(msgspec.Struct, frozen=True):
    """A row. `KEY` names it; `LOOKUPS` are the columns that rows are also found by."""

    TABLE: ClassVar[str]
    KEY: ClassVar[tuple[str, ...]]
    LOOKUPS: ClassVar[tuple[tuple[str, ...], ...]] = ()


class Made(Kept, frozen=True):
    """A row that one entry made; `position` is that entry's."""

    KEY: ClassVar[tuple[str, ...]] = ("position",)

    position: int

    def content(self) -> Content:
        """The content of the entry that made this row, put together from the columns."""
        return {name: getattr(self, name) for name in self.COLUMNS}

    COLUMNS: ClassVar[tuple[str, ...]] = ()


Table = TypeVar("Table", bound=Kept)


class KeptEntry(Made, frozen=True):
    """Every entry applied so far, with its provenance (I7) and what became of it (I2).

    `code` is None if the record took it. `version` is that of what it made. `features` are joined
    with spaces, which none of them has. `failure` is an exception's type, for `fold-failed`.
    """

    TABLE = "entry"
    LOOKUPS = (("practice", "entry"),)

    entry: str
    kind: str
    practice: str
    author: str
    patient: str | None
    encounter: str | None
    device: str
    sequence: int
    base: str | None
    build: str
    features: str
    typed_at: str
    received_at: str
    session: str
    digest: str
    version: int
    diverged: int
    code: str | None
    failure: str | None


class KeptPractice(Made, frozen=True):
    """`practice.create`."""

    TABLE = "practice"
    LOOKUPS = (("practice",),)

    practice: str
    name: str
    address: str
    telephone: str

    def content(self) -> Content:
        """The content of the entry."""
        return {
            "id": self.practice,
            "name": self.name,
            "address": self.address,
            "telephone": self.telephone,
        }


class KeptPractitioner(Made, frozen=True):
    """`practitioner.create`."""

    TABLE = "practitioner"
    LOOKUPS = (("practice", "practitioner"), ("practice",))

    practice: str
    practitioner: str
    family: str
    given: str
    title: str
    specialty: str
    rpps: str

    def content(self) -> Content:
        """The content of the entry."""
        names = ("family", "given", "title", "specialty", "rpps")
        return {"id": self.practitioner} | {name: getattr(self, name) for name in names}


class KeptIdentity(Made, frozen=True):
    """`patient.create` and `patient.amend`: one version of a patient's identity."""

    TABLE = "patient_identity"
    LOOKUPS = (("practice", "patient"),)
    COLUMNS = (
        "birth_name",
        "used_name",
        "first_names",
        "birth_date",
        "sex",
        "birth_place",
        "telephone",
        "address",
    )

    practice: str
    patient: str
    version: int
    birth_name: str
    used_name: str
    first_names: str
    birth_date: str
    sex: str
    birth_place: str
    telephone: str
    address: str


class KeptPatient(Kept, frozen=True):
    """Which identity of a patient is the current one, and what a list is sorted by."""

    TABLE = "patient"
    KEY = ("practice", "patient")

    practice: str
    patient: str
    version: int
    position: int
    sort_name: str
    birth_date: str


class KeptWord(Kept, frozen=True):
    """A folded word by whose beginning a patient is found."""

    TABLE = "patient_word"
    KEY = ("practice", "word", "patient")

    practice: str
    word: str
    patient: str


class KeptEncounter(Made, frozen=True):
    """`encounter.start`."""

    TABLE = "encounter"
    LOOKUPS = (("practice", "encounter"),)
    COLUMNS = ("started_at", "appointment")

    practice: str
    encounter: str
    patient: str
    started_at: str
    appointment: str | None


class KeptClosing(Made, frozen=True):
    """`encounter.close`; the last one of an encounter says when it was closed."""

    TABLE = "encounter_closing"
    LOOKUPS = (("practice", "encounter"),)
    COLUMNS = ("closed_at",)

    practice: str
    encounter: str
    closed_at: str


class KeptNote(Kept, frozen=True):
    """What a note is now. `position` is that of its current version's entry, None for version 0.

    `awaiting` is 1 while somebody still has to sign it.
    """

    TABLE = "note"
    KEY = ("practice", "encounter")

    practice: str
    encounter: str
    patient: str
    author: str
    status: str
    version: int
    signed_version: int | None
    digest: str
    position: int | None
    awaiting: int


class _Text(Made, frozen=True):
    """Four sections in four columns."""

    practice: str
    encounter: str
    motif: str
    interrogatoire: str
    examen: str
    conclusion: str
    digest: str

    @property
    def sections(self) -> Sections:
        """The text, from the columns."""
        return Sections(self.motif, self.interrogatoire, self.examen, self.conclusion)

    def content(self) -> Content:
        """The content of an entry with this text."""
        return self.sections.as_content()


class KeptVersion(_Text, frozen=True):
    """A version of a note; `merged` is 1 when its author typed something else (KeptTypedText)."""

    TABLE = "note_version"
    LOOKUPS = (
        ("practice", "encounter"),
        ("practice", "encounter", "version"),
        ("practice", "encounter", "digest"),
    )

    version: int
    merged: int


class KeptTypedText(_Text, frozen=True):
    """What was typed in an entry that is no version as it stands: merged, late, or not taken."""

    TABLE = "note_typed_text"
    LOOKUPS = (("practice", "encounter"), ("practice", "encounter", "digest"))


class KeptSignature(Made, frozen=True):
    """`note.sign`."""

    TABLE = "note_signature"
    LOOKUPS = (("practice", "encounter"),)
    COLUMNS = ("digest",)

    practice: str
    encounter: str
    version: int
    digest: str


class KeptWithdrawal(Made, frozen=True):
    """`note.enter-in-error`."""

    TABLE = "note_withdrawal"
    LOOKUPS = (("practice", "encounter"),)
    COLUMNS = ("reason",)

    practice: str
    encounter: str
    reason: str


class KeptDivergence(Kept, frozen=True):
    """A section's text kept beside the note.

    `position` is the entry that collided, `aside_position` the one that wrote `text`,
    `kept_position` the one that decided.
    """

    TABLE = "note_divergence"
    KEY = ("practice", "encounter", "position", "section")
    LOOKUPS = (("practice", "encounter"),)

    practice: str
    encounter: str
    position: int
    section: str
    reason: str
    text: str
    aside_position: int
    version: int
    kept: str | None
    kept_position: int | None


class KeptResolution(Made, frozen=True):
    """`note.resolve`."""

    TABLE = "note_resolution"
    LOOKUPS = (("practice", "encounter"),)
    COLUMNS = ("divergence", "kept")

    practice: str
    encounter: str
    divergence: str
    kept: str


class KeptObservation(Made, frozen=True):
    """`observation.record`; `observation` is the entry's id."""

    TABLE = "observation"
    LOOKUPS = (("practice", "observation"),)
    COLUMNS = ("code", "value", "unit", "effective_at")

    practice: str
    observation: str
    patient: str
    encounter: str | None
    code: str
    value: str
    unit: str
    effective_at: str


class KeptObservationError(Made, frozen=True):
    """`observation.enter-in-error`."""

    TABLE = "observation_error"
    LOOKUPS = (("practice", "observation"),)
    COLUMNS = ("observation", "reason")

    practice: str
    observation: str
    reason: str


class KeptAppointment(Made, frozen=True):
    """`appointment.book`; `appointment` is the entry's id."""

    TABLE = "appointment"
    LOOKUPS = (("practice", "appointment"),)
    COLUMNS = ("practitioner", "starts_at", "minutes", "reason")

    practice: str
    appointment: str
    patient: str
    practitioner: str
    starts_at: str
    minutes: int
    reason: str


class KeptStatus(Made, frozen=True):
    """`appointment.set-status`; the last one of an appointment stands."""

    TABLE = "appointment_status"
    LOOKUPS = (("practice", "appointment"),)
    COLUMNS = ("appointment", "status")

    practice: str
    appointment: str
    status: str


class KeptRetirement(Made, frozen=True):
    """`device.retire`; `missing` as JSON."""

    TABLE = "device_retirement"
    LOOKUPS = (("practice",),)

    practice: str
    device: str
    last_sequence: int
    missing: str

    def content(self) -> Content:
        """The content of the entry."""
        return {
            "device": self.device,
            "last_sequence": self.last_sequence,
            "missing": msgspec.json.decode(self.missing),
        }


TABLES: tuple[type[Kept], ...] = (
    KeptEntry,
    KeptPractice,
    KeptPractitioner,
    KeptIdentity,
    KeptPatient,
    KeptWord,
    KeptEncounter,
    KeptClosing,
    KeptNote,
    KeptVersion,
    KeptTypedText,
    KeptSignature,
    KeptWithdrawal,
    KeptDivergence,
    KeptResolution,
    KeptObservation,
    KeptObservationError,
    KeptAppointment,
    KeptStatus,
    KeptRetirement,
)

MADE_BY: dict[str, type[Made]] = {
    "practice.create": KeptPractice,
    "practitioner.create": KeptPractitioner,
    "patient.create": KeptIdentity,
    "patient.amend": KeptIdentity,
    "encounter.start": KeptEncounter,
    "encounter.close": KeptClosing,
    **dict.fromkeys(sorted(NOTE_TEXT_KINDS), KeptVersion),
    "note.sign": KeptSignature,
    "note.resolve": KeptResolution,
    "note.enter-in-error": KeptWithdrawal,
    "observation.record": KeptObservation,
    "observation.enter-in-error": KeptObservationError,
    "appointment.book": KeptAppointment,
    "appointment.set-status": KeptStatus,
    "device.retire": KeptRetirement,
}
"""Where the content of an entry of each kind is kept."""


def text_columns(text: Sections) -> dict[str, str]:
    """The four columns of `text`."""
    return {name: text.section(name) for name in SECTIONS}
