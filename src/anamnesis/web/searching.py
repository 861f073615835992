"""What a search shows: each finding read from the record, with the words asked for marked."""

from typing import Final

import msgspec

from anamnesis.record.model import Patient
from anamnesis.record.search import Filter, Found, Place, SearchIndex, resource_parts
from anamnesis.record.search_words import Query, marked
from anamnesis.record.store import RecordReader

EXCERPT_CHARACTERS: Final = 220
BEFORE_CHARACTERS: Final = 60
"""How much of the text stands before the first word that was asked for."""


class Segment(msgspec.Struct, frozen=True):
    """A run of an excerpt; `is_marked`: somebody asked for it."""

    text: str
    is_marked: bool


class Result(msgspec.Struct, frozen=True):
    """One finding as it is shown; `address` leads to it."""

    patient: Patient
    subject: str
    place: Place
    day: str
    author_name: str
    title: str
    excerpt: list[Segment]
    address: str


class Results(msgspec.Struct, frozen=True):
    """A page of findings; `next` asks for those that follow, None at the end."""

    results: list[Result]
    next: int | None


def search(
    reader: RecordReader,
    index: SearchIndex,
    practice: str,
    query: Query,
    only: Filter,
    limit: int,
    below: int | None = None,
) -> Results:
    """Finds at most `limit`. What the record has no longer is left out. Raises IndexDamaged."""
    found = index.find(practice, query, only, limit + 1, below)
    shown = [_shown(reader, practice, query, one) for one in found[:limit]]
    more = found[limit - 1].rank if len(found) > limit else None
    return Results([one for one in shown if one is not None], more)


def _shown(reader: RecordReader, practice: str, query: Query, found: Found) -> Result | None:
    patient = reader.patient(practice, found.patient)
    if patient is None:
        return None
    if found.place in ("motif", "interrogatoire", "examen", "conclusion"):
        return _of_note(reader, practice, query, found, patient)
    resource = reader.resource(practice, found.subject)
    if resource is None or resource.withdrawn is not None:
        return None
    text = "\n".join(part for part in resource_parts(resource.type, resource.content) if part)
    is_document = resource.type == "document"
    where = f"documents/{resource.resource}" if is_document else ""
    return Result(
        patient=patient,
        subject=found.subject,
        place=found.place,
        day=resource.content.get("date") or resource.recorded_at,
        author_name=resource.author_name,
        title=resource.content["title"] if is_document else "",
        excerpt=excerpt(text, query),
        address=f"/patients/{patient.patient}/{where}".rstrip("/"),
    )


def _of_note(
    reader: RecordReader, practice: str, query: Query, found: Found, patient: Patient
) -> Result | None:
    note, started = (
        reader.note(practice, found.subject),
        reader.encounter(practice, found.subject),
    )
    if note is None or started is None or note.status == "entered-in-error":
        return None
    return Result(
        patient=patient,
        subject=found.subject,
        place=found.place,
        day=started.started_at,
        author_name=started.author_name,
        title="",
        excerpt=excerpt(getattr(note.sections, found.place), query),
        address=f"/encounters/{found.subject}?patient={patient.patient}",
    )


def excerpt(text: str, query: Query) -> list[Segment]:
    """The part of a text around the first word asked for, cut at the ends, in segments."""
    marks = marked(text, query)
    begin = max(0, (marks[0][0] if marks else 0) - BEFORE_CHARACTERS)
    end = min(len(text), begin + EXCERPT_CHARACTERS)
    segments: list[Segment] = []
    at = begin
    for first, last in marks:
        if first < at or last > end:
            continue
        if first > at:
            segments.append(Segment(text[at:first], is_marked=False))
        segments.append(Segment(text[first:last], is_marked=True))
        at = last
    segments.append(Segment(text[at:end] + ("…" if end < len(text) else ""), is_marked=False))
    if begin:
        segments.insert(0, Segment("…", is_marked=False))
    return segments
