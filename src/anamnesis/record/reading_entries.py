"""Reading entries: applied or outstanding, and what the record holds of each."""

from collections.abc import Sequence

from anamnesis.clinical.composition import NOTE_TEXT_KINDS
from anamnesis.clinical.sections import BLANK_DIGEST
from anamnesis.receipt.canonical import digest
from anamnesis.record.derived import belongs
from anamnesis.record.model import Change, Outstanding, Provenance, ReadBack, Retirement
from anamnesis.record.naming import names_of
from anamnesis.record.note_rows import KeptNote, KeptTypedText, KeptVersion
from anamnesis.record.resource_rows import KeptResourceVersion, KeptResourceWithdrawal
from anamnesis.record.rows import MADE_BY, KeptEntry
from anamnesis.record.source import Open, Source
from anamnesis.record.store import RecordDamaged


class EntryReading:
    """Questions about entries."""

    def __init__(self, opened: Open) -> None:
        self._open = opened

    def applied(self) -> int:
        """The number of journal entries applied."""
        with self._open() as source:
            return source.applied()

    def read_back(self, practice: str, entry_ids: Sequence[str]) -> dict[str, ReadBack]:
        """What the record holds of each of these entries, computed from the rows as read."""
        with self._open() as source:
            found: dict[str, ReadBack] = {}
            texts = _Texts(source)
            for name in entry_ids:
                for entry in source.find(KeptEntry, practice=practice, entry=name):
                    read = _read_back(source, texts, entry) if entry.code is None else None
                    if read is not None:
                        found[name] = read
            return found

    def outstanding(
        self, practice: str | None, entry_ids: Sequence[str] | None = None
    ) -> list[Outstanding]:
        """The entries that could not be taken, in order."""
        with self._open() as source:
            if entry_ids is None or practice is None:
                rows = source.entries_outstanding(practice)
            else:
                rows = [
                    row
                    for name in entry_ids
                    for row in source.find(KeptEntry, practice=practice, entry=name)
                ]
        wanted = None if entry_ids is None else set(entry_ids)
        found = [
            _outstanding(row, row.code)
            for row in rows
            if row.code is not None and (wanted is None or row.entry in wanted)
        ]
        return sorted(found, key=lambda one: one.position)

    def changes(self, after_applied: int, limit: int | None = None) -> list[Change]:
        """What was applied from position `after_applied` on, in order."""
        with self._open() as source:
            return [_change(source, row) for row in source.entries_from(after_applied, limit)]

    def entries_of(
        self, practice: str, author: str, before: int | None, limit: int
    ) -> list[Provenance]:
        """The applied entries of an author, newest first."""
        with self._open() as source:
            name = names_of(source, practice)
            return [
                _provenance(row, name(row.author))
                for row in source.entries_by(practice, author, before, limit)
            ]

    def retirements(self, practice: str) -> list[Retirement]:
        """The outboxes that were given up."""
        with self._open() as source:
            retired: list[Retirement] = []
            for row in source.retirements_in(practice):
                entry = made_by(source, row.position)
                missing = tuple((first, last) for first, last in row.content()["missing"])
                retired.append(
                    Retirement(
                        row.device, entry.author, row.last_sequence, missing, entry.received_at
                    )
                )
            return retired


def made_by(source: Source, position: int) -> KeptEntry:
    """The entry at this position, which some row says it was made by."""
    entry = source.get(KeptEntry, position)
    if entry is None:
        raise RecordDamaged(f"A row says it was made by entry {position}, which is not there.")
    return entry


class _Texts:
    """Versions of one moment by position: each is read once and digested once, from its columns."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._read: dict[int, tuple[KeptVersion, str] | None] = {}

    def at(self, position: int) -> tuple[KeptVersion, str] | None:
        """The version that this entry made, and the digest of its text as it is now."""
        if position not in self._read:
            row = self._source.get(KeptVersion, position)
            self._read[position] = None if row is None else (row, row.sections.digest())
        return self._read[position]


def _read_back(source: Source, texts: _Texts, entry: KeptEntry) -> ReadBack | None:
    """What a reader gets of the entry; None if something of it is gone, so that it is missed."""
    if entry.kind in NOTE_TEXT_KINDS:
        return _read_back_text(source, texts, entry)
    table = MADE_BY.get(entry.kind)
    made = None if table is None else source.get(table, entry.position)
    if made is None:
        return None
    kept = digest(made.content())
    return ReadBack(
        entry=entry.entry,
        kind=entry.kind,
        position=made.position,
        version=entry.version,
        digest=kept,
        typed_digest=kept,
        encounter=entry.encounter,
        note_version=None,
        note_digest=None,
        misfiled=not belongs(made, entry),
    )


def _read_back_text(source: Source, texts: _Texts, entry: KeptEntry) -> ReadBack | None:
    """The text of the version as it is now, and what was typed, each from its own columns."""
    made, made_digest = texts.at(entry.position) or (None, "")
    typed = source.get(KeptTypedText, entry.position)
    typed_digest = "" if typed is None else typed.sections.digest()
    note = source.get(KeptNote, entry.practice, entry.encounter)
    row = made or typed
    if row is None or note is None or (made is not None and made.merged and typed is None):
        return None
    if (row.practice, row.encounter) != (note.practice, note.encounter):
        return None
    shown = _digest_of(source, texts, note, entry.version)
    current = shown
    if note.version != entry.version:
        current = _digest_of(source, texts, note, note.version)
    if shown is None or current is None:
        return None
    return ReadBack(
        entry=entry.entry,
        kind=entry.kind,
        position=row.position,
        version=entry.version,
        digest=shown,
        typed_digest=made_digest if typed is None else typed_digest,
        encounter=row.encounter,
        note_version=note.version,
        note_digest=current,
        misfiled=(made is not None and made.digest != made_digest)
        or (typed is not None and typed.digest != typed_digest),
    )


def _digest_of(source: Source, texts: _Texts, note: KeptNote, version: int) -> str | None:
    """The digest of one version's text, found as the note's pages find it; None if it is gone."""
    if version == 0:
        return BLANK_DIGEST
    if version == note.version and note.position is not None:
        row, digest_now = texts.at(note.position) or (None, "")
        return None if row is None or row.version != version else digest_now
    where = {"practice": note.practice, "encounter": note.encounter}
    rows = source.find(KeptVersion, **where, version=version)
    return rows[0].sections.digest() if rows else None


def _outstanding(row: KeptEntry, code: str) -> Outstanding:
    return Outstanding(
        entry=row.entry,
        kind=row.kind,
        practice=row.practice,
        position=row.position,
        code=code,
        failure=row.failure,
        author=row.author,
        patient=row.patient,
        encounter=row.encounter,
        device=row.device,
        typed_at=row.typed_at,
        received_at=row.received_at,
    )


def _change(source: Source, row: KeptEntry) -> Change:
    return Change(
        position=row.position,
        entry=row.entry,
        kind=row.kind,
        practice=row.practice,
        author=row.author,
        device=row.device,
        encounter=row.encounter,
        version=row.version,
        diverged=bool(row.diverged),
        outstanding_code=row.code,
        patient=row.patient,
        resource=_resource_of(source, row),
    )


def _resource_of(source: Source, row: KeptEntry) -> str | None:
    """The resource that an entry wrote or withdrew."""
    made = MADE_BY.get(row.kind)
    if row.code is not None or made not in (KeptResourceVersion, KeptResourceWithdrawal):
        return None
    found = source.get(made, row.position)
    if isinstance(found, KeptResourceVersion | KeptResourceWithdrawal):
        return found.resource
    return None


def _provenance(row: KeptEntry, author_name: str) -> Provenance:
    return Provenance(
        entry=row.entry,
        kind=row.kind,
        practice=row.practice,
        author=row.author,
        author_name=author_name,
        patient=row.patient,
        encounter=row.encounter,
        position=row.position,
        device=row.device,
        sequence=row.sequence,
        build=row.build,
        features=tuple(row.features.split()),
        typed_at=row.typed_at,
        received_at=row.received_at,
        session=row.session,
        version=row.version,
        digest=row.digest,
    )
