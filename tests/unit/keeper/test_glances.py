"""What screens showed, and witnesses that fall silent."""

from datetime import timedelta

import msgspec
import pytest

from anamnesis.clinical.sections import BLANK_DIGEST
from anamnesis.journal.entry import JournaledEntry
from anamnesis.keeper.glances import Glances
from anamnesis.keeper.screens import Screen
from anamnesis.reconcile.screen import (
    SILENT_SECONDS_MAX,
    UNKEPT_SECONDS_MAX,
    UNSEEN_SECONDS_MAX,
    Glance,
)
from anamnesis.seams import instant
from tests.unit.keeper.fakes import FakeClock, FakeMarks
from tests.unit.keeper.finding import Found
from tests.unit.record.making import DESK, ENCOUNTER, PATIENT, Writing, text

SCREEN = Screen("lilas", "claire", DESK, ENCOUNTER)
TEXT, OTHER = "a" * 64, "b" * 64
KNOWN, UNKNOWN = Glance(True, 0, None), Glance(False, 0, None)


class World:
    def __init__(self) -> None:
        self.clock, self.marks = FakeClock(), FakeMarks()
        self.writing = Writing()
        self.start()

    def start(self) -> None:
        """A keeper that starts, with what the one before it kept."""
        self.found = Found(self.marks, self.clock)
        self.glances = Glances(self.marks, self.clock, self.found.findings)

    def shows(self, digest: str, glance: Glance, seconds: float, leaving: bool = False) -> None:
        """The same report every 3 s for so long."""
        until = self.clock.seconds + seconds
        self.glances.speaks(SCREEN)
        self.glances.heard(SCREEN, digest, glance, leaving=leaving)
        while self.clock.seconds < until:
            self.clock.move(3.0)
            self.glances.speaks(SCREEN)
            self.glances.heard(SCREEN, digest, glance, leaving=leaving)

    def sends(self, seconds: float, held: float = 0.3, wrong_clock: float = 0.0) -> None:
        """An entry every 2 s for so long, without a report."""
        until = self.clock.seconds + seconds
        while self.clock.seconds < until:
            self.clock.move(2.0)
            self.glances.sent([self._journaled(held + wrong_clock)])

    def _journaled(self, held: float) -> JournaledEntry:
        one = self.writing.send(
            "note.write", text("Toux").as_content(), patient=PATIENT, encounter=ENCOUNTER
        )
        typed_at = instant(self.clock.now() - timedelta(seconds=held))
        return msgspec.structs.replace(
            one,
            received_at=instant(self.clock.now()),
            entry=msgspec.structs.replace(one.entry, typed_at=typed_at),
        )


@pytest.fixture
def world() -> World:
    return World()


def test_a_text_that_nobody_ever_had_is_unseen_when_it_stays(world: World) -> None:
    world.shows(TEXT, UNKNOWN, UNSEEN_SECONDS_MAX - 3)
    assert world.found.codes == []
    world.shows(TEXT, UNKNOWN, 3)
    assert world.found.codes == ["screen-text-unknown"]
    assert world.found.guarding.accused == [("screen-text-unknown", "claire")]
    world.shows(TEXT, KNOWN, 0)
    assert world.found.findings.open() == []


def test_a_text_that_changes_meanwhile_is_another_one(world: World) -> None:
    for digest in (TEXT, OTHER) * 10:
        world.shows(digest, UNKNOWN, 3)
    assert world.found.codes == []


def test_a_text_on_its_way_is_not_unseen(world: World) -> None:
    world.shows(TEXT, Glance(False, 2, None), 600)
    assert world.found.codes == []


def test_typed_text_that_neither_editor_nor_witness_keeps_is_told(world: World) -> None:
    for seconds in range(0, 18, 3):
        world.shows(f"{seconds:064}", Glance(False, 0, seconds * 1_000), 0)
        world.clock.move(3)
    assert world.found.codes == ["screen-text-unkept"]


def test_a_computer_that_wakes_tells_of_an_old_text_once_and_then_keeps_it(world: World) -> None:
    world.shows(TEXT, Glance(False, 0, 3_600_000), 0)
    world.clock.move(3)
    world.shows(TEXT, Glance(False, 1, None), 0)
    world.clock.move(3)
    world.shows(OTHER, Glance(False, 0, int(UNKEPT_SECONDS_MAX * 1_000)), 0)
    assert world.found.codes == []


def test_a_page_that_sends_and_whose_witness_says_nothing_is_found(world: World) -> None:
    world.shows(TEXT, KNOWN, 9)
    world.sends(SILENT_SECONDS_MAX - 3)
    assert world.found.codes == []
    world.sends(6)
    assert world.found.codes == ["witness-silent"]
    world.shows(TEXT, KNOWN, 0)
    assert world.found.findings.open() == []


def test_a_page_that_left_may_be_silent(world: World) -> None:
    world.shows(TEXT, KNOWN, 0, leaving=True)
    world.sends(60)
    assert world.found.codes == []


def test_what_was_held_for_long_says_nothing_of_the_page(world: World) -> None:
    world.shows(TEXT, KNOWN, 0)
    world.sends(60, held=600)
    assert world.found.codes == []


def test_a_witness_that_speaks_while_the_record_cannot_be_read_is_not_silent(world: World) -> None:
    world.shows(TEXT, KNOWN, 0)
    for _ in range(30):
        world.sends(2)
        world.glances.speaks(SCREEN)
    assert world.found.codes == []


def test_a_computer_that_wakes_may_save_before_its_witness_speaks(world: World) -> None:
    world.shows(TEXT, KNOWN, 0)
    world.clock.move(3_600)
    world.sends(6)
    world.shows(TEXT, KNOWN, 0)
    assert world.found.codes == []


def test_a_text_that_nothing_has_is_remembered_over_a_restart(world: World) -> None:
    world.shows(TEXT, UNKNOWN, 0, leaving=True)
    world.marks.write(world.glances.changes())
    world.start()
    [shown] = world.glances.unknown("lilas", ENCOUNTER)
    assert shown.digest == TEXT
    world.shows(BLANK_DIGEST, UNKNOWN, 0)
    assert world.glances.unknown("lilas", ENCOUNTER) == []
    world.marks.write(world.glances.changes())
    assert world.marks.kept == {}
