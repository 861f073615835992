"""What devices said of themselves last, silence included."""

from anamnesis.access.session import Session
from anamnesis.keeper import outboxes
from anamnesis.keeper.outboxes import LIVE_SECONDS, Outboxes
from tests.unit.keeper.fakes import NOON, FakeClock

CLAIRE = Session("s-1", "claire", "p-claire", "lilas", "Dr Claire Aubry", NOON, NOON)


def test_the_last_report_of_each_device_counts() -> None:
    told = Outboxes(FakeClock())
    told.seen(CLAIRE, "d-1", 4, 900)
    told.seen(CLAIRE, "d-1", 1, 200)
    told.seen(CLAIRE, "d-2", 0, None)
    shown = told.shown()
    assert (shown["devices"], shown["waiting"], shown["oldest_ms"]) == (2, 1, 200)


def test_a_device_that_falls_silent_with_something_in_it_is_named() -> None:
    clock = FakeClock()
    told = Outboxes(clock)
    told.seen(CLAIRE, "d-1", 2, 900)
    told.seen(CLAIRE, "d-2", 0, None)
    clock.move(LIVE_SECONDS + 1)
    shown = told.shown()
    assert (shown["devices"], shown["silent"], shown["silent_waiting"]) == (0, 1, 2)
    named = shown["silent_devices"]
    assert isinstance(named, list)
    assert [one["device"] for one in named] == ["d-1"]


def test_devices_without_end_are_not_remembered_without_end() -> None:
    told = Outboxes(FakeClock())
    for number in range(outboxes.DEVICES_MAX + 10):
        told.seen(CLAIRE, f"d-{number}", 0, None)
    assert told.shown()["devices"] == outboxes.DEVICES_MAX
