"""The kinds of entries, and the shape of what each one carries (docs/protocol.md, section 1)."""

import re
from collections.abc import Callable
from typing import Annotated, Any, Final, Literal, TypeAlias

import msgspec

from anamnesis.clinical.appointment import Booked, Moved, StatusSet
from anamnesis.clinical.breach import Breach, BreachPaper, check_register
from anamnesis.clinical.composition import NOTE_TEXT_KINDS
from anamnesis.clinical.device_loss import DeviceLoss
from anamnesis.clinical.documents import (
    Document,
    DocumentIssued,
    DocumentShared,
    ShareRevoked,
)
from anamnesis.clinical.encounter import Close, Start
from anamnesis.clinical.files import FilePart, check_part
from anamnesis.clinical.observation import MEASURES, ObservationCode
from anamnesis.clinical.patient import Traits
from anamnesis.clinical.provenance import WrittenLater
from anamnesis.clinical.refusal import ContentRefused
from anamnesis.clinical.resources import (
    Allergy,
    AppointmentType,
    Condition,
    DocumentTemplate,
    Immunization,
    Letterhead,
    Medication,
    ResourceInError,
    ResourceRetired,
    Snippet,
    Template,
)
from anamnesis.clinical.rights import Erasure, ErasureAct, Restriction, check_right
from anamnesis.clinical.sections import Sections
from anamnesis.clinical.shapes import (
    Digest,
    Instant,
    Rpps,
    Some,
    Uuid,
    is_day,
    is_instant,
    is_partial_day,
)

SEQUENCE_MAX = 2**53 - 1
GAPS_MAX = 10_000  # holes that one retired outbox may report

_Sequence: TypeAlias = Annotated[int, msgspec.Meta(ge=0, le=SEQUENCE_MAX)]
_DivergenceId: TypeAlias = Annotated[
    str,
    msgspec.Meta(pattern=r"^[0-9a-f-]{36}/(motif|interrogatoire|examen|conclusion)\Z"),
]


class _Content(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A content has exactly the members its kind names: nothing would keep another."""


class PracticeCreated(_Content, frozen=True):
    """`practice.create`."""

    id: Uuid
    name: Some
    address: str
    telephone: str


class PractitionerCreated(_Content, frozen=True):
    """`practitioner.create`; `rpps` is the national number (11 digits) or empty."""

    id: Uuid
    family: Some
    given: str
    title: str
    specialty: str
    rpps: Rpps


class NoteText(_Content, frozen=True):
    """`note.write`, `note.rescue`, `note.restore`, `note.amend`: always all four sections."""

    sections: Sections


class Signed(_Content, frozen=True):
    """`note.sign`: the digest of the text that is signed."""

    digest: Digest


class Resolved(_Content, frozen=True):
    """`note.resolve`: which of the two texts stays; the text itself comes in a `note.write`."""

    divergence: _DivergenceId
    kept: Literal["note", "aside", "both"]


class EnteredInError(_Content, frozen=True):
    """`note.enter-in-error`."""

    reason: str


class Observed(_Content, frozen=True):
    """`observation.record`: `value` is the text typed, `unit` a UCUM code of the measure."""

    code: ObservationCode
    value: Some
    unit: str
    effective_at: Instant


class ObservedInError(_Content, frozen=True):
    """`observation.enter-in-error`: `observation` is the id of the entry that recorded it."""

    observation: Uuid
    reason: str


class Retired(_Content, frozen=True):
    """`device.retire`: an outbox that says what it lost; `missing` is inclusive ranges."""

    device: Uuid
    last_sequence: _Sequence
    missing: Annotated[tuple[tuple[_Sequence, _Sequence], ...], msgspec.Meta(max_length=GAPS_MAX)]


class Kind(msgspec.Struct, frozen=True):
    """What one kind asks of the envelope and of the content."""

    content: type[msgspec.Struct]
    patient: Literal["yes", "no"]
    encounter: Literal["yes", "no", "either"]


KINDS: Final[dict[str, Kind]] = {
    "practice.create": Kind(PracticeCreated, "no", "no"),
    "practitioner.create": Kind(PractitionerCreated, "no", "no"),
    "patient.create": Kind(Traits, "yes", "no"),
    "patient.amend": Kind(Traits, "yes", "no"),
    "encounter.start": Kind(Start, "yes", "yes"),
    "encounter.close": Kind(Close, "yes", "yes"),
    "note.write": Kind(NoteText, "yes", "yes"),
    "note.rescue": Kind(NoteText, "yes", "yes"),
    "note.restore": Kind(NoteText, "yes", "yes"),
    "note.amend": Kind(NoteText, "yes", "yes"),
    "note.sign": Kind(Signed, "yes", "yes"),
    "note.resolve": Kind(Resolved, "yes", "yes"),
    "note.enter-in-error": Kind(EnteredInError, "yes", "yes"),
    "observation.record": Kind(Observed, "yes", "either"),
    "observation.enter-in-error": Kind(ObservedInError, "yes", "no"),
    "appointment.book": Kind(Booked, "yes", "no"),
    "appointment.move": Kind(Moved, "yes", "no"),
    "appointment.set-status": Kind(StatusSet, "yes", "no"),
    "condition.write": Kind(Condition, "yes", "either"),
    "allergy.write": Kind(Allergy, "yes", "either"),
    "medication.write": Kind(Medication, "yes", "either"),
    "immunization.write": Kind(Immunization, "yes", "either"),
    "document.write": Kind(Document, "yes", "either"),
    "document.issue": Kind(DocumentIssued, "yes", "no"),
    "document.share": Kind(DocumentShared, "yes", "no"),
    "share.revoke": Kind(ShareRevoked, "yes", "no"),
    "file.part": Kind(FilePart, "yes", "either"),
    "resource.enter-in-error": Kind(ResourceInError, "yes", "no"),
    "template.write": Kind(Template, "no", "no"),
    "snippet.write": Kind(Snippet, "no", "no"),
    "document-template.write": Kind(DocumentTemplate, "no", "no"),
    "appointment-type.write": Kind(AppointmentType, "no", "no"),
    "letterhead.write": Kind(Letterhead, "no", "no"),
    "resource.retire": Kind(ResourceRetired, "no", "no"),
    "breach.write": Kind(Breach, "no", "no"),
    "breach-paper.write": Kind(BreachPaper, "no", "no"),
    "provenance.write": Kind(WrittenLater, "yes", "yes"),
    "erasure.write": Kind(Erasure, "yes", "no"),
    "erasure-act.write": Kind(ErasureAct, "yes", "no"),
    "restriction.write": Kind(Restriction, "yes", "no"),
    "device.retire": Kind(Retired, "no", "no"),
    "device-loss.write": Kind(DeviceLoss, "no", "no"),
}

_DECODERS = {kind.content: msgspec.json.Decoder(kind.content) for kind in KINDS.values()}
_CHECKS: Final[dict[type, Callable[[Any], None]]] = {
    FilePart: check_part,
    Erasure: check_right,
    Restriction: check_right,
}
_FIELD = re.compile(r"(?:at `\$\.|required field `)(\w+)")


def check_content(
    kind: str, patient: str | None, encounter: str | None, base: str | None, content: object
) -> None:
    """Raises ContentRefused (`unknown-kind`, `malformed`) unless this is what `kind` carries.

    Shape only: a value that a doctor may have reasons for is never refused. But a decision that
    the law wants reasons for is refused without them (clinical/breach.py).
    """
    shape = _kind(kind)
    _check_envelope(kind, shape, patient, encounter, base)
    try:
        found = msgspec.convert(content, shape.content)
    except msgspec.ValidationError as refused:
        raise _malformed(_field(str(refused))) from None
    _check_values(found)


def read_content(kind: str, content: bytes) -> Any:  # noqa: ANN401 -- the kind says which struct
    """The content of a journaled entry as the struct its kind names.

    Raises ContentRefused: what was admitted by another build need not be known to this one.
    """
    shape = _kind(kind)
    try:
        found = _DECODERS[shape.content].decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError) as refused:
        raise _malformed(_field(str(refused))) from None
    _check_values(found)
    return found


def _kind(kind: str) -> Kind:
    try:
        return KINDS[kind]
    except KeyError:
        raise ContentRefused("unknown-kind", "This kind of entry is not known here.") from None


def _check_envelope(
    kind: str, shape: Kind, patient: str | None, encounter: str | None, base: str | None
) -> None:
    if (patient is None) == (shape.patient == "yes"):
        raise _malformed("patient")
    if shape.encounter != "either" and (encounter is None) == (shape.encounter == "yes"):
        raise _malformed("encounter")
    if base is not None and kind not in NOTE_TEXT_KINDS:
        raise _malformed("base")


def _check_values(found: object) -> None:
    """What a pattern cannot say: that a day exists, and that a unit is one of the measure's."""
    for name in (
        "started_at",
        "closed_at",
        "effective_at",
        "starts_at",
        "expires_at",
        "aware_at",
        "occurred_at",
    ):
        if hasattr(found, name) and not is_instant(getattr(found, name)):
            raise _malformed(name)
    for name in ("onset", "started", "stopped", "date"):
        if getattr(found, name, "") and not is_partial_day(getattr(found, name)):
            raise _malformed(name)
    if isinstance(found, Traits) and found.birth_date and not is_day(found.birth_date):
        raise _malformed("birth_date")
    if isinstance(found, Observed) and found.unit not in MEASURES[found.code].units:
        raise _malformed("unit")
    if isinstance(found, Document) and (found.type == "upload") == (found.file is None):
        raise _malformed("file")
    if isinstance(found, DocumentShared) and not found.is_addressed:
        raise _malformed("audience")
    check = _CHECKS.get(type(found))
    if check is not None:
        check(found)
    check_register(found)


def _field(message: str) -> str:
    """The field that msgspec names, and only that: a message could quote what was typed."""
    named = _FIELD.search(message)
    return named[1] if named else "content"


def _malformed(field: str) -> ContentRefused:
    return ContentRefused("malformed", f"The field {field} is missing or not of its form.")
