"""Devices that are given up with what they held, and those that come back all the same."""

from typing import Any

import pytest

from anamnesis.clinical.device_loss import HeldNumber
from anamnesis.keeper.devices import Devices, Reporter
from anamnesis.keeper.lost_devices import LostDevices
from anamnesis.reconcile.outbox import LATE_SECONDS_MAX, Outbox
from tests.unit.keeper.fakes import FakeClock, FakeMarks
from tests.unit.keeper.finding import Found
from tests.unit.record.making import (
    DESK,
    DOCTOR,
    ENCOUNTER,
    OTHER_ENCOUNTER,
    OTHER_PRACTICE,
    PATIENT,
    PRACTICE,
    TABLET,
    Writing,
    text,
)

HEARD = "2026-11-23T14:02:11.000Z"
TYPED = "2026-11-23T14:01:58.000Z"


def number(sequence: int, encounter: str | None = OTHER_ENCOUNTER) -> dict[str, Any]:
    return {
        "sequence": sequence,
        "kind": "note.write",
        "patient": PATIENT,
        "encounter": encounter,
        "typed_at": TYPED,
        "sections": ["motif", "examen"],
    }


class World:
    """A tablet that sent a few entries, and a desk from which it is declared lost."""

    def __init__(self) -> None:
        self.clock, self.marks = FakeClock(), FakeMarks()
        self.writing = Writing().begun()
        for words in ("Toux", "Toux grasse"):
            self.last = self.writing.note("write", text(words), device=TABLET).entry.sequence
        self.start()

    def start(self) -> None:
        """A keeper that starts, with what the one before it kept."""
        self.found = Found(self.marks, self.clock)
        findings = self.found.findings
        self.devices = Devices(self.marks, self.clock, findings, lambda: True)
        self.lost = LostDevices(self.marks, self.devices, findings)

    def keep(self) -> None:
        for part in (self.devices, self.lost, self.found.findings):
            self.marks.write(part.changes())

    def told(self, *sequences: int) -> None:
        """The tablet's page says that it holds these."""
        held = tuple(HeldNumber(one, "note.write", PATIENT, ENCOUNTER, TYPED) for one in sequences)
        outbox = Outbox(max(sequences), len(held), int(LATE_SECONDS_MAX * 1_000), held)
        self.devices.heard(Reporter(PRACTICE, DOCTOR, "s-1", TABLET), outbox, self.last)

    def declare(self, *numbers: dict[str, Any], practice: str = PRACTICE) -> None:
        loss = {
            "id": TABLET,
            "practitioner": DOCTOR,
            "happened": "stolen",
            "heard_at": HEARD,
            "last_sequence": max(one["sequence"] for one in numbers),
            "numbers": list(numbers),
        }
        declared = self.writing.send("device-loss.write", loss, practice=practice, device=DESK)
        self.lost.take(declared, self.writing.journal)

    def arrive(self, words: str) -> int:
        """The tablet sends one entry more."""
        self.last = self.writing.note("write", text(words), device=TABLET).entry.sequence
        self.lost.arrived({TABLET: self.last})
        return self.last

    @property
    def subjects(self) -> list[str]:
        return [one.finding.subject for one in self.found.findings.open()]


@pytest.fixture
def world() -> World:
    return World()


def subject(sequence: int) -> str:
    return f"device/{TABLET}/declared/{sequence}"


def test_each_number_that_is_given_up_is_told_with_all_that_is_known_of_it(world: World) -> None:
    first = world.last + 1
    world.declare(number(first), number(first + 1, encounter=None))
    found = [one.finding for one in world.found.findings.open()]
    assert [one.subject for one in found] == [subject(first), subject(first + 1)]
    assert {one.code for one in found} == {"device-declared-lost"}
    assert {one.author for one in found} == {DOCTOR}
    assert [one.encounter for one in found] == [OTHER_ENCOUNTER, None]
    assert (found[0].sections, found[0].since) == (("motif", "examen"), TYPED)
    assert world.found.guarding.accused == [], "no page took the device away"


def test_what_has_arrived_meanwhile_is_not_given_up(world: World) -> None:
    world.declare(number(world.last), number(world.last + 1))
    assert world.subjects == [subject(world.last + 1)]


def test_a_device_that_is_given_up_is_awaited_no_more(world: World) -> None:
    world.told(world.last + 1)
    assert world.devices.holds(TABLET)
    world.declare(number(world.last + 1))
    assert world.devices.in_the_field() == []


def test_it_is_said_instead_of_what_was_said_of_the_device_as_a_whole(world: World) -> None:
    world.told(world.last + 1)
    world.clock.move(LATE_SECONDS_MAX)
    world.told(world.last + 1)
    assert world.found.codes == ["device-entries-late"]
    world.declare(number(world.last + 1))
    assert f"device/{TABLET}/late" in world.found.book.instead_of
    assert world.found.book.righted_ == [], "nothing of it came back"
    assert world.subjects == [subject(world.last + 1)]


def test_nobody_gives_up_another_practices_device(world: World) -> None:
    world.declare(number(world.last + 1), practice=OTHER_PRACTICE)
    assert world.subjects == []


@pytest.mark.parametrize("restarted", [False, True])
def test_what_a_device_sends_after_all_is_taken_and_put_right(
    world: World, restarted: bool
) -> None:
    first = world.last + 1
    world.declare(number(first), number(first + 1))
    if restarted:
        world.keep()
        world.start()
    world.arrive("Fièvre")
    assert world.found.book.righted_ == [subject(first)]
    assert world.subjects == [subject(first + 1)]
    world.arrive("Fièvre, encore")
    assert world.found.book.righted_ == [subject(first), subject(first + 1)]
    assert (world.subjects, world.lost.declared()) == ([], [])


def test_what_comes_back_long_after_it_was_forgotten_is_put_right(world: World) -> None:
    first = world.last + 1
    world.declare(number(first))
    world.clock.move(8 * 86_400.0)
    world.found.findings.forget_old()
    assert world.subjects == []
    world.arrive("Retrouvé au fond d’un tiroir")
    assert world.found.book.righted_ == [subject(first)]


def test_pages_that_tell_little_by_little_leave_the_whole_list(world: World) -> None:
    first = world.last + 1
    world.told(first)
    world.told(first + 1, first + 2)
    [held] = world.devices.in_the_field()
    assert [one.sequence for one in held.entries] == [first, first + 1, first + 2]
    world.keep()
    world.start()
    assert world.devices.in_the_field() == [held]
