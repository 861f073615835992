"""The agenda's geometry: nothing on top of anything else, everything at its hour."""

from datetime import UTC, datetime
from itertools import combinations
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anamnesis.seams import instant
from anamnesis.web.calendar_grid import (
    DAY_MINUTES,
    LANES_MAX,
    STEP_MINUTES,
    Place,
    Span,
    drawn,
    free_between,
    hours_shown,
    local_span,
    placed,
)

PARIS = ZoneInfo("Europe/Paris")
ZONES = st.sampled_from(
    ["Europe/Paris", "Indian/Reunion", "America/Cayenne", "Australia/Lord_Howe"]
)
LEAST = st.sampled_from([10, 15])


@st.composite
def spans(draw: st.DrawFn) -> Span:
    start = draw(st.integers(0, DAY_MINUTES - 1))
    return Span(start, draw(st.integers(start + 1, DAY_MINUTES)))


def near(begin: int) -> st.SearchStrategy[Span]:
    """Spans of a busy hour: many of them touch."""
    return st.builds(
        lambda start, minutes: Span(begin + start, begin + start + minutes),
        st.integers(0, 60),
        st.integers(1, 40),
    )


days = st.lists(st.one_of(spans(), near(600), near(600)), max_size=30)


def together(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def on_top(one: Place, other: Place) -> bool:
    """Whether two places share a point of the screen; lanes are shares of a column's width."""
    left, right = one.lane / one.lanes, (one.lane + 1) / one.lanes
    beside = (other.lane + 1) / other.lanes <= left or right <= other.lane / other.lanes
    return together(one.span, other.span) and not beside


@settings(max_examples=200, deadline=None)
@given(days, LEAST)
def test_no_two_blocks_of_a_column_are_on_top_of_each_other(day: list[Span], least: int) -> None:
    wanted = [drawn(span, least) for span in day]
    places = placed(wanted)
    found = [place for place in places if place is not None]
    assert not [pair for pair in combinations(found, 2) if on_top(*pair)]
    assert all(0 <= place.lane < place.lanes <= LANES_MAX for place in found)
    for place, span in zip(places, wanted, strict=True):
        assert place is None or place.span == span


@settings(max_examples=200, deadline=None)
@given(days)
def test_what_has_no_place_met_as_many_others_as_there_are_lanes(day: list[Span]) -> None:
    for place, span in zip(placed(day), day, strict=True):
        if place is None:
            assert sum(together(span, other) for other in day) > LANES_MAX


@settings(max_examples=200, deadline=None)
@given(days)
def test_a_block_alone_at_its_time_has_the_whole_column(day: list[Span]) -> None:
    for place, span in zip(placed(day), day, strict=True):
        if sum(together(span, other) for other in day) == 1:
            assert place == Place(span, 0, 1)


@settings(max_examples=200, deadline=None)
@given(spans(), LEAST)
def test_a_block_is_drawn_where_its_time_is(span: Span, least: int) -> None:
    box = drawn(span, least)
    assert box.start % STEP_MINUTES == box.end % STEP_MINUTES == 0
    assert 0 <= box.start <= span.start
    assert span.end <= box.end <= DAY_MINUTES
    assert box.end - box.start >= least
    exact = span.start - box.start < STEP_MINUTES and box.end - span.end < STEP_MINUTES
    assert exact or box.end - box.start == least


@settings(max_examples=200, deadline=None)
@given(days, LEAST)
def test_the_hours_shown_hold_every_block(day: list[Span], least: int) -> None:
    boxes = [drawn(span, least) for span in day]
    first, last = hours_shown(boxes)
    assert 0 <= first <= 7
    assert 20 <= last <= 24
    assert all(first * 60 <= box.start and box.end <= last * 60 for box in boxes)
    if first < 7:
        assert any(box.start < (first + 1) * 60 for box in boxes)
    if last > 20:
        assert any(box.end > (last - 1) * 60 for box in boxes)


@settings(max_examples=200, deadline=None)
@given(days, LEAST)
def test_what_is_free_and_what_is_taken_make_the_day(day: list[Span], least: int) -> None:
    hours = hours_shown(day)
    gaps = free_between(day, hours, least)
    taken = {minute for span in day for minute in range(span.start, span.end)}
    free = [minute for gap in gaps for minute in range(gap.start, gap.end)]
    assert len(free) == len(set(free))
    assert not taken & set(free)
    assert all(gap.end - gap.start >= least for gap in gaps)
    # What is neither is too short to book: no run of it is as long as a gap has to be.
    run = 0
    for minute in range(hours[0] * 60, hours[1] * 60):
        run = 0 if minute in taken or minute in set(free) else run + 1
        assert run < least


@settings(max_examples=200, deadline=None)
@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)),  # noqa: DTZ001 -- made UTC below
    st.integers(1, DAY_MINUTES),
    ZONES,
)
def test_an_appointment_begins_on_the_minute_that_the_practices_clock_reads(
    at: datetime, minutes: int, name: str
) -> None:
    zone = ZoneInfo(name)
    start = at.replace(tzinfo=UTC, second=0, microsecond=0)
    span = local_span(instant(start), minutes, zone)
    local = start.astimezone(zone)
    assert span.start == local.hour * 60 + local.minute
    assert span.start < span.end <= DAY_MINUTES


@pytest.mark.parametrize(
    ("starts", "minutes", "expected"),
    [
        # The clock is put forward at 2:00 to 3:00: an hour later it is half past three.
        ("2026-03-29T00:30:00.000Z", 60, Span(90, 210)),
        # It is put back at 3:00 to 2:00: the second half past two begins where the first did.
        ("2026-10-25T01:30:00.000Z", 15, Span(150, 165)),
        ("2026-10-25T00:30:00.000Z", 45, Span(150, 151)),
        # A surgery's day is as long as ever on both.
        ("2026-03-29T07:00:00.000Z", 15, Span(540, 555)),
        ("2026-10-25T08:00:00.000Z", 15, Span(540, 555)),
        # Past midnight it goes on to the end of its day.
        ("2026-11-23T22:50:00.000Z", 30, Span(1430, 1440)),
    ],
)
def test_a_day_on_which_the_clock_changes_reads_as_the_clock_does(
    starts: str, minutes: int, expected: Span
) -> None:
    assert local_span(starts, minutes, PARIS) == expected
