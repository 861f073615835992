"""What can be found, what a finding shows, and what is asked of an index.

An index is derived from the record and never the truth: what it finds is read from the record
before it is shown.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, Literal, Protocol, TypeAlias, get_args

import msgspec

from anamnesis.clinical.sections import SECTIONS
from anamnesis.record.model import Change
from anamnesis.record.resource_model import Resource
from anamnesis.record.search_words import Query
from anamnesis.record.store import RecordReader

Place: TypeAlias = Literal[
    "motif",
    "interrogatoire",
    "examen",
    "conclusion",
    "document",
    "condition",
    "allergy",
    "medication",
    "immunization",
]
"""Where a text stands: a section of a note, or a type of resource."""
PLACES: Final[tuple[Place, ...]] = get_args(Place)

_FIELDS: Final[dict[str, tuple[str, ...]]] = {
    "document": ("title", "recipient", "body"),
    "condition": ("text", "code", "relative", "note"),
    "allergy": ("substance", "reaction", "note"),
    "medication": ("name", "dosage", "reason", "note"),
    "immunization": ("vaccine", "dose", "lot", "note"),
}
_LINE_FIELDS: Final = ("drug", "dose", "frequency", "duration", "note")


class Text(msgspec.Struct, frozen=True):
    """A text that can be found. `subject` is its encounter or resource; with `place` its name."""

    practice: str
    patient: str
    subject: str
    place: Place
    author: str
    day: str
    position: int
    text: str


class Filter(msgspec.Struct, frozen=True):
    """What is left out; None or empty leaves out nothing. Days are `YYYY-MM-DD`, both included."""

    patient: str | None = None
    author: str | None = None
    first_day: str | None = None
    last_day: str | None = None
    places: tuple[Place, ...] = ()


class Found(msgspec.Struct, frozen=True):
    """Where something was found; `rank` sorts findings, the newest first."""

    rank: int
    patient: str
    subject: str
    place: Place


class IndexDamaged(Exception):
    """The index contradicts itself or cannot be read: it is made again from the record."""

    code = "index-damaged"


class SearchIndex(Protocol):
    """Finds texts. Written by one thread, read by any. Raises IndexDamaged."""

    def applied(self) -> int:
        """How many journal entries are in it."""
        ...

    def apply(self, subjects: Iterable[tuple[str, str]], texts: Iterable[Text], upto: int) -> None:
        """Takes out what it has of these (practice, subject), puts in `texts`, all or nothing."""
        ...

    def find(
        self, practice: str, query: Query, only: Filter, limit: int, below: int | None
    ) -> list[Found]:
        """What is wanted and not left out, the newest first, from below rank `below`."""
        ...

    def clear(self) -> None:
        """Begins anew."""
        ...

    def close(self) -> None:
        """Lets go of it."""
        ...


def subject_of(change: Change) -> tuple[str, str] | None:
    """The note or resource whose texts an applied entry may have changed, by practice and id."""
    if change.outstanding_code is not None or change.patient is None:
        return None
    if change.resource is not None:
        return change.practice, change.resource
    if change.encounter is not None and change.kind.startswith("note."):
        return change.practice, change.encounter
    return None


def texts_of(reader: RecordReader, change: Change) -> list[Text]:
    """The texts that the subject of an applied entry now has."""
    if change.resource is None:
        return _of_note(reader, change)
    found = reader.resource(change.practice, change.resource)
    return [] if found is None else list(_of(found, change))


def _of_note(reader: RecordReader, change: Change) -> list[Text]:
    encounter = change.encounter or ""
    note, started = (
        reader.note(change.practice, encounter),
        reader.encounter(change.practice, encounter),
    )
    if note is None or started is None or note.status == "entered-in-error":
        return []
    return [
        Text(
            practice=change.practice,
            patient=note.patient,
            subject=encounter,
            place=name,
            author=started.author,
            day=started.started_at[:10],
            position=change.position,
            text=text,
        )
        for name in SECTIONS
        if (text := note.sections.section(name))
    ]


def _of(resource: Resource, change: Change) -> Iterator[Text]:
    if resource.type not in _FIELDS or resource.withdrawn is not None:
        return
    text = "\n".join(part for part in resource_parts(resource.type, resource.content) if part)
    if text:
        yield Text(
            practice=change.practice,
            patient=resource.patient or "",
            subject=resource.resource,
            place=_place(resource.type),
            author=resource.author,
            day=(resource.content.get("date") or resource.recorded_at)[:10],
            position=change.position,
            text=text,
        )


def resource_parts(type: str, content: dict[str, Any]) -> list[str]:
    """What somebody wrote in a resource, field by field, as it is searched and shown."""
    parts = [str(content[name]) for name in _FIELDS.get(type, ())]
    if content.get("file"):
        parts.append(str(content["file"]["name"]))
    lines = content.get("lines", ())
    return parts + [", ".join(line[name] for name in _LINE_FIELDS if line[name]) for line in lines]


def _place(type: str) -> Place:
    return next(place for place in PLACES if place == type)


class Indexer:
    """Follows the record into an index, some entries at a time."""

    def __init__(self, reader: RecordReader, index: SearchIndex) -> None:
        self._reader = reader
        self._index = index

    def step(self, limit: int) -> int:
        """Takes in at most `limit` applied entries; 0 when there are no more.

        An index ahead of the record belongs to another one, and is begun anew.
        """
        applied, indexed = self._reader.applied(), self._index.applied()
        if indexed > applied:
            self._index.clear()
            indexed = 0
        changes = self._reader.changes(indexed, limit) if indexed < applied else []
        if changes:
            self._index.apply(*_merged(self._reader, changes), changes[-1].position + 1)
        return len(changes)


def _merged(
    reader: RecordReader, changes: Sequence[Change]
) -> tuple[list[tuple[str, str]], list[Text]]:
    """Each subject once, as its last change in the batch left it."""
    last = {subject: one for one in changes if (subject := subject_of(one)) is not None}
    return list(last), [text for one in last.values() for text in texts_of(reader, one)]
