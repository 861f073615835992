"""Every kind of entry there is, and the shape its content must have (docs/protocol.md, 1)."""

from typing import Annotated, Literal

import msgspec

from anamnesis.clinical.refusal import ContentRefused
from anamnesis.clinical.sections import Sections

TEXT_CHARACTERS_MAX = 2_000
"""Longest name, address, reason and the like; note text is bounded by the entry's size only."""

_Id = Annotated[
    str, msgspec.Meta(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\Z")
]
_Digest = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}\Z")]
_Text = Annotated[str, msgspec.Meta(max_length=TEXT_CHARACTERS_MAX)]
_Name = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
_Date = Annotated[str, msgspec.Meta(pattern=r"^(\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01]))?\Z")]
_Instant = Annotated[
    str, msgspec.Meta(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\Z")
]


class _Strict(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A content has exactly the members of its kind: one more is a text nobody would read."""


class PracticeContent(_Strict, frozen=True):
    id: _Id
    name: _Name
    address: _Text
    telephone: _Text


class PractitionerContent(_Strict, frozen=True):
    id: _Id
    family: _Name
    given: _Text
    title: _Text
    specialty: _Text
    rpps: _Text


class PatientContent(_Strict, frozen=True):
    birth_name: _Name
    used_name: _Text
    first_names: _Text
    birth_date: _Date
    sex: Literal["female", "male", "unknown"]
    birth_place: _Text
    telephone: _Text
    address: _Text


class EncounterStartContent(_Strict, frozen=True):
    started_at: _Instant
    appointment: _Id | None


class EncounterCloseContent(_Strict, frozen=True):
    closed_at: _Instant


class NoteContent(_Strict, frozen=True):
    sections: Sections


class SignContent(_Strict, frozen=True):
    digest: _Digest


class ResolveContent(_Strict, frozen=True):
    divergence: Annotated[str, msgspec.Meta(max_length=64)]
    kept: Literal["note", "aside", "both"]


class ErrorContent(_Strict, frozen=True):
    reason: _Text


ObservationCode = Literal[
    "weight", "height", "temperature", "heart-rate", "systolic", "diastolic", "oxygen-saturation"
]


class ObservationContent(_Strict, frozen=True):
    code: ObservationCode
    value: Annotated[str, msgspec.Meta(min_length=1, max_length=32)]
    unit: Annotated[str, msgspec.Meta(max_length=16)]
    effective_at: _Instant


class ObservationErrorContent(_Strict, frozen=True):
    observation: _Id
    reason: _Text


AppointmentStatus = Literal["booked", "arrived", "in-consultation", "done", "cancelled", "no-show"]


class BookContent(_Strict, frozen=True):
    practitioner: _Id
    starts_at: _Instant
    minutes: Annotated[int, msgspec.Meta(ge=1, le=24 * 60)]
    reason: _Text


class AppointmentStatusContent(_Strict, frozen=True):
    appointment: _Id
    status: AppointmentStatus


_Count = Annotated[int, msgspec.Meta(ge=0)]


class RetireContent(_Strict, frozen=True):
    device: _Id
    last_sequence: _Count
    missing: list[tuple[_Count, _Count]]


Needs = Literal["nothing", "patient", "encounter"]

NOTE_TEXT_KINDS = frozenset({"note.write", "note.rescue", "note.restore", "note.amend"})

CONTENTS: dict[str, tuple[type[msgspec.Struct], Needs]] = {
    "practice.create": (PracticeContent, "nothing"),
    "practitioner.create": (PractitionerContent, "nothing"),
    "patient.create": (PatientContent, "patient"),
    "patient.amend": (PatientContent, "patient"),
    "encounter.start": (EncounterStartContent, "encounter"),
    "encounter.close": (EncounterCloseContent, "encounter"),
    "note.write": (NoteContent, "encounter"),
    "note.rescue": (NoteContent, "encounter"),
    "note.restore": (NoteContent, "encounter"),
    "note.amend": (NoteContent, "encounter"),
    "note.sign": (SignContent, "encounter"),
    "note.resolve": (ResolveContent, "encounter"),
    "note.enter-in-error": (ErrorContent, "encounter"),
    "observation.record": (ObservationContent, "patient"),
    "observation.enter-in-error": (ObservationErrorContent, "patient"),
    "appointment.book": (BookContent, "patient"),
    "appointment.set-status": (AppointmentStatusContent, "patient"),
    "device.retire": (RetireContent, "nothing"),
}
"""Content and what the envelope must name, by kind. An observation may name an encounter too."""


def check_content(
    kind: str, patient: str | None, encounter: str | None, base: str | None, content: object
) -> None:
    """Raises ContentRefused (`unknown-kind`, `malformed`) unless the entry has its kind's shape."""
    known = CONTENTS.get(kind)
    if known is None:
        raise ContentRefused("unknown-kind", f"There is no kind of entry called {kind[:64]}.")
    shape, needs = known
    named = {"nothing": "none", "patient": "patient", "encounter": "both"}[needs]
    if not _names(named, patient, encounter, optional=kind == "observation.record"):
        raise ContentRefused("malformed", f"{kind} does not name what it is about.")
    if base is not None and kind not in NOTE_TEXT_KINDS:
        raise ContentRefused("malformed", f"{kind} has no base.")
    read_content(kind, content, shape)


def read_content(kind: str, content: object, shape: type[msgspec.Struct]) -> msgspec.Struct:
    """The content as its kind's struct; raises ContentRefused `malformed`, naming no text."""
    try:
        return msgspec.convert(content, shape)
    except msgspec.ValidationError:
        # The library's own message may quote what was typed.
        raise ContentRefused("malformed", f"The content is not one of {kind}.") from None


def _names(named: str, patient: str | None, encounter: str | None, *, optional: bool) -> bool:
    if named == "none":
        return patient is None and encounter is None
    if named == "patient":
        return patient is not None and (encounter is None or optional)
    return patient is not None and encounter is not None
