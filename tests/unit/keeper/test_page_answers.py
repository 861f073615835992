"""A page that says there is no such encounter is held against the record."""

import asyncio
from typing import Any

import pytest

from anamnesis.access.session import Session
from anamnesis.keeper.http import Refused
from anamnesis.keeper.page_answers import PageAnswers
from tests.unit.keeper.fakes import NOON, FakeClock, FakeMarks
from tests.unit.keeper.finding import Found

SESSION = Session("s", "claire", "author", "practice", "Claire", NOON, NOON)


class Reading:
    """A record that has one note, of one practice; asked as the keeper asks it."""

    def __init__(self) -> None:
        self.readable = True

    def note_positions(self, practice: str, encounter: str) -> list[int]:
        return [4] if (practice, encounter) == ("practice", "written") else []

    async def record(self, question: Any) -> Any:
        if not self.readable:
            raise Refused(503, "record-unavailable")
        return question(self)


class World:
    def __init__(self) -> None:
        self.found = Found(FakeMarks(), FakeClock())
        self.reading = Reading()
        self.opened: list[tuple[str, str, str]] = []
        self.pages = PageAnswers(
            self.reading,  # type: ignore[arg-type]
            self.found.findings,
            lambda *whose: self.opened.append(whose),
        )

    def answered(self, encounter: str, status: int | None) -> list[str]:
        asyncio.run(self.pages.heard(SESSION, encounter, status))
        return self.found.codes


@pytest.fixture
def world() -> World:
    return World()


@pytest.mark.parametrize("status", [404, 410])
def test_a_page_that_denies_a_note_of_the_record_is_found_once(world: World, status: int) -> None:
    assert world.answered("written", status) == ["page-absent"]
    assert world.answered("written", status) == ["page-absent"]
    assert world.found.guarding.accused == [("page-absent", "author")]


def test_it_is_right_again_once_the_page_is_there(world: World) -> None:
    world.answered("written", 404)
    world.answered("written", 200)
    assert len(world.found.book.righted_) == 1
    assert world.opened == [("practice", "author", "written")]


@pytest.mark.parametrize(
    ("encounter", "status"), [("blank", 404), ("written", 403), ("written", 503), ("written", None)]
)
def test_what_is_rightly_absent_or_fails_aloud_is_no_finding(
    world: World, encounter: str, status: int | None
) -> None:
    assert world.answered(encounter, status) == []
    assert world.opened == []


def test_a_record_that_cannot_be_read_accuses_nobody(world: World) -> None:
    world.reading.readable = False
    assert world.answered("written", 404) == []
