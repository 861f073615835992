"""A patient's timeline: everything that happened, the newest first, in one list."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

from anamnesis.clinical.resources import PATIENT_RESOURCES
from anamnesis.record.appointment_model import AppointmentRow
from anamnesis.record.model import Observation
from anamnesis.record.paging import MARK_BROKEN, mark, marked
from anamnesis.record.resource_model import Resource
from anamnesis.record.store import RecordReader

Kind: TypeAlias = Literal["encounter", "document", "measurement", "record", "appointment"]
KINDS: Final[tuple[Kind, ...]] = ("encounter", "document", "measurement", "record", "appointment")
ITEMS: Final = 40
"""On one page."""
ITEMS_PRINTED: Final = 5_000
"""On the page that is printed."""


@dataclass(frozen=True, slots=True)
class Item:
    """One line: when it was, and the rows that tell it. Measurements of one day are one line."""

    kind: Kind
    at: str
    name: str
    rows: tuple[Any, ...]

    @property
    def row(self) -> Any:  # noqa: ANN401 -- a template asks each kind for its own
        """The first row."""
        return self.rows[0]


@dataclass(frozen=True, slots=True)
class Timeline:
    """One page of it; `next` is the mark of the page after."""

    items: list[Item]
    next: str | None


@dataclass(frozen=True, slots=True)
class Sources:
    """What the patient's page has read already; appointments are asked for when they are shown."""

    resources: Sequence[Resource]
    observations: Sequence[Observation]


def timeline(
    reader: RecordReader,
    practice: str,
    patient: str,
    sources: Sources,
    only: Kind | None = None,
    before: str | None = None,
    limit: int = ITEMS,
) -> Timeline:
    """The newest `limit` lines from below the mark `before`; of one kind, if one is given."""
    place = marked(before)
    if place is MARK_BROKEN:
        return Timeline([], None)
    found = [
        item
        for item in _besides(reader, practice, patient, sources, only)
        if place is None or (item.at, item.name) < place
    ]
    if only in (None, "encounter"):
        # One more than is shown, to know whether another page follows.
        rows = reader.encounters(practice, patient, limit + 1, before).rows
        found += [Item("encounter", row.started_at, row.encounter, (row,)) for row in rows]
    found.sort(key=lambda item: (item.at, item.name), reverse=True)
    shown, rest = found[:limit], found[limit:]
    return Timeline(shown, mark(shown[-1].at, shown[-1].name) if rest else None)


def by_month(items: Sequence[Item], month_of: Callable[[str], str]) -> list[tuple[str, list[Item]]]:
    """The items under the name of each one's month, in their order."""
    months: list[tuple[str, list[Item]]] = []
    for item in items:
        month = month_of(item.at)
        if not months or months[-1][0] != month:
            months.append((month, []))
        months[-1][1].append(item)
    return months


def _besides(
    reader: RecordReader, practice: str, patient: str, sources: Sources, only: Kind | None
) -> Iterator[Item]:
    for one in sources.resources:
        if one.type not in PATIENT_RESOURCES:
            continue
        kind: Kind = "document" if one.type == "document" else "record"
        if one.withdrawn is None and only in (None, kind):
            yield Item(kind, one.recorded_at, one.resource, (one,))
    if only in (None, "measurement"):
        yield from _measured(sources.observations)
    if only in (None, "appointment"):
        for booked in reader.appointments_of(practice, patient):
            if _stands_alone(booked):
                yield Item("appointment", booked.starts_at, booked.appointment, (booked,))


def _measured(observations: Sequence[Observation]) -> Iterator[Item]:
    """Those of one day and encounter together, those entered in error left out."""
    together: dict[tuple[str, str | None], list[Observation]] = {}
    for one in observations:
        if one.in_error is None:
            together.setdefault((one.effective_at[:10], one.encounter), []).append(one)
    for rows in together.values():
        yield Item("measurement", rows[-1].effective_at, rows[-1].observation, tuple(rows))


def _stands_alone(booked: AppointmentRow) -> bool:
    """An appointment that became an encounter is told by that."""
    return booked.encounter is None
