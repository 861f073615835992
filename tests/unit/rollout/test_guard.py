"""Which feature goes first, and when all of them go."""

import pytest

from anamnesis.rollout.cohort import Cohort
from anamnesis.rollout.guard import Guard, Suspicion
from anamnesis.rollout.refusal import RolloutRefused
from anamnesis.rollout.rollout import DEPLOYMENTS_MAX, Rollout, decoded, encoded

AT = "2026-11-23T10:00:{:04.1f}00Z"
LILAS, ROSES = Cohort(practices=("lilas",)), Cohort(practices=("roses",))
WRONG = Suspicion("read-back-differs", "lilas", "claire", AT.format(5))


def deployed(*features: tuple[str, Cohort, bool]) -> Rollout:
    rollout = Rollout()
    for second, (name, cohort, canary) in enumerate(features):
        at = AT.format(second)
        rollout = rollout.deployed(name, "entry-point", ("typing",), cohort, at, canary=canary)
    return rollout


def running(guard: Guard) -> list[str]:
    return [one.feature for one in guard.rollout.active()]


def test_the_newest_of_those_that_run_for_the_practitioner_goes_first() -> None:
    guard = Guard(deployed(("old", LILAS, False), ("new", LILAS, False), ("else", ROSES, False)))
    assert guard.judge(WRONG, AT.format(6)) is not None
    assert running(guard) == ["else", "old"]


def test_a_canary_goes_before_a_newer_one() -> None:
    guard = Guard(deployed(("canary", LILAS, True), ("new", LILAS, False)))
    guard.judge(WRONG, AT.format(6))
    assert running(guard) == ["new"]


def test_one_that_runs_for_somebody_else_is_suspected_where_no_other_runs() -> None:
    guard = Guard(deployed(("else", ROSES, False)))
    guard.judge(WRONG, AT.format(6))
    assert running(guard) == []


def test_what_was_received_before_the_suspension_suspends_no_other() -> None:
    guard = Guard(deployed(("old", LILAS, False), ("new", LILAS, False)))
    guard.judge(WRONG, AT.format(6))
    assert guard.judge(WRONG, AT.format(7)) is None
    assert running(guard) == ["old"]


def test_what_is_still_wrong_afterwards_ends_in_safe_mode() -> None:
    guard = Guard(deployed(("one", LILAS, False), ("two", LILAS, False), ("three", LILAS, False)))
    guard.judge(WRONG, AT.format(6))
    later = Suspicion("read-back-missing", "lilas", "claire", AT.format(8))
    rollout = guard.judge(later, AT.format(9))
    assert rollout is not None
    assert rollout.mode == "safe"
    assert running(guard) == []
    assert guard.judge(later, AT.format(10)) is None


def test_once_the_record_is_made_anew_the_next_one_is_suspected_alone() -> None:
    guard = Guard(deployed(("one", LILAS, False), ("two", LILAS, False)))
    guard.judge(WRONG, AT.format(6))
    guard.made_anew()
    guard.judge(WRONG, AT.format(20))
    assert guard.rollout.mode == "features"
    assert running(guard) == []


def test_whoever_was_caught_in_the_act_goes_alone() -> None:
    guard = Guard(deployed(("one", LILAS, False), ("two", LILAS, False), ("three", LILAS, False)))
    guard.judge(WRONG, AT.format(6))
    guard.judge(Suspicion("hook-failed", feature="one"), AT.format(6))
    assert running(guard) == ["two"]
    assert guard.rollout.mode == "features"


def test_without_any_feature_nothing_is_decided() -> None:
    assert Guard(Rollout()).judge(WRONG, AT.format(6)) is None


def test_a_rollout_is_read_as_it_was_published() -> None:
    rollout = deployed(("one", LILAS, True)).suspended("one", AT.format(9), "hook-failed")
    assert decoded(encoded(rollout)) == rollout


def test_every_change_is_another_revision() -> None:
    first = deployed(("one", LILAS, False))
    changed = [
        first.deployed("one", "entry-point", ("typing",), ROSES, AT.format(9)),
        first.suspended("one", AT.format(9), "operator"),
        first.withdrawn("one"),
        first.in_mode("safe"),
    ]
    assert [one.revision for one in changed] == [first.revision + 1] * 4
    assert changed[1].resumed("one").active() == first.active()


@pytest.mark.parametrize("name", ["", "Share", "a--b", "partage-é", "x" * 65, "a b", "../x"])
def test_a_name_that_is_no_name_is_refused(name: str) -> None:
    with pytest.raises(RolloutRefused) as refused:
        Rollout().deployed(name, "entry-point", ("typing",), LILAS, AT.format(1))
    assert refused.value.code == "name-invalid"


def test_a_feature_that_nothing_watches_is_refused() -> None:
    with pytest.raises(RolloutRefused) as refused:
        Rollout().deployed("one", "entry-point", (), LILAS, AT.format(1))
    assert refused.value.code == "path-missing"


def test_there_is_an_end_to_features() -> None:
    rollout = deployed(*((f"f-{number}", LILAS, False) for number in range(DEPLOYMENTS_MAX)))
    with pytest.raises(RolloutRefused) as refused:
        rollout.deployed("one-more", "entry-point", ("typing",), LILAS, AT.format(1))
    assert refused.value.code == "too-many-features"
