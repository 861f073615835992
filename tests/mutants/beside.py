"""Notes that differ from what they should say, where no text is gone and readers are asked."""

from anamnesis.clinical.sections import SECTIONS, Sections
from anamnesis.record.note_model import Note
from anamnesis.record.note_rows import KeptNote
from anamnesis.record.store import RecordReader

_Said = set[tuple[str, str]]
"""Sections, and a text of each."""


def side_by_side(truth: RecordReader, record: RecordReader) -> set[str]:
    """Encounters whose note differs, but has all it should say, in itself or open beside it.

    Whoever opens such a note is shown both texts and asked which it is to be.
    """
    tables = dict(truth.dump())
    at = [KeptNote.__struct_fields__.index(name) for name in ("practice", "encounter")]
    found = set()
    for row in tables[KeptNote.TABLE]:
        practice, encounter = (str(row[place]) for place in at)
        right, got = truth.note(practice, encounter), record.note(practice, encounter)
        if right is None or got is None or not got.divergences or _said(got) == _said(right):
            continue
        kept = _kept(record, practice, encounter) | _said(got)
        if _said(right) <= _said(got) and _kept(truth, practice, encounter) <= kept:
            found.add(encounter)
    return found


def _said(note: Note) -> _Said:
    """What is on the screen of a note: its sections, and what stands open beside them."""
    return _of(note.sections) | {(one.section, one.text) for one in note.divergences}


def _kept(record: RecordReader, practice: str, encounter: str) -> _Said:
    """What its history has."""
    said: _Said = set()
    for version in record.versions(practice, encounter):
        said |= _of(version.sections)
    for typed in record.typed_texts(practice, encounter):
        said |= _of(typed.sections)
    return said


def _of(text: Sections) -> _Said:
    return {(name, text.section(name)) for name in SECTIONS}
