"""Folds one note's entries anew, without the record, to check what the record says of it."""

from collections.abc import Sequence

import msgspec

from anamnesis.clinical.composition import NOTE_TEXT_KINDS
from anamnesis.clinical.sections import BLANK_DIGEST
from anamnesis.journal.entry import JournaledEntry
from anamnesis.record.fold import decide, entry_row
from anamnesis.record.note_rows import KeptNote
from anamnesis.record.outstanding import NotTaken
from anamnesis.record.tables import Tables


class Refolded(msgspec.Struct, frozen=True):
    """The note's version after an entry, and the digest of the text that version has."""

    version: int
    digest: str


def refold(entries: Sequence[JournaledEntry], entry: str) -> Refolded | None:
    """What the note must say once `entry` is applied, from the journal's entries alone.

    `entries` are the `note.*` entries of one encounter, in order, that one at least (the reader's
    `note_positions`). None if it is no note text, or one the rules do not take.
    """
    tables = Tables()
    for journaled in entries:
        sent = journaled.entry
        if not sent.kind.startswith("note."):
            continue
        if tables.get(KeptNote, sent.practice, sent.encounter) is None:
            tables.put(_blank(journaled))
        try:
            effect = decide(journaled, tables)
        except NotTaken:
            if sent.id == entry:
                return None
            continue
        for row in (entry_row(journaled, effect, None, None), *effect.rows):
            tables.put(row)
        if sent.id == entry:
            note = tables.get(KeptNote, sent.practice, sent.encounter)
            taken = note is not None and sent.kind in NOTE_TEXT_KINDS
            return Refolded(note.version, note.digest) if note is not None and taken else None
    return None


def _blank(journaled: JournaledEntry) -> KeptNote:
    entry = journaled.entry
    return KeptNote(
        practice=entry.practice,
        encounter=entry.encounter or "",
        patient=entry.patient or "",
        author=entry.author,
        status="draft",
        version=0,
        signed_version=None,
        digest=BLANK_DIGEST,
        position=None,
        awaiting=1,
    )
