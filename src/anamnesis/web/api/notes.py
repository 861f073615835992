"""Notes: the text as it is now, and everything that ever stood in it or beside it."""

from typing import Literal

import msgspec
from litestar.handlers import HTTPRouteHandler

from anamnesis.clinical.composition import Status
from anamnesis.clinical.sections import SectionName, Sections
from anamnesis.record.model import DivergenceReason
from anamnesis.record.model import Note as RecordNote
from anamnesis.web.api.encounters import NoteVersionNumber
from anamnesis.web.api.questions import (
    Asking,
    Digest,
    EncounterId,
    Id,
    Instant,
    Page,
    Version,
    every,
    question,
    shown,
)
from anamnesis.web.api.refusals import ApiRefused
from anamnesis.web.desk import Desk

TAG = "Notes"


class Divergence(msgspec.Struct, frozen=True):
    """A text kept beside the note, because it collided with another or came too late.

    `kept` is null while it is open; then it says what was decided.
    """

    id: str
    encounter: Id
    section: SectionName
    reason: DivergenceReason
    text: str
    version: NoteVersionNumber
    author: Id
    author_name: str
    device: Id
    typed_at: Instant
    kept: Literal["note", "aside", "both", "continued"] | None


class Note(msgspec.Struct, frozen=True):
    """The note of an encounter as it is now; version 0 is blank, nobody wrote yet.

    `digest` is the `base` of the next `note.write`, and what `note.sign` signs.
    """

    encounter: Id
    patient: Id
    status: Status
    version: NoteVersionNumber
    digest: Digest
    sections: Sections
    divergences: list[Divergence]
    recorded_at: Instant | None
    signed_version: int | None
    author: Id
    device: Id | None


class NoteVersion(msgspec.Struct, frozen=True):
    """One version of a note: who made it, when, on which device and under which build.

    `act` is the kind of entry that made it. `typed_digest` differs from `digest` where the text
    was merged with another's.
    """

    encounter: Id
    version: Version
    entry: Id
    position: int
    act: str
    sections: Sections
    digest: Digest
    typed_digest: Digest
    author: Id
    author_name: str
    device: Id
    build: str
    features: list[str]
    typed_at: Instant
    received_at: Instant
    signed: bool
    merged: bool


class Signature(msgspec.Struct, frozen=True):
    """Somebody signed a version of a note."""

    encounter: Id
    version: Version
    digest: Digest
    author: Id
    author_name: str
    typed_at: Instant
    received_at: Instant


class TypedText(msgspec.Struct, frozen=True):
    """What was typed in one entry and is no version as it stands: merged, late, or not taken."""

    entry: Id
    position: int
    act: str
    sections: Sections
    digest: Digest
    author: Id
    author_name: str
    device: Id
    typed_at: Instant


def routes(desk: Desk) -> list[HTTPRouteHandler]:
    """`/encounters/{id}/note` and, below it, versions, divergences, signatures, typed texts."""
    note_path = "/encounters/{encounter:str}/note"
    unknown = ["encounter-unknown"]

    def known(request: Asking, encounter: str) -> RecordNote:
        found = desk.reader.note(desk.signed_in(request).practice, encounter)
        if found is None:
            raise ApiRefused("encounter-unknown")
        return found

    @question(note_path, TAG, "A note", unknown)
    def note(request: Asking, encounter: EncounterId) -> Note:
        """The note as it is now, with the divergences that are still open."""
        return shown(known(request, encounter), Note)

    @question(f"{note_path}/versions", TAG, "A note’s versions", unknown)
    def note_versions(request: Asking, encounter: EncounterId) -> Page[NoteVersion]:
        """Every version that the note ever had, oldest first, each with its whole text."""
        practice = known(request, encounter).practice
        return every(desk.reader.versions(practice, encounter), NoteVersion)

    @question(f"{note_path}/divergences", TAG, "A note’s divergences", unknown)
    def note_divergences(request: Asking, encounter: EncounterId) -> Page[Divergence]:
        """Every text that was kept beside the note, decided ones too, oldest first."""
        practice = known(request, encounter).practice
        return every(desk.reader.divergences(practice, encounter), Divergence)

    @question(f"{note_path}/signatures", TAG, "A note’s signatures", unknown)
    def note_signatures(request: Asking, encounter: EncounterId) -> Page[Signature]:
        """Who signed which version, oldest first."""
        practice = known(request, encounter).practice
        return every(desk.reader.signatures(practice, encounter), Signature)

    @question(f"{note_path}/typed-texts", TAG, "What was typed besides", unknown)
    def note_typed_texts(request: Asking, encounter: EncounterId) -> Page[TypedText]:
        """What was typed for the note and is no version as it stands, oldest first."""
        practice = known(request, encounter).practice
        return every(desk.reader.typed_texts(practice, encounter), TypedText)

    return [note, note_versions, note_divergences, note_signatures, note_typed_texts]
