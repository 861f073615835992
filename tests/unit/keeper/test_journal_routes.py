"""Reading what one typed from the journal: with the record, without it, and against a wrong one."""

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import msgspec
import pytest

from anamnesis.access.audit import looked_at
from anamnesis.access.session import Session
from anamnesis.journal.store import JournalReader
from anamnesis.keeper import recent_entries
from anamnesis.keeper.away import Away
from anamnesis.keeper.http import Answer, Refused, Request
from anamnesis.keeper.journal_routes import JournalRoutes
from anamnesis.record.store import RecordReader
from anamnesis.storage.memory.record import MemoryRecord
from tests.unit.keeper.fakes import NOON, request
from tests.unit.record.making import (
    DOCTOR,
    ENCOUNTER,
    LOCUM,
    OTHER_ENCOUNTER,
    OTHER_PATIENT,
    OTHER_PRACTICE,
    PATIENT,
    PRACTICE,
    Writing,
    text,
)

CLAIRE = Session("s", "claire", DOCTOR, PRACTICE, "Dr Claire Aubry", NOON, NOON)
ROSE = Session("s", "rose", DOCTOR, OTHER_PRACTICE, "Dr Rose Colin", NOON, NOON)
ONE = text("Toux", "", "Râles")


class FakeReading:
    """Reads on the spot; the record may be closed."""

    def __init__(self, writing: Writing) -> None:
        self.writing = writing
        self.is_open = True
        self.applied = MemoryRecord()
        self.catch_up()

    def catch_up(self) -> None:
        self.writing.fold(self.applied)

    async def journal(self, question: Callable[[JournalReader], Any]) -> Any:
        return question(self.writing.journal)

    async def record(self, question: Callable[[RecordReader], Any]) -> Any:
        if not self.is_open:
            raise Refused(503, "record-unavailable")
        return question(self.applied)


class World:
    def __init__(self, folder: Path) -> None:
        self.writing = Writing().begun()
        self.reading = FakeReading(self.writing)
        (folder / "vendor").mkdir()
        for name in ("service-worker.js", "manifest.webmanifest", "icon.svg"):
            (folder / name).write_text("", encoding="utf-8")
        away = Away(folder, {"fr": b"<html>", "en": b"<html>"})
        self.routes = JournalRoutes(self.reading, away, lambda _request: "fr")  # type: ignore[arg-type]

    def ask(
        self,
        route: Callable[[Request, Session], Coroutine[Any, Any, Answer]],
        path: str = "",
        query: str = "",
        session: Session = CLAIRE,
    ) -> Any:
        answer = asyncio.run(route(request("GET", path, query), session))
        return msgspec.json.decode(answer.body)

    def note(self, encounter: str = ENCOUNTER, session: Session = CLAIRE) -> Any:
        path = f"/keep/journal/encounters/{encounter}/note"
        return self.ask(self.routes.note, path, session=session)

    def encounters(self, query: str = "", session: Session = CLAIRE) -> Any:
        return self.ask(self.routes.encounters, query=query, session=session)

    def patients(self, query: str, session: Session = CLAIRE) -> Any:
        return self.ask(self.routes.patients, query=f"q={query}", session=session)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def test_a_note_is_read_whole_while_the_record_cannot_be(world: World) -> None:
    world.writing.note("write", ONE)
    world.reading.is_open = False
    found = world.note()
    assert found["sections"] == msgspec.to_builtins(ONE)
    assert (found["digest"], found["version"], found["status"]) == (ONE.digest(), 1, "draft")
    assert found["state"] == "journaled"
    assert found["patient"] == PATIENT
    assert found["person"]["name"] == "Lefèvre"
    assert found["started_at"] == "2026-11-23T14:00:00.000Z"


def test_it_is_recorded_only_if_the_record_read_now_says_the_same(world: World) -> None:
    world.writing.note("write", ONE)
    assert world.note()["state"] == "journaled"
    world.reading.catch_up()
    assert world.note()["state"] == "recorded"
    world.writing.note("write", text("Autre"), base=ONE)
    found = world.note()
    assert (found["state"], found["sections"]["motif"]) == ("journaled", "Autre")


def test_an_older_encounter_is_found_through_the_record_and_read_from_the_journal(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.writing.note("write", ONE)
    world.reading.catch_up()
    for number in range(9):
        world.writing.patient(OTHER_PATIENT[:-1] + str(number))
    monkeypatch.setattr(recent_entries, "SCANNED_MAX", 5)
    assert world.note()["sections"]["examen"] == "Râles"
    assert world.note()["person"]["name"] == "Lefèvre"
    world.reading.is_open = False
    with pytest.raises(Refused, match="encounter-unknown"):
        world.note()
    assert world.encounters()["since"] is not None


def test_what_comes_later_is_seen_without_scanning_anew(world: World) -> None:
    assert world.note()["digest"] is None
    world.writing.note("write", ONE)
    assert world.note()["digest"] == ONE.digest()


def test_much_later_it_is_begun_again_from_the_end(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recent_entries, "SCANNED_MAX", 4)
    monkeypatch.setattr(recent_entries, "KEPT_MAX", 8)
    world.writing.note("write", ONE)
    before = ONE
    for number in range(20):
        after = text(f"Toux {number}")
        world.writing.note("write", after, base=before)
        assert world.note()["digest"] == after.digest()
        before = after


def test_a_record_that_names_entries_of_another_encounter_is_not_believed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.writing.note("write", ONE)
    world.writing.encounter(OTHER_ENCOUNTER)
    other = world.writing.note("write", text("D'un autre"), encounter=OTHER_ENCOUNTER)
    world.reading.catch_up()
    monkeypatch.setattr(
        world.reading.applied, "note_positions", lambda *_: [other.position, 10_000]
    )
    assert world.note()["sections"]["motif"] == "Toux"


def test_mine_come_newest_first_a_page_at_a_time(world: World) -> None:
    world.writing.note("write", ONE)
    world.writing.encounter(OTHER_ENCOUNTER)
    world.writing.note("write", text("Seconde"), encounter=OTHER_ENCOUNTER)
    first = world.encounters("limit=1")
    assert [one["encounter"] for one in first["encounters"]] == [OTHER_ENCOUNTER]
    second = world.encounters(f"limit=1&before={first['next']}")
    assert [one["encounter"] for one in second["encounters"]] == [ENCOUNTER]
    assert world.encounters()["since"] is None
    with pytest.raises(Refused, match="malformed"):
        world.encounters("limit=1000")


def test_a_colleagues_encounter_is_not_among_mine_and_can_be_opened(world: World) -> None:
    world.writing.encounter(OTHER_ENCOUNTER, author=LOCUM)
    assert [one["encounter"] for one in world.encounters()["encounters"]] == [ENCOUNTER]
    assert world.note(OTHER_ENCOUNTER)["encounter"] == OTHER_ENCOUNTER


def test_another_practice_sees_none_of_it(world: World) -> None:
    world.writing.note("write", ONE)
    world.reading.catch_up()
    assert world.encounters(session=ROSE)["encounters"] == []
    assert world.patients("lefevre", ROSE)["patients"] == []
    for closed in (False, True):
        world.reading.is_open = closed
        with pytest.raises(Refused, match="encounter-unknown"):
            world.note(session=ROSE)


def test_patients_are_found_in_journal_and_record(world: World) -> None:
    world.reading.catch_up()
    world.writing.patient(OTHER_PATIENT, birth_name="Le Goff")
    found = world.patients("lef")
    assert ([one["patient"] for one in found["patients"]], found["complete"]) == ([PATIENT], True)
    assert [one["name"] for one in world.patients("goff+29/02/1984")["patients"]] == ["Le Goff"]
    assert world.patients("30/12/1999")["patients"] == []
    world.reading.is_open = False
    found = world.patients("legoff")
    assert [one["name"] for one in found["patients"]] == ["Le Goff"]
    assert found["complete"] is False


def test_every_look_of_this_kind_is_one_for_the_audit_trail() -> None:
    for path in ("encounters", "patients", f"encounters/{ENCOUNTER}/note", f"patients/{PATIENT}"):
        assert looked_at(f"/keep/journal/{path}") is not None
    assert looked_at("/keep/journal-only") is None
