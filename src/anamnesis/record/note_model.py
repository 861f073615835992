"""What a reader gets of a note: what it says now, and everything that ever stood in it."""

from typing import Literal, TypeAlias

import msgspec

from anamnesis.clinical.composition import Status
from anamnesis.clinical.sections import SectionName, Sections

DivergenceReason: TypeAlias = Literal["concurrent", "after-signature", "after-entered-in-error"]


class Divergence(msgspec.Struct, frozen=True):
    """A text kept beside the note: it collided with another, or came when it was too late.

    `id` is the entry that collided and the section; `text` is the one kept aside and `author`
    who wrote it; `version` is the note's version when it happened. `kept` is None until a
    `note.resolve` decides (`note`, `aside`, `both`), or somebody goes on from it (`continued`).
    """

    id: str
    encounter: str
    section: SectionName
    reason: DivergenceReason
    text: str
    version: int
    author: str
    author_name: str
    device: str
    typed_at: str
    kept: str | None


class Note(msgspec.Struct, frozen=True):
    """The note of an encounter as a reader gets it now; version 0 is blank, nobody wrote yet.

    `digest` is computed from the text as it was read; `divergences` are those still open;
    `recorded_at` is when the journal received the current version, None for version 0.
    """

    encounter: str
    patient: str
    practice: str
    status: Status
    version: int
    digest: str
    sections: Sections
    divergences: list[Divergence]
    recorded_at: str | None
    signed_version: int | None
    author: str
    device: str | None


class NoteVersion(msgspec.Struct, frozen=True):
    """One version of a note, with who made it, when, from where and under which build.

    `act` is the kind of entry that made it. `typed_digest` names what its author typed: it
    differs from `digest` where the text was merged with another's. Both are computed as read.
    """

    encounter: str
    version: int
    entry: str
    position: int
    act: str
    sections: Sections
    digest: str
    typed_digest: str
    author: str
    author_name: str
    device: str
    build: str
    features: tuple[str, ...]
    typed_at: str
    received_at: str
    signed: bool
    merged: bool


class Signature(msgspec.Struct, frozen=True):
    """Somebody signed a version of a note."""

    encounter: str
    version: int
    digest: str
    author: str
    author_name: str
    typed_at: str
    received_at: str


class TypedText(msgspec.Struct, frozen=True):
    """What was typed in one entry and is no version as it stands: merged, late, or not taken."""

    entry: str
    position: int
    act: str
    sections: Sections
    digest: str
    author: str
    author_name: str
    device: str
    typed_at: str
