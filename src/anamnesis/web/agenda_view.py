"""The agenda as its page shows it: columns of appointments and of the time between them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Final, Literal
from zoneinfo import ZoneInfo

from anamnesis.record.model import AppointmentRow, Practitioner
from anamnesis.record.resource_model import Resource
from anamnesis.web.calendar_grid import (
    HOUR_MINUTES,
    STEP_MINUTES,
    Place,
    Span,
    drawn,
    free_between,
    hours_shown,
    local_span,
    placed,
)

View = Literal["day", "week"]
EVERYBODY: Final = "all"
SATURDAY: Final = 5
LEAST_MINUTES: Final = 15
"""As tall as one line and large enough to be pressed."""
LEAST_MINUTES_FINE: Final = 10
"""The same, where shorter appointments are usual and every hour is drawn taller."""
PLAIN: Final = "plain"
"""The colour of an appointment without a type."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A type of appointment: what it is called, how long it takes, how it is coloured."""

    id: str
    name: str
    minutes: int
    colour: str


@dataclass(frozen=True, slots=True)
class Box:
    """Where something is drawn: hours and steps of its column, and its lane."""

    hour: int
    step: int
    hours: int
    steps: int
    lane: int
    lanes: int


@dataclass(frozen=True, slots=True)
class Block:
    """One appointment; `box` is None when it is listed and not drawn."""

    row: AppointmentRow
    kind: Kind | None
    span: Span
    box: Box | None

    @property
    def colour(self) -> str:
        """Its type's colour."""
        return PLAIN if self.kind is None else self.kind.colour


@dataclass(frozen=True, slots=True)
class Gap:
    """Time in which nobody is expected; `over` when all of it has passed."""

    span: Span
    box: Box
    over: bool


@dataclass(frozen=True, slots=True)
class Column:
    """A day of a practitioner, or of everybody (`practitioner` is None)."""

    day: date
    practitioner: str | None
    name: str
    items: tuple[Block | Gap, ...]
    beyond: tuple[Block, ...]
    cancelled: tuple[Block, ...]
    is_today: bool
    now: Box | None


@dataclass(frozen=True, slots=True)
class Agenda:
    """Columns side by side over the same hours; `fine` draws each hour taller."""

    columns: tuple[Column, ...]
    hours: range
    fine: bool


@dataclass(frozen=True, slots=True)
class Frame:
    """What the columns are of: these days, these practitioners, in this zone, now."""

    view: View
    days: tuple[date, ...]
    practitioners: tuple[Practitioner, ...]
    chosen: str
    zone: ZoneInfo
    now: datetime

    def initials(self, practitioner: str) -> str:
        """`CM`: who it is, where there is no room for a name."""
        found = (one for one in self.practitioners if one.practitioner == practitioner)
        return next((f"{one.given[:1]}{one.family[:1]}".upper() for one in found), "")


def kinds_of(found: Iterable[Resource]) -> dict[str, Kind]:
    """The practice's types of appointment by id, in the order they were made in."""
    return {
        one.resource: Kind(
            one.resource,
            str(one.content["name"]),
            int(one.content["minutes"]),
            str(one.content["colour"]),
        )
        for one in found
    }


def days_of(view: View, shown: date) -> tuple[date, ...]:
    """The day itself, or the week from the Monday before it."""
    if view == "day":
        return (shown,)
    monday = shown - timedelta(days=shown.weekday())
    return tuple(monday + timedelta(days=step) for step in range(7))


def agenda_of(frame: Frame, rows: Sequence[AppointmentRow], kinds: Mapping[str, Kind]) -> Agenda:
    """The columns that `rows`, in order of time, fill."""
    standing = [row for row in rows if row.status != "cancelled"]
    usual = [row.minutes for row in standing] + [kind.minutes for kind in kinds.values()]
    fine = min(usual, default=LEAST_MINUTES) < LEAST_MINUTES
    least = LEAST_MINUTES_FINE if fine else LEAST_MINUTES
    spans = [
        drawn(local_span(row.starts_at, row.minutes, frame.zone), least)
        for row in standing
        if frame.chosen in (EVERYBODY, row.practitioner)
    ]
    drawing = _Drawing(frame, kinds, hours_shown(spans), least)
    by_day = {
        day: list(those)
        for day, those in groupby(rows, lambda row: _day(row.starts_at, frame.zone))
    }
    columns = [
        _column(drawing, day, who, [row for row in by_day.get(day, []) if _is_of(row, who)])
        for day in frame.days
        if _is_shown(day, frame, day in by_day)
        for who in _columns_of(frame)
    ]
    return Agenda(tuple(columns), range(*drawing.hours), fine)


@dataclass(frozen=True, slots=True)
class _Drawing:
    frame: Frame
    kinds: Mapping[str, Kind]
    hours: tuple[int, int]
    least: int

    def block(self, row: AppointmentRow, place: Place | None = None) -> Block:
        span = local_span(row.starts_at, row.minutes, self.frame.zone)
        box = None if place is None else self.box(place)
        return Block(row, self.kinds.get(row.type or ""), span, box)

    def box(self, place: Place) -> Box:
        span = place.span
        start, long = span.start - self.hours[0] * HOUR_MINUTES, span.end - span.start
        return Box(
            start // HOUR_MINUTES,
            start % HOUR_MINUTES // STEP_MINUTES,
            long // HOUR_MINUTES,
            long % HOUR_MINUTES // STEP_MINUTES,
            place.lane,
            place.lanes,
        )


def _is_of(row: AppointmentRow, who: str | None) -> bool:
    return who in (None, row.practitioner)


def _columns_of(frame: Frame) -> list[str | None]:
    if frame.chosen != EVERYBODY:
        return [frame.chosen]
    if frame.view == "week":
        return [None]
    return [one.practitioner for one in frame.practitioners]


def _is_shown(day: date, frame: Frame, busy: bool) -> bool:
    """A Sunday only when it is asked for, is today, or somebody comes."""
    today = frame.now.astimezone(frame.zone).date()
    return frame.view == "day" or day.weekday() <= SATURDAY or busy or day == today


def _column(
    drawing: _Drawing, day: date, who: str | None, rows: Sequence[AppointmentRow]
) -> Column:
    frame = drawing.frame
    standing = [row for row in rows if row.status != "cancelled"]
    boxes = [
        drawn(local_span(row.starts_at, row.minutes, frame.zone), drawing.least) for row in standing
    ]
    blocks = [drawing.block(row, place) for row, place in zip(standing, placed(boxes), strict=True)]
    now = frame.now.astimezone(frame.zone)
    today, minute = now.date(), now.hour * HOUR_MINUTES + now.minute
    gaps = [
        Gap(span, drawing.box(Place(span, 0, 1)), (day, span.end) <= (today, minute))
        for span in free_between(boxes, drawing.hours, drawing.least)
    ]
    items: list[Block | Gap] = [*(block for block in blocks if block.box is not None), *gaps]
    first, last = drawing.hours
    line = day == today and first * HOUR_MINUTES <= minute < last * HOUR_MINUTES
    return Column(
        day,
        who,
        next((one.name for one in frame.practitioners if one.practitioner == who), ""),
        tuple(sorted(items, key=lambda item: item.span.start)),
        tuple(block for block in blocks if block.box is None),
        tuple(drawing.block(row) for row in rows if row.status == "cancelled"),
        day == today,
        drawing.box(Place(Span(minute, minute), 0, 1)) if line else None,
    )


def _day(instant: str, zone: ZoneInfo) -> date:
    return datetime.fromisoformat(instant).astimezone(zone).date()
