"""What is written whole each time, under an id of its own: the record's and a practice's resources.

Conditions, allergies, medications and immunizations are FHIR's; a template belongs to whoever
wrote it. The shapes of documents and files are in documents.py.
"""

from typing import Annotated, Final, Literal, TypeAlias, get_args

import msgspec

from anamnesis.clinical.appointment import Minutes
from anamnesis.clinical.breach import REGISTER_RESOURCES
from anamnesis.clinical.documents import DocumentType, Line, Lines
from anamnesis.clinical.rights import RIGHTS_RESOURCES
from anamnesis.clinical.sections import Sections
from anamnesis.clinical.shapes import PartialDay, Rpps, Some, Uuid

__all__ = [
    "PATIENT_RESOURCES",
    "PRACTICE_RESOURCES",
    "WRITTEN_WHOLE",
    "Allergy",
    "AppointmentType",
    "Condition",
    "DocumentTemplate",
    "Immunization",
    "Letterhead",
    "Line",
    "Medication",
    "ResourceInError",
    "ResourceRetired",
    "Snippet",
    "Template",
]

PATIENT_RESOURCES: Final = ("condition", "allergy", "medication", "immunization", "document")
"""Types about one patient; an error in one is entered as such."""
PRACTICE_RESOURCES: Final = (
    "template",
    "snippet",
    "document-template",
    "appointment-type",
    "letterhead",
)
"""Types about nobody in particular; what is not wanted any more is retired."""
WRITTEN_WHOLE: Final = (
    PATIENT_RESOURCES + PRACTICE_RESOURCES + REGISTER_RESOURCES + RIGHTS_RESOURCES
)
"""Every type that has versions."""

Colour: TypeAlias = Literal["slate", "teal", "blue", "violet", "plum", "amber", "olive", "brick"]
COLOURS: Final[tuple[Colour, ...]] = get_args(Colour)
_Am: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^([0-9]{9})?\Z")]
_Abbreviation: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^\S{1,32}\Z")]


class _Content(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A content has exactly the members its kind names: nothing would keep another."""

    id: Uuid


class Condition(_Content, frozen=True):
    """`condition.write`: a problem or an antecedent; `code` is ICD-10 or empty."""

    category: Literal["problem", "personal", "surgical", "family"]
    text: Some
    code: str
    onset: PartialDay
    status: Literal["active", "inactive", "resolved"]
    relative: str
    note: str


class Allergy(_Content, frozen=True):
    """`allergy.write`."""

    category: Literal["allergy", "intolerance"]
    substance: Some
    severity: Literal["mild", "moderate", "severe", "unknown"]
    reaction: str
    onset: PartialDay
    status: Literal["active", "inactive", "refuted"]
    note: str


class Medication(_Content, frozen=True):
    """`medication.write`: what the patient takes, whoever prescribed it."""

    name: Some
    dosage: str
    reason: str
    started: PartialDay
    stopped: PartialDay
    status: Literal["active", "completed", "stopped"]
    note: str


class Immunization(_Content, frozen=True):
    """`immunization.write`."""

    vaccine: Some
    date: PartialDay
    dose: str
    lot: str
    site: str
    note: str


class Template(_Content, frozen=True):
    """`template.write`: text for the four sections, with fields in square brackets."""

    name: Some
    shared: bool
    sections: Sections


class Snippet(_Content, frozen=True):
    """`snippet.write`: what an abbreviation stands for."""

    abbreviation: _Abbreviation
    text: Some
    shared: bool


class DocumentTemplate(_Content, frozen=True):
    """`document-template.write`."""

    name: Some
    shared: bool
    type: DocumentType
    title: str
    body: str
    lines: Lines


class AppointmentType(_Content, frozen=True):
    """`appointment-type.write`."""

    name: Some
    minutes: Minutes
    colour: Colour


class Letterhead(_Content, frozen=True):
    """`letterhead.write`: the head of a practitioner's documents; `am` is the insurers' number."""

    practitioner: Uuid
    name: Some
    qualifications: str
    rpps: Rpps
    am: _Am
    practice: str
    address: str
    telephone: str
    email: str


class ResourceInError(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`resource.enter-in-error`."""

    resource: Uuid
    reason: str


class ResourceRetired(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`resource.retire`."""

    resource: Uuid
