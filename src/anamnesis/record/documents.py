"""How documents are written, issued and shared, and how a file comes together from its parts."""

import hashlib
from typing import Final

from anamnesis.clinical.documents import (
    Document,
    DocumentIssued,
    DocumentShared,
    File,
    ShareRevoked,
)
from anamnesis.clinical.files import FilePart, bytes_of
from anamnesis.journal.entry import JournaledEntry
from anamnesis.receipt.canonical import digest
from anamnesis.record import resources
from anamnesis.record.effect import Effect
from anamnesis.record.encounters import note_of
from anamnesis.record.outstanding import NotTaken
from anamnesis.record.people import must_exist
from anamnesis.record.resource_rows import (
    KeptFilePart,
    KeptIssue,
    KeptResource,
    KeptResourceVersion,
    KeptRevocation,
    KeptShare,
)
from anamnesis.record.store import RecordView

UPLOAD: Final = "upload"


def write(journaled: JournaledEntry, content: Document, view: RecordView) -> Effect:
    """A document as any resource; an uploaded one only if its file is there, whole and equal."""
    effect = resources.write(journaled, content, view)
    if content.file is not None:
        _check_file(journaled, content.file, view)
    return effect


def take_part(journaled: JournaledEntry, content: FilePart, view: RecordView) -> Effect:
    """One part of a file; sent again, the last one counts."""
    entry = journaled.entry
    patient = must_exist(journaled, view)
    if entry.encounter is not None:
        note_of(journaled, view)
    row = KeptFilePart(
        position=journaled.position,
        practice=entry.practice,
        file=content.file,
        patient=patient,
        part=content.index,
        parts=content.parts,
        media_type=content.media_type,
        data=content.data,
    )
    return Effect((row,))


def issue(journaled: JournaledEntry, content: DocumentIssued, view: RecordView) -> Effect:
    """Its author stands for this version, which must be the one that was on the screen."""
    current = _document(journaled, content.document, view)
    shown = view.get(KeptResourceVersion, current.position)
    if current.withdrawn is not None:
        raise NotTaken("entered-in-error")
    if shown is None or (current.version, digest(shown.content())) != (
        content.version,
        content.digest,
    ):
        raise NotTaken("text-changed")
    row = KeptIssue(
        journaled.position, current.practice, current.resource, content.version, content.digest
    )
    return Effect((row,), content.version)


def share(journaled: JournaledEntry, content: DocumentShared, view: RecordView) -> Effect:
    """A version that was issued, or came as a file, is opened to somebody."""
    entry = journaled.entry
    current = _document(journaled, content.document, view)
    if current.withdrawn is not None:
        raise NotTaken("entered-in-error")
    if view.find(KeptShare, practice=entry.practice, share=content.id):
        raise NotTaken("share-exists")
    where = {"practice": entry.practice, "resource": content.document}
    versions = view.find(KeptResourceVersion, **where)
    shown = [row for row in versions if row.version == content.version]
    if not shown:
        raise NotTaken("document-unknown")
    issued = view.find(KeptIssue, practice=entry.practice, document=content.document)
    is_upload = shown[0].content()["type"] == UPLOAD
    if not is_upload and all(one.version != content.version for one in issued):
        raise NotTaken("document-not-issued")
    row = KeptShare(
        position=journaled.position,
        practice=entry.practice,
        share=content.id,
        author=entry.author,
        patient=entry.patient or "",
        document=content.document,
        version=content.version,
        audience=content.audience,
        to_practice=content.to_practice,
        to_practitioner=content.to_practitioner,
        link=content.link,
        secret=content.secret,
        expires_at=content.expires_at,
        message=content.message,
    )
    return Effect((row,))


def revoke(journaled: JournaledEntry, content: ShareRevoked, view: RecordView) -> Effect:
    """Nobody opens it any more."""
    entry = journaled.entry
    found = view.find(KeptShare, practice=entry.practice, share=content.share)
    if not found:
        raise NotTaken("share-unknown")
    if found[0].patient != entry.patient:
        raise NotTaken("patient-mismatch")
    row = KeptRevocation(journaled.position, entry.practice, content.share, content.reason)
    return Effect((row,))


def file_of(parts: list[KeptFilePart]) -> bytes | None:
    """The bytes of a file, from its parts in the order of the journal; None if some are missing."""
    latest = {part.part: part for part in parts}
    number = parts[-1].parts if parts else 0
    if not parts or set(range(number)) - set(latest):
        return None
    return b"".join(bytes_of(latest[index].data) or b"" for index in range(number))


def _document(journaled: JournaledEntry, document: str, view: RecordView) -> KeptResource:
    current = view.get(KeptResource, journaled.entry.practice, document)
    if current is None or current.type != "document":
        raise NotTaken("document-unknown")
    if current.patient != journaled.entry.patient:
        raise NotTaken("patient-mismatch")
    return current


def _check_file(journaled: JournaledEntry, file: File, view: RecordView) -> None:
    parts = view.find(KeptFilePart, practice=journaled.entry.practice, file=file.id)
    mine = [part for part in parts if part.patient == journaled.entry.patient]
    found = file_of(mine)
    if found is None or mine[-1].parts != file.parts:
        raise NotTaken("file-incomplete")
    is_same = (len(found), hashlib.sha256(found).hexdigest()) == (file.bytes, file.sha256)
    if not is_same or any(part.media_type != file.media_type for part in mine):
        raise NotTaken("file-differs")
