"""Entries of the breach register opened from incidents: once for each practice, and kept true."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from anamnesis.bootstrap.registering import Due, Register
from anamnesis.clinical.breach import PLATFORM
from anamnesis.incident.opening import breach_id
from anamnesis.keeper.accounts import CONTROL
from anamnesis.keeper.registering import ForRegister, registering
from anamnesis.reconcile.discrepancy import Discrepancy, Incident, IncidentCounts, Step
from anamnesis.rollout.sentinels import SENTINEL_PRACTICE
from anamnesis.settings import Role
from anamnesis.storage.memory.record import MemoryRecord
from anamnesis.web.register_words import RegisterWords
from tests.unit.incident.making import discrepancy
from tests.unit.keeper.fakes import NOON, FakeClock
from tests.unit.record.making import (
    DOCTOR,
    ENCOUNTER,
    OTHER_PRACTICE,
    PRACTICE,
    Writing,
)

OPENED = "2026-11-23T14:00:01.000Z"
CLOSED = "2026-11-23T14:05:00.000Z"
RIGHTED = "2026-11-23T14:03:30.000Z"
MINE = breach_id(PRACTICE, OPENED)


class Book:
    """One incident, and what it is made of."""

    def __init__(self, *found: Discrepancy) -> None:
        self.found = list(found)
        self.closed_at: str | None = None

    def incidents(self, limit: int) -> list[Incident]:
        assert limit
        return [Incident(1, OPENED, OPENED, self.closed_at, ("share",), ("read-back-missing",))]

    def incident(self, number: int) -> Incident | None:
        return self.incidents(number)[0]

    def counts(self, number: int, practice: str | None, author: str | None) -> IncidentCounts:
        raise NotImplementedError

    def steps(self, number: int) -> list[Step]:
        return [Step(RIGHTED, "suspended", f"share-{number}"), Step(RIGHTED, "found", "x")]

    def discrepancies(
        self, number: int, practice: str | None, author: str | None, after: int, limit: int
    ) -> list[Discrepancy]:
        assert number
        assert practice is author is None
        return [one for one in self.found if one.position > after][:limit]


class Office:
    """A practice with a record, its incident, and the keeper's part in between."""

    def __init__(self, *found: Discrepancy, role: Role = "controller") -> None:
        self.writing = Writing().begun()
        self.record = MemoryRecord()
        self.writing.fold(self.record)
        self.book = Book(*found)
        self.clock = FakeClock()
        self.asked: list[ForRegister] = []
        self.register = Register(
            self.record,
            self._open,
            self._submit,
            RegisterWords("fr"),
            self.clock,
            role,
        )

    @contextmanager
    def _open(self) -> Iterator[Book]:
        yield self.book

    def _submit(self, asked: ForRegister) -> None:
        self.asked.append(asked)
        self.write(asked.content, CONTROL, asked.practice)

    def write(self, content: dict[str, Any], author: str, practice: str = PRACTICE) -> None:
        self.writing.send("breach.write", content, author=author, practice=practice, device=author)
        self.writing.fold(self.record)

    def settle(self) -> None:
        """Two looks: what the first one wrote is read by the second."""
        before = -1
        while before != len(self.asked):
            before = len(self.asked)
            self.register.step()
            self.clock.move(1_000)

    def versions(self, practice: str = PRACTICE) -> list[dict[str, Any]]:
        identifier = breach_id(practice, OPENED)
        found = self.record.resource_versions(practice, identifier)
        return [one.content for one in found]


def mine(number: int = 0, **changed: Any) -> Discrepancy:
    return discrepancy(
        number, **{"practice": PRACTICE, "author": DOCTOR, "encounter": ENCOUNTER} | changed
    )


def test_an_incident_opens_one_entry_and_no_second() -> None:
    office = Office(mine(1), mine(2))
    office.settle()
    office.settle()
    [content] = office.versions()
    assert content["extent"] == {
        "patients": 1,
        "encounters": 1,
        "texts": 2,
        "brought_back": 0,
        "lost": 0,
        "practitioners": 1,
        "practices": 1,
        "approximate": False,
    }
    assert "share-1" in content["measures_taken"]
    assert content["aware_at"] == OPENED
    assert not content["vulnerable"]


def test_a_minor_among_the_patients_is_said() -> None:
    office = Office(mine(encounter="of-a-child"))
    child = "01930000-0000-7000-8000-0000000000c1"
    office.writing.patient(child, birth_date="2015-02-01")
    office.writing.encounter("of-a-child", child)
    office.writing.fold(office.record)
    office.settle()
    assert office.versions()[0]["vulnerable"]


def test_what_comes_back_is_a_version_and_the_decision_stays() -> None:
    office = Office(mine(1))
    office.settle()
    opened = office.versions()[0]
    office.write(opened | {"facts": "La fonction de partage.", "effect": "no"}, DOCTOR)
    office.book.found = [mine(1, righted_at=RIGHTED)]
    office.book.closed_at = CLOSED
    office.settle()
    newest = office.versions()[-1]
    assert newest["permanence"] == "recoverable"
    assert newest["ended_at"] == RIGHTED
    assert (newest["facts"], newest["effect"]) == ("La fonction de partage.", "no")


def test_a_closed_incident_is_not_looked_at_again() -> None:
    office = Office(mine(1, righted_at=RIGHTED))
    office.book.closed_at = CLOSED
    office.settle()
    office.book.found = []
    office.settle()
    assert len(office.versions()) == 1


def test_an_incident_of_sentinels_only_opens_none() -> None:
    office = Office(mine(practice=SENTINEL_PRACTICE), role="processor")
    office.settle()
    assert office.asked == []


@pytest.mark.parametrize(("role", "registers"), [("controller", 2), ("processor", 3)])
def test_each_practice_has_its_own_and_a_processor_one_more(role: Role, registers: int) -> None:
    office = Office(mine(1), mine(2, practice=OTHER_PRACTICE, encounter=None), role=role)
    office.settle()
    assert len(office.asked) == registers
    platform = office.versions(PLATFORM)
    assert len(platform) == registers - 2
    assert all(one["role"] == "processor" and one["extent"]["practices"] == 2 for one in platform)


def test_the_keeper_journals_one_entry_after_each_version() -> None:
    writing = Writing()
    asked = ForRegister(PRACTICE, 0, _content())
    [first] = registering(asked, "0.1.0", NOON, writing.journal)
    assert first.entry.author == CONTROL
    [again] = registering(asked, "0.1.0", NOON, writing.journal)
    [next_one] = registering(ForRegister(PRACTICE, 1, _content()), "0.1.0", NOON, writing.journal)
    assert first.entry.id == again.entry.id != next_one.entry.id


def test_an_open_incident_is_looked_at_less_and_less_often() -> None:
    due, incident = Due(), Book().incidents(1)[0]
    looks = []
    for now in range(2_000):
        if due.is_due(incident, float(now)):
            looks.append(now)
            due.looked(incident, float(now))
    assert looks == [0, 5, 15, 35, 75, 155, 315, 635, 1235, 1835]


def _content() -> dict[str, Any]:
    office = Office(mine(1))
    office.settle()
    return office.asked[0].content
