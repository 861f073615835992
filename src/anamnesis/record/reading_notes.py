"""Reading notes: as they are now, and everything that ever stood in them."""

from typing import cast

from msgspec.structs import replace

from anamnesis.clinical.composition import Status
from anamnesis.clinical.sections import BLANK, BLANK_DIGEST, SectionName
from anamnesis.record.model import (
    Divergence,
    DivergenceReason,
    Note,
    NoteVersion,
    Signature,
    Touched,
    TypedText,
)
from anamnesis.record.naming import names_of
from anamnesis.record.note_rows import (
    KeptDivergence,
    KeptNote,
    KeptSignature,
    KeptTypedText,
    KeptVersion,
)
from anamnesis.record.reading_entries import made_by
from anamnesis.record.rows import KeptEntry
from anamnesis.record.source import Open, Source
from anamnesis.record.store import RecordDamaged


class NoteReading:
    """Questions about notes. A digest is always computed from the text as it was read."""

    def __init__(self, opened: Open) -> None:
        self._open = opened

    def note(self, practice: str, encounter: str) -> Note | None:
        """The note as it is now."""
        with self._open() as source:
            kept = source.get(KeptNote, practice, encounter)
            return None if kept is None else _note(source, kept)

    def text_known(self, practice: str, encounter: str, digest: str) -> bool:
        """Whether a version or a typed text of this note has this digest; blank always has."""
        if digest == BLANK_DIGEST:
            return True
        where = {"practice": practice, "encounter": encounter, "digest": digest}
        with self._open() as source:
            return bool(source.find(KeptVersion, **where) or source.find(KeptTypedText, **where))

    def versions(self, practice: str, encounter: str) -> list[NoteVersion]:
        """Every version of the note, oldest first."""
        with self._open() as source:
            name = names_of(source, practice)
            where = {"practice": practice, "encounter": encounter}
            signed = {row.version for row in source.find(KeptSignature, **where)}
            return [
                _version(source, row, name(made_by(source, row.position).author), signed)
                for row in source.find(KeptVersion, **where)
            ]

    def divergences(self, practice: str, encounter: str) -> list[Divergence]:
        """Every divergence of the note, decided ones too, oldest first."""
        with self._open() as source:
            return _divergences(source, practice, encounter)

    def typed_texts(self, practice: str, encounter: str) -> list[TypedText]:
        """What was typed for this note and is no version as it stands, oldest first."""
        with self._open() as source:
            rows = source.find(KeptTypedText, practice=practice, encounter=encounter)
            made = [(row, made_by(source, row.position)) for row in rows]
            return [_typed(source, row, entry) for row, entry in made if entry.code is None]

    def typed_text(self, practice: str, entry: str) -> TypedText | None:
        """What was typed in one entry, if it is kept beside the versions."""
        with self._open() as source:
            for made in source.find(KeptEntry, practice=practice, entry=entry):
                row = source.get(KeptTypedText, made.position)
                if row is not None:
                    return _typed(source, row, made)
        return None

    def signatures(self, practice: str, encounter: str) -> list[Signature]:
        """Who signed which version, oldest first."""
        with self._open() as source:
            name = names_of(source, practice)
            signed: list[Signature] = []
            for row in source.find(KeptSignature, practice=practice, encounter=encounter):
                entry = made_by(source, row.position)
                signed.append(
                    Signature(
                        encounter=encounter,
                        version=row.version,
                        digest=row.digest,
                        author=entry.author,
                        author_name=name(entry.author),
                        typed_at=entry.typed_at,
                        received_at=entry.received_at,
                    )
                )
            return signed

    def note_positions(self, practice: str, encounter: str) -> list[int]:
        """Where in the journal the applied `note.*` entries of this encounter are, in order."""
        with self._open() as source:
            return source.note_positions(practice, encounter)

    def touched(self, after: int, limit: int) -> list[Touched]:
        """Notes some row of which was written since change `after`, in order."""
        with self._open() as source:
            return [_standing(source, one) for one in source.touched(after, limit)]

    def last_touched(self) -> int:
        """The newest change there is."""
        with self._open() as source:
            return source.last_touched()

    def form(self) -> int:
        """A number that changes with the tables and what watches them."""
        with self._open() as source:
            return source.form()


def _standing(source: Source, touched: Touched) -> Touched:
    """With what the note is now, if its rows agree on it."""
    note = source.get(KeptNote, touched.practice, touched.encounter)
    if note is None:
        return touched
    if note.position is None:
        return replace(touched, version=note.version, digest=BLANK_DIGEST)
    row = source.get(KeptVersion, note.position)
    whole = row is not None and row.version == note.version
    digest = row.sections.digest() if row is not None and whole else None
    return replace(touched, position=note.position, version=note.version, digest=digest)


def _note(source: Source, kept: KeptNote) -> Note:
    sections, entry = BLANK, None
    if kept.position is not None:
        version = source.get(KeptVersion, kept.position)
        if version is None or version.version != kept.version:
            raise RecordDamaged("The current version of a note is not there.")
        sections, entry = version.sections, made_by(source, kept.position)
    every = _divergences(source, kept.practice, kept.encounter)
    return Note(
        encounter=kept.encounter,
        patient=kept.patient,
        practice=kept.practice,
        status=cast("Status", kept.status),
        version=kept.version,
        digest=sections.digest(),
        sections=sections,
        divergences=[one for one in every if one.kept is None],
        recorded_at=None if entry is None else entry.received_at,
        signed_version=kept.signed_version,
        author=kept.author if entry is None else entry.author,
        device=None if entry is None else entry.device,
    )


def _version(source: Source, row: KeptVersion, author_name: str, signed: set[int]) -> NoteVersion:
    entry = made_by(source, row.position)
    digest = row.sections.digest()
    typed = source.get(KeptTypedText, row.position) if row.merged else None
    if row.merged and typed is None:
        raise RecordDamaged("What was typed for a merged version is not there.")
    return NoteVersion(
        encounter=row.encounter,
        version=row.version,
        entry=entry.entry,
        position=row.position,
        act=entry.kind,
        sections=row.sections,
        digest=digest,
        typed_digest=digest if typed is None else typed.sections.digest(),
        author=entry.author,
        author_name=author_name,
        device=entry.device,
        build=entry.build,
        features=tuple(entry.features.split()),
        typed_at=entry.typed_at,
        received_at=entry.received_at,
        signed=row.version in signed,
        merged=bool(row.merged),
    )


def _divergences(source: Source, practice: str, encounter: str) -> list[Divergence]:
    name = names_of(source, practice)
    found: list[Divergence] = []
    for row in source.find(KeptDivergence, practice=practice, encounter=encounter):
        collided, aside = made_by(source, row.position), made_by(source, row.aside_position)
        found.append(
            Divergence(
                id=f"{collided.entry}/{row.section}",
                encounter=encounter,
                section=cast("SectionName", row.section),
                reason=cast("DivergenceReason", row.reason),
                text=row.text,
                version=row.version,
                author=aside.author,
                author_name=name(aside.author),
                device=aside.device,
                typed_at=aside.typed_at,
                kept=row.kept,
            )
        )
    return found


def _typed(source: Source, row: KeptTypedText, entry: KeptEntry) -> TypedText:
    return TypedText(
        entry=entry.entry,
        position=row.position,
        act=entry.kind,
        sections=row.sections,
        digest=row.sections.digest(),
        author=entry.author,
        author_name=names_of(source, entry.practice)(entry.author),
        device=entry.device,
        typed_at=entry.typed_at,
    )
