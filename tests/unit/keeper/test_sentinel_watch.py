"""What the keeper makes of the sentinels' reports, and of their silence."""

import pytest

from anamnesis.keeper.judgement import Disagreement
from anamnesis.keeper.received import Expected
from anamnesis.keeper.sentinel_watch import (
    SILENT_PERIODS_MAX,
    SILENT_SECONDS_MIN,
    SentinelWatch,
    synthetic,
)
from anamnesis.reconcile.discrepancy import DIFFERENCE_OF
from anamnesis.rollout.cohort import Cohort
from anamnesis.rollout.rollout import SENTINEL_PATHS, Rollout
from anamnesis.rollout.sentinels import (
    BASELINE,
    LOGIN_PREFIX,
    SENTINEL_PRACTICE,
    device_of,
    sentinel_of,
)
from anamnesis.rollout.walked import Finding, Result, Walked
from tests.unit.keeper.fakes import FakeClock

AT = "2026-11-23T12:00:00.000Z"
FOUND = Finding(
    "sentinel-unseen", "page", "e-1", 7, "note.write", "device", "encounter", "0" * 64, AT
)


class Guarding:
    def __init__(self) -> None:
        self.rollout = Rollout().deployed(
            "letters", "entry-point", ("typing",), Cohort(practices=("lilas",)), AT
        )
        self.said: list[str] = []
        self.found: list[Disagreement] = []

    def wrong(self, found: list[Disagreement]) -> None:
        self.found += found

    def right(self, entries: list[Expected]) -> None:
        self.said += [f"right {one.id}" for one in entries]

    def unwalked(self, author: str, path: str, why: str) -> None:
        self.said.append(f"unwalked {path} {why}")


class Book:
    def __init__(self) -> None:
        self.steps: list[tuple[str, str]] = []
        self.going_on = False

    def step(self, what: str, detail: str = "") -> None:
        self.steps.append((what, detail))

    def lasts(self, what: str, going_on: bool) -> None:
        self.going_on = going_on


class World:
    def state(self) -> str:
        return self.watch.state

    def __init__(self, period: float = 60.0) -> None:
        self.clock, self.guarding, self.book = FakeClock(), Guarding(), Book()
        self.watch = SentinelWatch(self.guarding, self.book, self.clock, period)  # type: ignore[arg-type]

    def hear(
        self, feature: str, path: str, result: Result = "good", wrong: tuple[Finding, ...] = ()
    ) -> None:
        why = "" if result in ("good", "wrong") else "answer-503"
        self.watch.heard(Walked(feature, 1, path, "motif", "long", AT, 120, result, why, wrong, ()))

    def hear_all(self, result: Result = "good") -> None:
        for feature in (BASELINE, "letters"):
            for path in SENTINEL_PATHS:
                self.hear(feature, path, result)


@pytest.fixture
def world() -> World:
    return World()


def test_what_is_found_wrong_goes_to_the_guard_as_the_sentinels_own_entry(world: World) -> None:
    world.hear("letters", "sharing", "wrong", (FOUND,))
    [one] = world.guarding.found
    assert (one.code, one.expected.id, one.expected.position) == ("sentinel-unseen", "e-1", 7)
    assert (one.expected.practice, one.expected.author) == (
        SENTINEL_PRACTICE,
        sentinel_of("letters"),
    )
    assert one.code in DIFFERENCE_OF


def test_what_is_right_again_is_said_to_be(world: World) -> None:
    world.watch.heard(Walked("letters", 0, "reading", "", "", AT, 0, "good", "", (), (FOUND,)))
    assert world.guarding.said == ["right e-1"]


def test_a_path_that_could_not_be_walked_is_the_guards_affair_an_interruption_is_not(
    world: World,
) -> None:
    world.hear("letters", "typing", "interrupted")
    assert world.guarding.said == []
    world.hear("letters", "typing", "unwalked")
    assert world.guarding.said == ["unwalked typing answer-503"]


def test_silence_is_an_alarm_and_lasts_until_every_path_is_heard_of_again(world: World) -> None:
    world.watch.look()
    world.hear_all()
    world.clock.move(60.0 * SILENT_PERIODS_MAX)
    world.watch.look()
    assert world.state() == "up"
    world.clock.move(1.0)
    world.watch.look()
    world.watch.look()
    assert world.state() == "silent"
    assert world.book.steps == [("sentinels-silent", ", letters")]
    assert world.book.going_on
    world.hear_all()
    world.watch.look()
    assert world.state() == "up"
    assert world.book.steps[1:] == [("sentinels-heard", ", letters")]
    assert not world.book.going_on


def test_one_silent_path_of_one_feature_is_enough(world: World) -> None:
    world.watch.look()
    world.clock.move(60.0 * SILENT_PERIODS_MAX + 1)
    world.hear_all()
    world.watch._heard["letters", "sharing"] = 0.0
    world.watch.look()
    assert world.state() == "silent"
    silent = [one for one in world.watch.shown()["paths"] if one["silent"]]
    assert [(one["feature"], one["path"]) for one in silent] == [("letters", "sharing")]


def test_walks_that_are_only_ever_interrupted_are_silence(world: World) -> None:
    world.watch.look()
    world.clock.move(60.0 * SILENT_PERIODS_MAX + 1)
    world.hear_all("interrupted")
    world.watch.look()
    assert world.state() == "silent"


def test_a_feature_that_is_gone_is_missed_by_nobody(world: World) -> None:
    world.watch.look()
    world.hear_all()
    world.guarding.rollout = world.guarding.rollout.withdrawn("letters")
    world.clock.move(60.0 * SILENT_PERIODS_MAX)
    for path in SENTINEL_PATHS:
        world.hear(BASELINE, path)
    world.clock.move(60.0)
    world.watch.look()
    assert world.state() == "up"
    assert {one["feature"] for one in world.watch.shown()["paths"]} == {BASELINE}


def test_nothing_is_missed_where_sentinels_are_off() -> None:
    world = World(0.0)
    world.clock.move(1e6)
    world.watch.look()
    assert world.state() == "off"
    assert world.book.steps == []


def test_a_short_period_leaves_time_to_start() -> None:
    world = World(1.0)
    world.watch.look()
    world.clock.move(SILENT_SECONDS_MIN)
    world.watch.look()
    assert world.state() == "up"


def test_the_operator_sees_each_path_and_how_it_went(world: World) -> None:
    world.hear("letters", "sharing", "wrong", (FOUND,))
    [row] = world.watch.shown()["paths"]
    assert row == {
        "feature": "letters",
        "path": "sharing",
        "section": "motif",
        "writing": "long",
        "at": AT,
        "milliseconds": 120,
        "result": "wrong",
        "why": "",
        "codes": ["sentinel-unseen"],
        "routes": ["page"],
        "silent": False,
    }


def test_their_entries_are_counted_apart() -> None:
    from anamnesis.access.account import Account
    from anamnesis.storage.memory.access import MemoryAccessStore

    who = sentinel_of("letters")
    access = MemoryAccessStore()
    access.add_account(Account(f"{LOGIN_PREFIX}letters", who, SENTINEL_PRACTICE, "S", "!", AT))
    access.add_account(Account("claire", "claire", "lilas", "Claire", "!", AT))

    class Numbers:
        def last_sequences(self, devices: list[str]) -> dict[str, tuple[int, str]]:
            assert set(devices) == {device_of(who, "first"), device_of(who, "second")}
            return {device_of(who, "first"): (12, who)}

    assert synthetic(access, Numbers()) == 12 + 2  # type: ignore[arg-type]
    world = World()
    world.watch.journaled([_expected("lilas"), _expected(SENTINEL_PRACTICE)])
    assert world.watch.synthetic == 1


def _expected(practice: str) -> Expected:
    return Expected(1, "e", "note.write", practice, "a", "d", None, "0", None, AT)
