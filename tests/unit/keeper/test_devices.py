"""What devices hold, held against what arrived of it."""

import pytest

from anamnesis.keeper import devices as devices_module
from anamnesis.keeper.devices import LIVE_SECONDS, Devices, Reporter
from anamnesis.reconcile.outbox import LATE_SECONDS_MAX, MISSING_SECONDS_MAX, Outbox
from tests.unit.journal.making import uuid
from tests.unit.keeper.fakes import FakeClock, FakeMarks
from tests.unit.keeper.finding import Found
from tests.unit.record.making import Writing

DESK, TABLET = uuid(1), uuid(2)


def page(device: str = DESK, session: str = "s-1", author: str = "claire") -> Reporter:
    return Reporter("lilas", author, session, device)


class World:
    def __init__(self) -> None:
        self.clock, self.marks = FakeClock(), FakeMarks()
        self.taking = True
        self.start()

    def start(self) -> None:
        """A keeper that starts, with what the one before it kept."""
        self.found = Found(self.marks, self.clock)
        self.devices = Devices(self.marks, self.clock, self.found.findings, lambda: self.taking)

    def keep(self) -> None:
        self.marks.write(self.devices.changes() | self.found.findings.changes())

    def told(self, outbox: Outbox, journaled: int, seconds: float, **page_of: str) -> list[str]:
        """The same report every 3 s for so long; the codes found by then."""
        until = self.clock.seconds + seconds
        while self.clock.seconds < until:
            self.devices.heard(page(**page_of), outbox, journaled)
            self.clock.move(3.0)
        self.devices.heard(page(**page_of), outbox, journaled)
        return self.found.codes


@pytest.fixture
def world() -> World:
    return World()


def waiting(entries: int, sequence: int, seconds: float) -> Outbox:
    return Outbox(sequence, entries, int(seconds * 1_000))


def test_numbers_that_a_device_gave_out_and_holds_no_more_are_missing(world: World) -> None:
    assert world.told(Outbox(7, 0, None), 5, MISSING_SECONDS_MAX - 3) == []
    assert world.told(Outbox(7, 0, None), 5, 3) == ["device-entries-missing"]
    assert world.found.guarding.accused == [("device-entries-missing", "claire")]


def test_what_is_missing_is_told_once_also_by_the_next_keeper(world: World) -> None:
    world.told(Outbox(7, 0, None), 5, 60)
    world.keep()
    world.start()
    assert world.told(Outbox(7, 0, None), 5, 60) == []


def test_what_was_missing_and_arrives_is_put_right(world: World) -> None:
    world.told(Outbox(7, 0, None), 5, 60)
    world.devices.heard(page(), Outbox(7, 0, None), 7)
    assert world.found.findings.open() == []
    assert world.found.book.righted_ == [f"device/{DESK}/missing"]


def test_an_entry_that_waits_while_the_keeper_takes_others_is_late(world: World) -> None:
    outbox = waiting(2, 7, LATE_SECONDS_MAX)
    assert world.told(outbox, 5, LATE_SECONDS_MAX - 3) == []
    assert world.told(outbox, 5, 3) == ["device-entries-late"]


def test_a_journal_that_takes_nothing_makes_no_entry_late(world: World) -> None:
    world.taking = False
    assert world.told(waiting(2, 7, 600), 5, 600) == []


def test_an_outbox_that_gets_smaller_is_not_late(world: World) -> None:
    for journaled in range(100):
        world.told(waiting(100 - journaled, 100, 600), journaled, 9)
    assert world.found.codes == []


def test_a_browser_that_held_entries_and_comes_back_empty_was_emptied(world: World) -> None:
    world.devices.heard(page(), waiting(3, 8, 1), 5)
    assert world.told(Outbox(0, 0, None), 0, MISSING_SECONDS_MAX, device=TABLET) == [
        "device-replaced"
    ]
    assert world.found.guarding.accused == []


def test_a_browser_is_known_over_a_restart_of_the_keeper(world: World) -> None:
    world.devices.heard(page(), waiting(3, 8, 1), 5)
    world.keep()
    world.start()
    assert world.told(Outbox(0, 0, None), 0, 60, device=TABLET) == ["device-replaced"]


def test_two_browsers_of_one_practitioner_are_two_outboxes(world: World) -> None:
    world.devices.heard(page(), waiting(3, 8, 1), 5)
    assert world.told(Outbox(4, 0, None), 4, 60, device=TABLET, session="s-2") == []
    [held] = world.devices.in_the_field()
    assert (held.device, held.waiting) == (DESK, 3)


def test_a_colleague_at_the_same_computer_has_an_outbox_of_their_own(world: World) -> None:
    world.devices.heard(page(), waiting(3, 8, 1), 5)
    assert world.told(Outbox(4, 0, None), 4, 60, device=TABLET, author="paul") == []


def test_a_device_that_starts_again_under_another_name_was_not_taken_away(world: World) -> None:
    world.devices.heard(page(), waiting(3, 8, 1), 5)
    writing = Writing()
    said = {"device": DESK, "last_sequence": 8, "missing": []}
    world.devices.sent([writing.send("device.retire", said, device=TABLET)])
    assert world.told(Outbox(1, 0, None), 1, 60, device=TABLET) == []


def test_a_retirement_that_nobody_understands_stops_nobody(world: World) -> None:
    world.devices.sent([Writing().send("device.retire", {"another": "shape"})])
    assert world.found.codes == []


def test_what_arrives_without_a_report_is_not_held_any_more(world: World) -> None:
    world.devices.heard(page(), waiting(3, 8, 1), 5)
    world.keep()
    world.devices.arrived({DESK: 8})
    world.keep()
    assert not world.devices.holds(DESK)
    assert world.marks.kept == {}


def test_a_page_that_leaves_proves_nothing_is_missing(world: World) -> None:
    for _ in range(20):
        world.devices.heard(page(), Outbox(7, 0, None), 5, leaving=True)
        world.clock.move(3)
    assert world.found.codes == []


def test_a_device_that_falls_silent_with_something_in_it_is_named(world: World) -> None:
    world.devices.heard(page(), waiting(2, 7, 9), 5)
    world.devices.heard(page(device=TABLET, session="s-2"), Outbox(4, 0, None), 4)
    shown = world.devices.shown()
    assert (shown["devices"], shown["waiting"], shown["silent"]) == (2, 2, 0)
    world.clock.move(LIVE_SECONDS + 1)
    shown = world.devices.shown()
    assert (shown["devices"], shown["waiting"], shown["silent_waiting"]) == (0, 0, 2)
    world.keep()
    world.start()
    assert world.devices.shown()["silent_devices"] == shown["silent_devices"]


def test_devices_without_end_are_not_remembered_without_end(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(devices_module, "HELD_MAX", 10)
    monkeypatch.setattr(devices_module, "WATCHED_MAX", 10)
    for number in range(30):
        world.devices.heard(page(device=f"d-{number}"), waiting(1, 1, 1), 0)
    world.keep()
    assert len(world.devices.in_the_field()) == len(world.marks.kept) == 10
