from datetime import UTC, datetime, timedelta

from anamnesis.bootstrap.backing_up import Known
from anamnesis.bootstrap.backups import TAKEN_EVERY, TRIED_AGAIN_AFTER, wanted
from anamnesis.seams import instant

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def done(at: datetime, compared: datetime) -> Known:
    return Known(taken_at=instant(at), compared_at=instant(compared), result="equal")


def test_the_first_backup_and_the_first_comparison_are_due_at_once() -> None:
    assert wanted(Known(), NOON, comparable=True) == (True, True)
    assert wanted(Known(), NOON, comparable=False) == (True, False)


def test_a_backup_is_due_each_hour_and_a_comparison_once_a_night() -> None:
    found = done(NOON, NOON)
    assert wanted(found, NOON + TAKEN_EVERY / 2, comparable=True) == (False, False)
    assert wanted(found, NOON + TAKEN_EVERY, comparable=True) == (True, False)
    # 0:30 in Paris is too early, 2:00 is not; the day after that, likewise.
    assert wanted(found, datetime(2026, 11, 23, 23, 30, tzinfo=UTC), comparable=True)[1] is False
    night = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
    assert wanted(found, night, comparable=True)[1] is True
    assert wanted(done(night, night), night + timedelta(hours=22), comparable=True)[1] is False
    assert wanted(done(night, night), night + timedelta(hours=24), comparable=True)[1] is True


def test_after_a_failure_it_is_tried_again_and_not_all_the_time() -> None:
    found = Known(failure="place-refused", failed_at=instant(NOON))
    assert wanted(found, NOON + TRIED_AGAIN_AFTER / 2, comparable=True) == (False, False)
    assert wanted(found, NOON + TRIED_AGAIN_AFTER, comparable=True) == (True, True)
