"""Where appointments stand on the agenda: hours down the page, lanes side by side. Pure.

A day is counted in minutes by the practice's own clock, as the people in it read it: on the two
days on which that clock is put forward or back as on every other.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

STEP_MINUTES: Final = 5  # what is drawn begins and ends on one of these
HOUR_MINUTES: Final = 60
DAY_MINUTES: Final = 1_440
FIRST_HOUR, LAST_HOUR = 7, 20
"""The hours that are always shown."""
LANES_MAX: Final = 6
"""More side by side cannot be read: what else there is at that time is listed apart."""


@dataclass(frozen=True, slots=True)
class Span:
    """From `start` to `end`, in minutes since the day began; `end` is later, 1,440 at most."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Place:
    """What is drawn of a span: on steps, long enough to be read, in its lane of `lanes`."""

    span: Span
    lane: int
    lanes: int


def local_span(starts_at: str, minutes: int, zone: ZoneInfo) -> Span:
    """What so many minutes from an instant on are of the day in `zone`, as far as it goes."""
    begin = datetime.fromisoformat(starts_at)
    start, end = (at.astimezone(zone) for at in (begin, begin + timedelta(minutes=minutes)))
    first = _minute(start)
    last = _minute(end) if end.date() == start.date() else DAY_MINUTES
    # Put back, the clock may read less at the end than at the start.
    return Span(first, max(last, first + 1))


def drawn(span: Span, least: int) -> Span:
    """The span on whole steps, at least `least` minutes long, and within the day."""
    start = span.start - span.start % STEP_MINUTES
    end = max(-(-span.end // STEP_MINUTES) * STEP_MINUTES, start + least)
    over = max(0, end - DAY_MINUTES)
    return Span(start - over, end - over)


def hours_shown(spans: Sequence[Span]) -> tuple[int, int]:
    """The first hour to draw and the one to stop at: the usual ones, and all that is needed."""
    first = min((span.start // HOUR_MINUTES for span in spans), default=FIRST_HOUR)
    last = max((-(-span.end // HOUR_MINUTES) for span in spans), default=LAST_HOUR)
    return min(first, FIRST_HOUR), max(last, LAST_HOUR)


def placed(spans: Sequence[Span]) -> list[Place | None]:
    """A place for each span, none over another; None where there are more than LANES_MAX."""
    found: list[Place | None] = [None] * len(spans)
    for cluster in _clusters(spans):
        ends: list[int] = []
        lanes: dict[int, int] = {}
        for number in cluster:
            span = spans[number]
            free = next((lane for lane, end in enumerate(ends) if end <= span.start), len(ends))
            if free == LANES_MAX:
                continue
            ends[free : free + 1] = [span.end]
            lanes[number] = free
        for number, lane in lanes.items():
            found[number] = Place(spans[number], lane, len(ends))
    return found


def free_between(spans: Sequence[Span], hours: tuple[int, int], least: int) -> list[Span]:
    """The parts of these hours that no span touches and that are `least` minutes or longer."""
    begin, end = hours[0] * HOUR_MINUTES, hours[1] * HOUR_MINUTES
    found: list[Span] = []
    for span in sorted(spans, key=lambda one: one.start):
        if span.start - begin >= least:
            found.append(Span(begin, span.start))
        begin = max(begin, span.end)
    if end - begin >= least:
        found.append(Span(begin, end))
    return found


def _clusters(spans: Sequence[Span]) -> Iterator[list[int]]:
    """Numbers of spans that touch one another, directly or through others, by start."""
    cluster: list[int] = []
    until = 0
    for number in sorted(range(len(spans)), key=lambda n: (spans[n].start, n)):
        if cluster and spans[number].start >= until:
            yield cluster
            cluster = []
        until = max(until, spans[number].end) if cluster else spans[number].end
        cluster.append(number)
    if cluster:
        yield cluster


def _minute(moment: datetime) -> int:
    return moment.hour * HOUR_MINUTES + moment.minute
