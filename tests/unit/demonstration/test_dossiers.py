"""What the demonstration keeps beside its notes: plausible, and related to who it is about."""

import base64
import hashlib
import io
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pypdf
import pytest

from anamnesis.demonstration.antecedents import ANTECEDENTS, INTOLERANCES
from anamnesis.demonstration.attendance import CASES
from anamnesis.demonstration.cases_prescribed import LINES, RENEWED, lines_for, lines_of
from anamnesis.demonstration.correspondence import ADDRESSEES
from anamnesis.demonstration.diary import REASONS
from anamnesis.demonstration.draws import Draws
from anamnesis.demonstration.drugs import DRUGS, drugs_of
from anamnesis.demonstration.furniture import APPOINTMENT_KINDS
from anamnesis.demonstration.lent import Neighbour
from anamnesis.demonstration.life import Life, Setting
from anamnesis.demonstration.page import page
from anamnesis.demonstration.people import ALLERGIES, CONDITIONS, PAST, Person
from anamnesis.demonstration.shelf import Head
from anamnesis.demonstration.vaccines import injections
from anamnesis.journal.entry import Entry

FIRST_DAY = date(2026, 11, 23)
EVENING = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
PRACTICE = "0e3f8c1c-0000-8000-8000-000000000001"
PRACTITIONERS = tuple(f"0e3f8c1c-0000-8000-8000-00000000000{number}" for number in (2, 3, 4))
NEARBY, CARDIOLOGIST = (f"0e3f8c1c-0000-8000-8000-00000000000{number}" for number in (5, 6))


def head(name: str) -> Head:
    return Head(name, "Médecine générale", "99900000011", "351999990", "Cabinet", "Rue", "", "")


@pytest.fixture(scope="module")
def life() -> Life:
    heads = tuple(head(f"Dr Nom {number}") for number in range(3))
    nearby = Neighbour(NEARBY, CARDIOLOGIST, head("Dr Malo Kerjean"))
    return Life(
        Setting(PRACTICE, PRACTITIONERS, FIRST_DAY, UTC, "0.1.0", "test", 900, heads, nearby)
    )


@pytest.fixture(scope="module")
def entries(life: Life) -> list[Entry]:
    return life.until(EVENING)


@pytest.fixture(scope="module")
def people(life: Life) -> dict[str, Person]:
    return {person.id: person for person in life.people}


def of_kind(entries: list[Entry], kind: str) -> Iterator[tuple[Entry, dict[str, Any]]]:
    return ((entry, json.loads(entry.content)) for entry in entries if entry.kind == kind)


def test_everything_the_notes_call_by_name_is_known_to_the_record() -> None:
    assert set(CONDITIONS) | set(PAST) <= set(ANTECEDENTS)
    assert {one for one in ALLERGIES if one not in ("aucune connue", "RAS")} == set(INTOLERANCES)
    assert {drug for _, _, drugs in CONDITIONS.values() for drug in drugs} <= set(DRUGS)
    names = {case.name for case in CASES}
    assert set(LINES) | set(ADDRESSEES) | RENEWED <= names


def test_every_reason_is_booked_under_a_type_of_its_own() -> None:
    named = [reason for kind in APPOINTMENT_KINDS for reason in kind.reasons]
    assert sorted(named) == sorted(REASONS)


def test_a_patients_antecedents_are_those_of_the_notes(
    entries: list[Entry], people: dict[str, Person]
) -> None:
    told: dict[str, set[str]] = {}
    for entry, content in of_kind(entries, "condition.write"):
        told.setdefault(str(entry.patient), set()).add(content["text"])
        assert content["onset"] <= entry.typed_at[:10]
    for patient, person in people.items():
        named = {ANTECEDENTS[one].text for one in person.past.split(", ") if one in ANTECEDENTS}
        assert named <= told.get(patient, set())


def test_an_allergy_of_the_notes_is_on_the_patients_list(
    entries: list[Entry], people: dict[str, Person]
) -> None:
    told: dict[str, set[str]] = {}
    for entry, content in of_kind(entries, "allergy.write"):
        told.setdefault(str(entry.patient), set()).add(content["substance"])
        born = people[str(entry.patient)].body.born.year
        assert born <= int(content["onset"]) <= int(entry.typed_at[:4])
    for patient, person in people.items():
        known = INTOLERANCES.get(person.allergies)
        assert known is None or known.substance in told[patient]


def test_a_treatment_is_listed_drug_by_drug(
    entries: list[Entry], people: dict[str, Person]
) -> None:
    told: dict[str, set[str]] = {}
    for entry, content in of_kind(entries, "medication.write"):
        told.setdefault(str(entry.patient), set()).add(content["name"])
    for patient, person in people.items():
        assert {drug.name for drug in drugs_of(person.treatment)} == told.get(patient, set())
    assert told


def test_a_vaccine_is_written_down_on_its_day_or_at_registration(
    entries: list[Entry], people: dict[str, Person]
) -> None:
    registered = {entry.patient: entry.typed_at for entry, _ in of_kind(entries, "patient.create")}
    given = list(of_kind(entries, "immunization.write"))
    assert len(given) > 500
    for entry, content in given:
        assert people[str(entry.patient)].body.born.isoformat() < content["date"]
        day, start = entry.typed_at[:10], registered[entry.patient][:10]
        assert day == max(content["date"], start)


def test_a_child_has_the_vaccines_of_its_age_and_no_later_ones() -> None:
    today = date(2026, 11, 23)
    had = injections(today - timedelta(days=200), today, ill=False, draws=Draws("child"))
    assert {one.vaccine for one in had} >= {"Hexavalent (DTCaP-Hib-HepB)"}
    assert not any("rappel" in one.dose or "ROR" in one.vaccine for one in had)
    assert all(one.day < today and one.day.weekday() < 5 for one in had)


def test_what_was_issued_is_a_version_of_the_document(entries: list[Entry]) -> None:
    versions: dict[str, list[str]] = {}
    for entry, content in of_kind(entries, "document.write"):
        versions.setdefault(content["id"], []).append(entry.digest)
    issues = list(of_kind(entries, "document.issue"))
    assert len(issues) > 300
    for _, content in issues:
        assert versions[content["document"]][content["version"] - 1] == content["digest"]
    assert any(content["version"] == 2 for _, content in issues)
    assert set(versions) - {content["document"] for _, content in issues}, "no draft is left"


def test_a_long_illness_has_lines_of_its_own(
    entries: list[Entry], people: dict[str, Person]
) -> None:
    found = 0
    for entry, content in of_kind(entries, "document.write"):
        lines = [line for line in content["lines"] if line["ald"]]
        found += len(lines)
        if lines:
            assert people[str(entry.patient)].conditions & {"DT2", "insuffisance cardiaque"}
    assert found > 10


def test_a_prescription_says_what_the_note_says() -> None:
    amoxicillin = lines_for("angine", "Angine à SGA : amoxicilline 1 g x 2/j pendant 6 jours.")
    assert [line["drug"] for line in amoxicillin] == ["Amoxicilline 1 g", "Paracétamol 1 g"]
    allergic = lines_for("angine", "Angine à SGA, allergie : CLARITHROMYCINE 250 mg x 2/j.")
    assert allergic[0]["drug"] == "Clarithromycine 250 mg"
    assert lines_for("certificat sport", "Certificat remis.") == []


@pytest.mark.parametrize("case", sorted(LINES))
def test_every_line_of_every_case_can_be_written(case: str) -> None:
    text = "\n".join(line.rpartition(": ")[2] for line in LINES[case].splitlines())
    assert all(line["drug"] and line["duration"] for line in lines_of(text))


def test_documents_have_no_blank_left_and_are_of_every_type(entries: list[Entry]) -> None:
    documents = [content for _, content in of_kind(entries, "document.write")]
    assert {content["type"] for content in documents} == {
        "prescription",
        "letter",
        "certificate",
        "upload",
    }
    everything = json.dumps(documents, ensure_ascii=False)
    for left in ("[", "{"):
        assert not any(left in content["body"] for content in documents)
    assert "None" not in everything


def test_a_file_that_came_by_post_is_a_page_that_can_be_read(
    entries: list[Entry], people: dict[str, Person]
) -> None:
    parts = {content["file"]: content for _, content in of_kind(entries, "file.part")}
    uploads = [
        (entry, content["file"])
        for entry, content in of_kind(entries, "document.write")
        if content["file"]
    ]
    assert uploads
    for entry, file in uploads:
        data = base64.b64decode(parts[file["id"]]["data"])
        assert (len(data), hashlib.sha256(data).hexdigest()) == (file["bytes"], file["sha256"])
        [sheet] = pypdf.PdfReader(io.BytesIO(data), strict=True).pages
        assert people[str(entry.patient)].content["birth_name"][:3] in sheet.extract_text()
        break


def test_a_page_keeps_parentheses_accents_and_backslashes() -> None:
    text = r"Œdème (léger) \ 12 µg – « ok »"
    [sheet] = pypdf.PdfReader(io.BytesIO(page("Titre", [text])), strict=True).pages
    assert text in sheet.extract_text()


def test_the_link_that_is_known_opens_a_share(life: Life, entries: list[Entry]) -> None:
    link = life.known_link()
    secret = hashlib.sha256(f"{link.token}:{link.code}".encode()).hexdigest()
    shares = [content for _, content in of_kind(entries, "document.share")]
    [share] = [content for content in shares if content["secret"] == secret]
    assert share["link"] == hashlib.sha256(link.token.encode()).hexdigest()
    assert share["expires_at"] > "2027"


def test_only_what_was_issued_is_shared_and_some_of_it_is_revoked(entries: list[Entry]) -> None:
    issued = {
        (content["document"], content["version"]): entry.typed_at
        for entry, content in of_kind(entries, "document.issue")
    }
    shares = list(of_kind(entries, "document.share"))
    for entry, content in shares:
        assert issued[content["document"], content["version"]] < entry.typed_at
    revoked = {content["share"] for _, content in of_kind(entries, "share.revoke")}
    assert len(revoked & {content["id"] for _, content in shares}) == 1
    assert {content["audience"] for _, content in shares} == {"patient", "colleague"}


def test_the_neighbour_writes_in_a_practice_of_his_own(entries: list[Entry]) -> None:
    his = [entry for entry in entries if entry.author == CARDIOLOGIST]
    assert {entry.practice for entry in his} == {NEARBY}
    assert {entry.practice for entry in entries if entry not in his} == {PRACTICE}
    ours = {entry.patient for entry in entries if entry.practice == PRACTICE}
    assert {entry.patient for entry in his} & ours <= {None}
    back = [content for entry, content in of_kind(his, "document.share")]
    assert {content["to_practice"] for content in back} == {PRACTICE}


def test_nobody_is_booked_twice_at_one_time(entries: list[Entry]) -> None:
    free: dict[str, datetime] = {}
    booked = [content for _, content in of_kind(entries, "appointment.book")]
    for content in sorted(booked, key=lambda one: str(one["starts_at"])):
        starts = datetime.fromisoformat(content["starts_at"])
        assert free.get(content["practitioner"], starts) <= starts
        free[content["practitioner"]] = starts + timedelta(minutes=content["minutes"])
    assert {content["minutes"] for content in booked} == {15, 30}
    types = {content["id"] for _, content in of_kind(entries, "appointment-type.write")}
    assert {content["type"] for content in booked} <= types


def test_the_shelves_are_full_before_anybody_comes(entries: list[Entry]) -> None:
    furnished = [entry for entry in entries if entry.patient is None]
    assert {entry.kind for entry in furnished} == {
        "letterhead.write",
        "appointment-type.write",
        "template.write",
        "snippet.write",
        "document-template.write",
    }
    first = next(entry for entry in entries if entry.kind == "encounter.start")
    assert max(entry.typed_at for entry in furnished) < first.typed_at
