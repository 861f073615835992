from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from anamnesis.incident.clock import NOTIFIED_WITHIN, Clock72

# 27 April 2023, 10:40 in Paris: when the loss of that year was known.
AWARE = datetime(2023, 4, 27, 8, 40, tzinfo=UTC)
instants = st.datetimes(
    min_value=datetime(2020, 1, 1),  # noqa: DTZ001 -- Hypothesis adds the zone
    max_value=datetime(2030, 1, 1),  # noqa: DTZ001 -- likewise
    timezones=st.just(UTC),
)


def test_the_deadline_of_april_2023_was_sunday_30_april_10_40() -> None:
    # GDPR art. 33(1): 72 hours after having become aware; a Sunday counts.
    assert Clock72(AWARE).deadline == datetime(2023, 4, 30, 8, 40, tzinfo=UTC)
    assert Clock72(AWARE).deadline.isoweekday() == 7


def test_reminders_come_at_24_48_60_and_70_hours() -> None:
    clock = Clock72(AWARE)
    assert clock.reminders_due(AWARE + timedelta(hours=23, minutes=59)) == []
    assert clock.reminders_due(AWARE + timedelta(hours=24)) == [24]
    assert clock.reminders_due(AWARE + timedelta(hours=69, minutes=59)) == [24, 48, 60]
    assert clock.reminders_due(AWARE + timedelta(hours=71)) == [24, 48, 60, 70]


def test_a_notification_that_was_sent_ends_reminders() -> None:
    clock = Clock72(AWARE, AWARE + timedelta(hours=30))
    assert clock.reminders_due(AWARE + timedelta(hours=71)) == []
    assert clock.state(AWARE + timedelta(hours=100)) == "met"


def test_a_later_notification_has_to_say_why() -> None:
    # GDPR art. 33(1), second sentence: accompanied by reasons for the delay.
    assert not Clock72(AWARE).needs_reason(AWARE + NOTIFIED_WITHIN)
    assert Clock72(AWARE).needs_reason(AWARE + NOTIFIED_WITHIN + timedelta(milliseconds=1))
    sent_late = Clock72(AWARE, AWARE + timedelta(days=6))
    assert sent_late.state(AWARE + timedelta(days=7)) == "met-late"


@given(aware=instants, after=st.timedeltas(timedelta(0), timedelta(days=9)))
def test_the_state_says_late_exactly_when_a_reason_is_needed(
    aware: datetime, after: timedelta
) -> None:
    clock = Clock72(aware)
    now = aware + after
    assert (
        (clock.state(now) == "late") == clock.needs_reason(now) == (clock.left(now) < timedelta(0))
    )
