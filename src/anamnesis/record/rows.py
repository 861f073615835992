"""The record's tables, one struct for each: what folding writes and every store keeps.

A table that `position` is the key of has one row for each entry of its kinds, from which the
entry's content can be put together again (`content`); such a row is never changed. The others
are what the latest entries add up to, and are replaced.
"""

import msgspec

from anamnesis.clinical.composition import NOTE_TEXT_KINDS
from anamnesis.clinical.resources import WRITTEN_WHOLE
from anamnesis.record.appointment_rows import (
    APPOINTMENT_TABLES,
    KeptAppointment,
    KeptMove,
    KeptStatus,
)
from anamnesis.record.note_rows import (
    KeptDivergence,
    KeptNote,
    KeptResolution,
    KeptSignature,
    KeptTypedText,
    KeptVersion,
    KeptWithdrawal,
)
from anamnesis.record.resource_rows import (
    RESOURCE_TABLES,
    KeptFilePart,
    KeptIssue,
    KeptResourceVersion,
    KeptResourceWithdrawal,
    KeptRevocation,
    KeptShare,
)
from anamnesis.record.row import Content, Kept, Made


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
    KeptRetirement,
    *APPOINTMENT_TABLES,
    *RESOURCE_TABLES,
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
    "appointment.move": KeptMove,
    "appointment.set-status": KeptStatus,
    **{f"{type}.write": KeptResourceVersion for type in WRITTEN_WHOLE},
    "resource.enter-in-error": KeptResourceWithdrawal,
    "resource.retire": KeptResourceWithdrawal,
    "document.issue": KeptIssue,
    "document.share": KeptShare,
    "share.revoke": KeptRevocation,
    "file.part": KeptFilePart,
    "device.retire": KeptRetirement,
}
"""Where the content of an entry of each kind is kept."""

MAKERS: dict[type[Made], frozenset[str]] = {
    table: frozenset(kind for kind, made in MADE_BY.items() if made is table)
    for table in MADE_BY.values()
} | {KeptTypedText: NOTE_TEXT_KINDS}
"""The kinds of entries that make a row of each table: one without such an entry is a stray."""
