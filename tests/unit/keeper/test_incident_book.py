"""Incidents as they are written down: one for one cause, open until nothing of it is wrong."""

import time
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from anamnesis.keeper.incident_book import QUIET_SECONDS, IncidentBook
from anamnesis.keeper.judgement import Disagreement
from anamnesis.keeper.received import Expected
from anamnesis.reconcile.discrepancy import Concerned, Difference, Discrepancy, Step
from anamnesis.rollout.sentinels import SENTINEL_PRACTICE
from anamnesis.seams import instant
from anamnesis.storage.sqlite.incidents import SqliteIncidentReader, SqliteIncidentStore
from tests.unit.keeper.fakes import FakeClock

AT = "2026-11-23T12:00:00.000Z"
ONE = Discrepancy(
    "e-1", 7, "note.write", "lilas", "claire", "enc", "read-back-differs", "emptied",
    ("motif", "examen"), ("letters",), AT, AT,
)  # fmt: skip


def expected(number: int, practice: str = "lilas") -> Expected:
    return Expected(
        number, f"e-{number}", "note.write", practice, "claire", "d", "enc", "0", None, AT
    )


def look(_one: Expected) -> tuple[Difference | None, tuple[str, ...]]:
    return "emptied", ("motif",)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "incidents.db"


def test_what_is_written_is_read_by_others(path: Path) -> None:
    with closing(SqliteIncidentStore(path)) as store, closing(SqliteIncidentReader(path)) as reader:
        number = store.open(AT, AT)
        store.add(number, [ONE])
        store.step(number, Step(AT, "found", "read-back-differs"))
        assert reader.discrepancies(number, "lilas", "claire", -1, 10) == [ONE]
        assert reader.discrepancies(number, "lilas", "paul", -1, 10) == []
        assert reader.steps(number) == [Step(AT, "found", "read-back-differs")]
        [incident] = reader.incidents(10)
        assert incident.features == ("letters",)
        assert incident.codes == ("read-back-differs",)


def test_an_entry_is_in_an_incident_once_and_wrong_again_if_it_is_found_again(path: Path) -> None:
    with closing(SqliteIncidentStore(path)) as store:
        number = store.open(AT, AT)
        store.add(number, [ONE])
        store.righted(number, ["e-1"], AT)
        assert store.counts(number, None, None).righted == 1
        store.add(number, [ONE])
        counts = store.counts(number, None, None)
        assert (counts.entries, counts.righted) == (1, 0)


def test_one_incident_is_open_at_a_time_and_closed_when_all_is_right(path: Path) -> None:
    clock = FakeClock()
    book = IncidentBook(SqliteIncidentStore(path), clock, look)
    book._add([Disagreement(expected(1), "read-back-differs")], [("letters",)], AT)
    book._add([Disagreement(expected(2), "read-back-missing")], [("letters",)], AT)
    clock.move(QUIET_SECONDS + 1)
    book._close_if_quiet()
    store = book._store
    assert [one.closed_at for one in store.incidents(10)] == [None]
    book._right(["e-1", "e-2"], AT)
    book._close_if_quiet()
    assert [one.closed_at for one in store.incidents(10)] == [None]
    clock.move(QUIET_SECONDS + 1)
    book._close_if_quiet()
    [closed] = store.incidents(10)
    assert closed.closed_at is not None
    assert [step.what for step in store.steps(1)] == ["found", "righted", "closed"]
    store.close()


@pytest.mark.parametrize(("again", "incidents"), [("letters", 1), ("agenda", 2)])
def test_the_same_feature_soon_after_opens_no_second_incident(
    path: Path, again: str, incidents: int
) -> None:
    clock = FakeClock()
    with closing(SqliteIncidentStore(path)) as store:
        book = IncidentBook(store, clock, look)
        book._add([Disagreement(expected(1), "read-back-differs")], [("letters",)], AT)
        book._right(["e-1"], AT)
        clock.move(QUIET_SECONDS + 1)
        book._close_if_quiet()
        later = instant(clock.now())
        book._add([Disagreement(expected(2), "read-back-differs")], [(again,)], later)
        assert len(store.incidents(10)) == incidents
        assert store.incidents(1)[0].closed_at is None
        assert ("reopened" in [step.what for step in store.steps(1)]) == (incidents == 1)


def test_a_feature_that_was_stopped_is_in_its_incident_without_any_entry(path: Path) -> None:
    with closing(SqliteIncidentStore(path)) as store:
        book = IncidentBook(store, FakeClock(), look)
        book._step(Step(AT, "suspended", "letters"))
        assert store.incidents(1)[0].features == ("letters",)


def test_a_finding_about_no_entry_does_not_empty_the_instant_of_danger(path: Path) -> None:
    with closing(SqliteIncidentStore(path)) as store:
        number = store.open(AT, AT)
        store.add(number, [msgspec.structs.replace(ONE, received_at="")])
        assert store.incidents(1)[0].endangered_at == AT


def test_an_incident_says_whom_and_which_sections_it_concerns(path: Path) -> None:
    with closing(SqliteIncidentStore(path)) as store:
        number = store.open(AT, AT)
        store.add(number, [ONE, msgspec.structs.replace(ONE, entry="e-2", position=8)])
        counts = store.counts(number, None, None)
        assert (counts.texts, counts.sections) == (2, {"motif": 2, "examen": 2})
        assert store.concerned(number, 10) == [Concerned("lilas", "claire", 2, 0, 1)]


def test_sentinels_are_entries_of_an_incident_and_nobody(path: Path) -> None:
    with closing(SqliteIncidentStore(path)) as store:
        number = store.open(AT, AT)
        store.add(number, [msgspec.structs.replace(ONE, practice=SENTINEL_PRACTICE)])
        counts = store.counts(number, None, None)
        assert (counts.entries, counts.synthetic, counts.practitioners) == (1, 1, 0)


def test_a_keeper_that_starts_again_goes_on_with_what_was_open(path: Path) -> None:
    clock = FakeClock()
    first = IncidentBook(SqliteIncidentStore(path), clock, look)
    first._add([Disagreement(expected(1), "read-back-differs")], [()], AT)
    first._store.close()
    second = IncidentBook(SqliteIncidentStore(path), clock, look)
    second.start()
    second.righted([expected(1)])
    until = time.monotonic() + 5
    with closing(SqliteIncidentReader(path)) as reader:
        while reader.counts(1, None, None).righted == 0:
            assert time.monotonic() < until
        assert len(reader.incidents(10)) == 1
    second.close()


def test_an_incident_stays_open_while_the_application_is_given_up(path: Path) -> None:
    clock = FakeClock()
    with closing(SqliteIncidentStore(path)) as store:
        book = IncidentBook(store, clock, look)
        book._step(Step(AT, "journal-only", "application-unwell"))
        book.lasts("journal-only", True)
        clock.move(QUIET_SECONDS + 1)
        book._close_if_quiet()
        assert store.incidents(1)[0].closed_at is None
        book.lasts("journal-only", False)
        book._close_if_quiet()
        assert store.incidents(1)[0].closed_at is not None


def of_device(what: str, number: int, code: str) -> Disagreement:
    one = Expected(number, f"device/d/{what}", "finding", "lilas", "claire", "", "enc", "0", None)
    return Disagreement(one, code)


def test_what_comes_back_after_its_incident_was_closed_is_put_right_there(path: Path) -> None:
    clock = FakeClock()
    with closing(SqliteIncidentStore(path)) as store:
        book = IncidentBook(store, clock, lambda _one: (None, ()))
        book._add([of_device("declared/7", 7, "device-declared-lost")], [()], AT)
        clock.move(QUIET_SECONDS + 1)
        book._close_if_quiet()
        [closed] = store.incidents(10)
        later = "2026-12-24T12:00:00.000Z"
        book._right(["device/d/declared/7"], later)
        [again] = store.incidents(10)
        assert closed.closed_at is not None
        assert again.closed_at == later, "whoever follows incidents looks at it once more"
        assert store.counts(1, None, None).righted == 1


def test_what_is_said_better_stands_in_the_incident_in_which_it_was_said_first(path: Path) -> None:
    clock = FakeClock()
    with closing(SqliteIncidentStore(path)) as store:
        book = IncidentBook(store, clock, lambda _one: (None, ()))
        book._add([of_device("late", 1, "device-entries-late")], [()], AT)
        clock.move(QUIET_SECONDS + 1)
        book._close_if_quiet()
        later = "2026-12-24T12:00:00.000Z"
        lost = [of_device(f"declared/{n}", n, "device-declared-lost") for n in (7, 8)]
        book._add(lost, [(), ()], later, ["device/d/missing", "device/d/late"])
        [incident] = store.incidents(10)
        assert incident.closed_at == later
        found = store.discrepancies(1, "lilas", None, -1, 10)
        assert [one.entry for one in found] == ["device/d/declared/7", "device/d/declared/8"]
