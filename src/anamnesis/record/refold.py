"""Folds one note's entries anew, without the record: to check it, and to do without it."""

from collections.abc import Sequence

import msgspec

from anamnesis.clinical.composition import NOTE_TEXT_KINDS, awaits_signature
from anamnesis.clinical.merge import TextForgotten
from anamnesis.clinical.sections import BLANK_DIGEST, Sections
from anamnesis.journal.entry import JournaledEntry
from anamnesis.record.fold import decide, entry_row
from anamnesis.record.note_rows import KeptDivergence, KeptNote
from anamnesis.record.notes import current_text
from anamnesis.record.outstanding import NotTaken
from anamnesis.record.tables import Tables


class Refolded(msgspec.Struct, frozen=True, gc=False):
    """The note's version after an entry, and the digest of the text that version has."""

    version: int
    digest: str


class JournaledNote(msgspec.Struct, frozen=True):
    """A note as the journal's entries make it; `written_at` is when the last was received.

    `asides` are section and text of what stands beside it; `texts` the digests of all texts in it.
    """

    patient: str
    status: str
    version: int
    digest: str
    sections: Sections
    asides: tuple[tuple[str, str], ...]
    texts: tuple[str, ...]
    written_at: str


def refold(entries: Sequence[JournaledEntry], entry: str) -> Refolded | None:
    """What the note must say once `entry` is applied, from the journal's entries alone.

    `entries` are the `note.*` entries of one encounter, in order, that one at least (the reader's
    `note_positions`). None if it is no note text, or one the rules do not take.
    """
    tables = Tables()
    for journaled in entries:
        sent = journaled.entry
        note = _taken(journaled, tables)
        if sent.id == entry:
            text = note is not None and sent.kind in NOTE_TEXT_KINDS
            return Refolded(note.version, note.digest) if note is not None and text else None
    return None


def note_from(entries: Sequence[JournaledEntry]) -> JournaledNote | None:
    """The note that the `note.*` entries of one encounter make, in order; None without any.

    Where the oldest are not at hand the newest text is right all the same: each is whole.
    """
    tables = Tables()
    texts: list[str] = []
    note: KeptNote | None = None
    written_at = ""
    for journaled in entries:
        taken = _taken(journaled, tables)
        if taken is None:
            continue
        note, written_at = taken, journaled.received_at
        if journaled.entry.kind in NOTE_TEXT_KINDS:
            texts.append(journaled.entry.digest)
    if note is None:
        return None
    beside = tables.find(KeptDivergence, practice=note.practice, encounter=note.encounter)
    return JournaledNote(
        patient=note.patient,
        status=note.status,
        version=note.version,
        digest=note.digest,
        sections=current_text(note, tables),
        asides=tuple((row.section, row.text) for row in beside if row.kept is None),
        texts=tuple(dict.fromkeys(texts)),
        written_at=written_at,
    )


def refold_rows(
    entries: Sequence[JournaledEntry], practice: str, encounter: str, patient: str, author: str
) -> tuple[KeptNote | None, list[KeptDivergence]]:
    """A note's row and its divergences, from all of its entries; `author` began the encounter."""
    tables = Tables()
    tables.put(_blank(practice, encounter, patient, author))
    for journaled in entries:
        _taken(journaled, tables)
    note = tables.get(KeptNote, practice, encounter)
    return note, tables.find(KeptDivergence, practice=practice, encounter=encounter)


def _taken(journaled: JournaledEntry, tables: Tables) -> KeptNote | None:
    """The note after this entry; None if it is no note's, or the rules do not take it."""
    sent = journaled.entry
    if not sent.kind.startswith("note."):
        return None
    if tables.get(KeptNote, sent.practice, sent.encounter) is None:
        tables.put(_blank(sent.practice, sent.encounter or "", sent.patient or "", sent.author))
    try:
        effect = decide(journaled, tables)
    except (NotTaken, TextForgotten):
        return None
    for row in (entry_row(journaled, effect, None, None), *effect.rows):
        tables.put(row)
    return tables.get(KeptNote, sent.practice, sent.encounter)


def _blank(practice: str, encounter: str, patient: str, author: str) -> KeptNote:
    return KeptNote(
        practice=practice,
        encounter=encounter,
        patient=patient,
        author=author,
        status="draft",
        version=0,
        signed_version=None,
        digest=BLANK_DIGEST,
        position=None,
        awaiting=int(awaits_signature("draft", 0, None)),
    )
