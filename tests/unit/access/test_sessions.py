from datetime import UTC, datetime, timedelta

from anamnesis.access.session import AGE_MAX, IDLE_MAX, Session

NINE = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def session(seen_at: datetime = NINE) -> Session:
    return Session("s", "claire", "p", "c", "Dr Claire Aubry", NINE, seen_at)


def test_a_session_ends_after_a_working_day_without_anybody() -> None:
    assert not session().expired(NINE + IDLE_MAX - timedelta(seconds=1))
    assert session().expired(NINE + IDLE_MAX)


def test_using_it_keeps_it_alive() -> None:
    assert not session(seen_at=NINE + timedelta(hours=7)).expired(NINE + timedelta(hours=14))


def test_however_busy_it_ends_after_a_day() -> None:
    busy = session(seen_at=NINE + AGE_MAX - timedelta(minutes=1))
    assert busy.expires_at() == NINE + AGE_MAX
    assert busy.expired(NINE + AGE_MAX)


def test_the_page_learns_when_it_ends() -> None:
    assert session().shown()["expires_at"] == "2026-11-23T17:00:00.000Z"
