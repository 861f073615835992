"""Planting resumes where it was cut off, adds a day, and never tells anything twice."""

from datetime import UTC, date, datetime, timedelta

import pytest

from anamnesis.demonstration.diary import DAYS_BOOKED_AHEAD
from anamnesis.demonstration.life import Life, Setting
from anamnesis.demonstration.planting import StoryClock, due, first_day_of, founded_on, plant
from anamnesis.journal.entry import Entry
from anamnesis.journal.journal import Journal
from anamnesis.receipt.signer import Ed25519Signer
from anamnesis.storage.memory.journal import MemoryJournal

FIRST_DAY = date(2026, 11, 23)
MORNING = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
PRACTICE = "0e3f8c1c-0000-8000-8000-000000000001"
PRACTITIONERS = ("0e3f8c1c-0000-8000-8000-000000000002", "0e3f8c1c-0000-8000-8000-000000000003")


class Planted:
    """A journal in memory with the story put into it."""

    def __init__(self) -> None:
        self.store = MemoryJournal()
        self.clock = StoryClock(founded_on(FIRST_DAY))
        self.journal = Journal(self.store, Ed25519Signer("test.local", bytes(32)), self.clock)
        self.told: list[tuple[int, int]] = []

    def life(self) -> Life:
        return Life(Setting(PRACTICE, PRACTITIONERS, FIRST_DAY, UTC, "0.1.0", "test", 60))

    def due(self, now: datetime) -> list[Entry]:
        return due(self.life(), FIRST_DAY, now, self.store)

    def plant(self, entries: list[Entry]) -> None:
        progress = self.told
        plant(self.life(), entries, self.journal, self.clock, lambda d, n: progress.append((d, n)))


@pytest.fixture
def planted() -> Planted:
    return Planted()


def test_everything_due_is_journaled_in_the_storys_own_time(planted: Planted) -> None:
    entries = planted.due(MORNING)
    planted.plant(entries)
    journaled = planted.store.read(0, len(entries) + 1)
    assert [one.entry for one in journaled] == entries
    late = [
        datetime.fromisoformat(one.received_at) - datetime.fromisoformat(one.entry.typed_at)
        for one in journaled
    ]
    assert timedelta(0) <= min(late) <= max(late) <= timedelta(minutes=6)
    assert planted.told[-1] == (len(entries), len(entries))


def test_told_twice_on_one_day_it_adds_nothing(planted: Planted) -> None:
    planted.plant(planted.due(MORNING))
    assert planted.due(MORNING) == []
    assert planted.due(MORNING + timedelta(hours=5)) == []


def test_a_story_that_was_cut_off_is_told_to_the_end(planted: Planted) -> None:
    entries = planted.due(MORNING)
    planted.plant(entries[:200])
    rest = planted.due(MORNING)
    assert rest == entries[200:]
    planted.plant(rest)
    assert planted.journal.size == len(entries)


def test_another_day_gets_its_appointments_and_nothing_else(planted: Planted) -> None:
    planted.plant(planted.due(MORNING))
    later = MORNING + timedelta(days=DAYS_BOOKED_AHEAD + 3)
    added = planted.due(later)
    assert {entry.kind for entry in added} == {"appointment.book"}
    planted.plant(added)
    assert planted.due(later) == []
    assert planted.due(later + timedelta(days=1)) != []


def test_the_first_day_is_remembered_by_the_founding_alone() -> None:
    assert first_day_of(founded_on(FIRST_DAY)) == FIRST_DAY
