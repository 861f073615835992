"""People and lists, as a reader gets them."""

import pytest

from tests.contract.record.worlds import World
from tests.unit.record.making import (
    DOCTOR,
    ENCOUNTER,
    LOCUM,
    OTHER_PRACTICE,
    PATIENT,
    PRACTICE,
    TRAITS,
    Writing,
    text,
    uuid,
)


def found(world: World, query: str) -> list[str]:
    page = world.reader.patients(PRACTICE, query, 100)
    assert page.next is None
    return [f"{row.name} {row.first_names}" for row in page.rows]


def test_a_practice_and_its_practitioners_are_named(world: World) -> None:
    writing = Writing()
    writing.practice()
    writing.doctor(uuid(5), "Émile")
    writing.practice(OTHER_PRACTICE, ())
    writing.fold(world.writer)
    practice = world.reader.practice(PRACTICE)
    assert practice is not None
    assert (practice.name, practice.address) == ("Cabinet des Tilleuls", "1 rue X")
    assert world.reader.practice(uuid(1)) is None
    doctors = world.reader.practitioners(PRACTICE)
    assert [one.family for one in doctors] == ["Émile", "Martin0", "Martin1"]
    assert (doctors[0].name, doctors[0].rpps) == ("Dr Claire Émile", "10001234567")
    assert world.reader.practitioners(OTHER_PRACTICE) == []


def test_a_patients_identity_is_amended_and_every_version_kept(world: World) -> None:
    writing = Writing()
    writing.practice()
    writing.patient()
    sent = writing.send("patient.amend", TRAITS | {"used_name": "Roux"}, patient=PATIENT)
    writing.fold(world.writer)
    patient = world.reader.patient(PRACTICE, PATIENT)
    assert patient is not None
    assert (patient.version, patient.name, patient.birth_place) == (2, "Roux", "2A004")
    assert patient.recorded_at == sent.received_at
    versions = world.reader.patient_versions(PRACTICE, PATIENT)
    assert [(one.version, one.name) for one in versions] == [(1, "Lefèvre"), (2, "Roux")]
    assert world.reader.patient(OTHER_PRACTICE, PATIENT) is None
    assert found(world, "roux") == found(world, "lefe") == ["Roux Zoé Anne"]


def test_a_former_used_name_is_searched_no_more(world: World) -> None:
    writing = Writing()
    writing.practice()
    writing.patient(used_name="Roux")
    writing.send("patient.amend", TRAITS | {"used_name": "Blanc"}, patient=PATIENT)
    writing.fold(world.writer)
    assert found(world, "roux") == []
    assert found(world, "blanc") == ["Blanc Zoé Anne"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Le Goff Ève", "Lefèvre Zoé Anne", "Lefevre Œdipe", "O'Brien Jean-Pierre"]),
        ("lefev", ["Lefèvre Zoé Anne", "Lefevre Œdipe"]),
        ("LEFÈVRE", ["Lefèvre Zoé Anne", "Lefevre Œdipe"]),
        ("zoe lef", ["Lefèvre Zoé Anne"]),
        ("anne", ["Lefèvre Zoé Anne"]),
        ("oed", ["Lefevre Œdipe"]),
        ("pierre", ["O'Brien Jean-Pierre"]),
        ("jean-p", ["O'Brien Jean-Pierre"]),
        ("o’brien", ["O'Brien Jean-Pierre"]),
        ("obrien", ["O'Brien Jean-Pierre"]),
        ("legoff", ["Le Goff Ève"]),
        ("le goff", ["Le Goff Ève"]),
        ("29/02/1984", ["Lefèvre Zoé Anne"]),
        ("3/1/1990", ["Lefevre Œdipe"]),
        ("lef 03/01/1990", ["Lefevre Œdipe"]),
        ("zoe 03/01/1990", []),
        ("brien x", []),
        ("%", ["Le Goff Ève", "Lefèvre Zoé Anne", "Lefevre Œdipe", "O'Brien Jean-Pierre"]),
    ],
)
def test_patients_are_found_by_what_a_doctor_types(
    world: World, query: str, expected: list[str]
) -> None:
    writing = Writing()
    writing.practice()
    writing.patient(uuid(1))
    writing.patient(uuid(2), birth_name="Lefevre", first_names="Œdipe", birth_date="1990-01-03")
    writing.patient(uuid(3), birth_name="O'Brien", first_names="Jean-Pierre", birth_date="")
    writing.patient(uuid(4), birth_name="Le Goff", first_names="Ève", birth_date="2020-12-31")
    writing.practice(OTHER_PRACTICE, ())
    writing.patient(uuid(5), practice=OTHER_PRACTICE, birth_name="Lefevre")
    writing.fold(world.writer)
    assert sorted(found(world, query)) == sorted(expected)


def test_a_long_list_of_patients_comes_in_pages_without_a_gap(world: World) -> None:
    writing = Writing()
    writing.practice()
    for number in range(25):
        writing.patient(uuid(number), birth_name=f"Nom{'abc'[number % 3]}", first_names="")
    writing.fold(world.writer)
    seen: list[str] = []
    mark: str | None = None
    for size in (10, 10, 5):
        page = world.reader.patients(PRACTICE, "nom", 10, mark)
        assert len(page.rows) == size
        seen += [row.patient for row in page.rows]
        mark = page.next
    assert mark is None
    assert sorted(seen) == sorted(uuid(number) for number in range(25))
    everybody = world.reader.patients(PRACTICE, "", 100).rows
    assert seen == [row.patient for row in everybody]
    assert world.reader.patients(PRACTICE, "nom", 10, "not a mark").rows == []


def test_encounters_come_newest_first_in_pages(world: World) -> None:
    writing = Writing()
    writing.practice()
    writing.patient()
    for number in range(7):
        day = (3, 1, 5, 5, 2, 7, 6)[number]
        writing.encounter(uuid(number), started_at=f"2026-11-0{day}T10:00:00.000Z")
    writing.note("write", text("\n  Toux  \nfièvre", "", "", "Repos"), encounter=uuid(5))
    writing.send(
        "encounter.close",
        {"closed_at": "2026-11-07T10:20:00.000Z"},
        patient=PATIENT,
        encounter=uuid(5),
    )
    writing.fold(world.writer)
    first = world.reader.encounters(PRACTICE, PATIENT, 4)
    assert [row.encounter for row in first.rows] == [uuid(n) for n in (5, 6, 3, 2)]
    rest = world.reader.encounters(PRACTICE, PATIENT, 4, first.next)
    assert [row.encounter for row in rest.rows] == [uuid(n) for n in (0, 4, 1)]
    assert rest.next is None
    newest = first.rows[0]
    assert (newest.motif, newest.conclusion, newest.version) == ("Toux", "Repos", 1)
    assert (newest.closed_at, newest.status) == ("2026-11-07T10:20:00.000Z", "draft")
    assert (newest.patient_name, newest.author_name) == ("Lefèvre Zoé Anne", "Dr Claire Martin0")
    assert world.reader.encounters(OTHER_PRACTICE, PATIENT, 4).rows == []


def test_open_encounters_are_those_that_await_a_signature(world: World) -> None:
    writing = Writing()
    writing.practice()
    writing.patient()
    for number in range(4):
        author = LOCUM if number == 3 else DOCTOR
        started = f"2026-11-0{number + 1}T10:00:00.000Z"
        writing.encounter(uuid(number), started_at=started, author=author)
    writing.note("write", text("a"), encounter=uuid(0))
    writing.note("sign", {"digest": text("a").digest()}, encounter=uuid(0))
    writing.fold(world.writer)
    rows = world.reader.open_encounters(PRACTICE, DOCTOR)
    assert [row.encounter for row in rows] == [uuid(2), uuid(1)]
    assert world.reader.open_encounters(OTHER_PRACTICE, DOCTOR) == []


def test_an_encounter_says_who_when_and_where_its_note_stands(world: World) -> None:
    writing = Writing()
    writing.practice()
    writing.patient()
    writing.encounter(appointment=uuid(77), author=LOCUM)
    writing.note("write", text("a"))
    for minute in (10, 20):
        closed = {"closed_at": f"2026-11-23T15:{minute}:00.000Z"}
        writing.send("encounter.close", closed, patient=PATIENT, encounter=ENCOUNTER)
    writing.fold(world.writer)
    one = world.reader.encounter(PRACTICE, ENCOUNTER)
    assert one is not None
    assert (one.patient, one.author, one.appointment) == (PATIENT, LOCUM, uuid(77))
    assert (one.closed_at, one.status, one.version) == ("2026-11-23T15:20:00.000Z", "draft", 1)
    assert world.reader.encounter(OTHER_PRACTICE, ENCOUNTER) is None


def test_a_days_list_is_that_of_the_clock_on_the_wall(world: World) -> None:
    writing = Writing()
    writing.practice()
    writing.patient()
    at = {}
    starts = ("23T22:59", "23T23:00", "24T09:00", "24T22:59", "24T23:00")
    for number, start in enumerate(starts):
        booked = {
            "practitioner": LOCUM if number == 2 else DOCTOR,
            "starts_at": f"2026-11-{start}:00.000Z",
            "minutes": 20,
            "reason": start,
            "type": None,
            "overlap": True,
        }
        at[start] = writing.send("appointment.book", booked, patient=PATIENT).entry.id
    for status in ("arrived", "in-consultation"):
        writing.send(
            "appointment.set-status",
            {"appointment": at["24T09:00"], "status": status},
            patient=PATIENT,
        )
    writing.encounter(appointment=at["24T09:00"])
    writing.fold(world.writer)
    rows = world.reader.day(PRACTICE, None, "2026-11-24")
    assert [row.reason for row in rows] == ["23T23:00", "24T09:00", "24T22:59"]
    [one] = world.reader.day(PRACTICE, LOCUM, "2026-11-24")
    assert (one.status, one.encounter, one.note_status) == ("in-consultation", ENCOUNTER, "draft")
    assert (one.patient_name, one.practitioner_name) == ("Lefèvre Zoé Anne", "Dr Claire Martin1")
    assert (one.birth_date, one.minutes) == ("1984-02-29", 20)
    assert rows[0].status == "booked"
    there = world.reader.day(PRACTICE, None, "2026-11-24", "Indian/Reunion")
    assert [row.reason for row in there] == ["23T22:59", "23T23:00", "24T09:00"]
    assert world.reader.day(OTHER_PRACTICE, None, "2026-11-24") == []


def test_measurements_come_in_order_as_typed_those_in_error_too(world: World) -> None:
    writing = Writing()
    writing.practice()
    writing.patient()
    writing.encounter()
    sent = []
    for value, day, code in (
        ("72,5", 3, "weight"),
        ("71", 1, "weight"),
        ("38,2 ?", 2, "temperature"),
    ):
        content = {
            "code": code,
            "value": value,
            "unit": "kg" if code == "weight" else "Cel",
            "effective_at": f"2026-11-0{day}T10:00:00.000Z",
        }
        sent.append(
            writing.send("observation.record", content, patient=PATIENT, encounter=ENCOUNTER)
        )
    wrong = {"observation": sent[0].entry.id, "reason": "balance"}
    writing.send("observation.enter-in-error", wrong, patient=PATIENT)
    writing.fold(world.writer)
    every = world.reader.observations(PRACTICE, PATIENT)
    assert [one.value for one in every] == ["71", "38,2 ?", "72,5"]
    assert [one.in_error for one in every] == [None, None, "balance"]
    assert every[0].encounter == ENCOUNTER
    assert [one.unit for one in world.reader.observations(PRACTICE, PATIENT, "temperature")] == [
        "Cel"
    ]
    assert world.reader.observations(OTHER_PRACTICE, PATIENT) == []
