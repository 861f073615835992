"""The guard at work: what it publishes, whom it has replaced, what it writes down."""

from pathlib import Path

import msgspec
import pytest

from anamnesis.keeper.disagreements import REFUSED
from anamnesis.keeper.doing import Doing
from anamnesis.keeper.guarding import (
    HOOK_SECONDS_MAX,
    JOB_SECONDS_MAX,
    STALLED_SECONDS_MAX,
    Guarding,
)
from anamnesis.keeper.judgement import Disagreement, Outside
from anamnesis.keeper.publishing import publish, published
from anamnesis.keeper.received import Expected
from anamnesis.keeper.screens import WRONG_SECONDS_MAX, Screen, Screens
from anamnesis.keeper.watch import Vitals
from anamnesis.record.outstanding import FOLD_FAILED
from anamnesis.rollout.cohort import Cohort
from anamnesis.rollout.refusal import RolloutRefused
from anamnesis.rollout.rollout import Rollout
from tests.unit.keeper.fakes import FakeClock

BEFORE_ALL = "2026-11-23T10:00:00.000Z"
LATER = "2026-11-23T13:00:00.000Z"
EARLIER = "2026-11-23T11:00:00.000Z"


class Book:
    """Remembers what it is told."""

    def __init__(self) -> None:
        self.steps: list[tuple[str, str]] = []
        self.found: list[str] = []

    def wrong(self, found: list[Disagreement], features: list[tuple[str, ...]]) -> None:
        self.found += [one.code for one in found]

    def righted(self, entries: list[Expected]) -> None:
        self.found.clear()

    def step(self, what: str, detail: str = "") -> None:
        self.steps.append((what, detail))


class World:
    def __init__(self, folder: Path) -> None:
        self.path, self.doing = folder / "rollout.json", folder / "application.doing"
        self.clock, self.book = FakeClock(), Book()
        self.replaced: list[str] = []
        self.orders = 0
        rollout = Rollout().deployed(
            "letters", "entry-point", ("typing",), Cohort(practices=("lilas",)), EARLIER
        )
        self.guarding = Guarding(
            self.path,
            self.doing,
            rollout,
            self.clock,
            self.book,  # type: ignore[arg-type]
            self.replaced.append,
            self._order,
            lambda rollout: None,
        )

    def _order(self) -> None:
        self.orders += 1

    def suspended(self) -> str | None:
        """Why it is, as every process reads it."""
        one = published(self.path).of("letters")
        return None if one is None or one.suspended is None else one.suspended.why

    def look(self, applied: int = 5, journaled: int = 5, vitals: Vitals | None = None) -> None:
        self.guarding.look(
            "up", vitals or Vitals(self.guarding.rollout.revision), journaled, applied
        )


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def expected(kind: str = "note.write", practice: str = "lilas") -> Expected:
    return Expected(7, "e-1", kind, practice, "claire", "d-1", "enc", "0" * 64, None, LATER)


def test_one_entry_shown_wrongly_suspends_replaces_and_orders(world: World) -> None:
    world.guarding.wrong([Disagreement(expected(), "read-back-differs")])
    assert world.suspended() == "read-back-differs"
    assert world.replaced == ["suspended"]
    assert world.orders == 1
    assert ("suspended", "letters") in world.book.steps


def test_the_same_damage_found_again_does_nothing_more(world: World) -> None:
    for _ in range(3):
        world.guarding.wrong([Disagreement(expected(), "read-back-differs")])
    assert world.replaced == ["suspended"]
    assert len(world.book.found) == 3


def test_a_hook_that_keeps_an_entry_too_long_is_caught_in_the_act(world: World) -> None:
    doing = Doing(world.doing)
    doing.begin("letters", world.clock.monotonic(), 7)
    world.clock.move(HOOK_SECONDS_MAX - 0.1)
    world.look()
    assert world.suspended() is None
    world.clock.move(0.2)
    world.look()
    assert world.suspended() == "hook-too-long"


def test_loading_may_take_longer(world: World) -> None:
    Doing(world.doing).begin("letters", world.clock.monotonic(), -1)
    world.clock.move(JOB_SECONDS_MAX - 0.1)
    world.look()
    assert world.suspended() is None
    world.clock.move(0.2)
    world.look()
    assert world.suspended() == "hook-too-long"


def test_a_failed_hook_counts_for_the_rollout_it_failed_under(world: World) -> None:
    world.look(vitals=Vitals(world.guarding.rollout.revision - 1, ["letters"]))
    assert world.suspended() is None
    world.look(vitals=Vitals(world.guarding.rollout.revision, ["letters"]))
    assert world.suspended() == "hook-failed"


def test_a_record_that_stands_still_ends_in_a_suspension(world: World) -> None:
    world.look(applied=5, journaled=6)
    world.clock.move(STALLED_SECONDS_MAX + 0.1)
    world.look(applied=5, journaled=9)
    assert world.suspended() == "record-stalled"


def test_a_record_that_moves_however_slowly_does_not(world: World) -> None:
    for applied in range(30):
        world.clock.move(STALLED_SECONDS_MAX - 0.1)
        world.look(applied=applied, journaled=1_000)
    assert world.suspended() is None


def test_a_rescue_by_the_witness_tells_of_the_page(world: World) -> None:
    world.guarding.journaled([expected("note.rescue", practice="roses")])
    assert world.suspended() is None
    world.guarding.journaled([expected("note.rescue")])
    assert world.suspended() == "screen-rescued"


@pytest.mark.parametrize(
    ("kind", "code", "practice", "suspected"),
    [
        ("note.write", "content-refused", "lilas", True),
        ("note.write", "nothing-to-sign", "lilas", True),
        ("note.write", "nothing-to-sign", "roses", True),
        ("note.write", "encounter-unknown", "lilas", True),
        ("note.write", "encounter-unknown", "roses", False),
        ("note.sign", "text-changed", "lilas", False),
        ("appointment.move", "appointment-changed", "lilas", False),
        ("appointment.move", "appointment-unknown", "lilas", True),
        ("appointment.move", "appointment-unknown", "roses", False),
    ],
)
def test_a_refusal_is_suspected_where_people_do_not_bring_it_about(
    world: World, kind: str, code: str, practice: str, suspected: bool
) -> None:
    assert world.guarding.suspects(Outside(expected(kind, practice), code)) is suspected


@pytest.mark.parametrize("kind", ["note.write", "patient.create"])
def test_an_entry_that_a_fault_keeps_out_is_wrong_whether_a_feature_runs_or_not(
    world: World, kind: str
) -> None:
    before = msgspec.structs.replace(expected(kind, "roses"), received_at=BEFORE_ALL)
    assert world.guarding.suspects(Outside(before, FOLD_FAILED))


def test_a_feature_is_not_accused_of_what_a_fault_kept_out_before_it_came(world: World) -> None:
    before = msgspec.structs.replace(expected(), received_at=BEFORE_ALL)
    world.guarding.wrong([Disagreement(before, REFUSED)])
    assert world.suspended() is None
    world.guarding.wrong([Disagreement(expected(), REFUSED)])
    assert world.suspended() == REFUSED


def test_what_was_received_before_a_feature_came_is_not_its_doing(world: World) -> None:
    old = msgspec.structs.replace(expected(), received_at="2026-11-23T10:00:00.000Z")
    assert not world.guarding.suspects(Outside(old, "content-refused"))


def test_a_screen_is_wrong_only_when_it_stays_wrong() -> None:
    clock = FakeClock()
    wrong: list[Screen] = []
    screens = Screens(clock, wrong.append)
    one = Screen("lilas", "claire", "d-1", "enc")
    screens.seen(one, differs=True)
    clock.move(WRONG_SECONDS_MAX - 0.1)
    screens.seen(one, differs=True)
    screens.seen(one, differs=False)
    clock.move(1.0)
    screens.seen(one, differs=True)
    assert wrong == []
    clock.move(WRONG_SECONDS_MAX)
    screens.seen(one, differs=True)
    assert wrong == [one]


def test_a_page_that_came_with_another_text_is_wrong_at_once_whatever_is_typed_in_it() -> None:
    wrong: list[Screen] = []
    one = Screen("lilas", "claire", "d-1", "enc")
    Screens(FakeClock(), wrong.append).seen(one, differs=False, faithful=False)
    assert wrong == [one]


def test_an_operators_refused_decision_changes_nothing(world: World) -> None:
    before = world.guarding.rollout
    with pytest.raises(RolloutRefused):
        world.guarding.decide(lambda rollout: rollout.withdrawn("other"))
    assert world.guarding.rollout == before
    assert world.replaced == []


def test_a_withdrawn_feature_leaves_with_its_process(world: World) -> None:
    world.guarding.decide(lambda rollout: rollout.withdrawn("letters"))
    assert world.replaced == ["withdrawn"]
    assert published(world.path).deployments == ()


def test_a_rollout_that_cannot_be_read_runs_nothing_and_is_kept_aside(tmp_path: Path) -> None:
    path = tmp_path / "rollout.json"
    publish(path, Rollout().in_mode("safe"))
    path.write_bytes(b"{half")
    found = published(path)
    assert found.mode == "safe"
    assert found.active() == []
    assert (tmp_path / "rollout.json.unreadable").read_bytes() == b"{half"


def test_disarmed_it_only_writes_down(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.guarding._armed = False
    world.guarding.wrong([Disagreement(expected(), "read-back-differs")])
    assert world.replaced == []
    assert world.book.found == ["read-back-differs"]
