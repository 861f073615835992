"""A feature on trial: who gets it, when it is through, and when it is not."""

from collections.abc import Callable

import pytest

from anamnesis.keeper.trial import NOT_PASSED, TRIAL_SECONDS_MAX, Trial
from anamnesis.rollout.cohort import Cohort
from anamnesis.rollout.rollout import SENTINEL_PATHS, Rollout
from anamnesis.rollout.sentinels import SENTINEL_PRACTICE, sentinel_of
from anamnesis.rollout.walked import Result, Walked
from tests.unit.keeper.fakes import FakeClock

AT = "2026-11-23T12:00:00.000Z"
EVERYBODY = Cohort(share=1.0)
TRYING = Rollout().deployed("letters", "entry-point", ("typing",), EVERYBODY, AT, trying=True)
CLAIRE = ("lilas", "claire")
ITS_OWN = (SENTINEL_PRACTICE, sentinel_of("letters"))


class World:
    def __init__(self) -> None:
        self.rollout = TRYING
        self.steps: list[tuple[str, str]] = []
        self.clock = FakeClock()
        self.trial = Trial(self, self, self.clock)  # type: ignore[arg-type]

    def decide(self, change: Callable[[Rollout], Rollout]) -> Rollout:
        self.rollout = change(self.rollout)
        return self.rollout

    def step(self, what: str, detail: str = "") -> None:
        self.steps.append((what, detail))

    def hear(self, path: str, result: Result = "good", number: int = 1) -> None:
        self.trial.heard(Walked("letters", number, path, "motif", "long", AT, 1, result))

    def gets(self, who: tuple[str, str]) -> bool:
        return bool(self.rollout.active_for(*who))


@pytest.fixture
def world() -> World:
    return World()


def test_while_it_is_tried_its_own_sentinel_gets_it_and_nobody_else(world: World) -> None:
    assert world.gets(ITS_OWN)
    assert not world.gets(CLAIRE)


def test_its_cohort_gets_it_once_every_path_was_walked_well(world: World) -> None:
    for path in SENTINEL_PATHS:
        assert not world.gets(CLAIRE)
        world.hear(path)
    assert world.gets(CLAIRE)
    assert world.gets(ITS_OWN)


@pytest.mark.parametrize("result", ["wrong", "unwalked", "interrupted"])
def test_a_path_that_was_not_walked_well_does_not_count(world: World, result: Result) -> None:
    for path in SENTINEL_PATHS:
        world.hear(path, result)
    assert not world.gets(CLAIRE)


def test_walks_under_an_earlier_deployment_do_not_count(world: World) -> None:
    again = world.rollout.deployed(
        "letters", "entry-point", ("typing",), EVERYBODY, AT, trying=True
    )
    world.rollout = again
    for path in SENTINEL_PATHS:
        world.hear(path, number=1)
    assert not world.gets(CLAIRE)
    for path in SENTINEL_PATHS:
        world.hear(path, number=2)
    assert world.gets(CLAIRE)


def test_a_trial_that_takes_too_long_is_not_passed(world: World) -> None:
    world.trial.look()
    world.clock.move(TRIAL_SECONDS_MAX)
    world.trial.look()
    assert world.gets(ITS_OWN)
    world.clock.move(1.0)
    world.trial.look()
    deployment = world.rollout.of("letters")
    assert deployment is not None
    assert deployment.suspended is not None
    assert deployment.suspended.why == NOT_PASSED
    assert world.steps == [("suspended", "letters")]
    for path in SENTINEL_PATHS:
        world.hear(path)
    assert not world.gets(CLAIRE)


def test_a_trial_that_was_passed_ends_nothing_later(world: World) -> None:
    world.trial.look()
    for path in SENTINEL_PATHS:
        world.hear(path)
    world.clock.move(TRIAL_SECONDS_MAX + 1)
    world.trial.look()
    assert world.gets(CLAIRE)


def test_a_deployment_that_is_gone_is_not_let_through() -> None:
    assert TRYING.withdrawn("letters").tried(1).of("letters") is None
    assert TRYING.tried(2) is TRYING
