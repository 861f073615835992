"""What entries do to a note: write, sign, amend, decide, withdraw (docs/protocol.md, section 7).

Every text that was ever typed stays readable: as a version, as a typed text beside the versions,
or in a divergence.
"""

from typing import TypeAlias, cast

from msgspec.structs import replace

from anamnesis.clinical.composition import (
    Status,
    awaits_signature,
    reason_aside,
    status_when_signed,
    status_with_text,
)
from anamnesis.clinical.kinds import EnteredInError, NoteText, Resolved, Signed
from anamnesis.clinical.merge import Merged, TextForgotten, changed, forgotten, merge
from anamnesis.clinical.sections import BLANK, BLANK_DIGEST, SECTIONS, SectionName, Sections
from anamnesis.journal.entry import JournaledEntry
from anamnesis.record.effect import Effect
from anamnesis.record.encounters import note_of
from anamnesis.record.note_rows import (
    KeptDivergence,
    KeptNote,
    KeptResolution,
    KeptSignature,
    KeptTypedText,
    KeptVersion,
    KeptWithdrawal,
    text_columns,
)
from anamnesis.record.outstanding import NotTaken
from anamnesis.record.row import Kept
from anamnesis.record.rows import KeptEntry
from anamnesis.record.store import RecordView

CONTINUED = "continued"
"""What `kept` says of a divergence whose text the note shows, or somebody went on from."""

_Text: TypeAlias = tuple[str, str]
"""A section and what it says."""


def take_text(journaled: JournaledEntry, content: NoteText, view: RecordView) -> Effect:
    """A text for a note: its next version, or kept aside when the note takes no text any more."""
    note = note_of(journaled, view)
    mine = content.sections
    aside = reason_aside(cast("Status", note.status), journaled.entry.kind)
    if aside is not None:
        return _keep_aside(journaled, note, mine, aside, view)
    if note.digest in (journaled.entry.base or BLANK_DIGEST, journaled.entry.digest):
        closed = _closed(journaled, note, set(_by_section(mine)), view)
        return _next_version(journaled, note, mine, Merged(mine, ()), closed)
    base = _base_in_note(journaled, note, view)
    theirs = current_text(note, view)
    merged = merge(base, theirs, mine)
    beside = tuple(
        KeptDivergence(
            practice=note.practice,
            encounter=note.encounter,
            position=journaled.position,
            section=name,
            reason="concurrent",
            text=theirs.section(name),
            aside_position=_author_of(note, name, theirs.section(name), view),
            version=note.version + 1,
            kept=None,
            kept_position=None,
        )
        for name in merged.divergences
    )
    gone_on_from = _left(base, mine) | set(_by_section(merged.sections))
    closed = _closed(journaled, note, gone_on_from, view)
    effect = _next_version(journaled, note, mine, merged, (*closed, *beside))
    _forgets_nothing(base, theirs, mine, effect)
    return effect


def sign(journaled: JournaledEntry, content: Signed, view: RecordView) -> Effect:
    """Signs the current version, if it is the text that the signer saw."""
    note = note_of(journaled, view)
    status = status_when_signed(cast("Status", note.status))
    if status is None:
        raise NotTaken("entered-in-error")
    if note.version == 0:
        raise NotTaken("nothing-to-sign")
    if content.digest != note.digest:
        raise NotTaken("text-changed")
    signature = KeptSignature(
        journaled.position, note.practice, note.encounter, note.version, content.digest
    )
    signed = replace(note, status=status, signed_version=note.version, awaiting=0)
    return Effect((signature, signed), note.version)


def resolve(journaled: JournaledEntry, content: Resolved, view: RecordView) -> Effect:
    """Decides about a divergence; decided already, it stays as it was and this is kept too."""
    note = note_of(journaled, view)
    name, _, section = content.divergence.partition("/")
    collided = view.find(KeptEntry, practice=note.practice, entry=name)
    found = (
        view.get(KeptDivergence, note.practice, note.encounter, collided[0].position, section)
        if collided
        else None
    )
    if found is None:
        raise NotTaken("divergence-unknown")
    resolution = KeptResolution(
        journaled.position, note.practice, note.encounter, content.divergence, content.kept
    )
    rows: tuple[Kept, ...] = (resolution,)
    if found.kept is None or found.kept == CONTINUED:
        rows += (replace(found, kept=content.kept, kept_position=journaled.position),)
    return Effect(rows, note.version)


def enter_in_error(journaled: JournaledEntry, content: EnteredInError, view: RecordView) -> Effect:
    """The note is void; its versions stay readable."""
    note = note_of(journaled, view)
    withdrawal = KeptWithdrawal(journaled.position, note.practice, note.encounter, content.reason)
    return Effect((withdrawal, replace(note, status="entered-in-error", awaiting=0)), note.version)


def typed_text(journaled: JournaledEntry, mine: Sections) -> KeptTypedText:
    """What was typed, where no version has it as it stands."""
    entry = journaled.entry
    return KeptTypedText(
        position=journaled.position,
        practice=entry.practice,
        encounter=entry.encounter or "",
        digest=entry.digest,
        **text_columns(mine),
    )


def current_text(note: KeptNote, view: RecordView) -> Sections:
    """What the note says now."""
    if note.position is None:
        return BLANK
    version = view.get(KeptVersion, note.position)
    if version is None:
        raise LookupError("The current version of a note is not there.")
    return version.sections


def _next_version(
    journaled: JournaledEntry,
    note: KeptNote,
    mine: Sections,
    merged: Merged,
    divergences: tuple[KeptDivergence, ...],
) -> Effect:
    whole = merged.sections == mine
    digest = journaled.entry.digest if whole else merged.sections.digest()
    version = KeptVersion(
        position=journaled.position,
        practice=note.practice,
        encounter=note.encounter,
        version=note.version + 1,
        digest=digest,
        merged=int(not whole),
        **text_columns(merged.sections),
    )
    status = status_with_text(cast("Status", note.status))
    moved = replace(
        note,
        status=status,
        version=version.version,
        digest=digest,
        position=journaled.position,
        awaiting=int(awaits_signature(status, version.version, note.signed_version)),
    )
    beside = () if whole else (typed_text(journaled, mine),)
    collided = any(row.position == journaled.position for row in divergences)
    return Effect((version, moved, *beside, *divergences), version.version, diverged=collided)


def _keep_aside(
    journaled: JournaledEntry, note: KeptNote, mine: Sections, reason: str, view: RecordView
) -> Effect:
    """Keeps each section that its author changed, and that the note says otherwise."""
    base = _base(journaled, note, view)
    shown = current_text(note, view)
    closed = _closed(journaled, note, _left(base, mine), view)
    still = {(row.section, row.text) for row in _open(note, view)}
    still -= {(row.section, row.text) for row in closed}
    beside = tuple(
        KeptDivergence(
            practice=note.practice,
            encounter=note.encounter,
            position=journaled.position,
            section=name,
            reason=reason,
            text=mine.section(name),
            aside_position=journaled.position,
            version=note.version,
            kept=None,
            kept_position=None,
        )
        for name in changed(base, mine)
        if mine.section(name) != shown.section(name) and (name, mine.section(name)) not in still
    )
    return Effect(
        (typed_text(journaled, mine), *closed, *beside), note.version, diverged=bool(beside)
    )


def _forgets_nothing(
    base: Sections | None, theirs: Sections, mine: Sections, effect: Effect
) -> None:
    """Raises TextForgotten: an entry listed as a fault is better than a text that is gone."""
    [shown] = [row.sections for row in effect.rows if isinstance(row, KeptVersion)]
    beside = {(row.section, row.text) for row in effect.rows if isinstance(row, KeptDivergence)}
    if sections := forgotten(base, theirs, mine, shown, beside):
        raise TextForgotten(", ".join(sections))


def _base(journaled: JournaledEntry, note: KeptNote, view: RecordView) -> Sections | None:
    """The text the author started from, also one that was kept aside; None if not known."""
    digest = journaled.entry.base or BLANK_DIGEST
    if digest == BLANK_DIGEST:
        return BLANK
    return next((row.sections for row in _texts(digest, note, view)), None)


def _base_in_note(journaled: JournaledEntry, note: KeptNote, view: RecordView) -> Sections | None:
    """The last text the author started from that went into the note; None if not known.

    A text kept aside did not go in. Its author still sees it and goes on from it, so that what it
    had changed must count as changed: its own base is the one that counts.
    """
    digest = journaled.entry.base or BLANK_DIGEST
    followed: set[str] = set()
    while digest not in followed:
        if digest == BLANK_DIGEST:
            return BLANK
        followed.add(digest)
        found = _texts(digest, note, view)
        for row in found:
            if isinstance(row, KeptVersion) or view.get(KeptVersion, row.position) is not None:
                return row.sections
        aside = view.get(KeptEntry, found[-1].position) if found else None
        if aside is None:
            return None
        digest = aside.base or BLANK_DIGEST
    return None


def _texts(digest: str, note: KeptNote, view: RecordView) -> list[KeptVersion | KeptTypedText]:
    """Versions and then typed texts of this note with this digest, without outstanding ones."""
    where = {"practice": note.practice, "encounter": note.encounter, "digest": digest}
    found: list[KeptVersion | KeptTypedText] = [*view.find(KeptVersion, **where)]
    for row in view.find(KeptTypedText, **where):
        entry = view.get(KeptEntry, row.position)
        if entry is not None and entry.code is None:
            found.append(row)
    return found


def _open(note: KeptNote, view: RecordView) -> list[KeptDivergence]:
    rows = view.find(KeptDivergence, practice=note.practice, encounter=note.encounter)
    return [row for row in rows if row.kept is None]


def _closed(
    journaled: JournaledEntry, note: KeptNote, texts: set[_Text], view: RecordView
) -> tuple[KeptDivergence, ...]:
    """The open divergences with these texts, closed: they are shown now, or were gone on from.

    Without this, every pause of somebody typing into a locked or contested section would leave
    another one. The text itself stays where it is.
    """
    return tuple(
        replace(row, kept=CONTINUED, kept_position=journaled.position)
        for row in _open(note, view)
        if (row.section, row.text) in texts
    )


def _left(base: Sections | None, mine: Sections) -> set[_Text]:
    """The texts that the author had before the eyes and changed."""
    return set() if base is None else {(name, base.section(name)) for name in changed(base, mine)}


def _by_section(text: Sections) -> list[_Text]:
    return [(name, text.section(name)) for name in SECTIONS]


def _author_of(note: KeptNote, name: SectionName, text: str, view: RecordView) -> int:
    """The position of the entry that brought this section's current text into the note."""
    position = note.position or 0
    where = {"practice": note.practice, "encounter": note.encounter}
    for number in range(note.version, 0, -1):
        version = view.find(KeptVersion, **where, version=number)[0]
        if version.sections.section(name) != text:
            break
        position = version.position
    return position
