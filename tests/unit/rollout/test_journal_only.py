"""When the application is given up, and when it gets its pages back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anamnesis.rollout.cohort import Cohort
from anamnesis.rollout.journal_only import (
    BACK_AFTER_SECONDS,
    BACK_AFTER_SECONDS_MAX,
    FORGIVEN_AFTER_SECONDS,
    JOURNAL_ONLY_AFTER_SECONDS,
    SAFE_AFTER_SECONDS,
    WELL_SECONDS,
    Endurance,
    Standing,
)
from anamnesis.rollout.rollout import Rollout, decoded, encoded

AT = "2026-11-23T10:00:00.000Z"
WELL = Standing(up=True, readable=True, following=True, right=True)
AWAY = Standing(up=False, readable=True, following=True, right=True)
CLOSED = Standing(up=True, readable=False, following=True, right=True)
STILL = Standing(up=True, readable=True, following=False, right=True)
WRONG = Standing(up=True, readable=True, following=True, right=False)
STANDINGS = st.sampled_from([WELL, AWAY, CLOSED, STILL, WRONG])
STEP = 0.25


class World:
    """Obeys every decision, a look every quarter of a second."""

    def __init__(self, rollout: Rollout | None = None) -> None:
        self.endurance = Endurance()
        self.rollout = rollout or Rollout()
        self.now = 0.0
        self.modes: list[tuple[float, str]] = []

    def stand(self, standing: Standing, seconds: float) -> None:
        for _ in range(int(seconds / STEP)):
            self.now += STEP
            new = self.endurance.judge(self.rollout, standing, self.now, AT)
            if new is not None:
                self.rollout = new
                self.modes.append((self.now, new.mode))

    @property
    def mode(self) -> str:
        return self.rollout.mode


def with_features(number: int = 2) -> Rollout:
    rollout = Rollout()
    for one in range(number):
        rollout = rollout.deployed(
            f"feature-{one}", "entry-point", ("typing",), Cohort(share=1.0), AT
        )
    return rollout


@pytest.mark.parametrize("trouble", [AWAY, CLOSED, STILL])
def test_an_application_that_stays_unwell_is_given_up(trouble: Standing) -> None:
    world = World()
    world.stand(trouble, JOURNAL_ONLY_AFTER_SECONDS - 1)
    assert world.mode == "features"
    world.stand(trouble, 2)
    assert world.mode == "journal-only"
    assert world.rollout.journal_only is not None
    assert world.rollout.journal_only.why == "application-unwell"


def test_before_it_is_given_up_it_is_tried_without_its_features() -> None:
    world = World(with_features())
    world.stand(AWAY, SAFE_AFTER_SECONDS + 1)
    assert world.mode == "safe"
    assert [one.suspended is None for one in world.rollout.deployments] == [False, False]
    world.stand(AWAY, JOURNAL_ONLY_AFTER_SECONDS + 1)
    assert [mode for _, mode in world.modes] == ["safe", "journal-only"]


def test_one_that_comes_up_and_dies_again_is_not_well() -> None:
    world = World()
    for _ in range(10):
        world.stand(AWAY, 2)
        world.stand(WELL, WELL_SECONDS - 2)
    assert ("journal-only" in {mode for _, mode in world.modes}) is True


def test_replacing_it_now_and_then_is_no_failure() -> None:
    world = World()
    for _ in range(20):
        world.stand(AWAY, 4)
        world.stand(WELL, WELL_SECONDS + 1)
    assert world.modes == []


def test_each_change_of_features_gives_it_time_anew() -> None:
    world = World(with_features(6))
    for one in range(5):
        world.stand(AWAY, SAFE_AFTER_SECONDS - 2)
        world.rollout = world.rollout.suspended(f"feature-{one}", AT, "hook-failed")
    assert world.mode == "features"


def test_what_is_wrong_while_features_may_run_is_the_guards_affair() -> None:
    world = World()
    world.endurance.made_anew()
    world.stand(WRONG, 3 * JOURNAL_ONLY_AFTER_SECONDS)
    assert world.modes == []


def test_what_was_wrong_before_the_record_was_made_anew_is_no_new_fault() -> None:
    world = World(Rollout().in_mode("safe"))
    world.stand(WRONG, 3 * JOURNAL_ONLY_AFTER_SECONDS)
    assert world.modes == []


def test_what_stays_wrong_in_safe_mode_and_in_a_record_made_anew_ends_in_journal_only() -> None:
    world = World(Rollout().in_mode("safe"))
    world.stand(WRONG, 5)
    world.endurance.made_anew()
    world.stand(WRONG, JOURNAL_ONLY_AFTER_SECONDS + 1)
    assert world.mode == "journal-only"
    assert world.rollout.journal_only is not None
    assert world.rollout.journal_only.why == "wrong-in-safe-mode"
    world.stand(WRONG, 5 * BACK_AFTER_SECONDS)
    assert world.mode == "journal-only"
    world.stand(WELL, BACK_AFTER_SECONDS + 1)
    assert world.mode == "safe"


def test_pages_come_back_by_themselves_in_the_mode_that_was_before() -> None:
    world = World()
    world.stand(AWAY, JOURNAL_ONLY_AFTER_SECONDS + 1)
    world.stand(WELL, BACK_AFTER_SECONDS - 1)
    world.stand(AWAY, 1)
    world.stand(WELL, BACK_AFTER_SECONDS - 1)
    assert world.mode == "journal-only"
    world.stand(WELL, 2)
    assert world.mode == "features"
    assert world.rollout.journal_only is None


def test_one_that_fails_again_soon_has_to_be_well_for_longer() -> None:
    world = World()
    waits = []
    for _ in range(10):
        world.stand(AWAY, JOURNAL_ONLY_AFTER_SECONDS + 1)
        waits.append(world.endurance.back_after)
        world.stand(WELL, BACK_AFTER_SECONDS_MAX + 1)
        assert world.mode == "features"
    assert waits[:3] == [BACK_AFTER_SECONDS, 2 * BACK_AFTER_SECONDS, 4 * BACK_AFTER_SECONDS]
    assert waits[-1] == BACK_AFTER_SECONDS_MAX
    world.stand(WELL, FORGIVEN_AFTER_SECONDS)
    world.stand(AWAY, JOURNAL_ONLY_AFTER_SECONDS + 1)
    assert world.endurance.back_after == BACK_AFTER_SECONDS


def test_what_an_operator_decided_is_undone_by_nobody_else() -> None:
    world = World(with_features().in_journal_only(AT, "operator"))
    world.stand(WELL, 10 * BACK_AFTER_SECONDS)
    assert world.modes == []
    assert world.rollout.active() == []
    assert len(world.rollout.in_mode("features").active()) == 2


def test_the_mode_outlives_the_keeper() -> None:
    rollout = Rollout().in_mode("safe").in_journal_only(AT, "application-unwell")
    assert decoded(encoded(rollout)) == rollout
    world = World(decoded(encoded(rollout)))
    world.stand(WELL, BACK_AFTER_SECONDS + 1)
    assert world.mode == "safe"


@given(st.lists(st.tuples(STANDINGS, st.integers(1, 60)), max_size=30), st.integers(0, 3))
def test_it_never_flaps(stays: list[tuple[Standing, int]], features: int) -> None:
    """Whatever happens: no change sooner after another than the limits say."""
    world = World(with_features(features) if features else None)
    for standing, seconds in stays:
        world.stand(standing, seconds)
    for (before, left), (after, entered) in zip(world.modes, world.modes[1:], strict=False):
        if entered == "journal-only":
            assert after - before >= JOURNAL_ONLY_AFTER_SECONDS - STEP
        elif left == "journal-only":
            assert after - before >= BACK_AFTER_SECONDS
        assert left != entered


@given(st.lists(st.tuples(STANDINGS, st.integers(1, 40)), max_size=20))
def test_a_well_application_always_gets_its_pages_back(stays: list[tuple[Standing, int]]) -> None:
    world = World()
    for standing, seconds in stays:
        world.stand(standing, seconds)
    world.stand(WELL, BACK_AFTER_SECONDS_MAX + 1)
    assert world.mode == "features"
