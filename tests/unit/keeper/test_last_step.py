"""The guard's last step at work: what it publishes, and what it writes down."""

from pathlib import Path

import pytest

from anamnesis.keeper.guarding import Guarding
from anamnesis.keeper.last_step import STILL_SECONDS_MAX, LastStep
from anamnesis.keeper.publishing import publish, published
from anamnesis.rollout.cohort import Cohort
from anamnesis.rollout.journal_only import BACK_AFTER_SECONDS, JOURNAL_ONLY_AFTER_SECONDS
from anamnesis.rollout.rollout import Rollout
from tests.unit.keeper.fakes import FakeClock

AT = "2026-11-23T11:00:00.000Z"


class Book:
    def __init__(self) -> None:
        self.steps: list[tuple[str, str]] = []
        self.lasting = False

    def step(self, what: str, detail: str = "") -> None:
        self.steps.append((what, detail))

    def lasts(self, what: str, going_on: bool) -> None:
        self.lasting = going_on


class World:
    def __init__(self, folder: Path, rollout: Rollout, *, armed: bool = True) -> None:
        self.path, self.clock, self.book = folder / "rollout.json", FakeClock(), Book()
        publish(self.path, rollout)
        self.replaced: list[str] = []
        self.guarding = Guarding(
            self.path,
            folder / "doing",
            rollout,
            self.clock,
            self.book,  # type: ignore[arg-type]
            self.replaced.append,
            lambda: None,
            lambda rollout: None,
        )
        self.step = LastStep(self.guarding, self.book, self.clock, armed)  # type: ignore[arg-type]

    def look(
        self, seconds: float, *, up: bool = True, journaled: int = 5, applied: int = 5
    ) -> None:
        for _ in range(int(seconds)):
            self.clock.move(1.0)
            self.step.look("up" if up else "starting", True, 0, journaled, applied)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path, Rollout())


def test_the_mode_is_published_written_down_and_keeps_the_incident_open(world: World) -> None:
    world.look(JOURNAL_ONLY_AFTER_SECONDS + 2, up=False)
    assert world.step.taken
    assert published(world.path).mode == "journal-only"
    assert world.book.steps == [("journal-only", "application-unwell")]
    world.look(1, up=False)
    assert world.book.lasting
    world.look(BACK_AFTER_SECONDS + 2)
    assert published(world.path).mode == "features"
    assert world.book.steps[-1] == ("pages-back", "")
    assert not world.book.lasting


def test_features_are_taken_out_first_and_the_application_replaced(tmp_path: Path) -> None:
    rollout = Rollout().deployed("letters", "entry-point", ("typing",), Cohort(share=1.0), AT)
    world = World(tmp_path, rollout)
    world.look(JOURNAL_ONLY_AFTER_SECONDS - 1, up=False)
    assert published(world.path).mode == "safe"
    assert world.replaced == ["withdrawn"]
    assert world.book.steps == [("suspended", "letters"), ("safe-mode", "")]


def test_a_record_that_stands_still_behind_the_journal_is_trouble_like_any_other(
    world: World,
) -> None:
    world.look(JOURNAL_ONLY_AFTER_SECONDS + STILL_SECONDS_MAX + 2, journaled=9, applied=5)
    assert world.step.taken


def test_unarmed_it_decides_nothing(tmp_path: Path) -> None:
    world = World(tmp_path, Rollout(), armed=False)
    world.look(3 * JOURNAL_ONLY_AFTER_SECONDS, up=False)
    assert not world.step.taken
