"""What was lost, written again: everything around an encounter, the mark, and how far it is."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from litestar.testing import TestClient

from anamnesis.incident.opening import breach_id
from anamnesis.reconcile.discrepancy import Discrepancy, Incident, IncidentCounts, Step
from anamnesis.storage.memory.record import MemoryRecord
from anamnesis.web.application import WebSettings, create
from tests.unit.clinical.contents import BREACH, LATER
from tests.unit.incident.making import discrepancy
from tests.unit.record.making import (
    DOCTOR,
    ENCOUNTER,
    OTHER_ENCOUNTER,
    OTHER_PRACTICE,
    PATIENT,
    PRACTICE,
    Writing,
    text,
)
from tests.unit.web.serving import NOW, Parsed, full_practice, get, headers, parsed

OPENED = "2026-11-23T15:00:00.000Z"
ENTRY = breach_id(PRACTICE, OPENED)
RIGHTED = "2026-11-23T15:03:00.000Z"


class Book:
    """One incident of one practice."""

    def __init__(self, found: list[Discrepancy], opened_at: str) -> None:
        self.found = found
        self.opened_at = opened_at

    def incidents(self, limit: int) -> list[Incident]:
        raise NotImplementedError

    def incident(self, number: int) -> Incident | None:
        return Incident(number, self.opened_at, OPENED, None, (), ())

    def counts(self, number: int, practice: str | None, author: str | None) -> IncidentCounts:
        raise NotImplementedError

    def steps(self, number: int) -> list[Step]:
        assert number == 1
        return []

    def discrepancies(
        self, number: int, practice: str | None, author: str | None, after: int, limit: int
    ) -> list[Discrepancy]:
        assert (number, practice, author) == (1, PRACTICE, None)
        return [one for one in self.found if one.position > after][:limit]


def affected(righted_at: str | None = None) -> Discrepancy:
    return discrepancy(
        3, practice=PRACTICE, author=DOCTOR, encounter=ENCOUNTER, righted_at=righted_at
    )


def written() -> Writing:
    """A full practice with an earlier and a later note of the same patient, and the entry."""
    writing = full_practice()
    for number, (started, motif) in enumerate(
        (("2026-10-01T09:00:00.000Z", "Vaccin"), ("2026-12-01T09:00:00.000Z", "Contrôle"))
    ):
        other = f"01930000-0000-7000-8000-00000000ee0{number}"
        writing.encounter(other, started_at=started)
        writing.note("write", text(motif), encounter=other)
    writing.send("breach.write", BREACH | {"id": ENTRY, "incident": 1})
    return writing


@contextmanager
def pages(
    writing: Writing, *found: Discrepancy, opened_at: str = OPENED
) -> Iterator[TestClient[Any]]:
    record = MemoryRecord()
    writing.fold(record)

    @contextmanager
    def incidents() -> Iterator[Book]:
        yield Book(list(found), opened_at)

    shown = WebSettings(now=lambda: NOW)
    with TestClient(create(record, shown, None, None, incidents)) as client:
        client.follow_redirects = False
        yield client


def encounter_page(writing: Writing, *found: Discrepancy) -> Parsed:
    with pages(writing, *found) as client:
        return parsed(get(client, f"/register/{ENTRY}/rewriting/{ENCOUNTER}"))


def progress(page: Parsed) -> str:
    [badge] = [a for tag, a in page.elements if tag == "span" and "data-progress" in a]
    return badge["data-progress"]


def test_one_page_has_everything_around_the_encounter() -> None:
    words = encounter_page(written(), affected()).words()
    assert "Toux grasse" in words, "the note as it is now"
    assert "Toux sèche" in words, "the version before"
    assert "Vaccin" in words, "the patient's note before"
    assert "Contrôle" in words, "the patient's note after"
    assert "Repos" in words, "the prescription"
    assert "3400 g" in words, "the measurement"
    assert "absent du dossier" in words, "what the incident knows"
    assert "Ouvrez cette page sur chaque appareil" in words


def test_where_nothing_is_missing_the_page_says_so_and_shows_the_receipts() -> None:
    page = encounter_page(written(), affected(RIGHTED))
    assert progress(page) == "whole"
    assert "Rien ne manque" in page.words()
    assert [a for a in page.all("a") if a.get("href", "").startswith("/keep/receipts/")]


def test_a_text_that_is_marked_says_when_the_care_was_and_when_the_writing() -> None:
    writing = written()
    again = text("Toux, réécrit")
    base = text("Toux grasse", conclusion="Bronchite")
    digest = writing.note("write", again, base=base).entry.digest
    mark = LATER | {"breach": ENTRY, "digest": digest, "occurred_at": "2026-11-23T14:00:00.000Z"}
    mark |= {"id": "01930000-0000-7000-8000-00000000ee99"}
    writing.send("provenance.write", mark, patient=PATIENT, encounter=ENCOUNTER)
    page = encounter_page(writing, affected())
    assert progress(page) == "rewritten"
    assert "Écrit plus tard : soin du 23 nov. 2026, 15:00" in page.words()
    assert "la mémoire, les documents" in page.words()
    with pages(writing, affected()) as client:
        history = parsed(get(client, f"/encounters/{ENCOUNTER}/history"))
        [_] = [a for tag, a in history.elements if "data-written-later" in a]
        parsed(get(client, f"/patients/{PATIENT}"))


def test_progress_counts_what_is_written_again_and_what_is_missing() -> None:
    with pages(written(), affected()) as client:
        words = parsed(get(client, f"/register/{ENTRY}/rewriting")).words()
        assert "0 sur 1" in words
        assert "À réécrire" in words
    with pages(written(), affected(RIGHTED)) as client:
        assert "1 sur 1" in parsed(get(client, f"/register/{ENTRY}/rewriting")).words()


def test_the_list_for_the_practitioner_is_exact() -> None:
    with pages(written(), affected(RIGHTED)) as client:
        address = f"/register/{ENTRY}/papers/practitioner?practitioner={DOCTOR}"
        words = parsed(get(client, address)).words()
    assert "23 nov. 2026, 15:00" in words
    assert "LEFÈVRE Zoé Anne" in words
    assert "Motif" in words
    assert "revenu le 23 nov. 2026, 16:03" in words


def test_an_incident_of_the_same_number_from_another_history_is_not_taken_for_it() -> None:
    with pages(written(), affected(), opened_at="2027-01-01T00:00:00.000Z") as client:
        words = parsed(get(client, f"/register/{ENTRY}/rewriting")).words()
    assert "Aucune consultation" in words


def test_an_entry_made_by_hand_lists_what_the_agenda_has_of_its_time() -> None:
    writing = full_practice()
    booked = next(
        one.entry.id
        for one in writing.journal.read(0, 1_000)
        if one.entry.kind == "appointment.book"
    )
    writing.encounter(OTHER_ENCOUNTER, appointment=booked)
    span = {"started_at": "2026-11-23T13:00:00.000Z", "ended_at": "2026-11-23T15:00:00.000Z"}
    writing.send("breach.write", BREACH | {"id": ENTRY, "incident": None} | span)
    with pages(writing) as client:
        page = parsed(get(client, f"/register/{ENTRY}/rewriting"))
    assert page.all("a", href=f"/register/{ENTRY}/rewriting/{OTHER_ENCOUNTER}")


def test_another_practice_sees_nothing_of_it() -> None:
    with pages(written(), affected()) as client:
        theirs = headers(OTHER_PRACTICE)
        assert client.get(f"/register/{ENTRY}/rewriting", headers=theirs).status_code == 404
        address = f"/register/{ENTRY}/rewriting/{ENCOUNTER}"
        assert client.get(address, headers=theirs).status_code == 404
