"""Days, times and ages as people read them."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anamnesis.web.dates import Dates, age, neighbours

FRENCH = Dates("fr", ZoneInfo("Europe/Paris"))
ENGLISH = Dates("en", ZoneInfo("Europe/Paris"))
TODAY = date(2026, 11, 23)


def test_a_day_is_written_in_the_readers_language() -> None:
    assert FRENCH.long_day(TODAY) == "Lundi 23 novembre 2026"
    assert ENGLISH.long_day(TODAY) == "Monday 23 November 2026"
    assert FRENCH.short_day("1984-02-29") == "29/02/1984"
    assert FRENCH.short_day("") == ""


@pytest.mark.parametrize(
    ("instant", "expected"),
    [
        ("2026-11-23T23:30:00.000Z", "00:30"),  # winter: the next day has begun in Paris
        ("2026-07-01T12:00:00.000Z", "14:00"),
        ("2026-10-25T00:30:00.000Z", "02:30"),  # the hour that comes twice
        ("2026-10-25T01:30:00.000Z", "02:30"),
    ],
)
def test_a_time_is_that_of_the_practice(instant: str, expected: str) -> None:
    assert FRENCH.time(instant) == expected


def test_a_day_begins_at_the_practices_midnight() -> None:
    assert FRENCH.local_day(datetime(2026, 11, 23, 23, 30, tzinfo=UTC)) == date(2026, 11, 24)


def test_two_instants_say_what_they_share_once() -> None:
    first = "2026-11-23T14:02:11.000Z"
    assert FRENCH.span(first, first) == "23 nov. 2026, 15:02:11"
    assert FRENCH.span(first, "2026-11-23T14:03:40.000Z") == "23 nov. 2026, 15:02:11 – 15:03:40"
    assert FRENCH.span(first, "2026-11-24T14:03:40.000Z").endswith("– 24 nov. 2026, 15:03:40")


@pytest.mark.parametrize(
    ("born", "expected"),
    [
        ("2026-11-23", (0, "days")),
        ("2026-10-24", (30, "days")),
        ("2026-10-23", (1, "months")),
        ("2024-11-24", (23, "months")),
        ("2024-11-23", (2, "years")),
        ("1984-02-29", (42, "years")),
        ("2027-01-01", (0, "days")),
    ],
)
def test_an_age_is_in_the_unit_that_matters(born: str, expected: tuple[int, str]) -> None:
    assert age(born, TODAY) == expected


@given(st.dates(date(1880, 1, 1), TODAY))
def test_nobody_grows_younger_from_one_day_to_the_next(born: date) -> None:
    units = ["days", "months", "years"]
    _, tomorrow = neighbours(TODAY)
    number, unit = age(born.isoformat(), TODAY)
    later, later_unit = age(born.isoformat(), tomorrow)
    assert (units.index(later_unit), later) >= (units.index(unit), number)
