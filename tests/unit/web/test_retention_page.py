"""The retention page: what falls due, by which rule, and nothing that erases."""

from datetime import date

from anamnesis.storage.memory.record import MemoryRecord
from anamnesis.web.pages.retention import last_care
from tests.unit.record.making import OTHER_PATIENT, OTHER_PRACTICE, PATIENT, PRACTICE, Writing, uuid
from tests.unit.web.serving import get, headers, parsed, serving


def practice() -> Writing:
    """Last seen in 2001, in 2007, and in 2006 as a child."""
    writing = Writing()
    writing.practice()
    for number, (year, born) in enumerate(((2001, 1960), (2007, 1960), (2006, 2004))):
        patient = uuid(0xB0020 + number)
        name = f"Roy{number}"
        writing.patient(patient, birth_name=name, birth_date=f"{born}-05-06")
        started = f"{year}-06-01T09:00:00.000Z"
        writing.encounter(uuid(0xB0030 + number), patient, started_at=started)
    writing.patient(uuid(0xB0029), birth_name="Sans consultation")
    return writing


def test_what_is_due_now_or_within_the_year_is_listed_with_its_rule() -> None:
    with serving(practice()) as client:
        page = parsed(get(client, "/retention"))
        english = parsed(get(client, "/retention", {"cookie": "anamnesis_language=en"}))
    assert [one["data-due"] for one in page.all("tr") if "data-due" in one] == [
        "2021-06-01",
        "2027-06-01",
    ]
    assert "Roy2" not in page.words()
    assert "Twenty years after the last care" in english.words()


def test_the_page_erases_nothing_and_says_who_can() -> None:
    with serving(practice()) as client:
        page = parsed(get(client, "/retention"))
    assert "anamnesis erase" in page.words()
    assert [one for one in page.all("form") if "/retention" in one.get("action", "")] == []


def test_another_practice_lists_nobody() -> None:
    with serving(practice()) as client:
        page = parsed(client.get("/retention", headers=headers(OTHER_PRACTICE)))
    assert "Roy" not in page.words()


def test_a_measurement_is_care_as_well_and_another_patients_is_not() -> None:
    writing = practice()
    taken = {"code": "weight", "value": "70", "unit": "kg"}
    at = {"effective_at": "2020-02-03T09:00:00.000Z"}
    writing.send("observation.record", taken | at, patient=PATIENT)
    record = MemoryRecord()
    writing.fold(record)
    assert last_care(record, PRACTICE, PATIENT) == date(2020, 2, 3)
    assert last_care(record, PRACTICE, OTHER_PATIENT) == date(2007, 6, 1)
    assert last_care(record, PRACTICE, uuid(0xB0029)) is None
