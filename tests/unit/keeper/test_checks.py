"""What an operator reads of a check: also that it has stopped looking."""

from anamnesis.keeper.checks import INVARIANTS, Checks, Looked, invariants
from anamnesis.seams import instant
from tests.unit.keeper.fakes import FakeClock


def test_a_check_that_stops_looking_is_late() -> None:
    clock = FakeClock()
    checks = Checks(clock)
    at = instant(clock.now())
    checks.add("read-back", ("I2",), lambda: Looked(at), 5.0)
    assert [one.state for one in checks.lines()] == ["holds"]
    clock.move(6)
    assert [one.state for one in checks.lines()] == ["late"]


def test_a_check_that_finds_something_is_broken_however_late_it_is() -> None:
    clock = FakeClock()
    checks = Checks(clock)
    at = instant(clock.now())
    clock.move(60)
    checks.add("read-back", ("I2",), lambda: Looked(at, wrong=3), 5.0)
    [line] = checks.lines()
    assert (line.state, line.wrong) == ("broken", 3)


def test_a_check_that_cannot_be_asked_has_failed_and_the_others_are_told() -> None:
    def gone() -> Looked:
        raise OSError

    checks = Checks(FakeClock())
    checks.add("gone", ("I1",), gone)
    checks.add("screens", ("I4",), lambda: Looked(None))
    assert [one.state for one in checks.lines()] == ["failed", "waiting"]


def test_an_invariant_is_as_well_as_the_worst_of_its_checks() -> None:
    checks = Checks(FakeClock())
    at = instant(FakeClock().now())
    checks.add("one", ("I2",), lambda: Looked(at))
    checks.add("other", ("I2", "I3"), lambda: Looked(at, wrong=1))
    checks.add("third", ("I4",), lambda: Looked(None))
    told = {one["invariant"]: one["state"] for one in invariants(checks.lines())}
    assert [told[name] for name in ("I2", "I3", "I4")] == ["broken", "broken", "waiting"]
    assert tuple(told) == INVARIANTS
