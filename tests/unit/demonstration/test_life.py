"""The story is the same for the same seed, looks like a practice, and enters by the usual door."""

import json
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import msgspec
import pytest

from anamnesis.clinical.sections import BLANK_DIGEST
from anamnesis.demonstration.attendance import CASES
from anamnesis.demonstration.device import groups
from anamnesis.demonstration.diary import TODAY_APPOINTMENTS
from anamnesis.demonstration.life import Life, Setting
from anamnesis.demonstration.people import PATIENTS
from anamnesis.journal.entry import Entry, parse_entry

FIRST_DAY = date(2026, 11, 23)
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
PRACTICE = "0e3f8c1c-0000-8000-8000-000000000001"
PRACTITIONERS = tuple(f"0e3f8c1c-0000-8000-8000-00000000000{number}" for number in (2, 3, 4))
ENCOUNTERS = 150


def setting(seed: str = "test", encounters: int = ENCOUNTERS) -> Setting:
    return Setting(PRACTICE, PRACTITIONERS, FIRST_DAY, UTC, "0.1.0", seed, encounters)


@pytest.fixture(scope="module")
def life() -> Life:
    return Life(setting())


@pytest.fixture(scope="module")
def entries(life: Life) -> list[Entry]:
    return life.until(NOON)


def of_kind(entries: list[Entry], kind: str) -> list[Entry]:
    return [entry for entry in entries if entry.kind == kind]


def sections(entry: Entry) -> dict[str, str]:
    found: dict[str, str] = json.loads(entry.content)["sections"]
    return found


def test_the_same_seed_tells_the_same_story(entries: list[Entry]) -> None:
    assert Life(setting()).until(NOON) == entries


def test_another_seed_tells_another_story(entries: list[Entry]) -> None:
    other = Life(setting(seed="other")).until(NOON)
    assert {entry.id for entry in other} & {entry.id for entry in entries} == set()


def test_an_earlier_hour_tells_the_beginning_of_the_same_story(
    life: Life, entries: list[Entry]
) -> None:
    earlier = Life(setting()).until(NOON - timedelta(hours=3))
    assert 0 < len(earlier) < len(entries)
    assert entries[: len(earlier)] == earlier


def test_every_entry_would_be_taken_at_the_front_door(entries: list[Entry]) -> None:
    for entry in entries:
        members = {
            name: value for name, value in msgspec.to_builtins(entry).items() if name != "content"
        }
        sent = json.dumps({**members, "content": json.loads(entry.content)}).encode()
        assert parse_entry(sent) == entry


def test_each_device_counts_from_one_without_holes(entries: list[Entry]) -> None:
    seen: dict[str, int] = {}
    for entry in entries:
        assert entry.sequence == seen.get(entry.device, 0) + 1
        seen[entry.device] = entry.sequence
    assert len(seen) > 3


def test_nothing_is_typed_after_the_present(entries: list[Entry]) -> None:
    assert all(first.typed_at <= second.typed_at for first, second in pairwise(entries))
    assert entries[-1].typed_at <= "2026-11-23T12:00:00.000Z"


def test_ids_are_never_used_twice(entries: list[Entry]) -> None:
    assert len({entry.id for entry in entries}) == len(entries)


def test_there_are_two_hundred_patients_and_forty_appointments_today(entries: list[Entry]) -> None:
    assert len(of_kind(entries, "patient.create")) == PATIENTS
    today = [
        entry
        for entry in of_kind(entries, "appointment.book")
        if json.loads(entry.content)["starts_at"].startswith("2026-11-23")
    ]
    assert len(today) == TODAY_APPOINTMENTS
    booked = [(e.author, json.loads(e.content)["starts_at"]) for e in today]
    assert len(set(booked)) == TODAY_APPOINTMENTS


def test_a_patient_is_registered_before_anything_else_is_said_of_them(entries: list[Entry]) -> None:
    registered: set[str] = set()
    for entry in entries:
        if entry.kind == "patient.create":
            registered.add(str(entry.patient))
        elif entry.encounter is not None:
            assert entry.patient in registered


def test_each_text_starts_from_the_one_before(entries: list[Entry]) -> None:
    shown: dict[str, set[str]] = {}
    for entry in entries:
        if entry.kind in ("note.write", "note.amend"):
            known = shown.setdefault(str(entry.encounter), {BLANK_DIGEST})
            assert (entry.base or BLANK_DIGEST) in known
            known.add(entry.digest)


def test_what_is_signed_is_what_was_written_last(entries: list[Entry]) -> None:
    last: dict[str, str] = {}
    for entry in entries:
        if entry.kind in ("note.write", "note.amend"):
            last[str(entry.encounter)] = entry.digest
        elif entry.kind == "note.sign":
            assert json.loads(entry.content)["digest"] == last[str(entry.encounter)]


def test_some_notes_are_left_open_and_most_are_signed(entries: list[Entry]) -> None:
    written = {entry.encounter for entry in of_kind(entries, "note.write")}
    signed = {entry.encounter for entry in of_kind(entries, "note.sign")}
    assert 4 <= len(written - signed) <= 12
    assert len(signed) > ENCOUNTERS * 0.9


def test_notes_read_like_notes(entries: list[Entry]) -> None:
    last = {entry.encounter: sections(entry) for entry in of_kind(entries, "note.write")}
    sizes = [sum(len(text.encode()) for text in one.values()) for one in last.values()]
    assert 1_200 < sum(sizes) / len(sizes) < 1_900
    everything = "\n".join(text for one in last.values() for text in one.values())
    for expected in ("≥ 38,5 °C", "d’", "SpO2", "mmHg", "ATCD", "\n- ", "Ø ", "é", " x 3/j"):
        assert expected in everything
    assert "{" not in everything
    assert " | " not in everything


def test_every_case_can_be_told_without_a_blank_left(life: Life) -> None:
    assert len({case.name for case in CASES}) == len(CASES) >= 30


def test_children_grow(entries: list[Entry]) -> None:
    born = {p.id: p.body.born for p in Life(setting()).people}
    heights: dict[str, list[tuple[str, float]]] = {}
    for entry in of_kind(entries, "observation.record"):
        content = json.loads(entry.content)
        if content["code"] == "height" and born[str(entry.patient)] > date(2014, 1, 1):
            value = float(content["value"].replace(",", "."))
            heights.setdefault(str(entry.patient), []).append((content["effective_at"], value))
    several = [measured for measured in heights.values() if len(measured) > 1]
    assert several
    assert all(before[1] <= after[1] for one in several for before, after in pairwise(one))


def test_groups_are_short_and_lose_nothing(entries: list[Entry]) -> None:
    grouped = groups(entries, minutes=5, many=20)
    assert [entry for group in grouped for entry in group] == entries
    assert max(len(group) for group in grouped) <= 20
