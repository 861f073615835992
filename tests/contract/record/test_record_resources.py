"""Resources, documents, files, shares and appointments: what each entry adds up to."""

import base64
import hashlib
from typing import Any

import pytest

from anamnesis.clinical.files import PART_BYTES_MAX
from anamnesis.receipt.canonical import digest
from tests.contract.record.worlds import World
from tests.unit.clinical.contents import (
    BREACH,
    DOCUMENT,
    FILE,
    FOR_A_COLLEAGUE,
    PART,
    RESOURCES,
    SHARE,
    UPLOAD,
)
from tests.unit.record.making import (
    DOCTOR,
    LOCUM,
    OTHER_PATIENT,
    OTHER_PRACTICE,
    PATIENT,
    PRACTICE,
    Writing,
    uuid,
)

ONE, TWO, THREE = uuid(0x500), uuid(0x501), uuid(0x502)
ALLERGY, TYPE = RESOURCES["allergy.write"], RESOURCES["appointment-type.write"]
NINE = "2026-11-24T09:00:00.000Z"
HERE: dict[str, Any] = {"patient": PATIENT}
NOT_TAKEN_RESOURCES = {
    "resource-unknown",
    "resource-mismatch",
    "document-unknown",
    "document-not-issued",
    "share-exists",
    "share-unknown",
    "file-incomplete",
    "file-differs",
    "appointment-overlaps",
    "appointment-changed",
}


def begun() -> Writing:
    writing = Writing().begun()
    writing.patient(OTHER_PATIENT)
    return writing


def codes(world: World, writing: Writing) -> list[str]:
    """Folds, and says why what was not taken was not."""
    writing.fold(world.writer)
    return [one.code for one in world.reader.outstanding(None)]


def write(
    writing: Writing, kind: str, content: dict[str, Any], name: str = ONE, **about: Any
) -> str:
    return writing.send(kind, content | {"id": name}, **(about or HERE)).entry.id


def test_every_version_of_a_resource_stays_readable(world: World) -> None:
    writing = begun()
    write(writing, "allergy.write", ALLERGY)
    worse = ALLERGY | {"severity": "mild", "note": "réintroduite"}
    write(writing, "allergy.write", worse, patient=PATIENT, author=LOCUM)
    write(writing, "allergy.write", ALLERGY, TWO)
    assert codes(world, writing) == []
    first, second = world.reader.resource_versions(PRACTICE, ONE)
    assert (first.version, first.content, first.author) == (1, ALLERGY | {"id": ONE}, DOCTOR)
    assert (second.version, second.author_name) == (2, "Dr Claire Martin1")
    assert second.digest == digest(worse | {"id": ONE})
    now = world.reader.resources(PRACTICE, PATIENT)
    assert [(one.resource, one.version) for one in now] == [(ONE, 2), (TWO, 1)]
    assert world.reader.resource(PRACTICE, ONE) == second
    assert world.reader.resources(PRACTICE, PATIENT, "condition") == []
    assert world.reader.resources(OTHER_PRACTICE, PATIENT) == []
    assert world.reader.resource_versions(OTHER_PRACTICE, ONE) == []


def test_what_is_entered_in_error_is_kept_with_its_reason_and_can_be_written_again(
    world: World,
) -> None:
    writing = begun()
    write(writing, "allergy.write", ALLERGY)
    wrong = {"resource": ONE, "reason": "autre patient"}
    writing.send("resource.enter-in-error", wrong, patient=PATIENT)
    writing.fold(world.writer)
    [one] = world.reader.resources(PRACTICE, PATIENT)
    assert (one.withdrawn, one.content["substance"]) == ("autre patient", "Pénicilline")
    write(writing, "allergy.write", ALLERGY)
    writing.fold(world.writer)
    [one] = world.reader.resources(PRACTICE, PATIENT)
    assert (one.withdrawn, one.version) == (None, 2)


def test_what_a_practice_retired_is_on_no_list(world: World) -> None:
    writing = begun()
    for name in (ONE, TWO):
        writing.send("appointment-type.write", TYPE | {"id": name})
    writing.send("resource.retire", {"resource": ONE})
    assert codes(world, writing) == []
    standing = world.reader.practice_resources(PRACTICE, "appointment-type")
    assert [one.resource for one in standing] == [TWO]
    assert world.reader.practice_resources(OTHER_PRACTICE, "appointment-type") == []
    gone = world.reader.resource(PRACTICE, ONE)
    assert gone is not None
    assert gone.withdrawn == ""


def test_an_entry_of_the_breach_register_has_every_version_and_is_never_withdrawn(
    world: World,
) -> None:
    # GDPR art. 33(5): the controller documents any breach; nothing takes it out again.
    writing = begun()
    write(writing, "breach.write", RESOURCES["breach.write"], patient=None)
    later = RESOURCES["breach.write"] | {"facts": "Ce qui a été trouvé depuis."}
    write(writing, "breach.write", later, patient=None)
    writing.send("resource.retire", {"resource": ONE})
    writing.send("resource.enter-in-error", {"resource": ONE, "reason": "?"}, **HERE)
    assert codes(world, writing) == ["resource-unknown", "resource-unknown"]
    assert [one.version for one in world.reader.resource_versions(PRACTICE, ONE)] == [1, 2]
    [standing] = world.reader.practice_resources(PRACTICE, "breach")
    assert standing.content == later | {"id": ONE}


def test_an_id_stands_for_one_type_and_one_patient(world: World) -> None:
    writing = begun()
    write(writing, "allergy.write", ALLERGY)
    write(writing, "condition.write", RESOURCES["condition.write"])
    write(writing, "allergy.write", ALLERGY, patient=OTHER_PATIENT)
    write(writing, "allergy.write", ALLERGY, patient=uuid(7))
    write(writing, "document.write", DOCUMENT, TWO)
    for kind, resource in (("resource.enter-in-error", THREE), ("resource.retire", ONE)):
        reason = {"reason": ""} if kind.endswith("error") else {}
        about = HERE if kind.endswith("error") else {}
        writing.send(kind, {"resource": resource} | reason, **about)
    assert codes(world, writing) == [
        "resource-mismatch",
        "patient-mismatch",
        "patient-unknown",
        "resource-unknown",
        "resource-unknown",
    ]


def test_the_version_on_the_screen_is_issued_and_no_other(world: World) -> None:
    writing = begun()
    write(writing, "document.write", DOCUMENT)
    seen = {"document": ONE, "version": 1, "digest": digest(DOCUMENT | {"id": ONE})}
    writing.send("document.issue", seen, patient=PATIENT)
    write(writing, "document.write", DOCUMENT | {"title": "Autre"})
    writing.send("document.issue", seen, patient=PATIENT)
    writing.send("document.issue", seen | {"document": TWO}, patient=PATIENT)
    assert codes(world, writing) == ["text-changed", "document-unknown"]
    one = world.reader.resource(PRACTICE, ONE)
    assert one is not None
    assert one.issued is not None
    assert (one.version, one.issued.version) == (2, 1)
    assert one.issued.author_name == "Dr Claire Martin0"


def shared(writing: Writing, content: dict[str, Any], **changed: Any) -> None:
    writing.send("document.share", content | {"document": ONE} | changed, patient=PATIENT)


def test_only_what_was_issued_is_shared_and_both_sides_find_it(world: World) -> None:
    writing = begun()
    writing.practice(OTHER_PRACTICE, (uuid(0xB0012),))
    write(writing, "document.write", DOCUMENT)
    shared(writing, SHARE, id=TWO)
    seen = {"document": ONE, "version": 1, "digest": digest(DOCUMENT | {"id": ONE})}
    writing.send("document.issue", seen, patient=PATIENT)
    shared(writing, SHARE, id=TWO)
    shared(writing, SHARE, id=TWO)
    shared(writing, SHARE, id=THREE, version=2)
    to = {"to_practice": OTHER_PRACTICE, "to_practitioner": uuid(0xB0012)}
    shared(writing, FOR_A_COLLEAGUE, id=THREE, **to)
    writing.send("share.revoke", {"share": TWO, "reason": "erreur"}, patient=PATIENT)
    writing.send("share.revoke", {"share": uuid(9), "reason": ""}, patient=PATIENT)
    assert codes(world, writing) == [
        "document-not-issued",
        "share-exists",
        "document-unknown",
        "share-unknown",
    ]
    first, second = world.reader.shares(PRACTICE, ONE)
    assert (first.share, first.revoked_reason, first.to_name) == (TWO, "erreur", "")
    assert (second.to_name, second.to_practice_name) == (
        "Dr Claire Martin0",
        "Cabinet des Tilleuls",
    )
    assert second.revoked_at is None
    assert world.reader.share_of_link("a" * 64) == first == world.reader.share(PRACTICE, TWO)
    assert world.reader.share_of_link("c" * 64) is None
    assert world.reader.shares_with(OTHER_PRACTICE, uuid(0xB0012)) == [second]
    assert world.reader.shares_by(PRACTICE, DOCTOR) == [first, second]
    assert world.reader.share(OTHER_PRACTICE, TWO) is None
    assert world.reader.shares(OTHER_PRACTICE, ONE) == []
    assert {one.practice for one in world.reader.directory()} == {PRACTICE, OTHER_PRACTICE}


def parts_of(data: bytes) -> list[dict[str, Any]]:
    cut = [data[at : at + PART_BYTES_MAX] for at in range(0, len(data), PART_BYTES_MAX)]
    return [
        PART | {"index": at, "parts": len(cut), "data": base64.b64encode(one).decode()}
        for at, one in enumerate(cut)
    ]


def test_a_file_comes_together_from_parts_in_any_order(world: World) -> None:
    writing = begun()
    data = b"%PDF-1.7" + bytes(range(256)) * 1_000
    parts = parts_of(data)
    told = {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest(), "parts": len(parts)}
    upload = UPLOAD | {"file": FILE | told}
    writing.send("file.part", parts[1], patient=PATIENT)
    write(writing, "document.write", upload)
    writing.send("file.part", parts[0], patient=PATIENT)
    writing.send("file.part", parts[0], patient=PATIENT)
    write(writing, "document.write", upload | {"file": FILE | told | {"sha256": "0" * 64}}, TWO)
    write(writing, "document.write", upload, THREE)
    assert codes(world, writing) == ["file-incomplete", "file-differs"]
    assert world.reader.file(PRACTICE, FILE["id"]) == data
    assert world.reader.file(OTHER_PRACTICE, FILE["id"]) is None
    assert world.reader.file(PRACTICE, ONE) is None
    [one] = world.reader.resources(PRACTICE, PATIENT, "document")
    assert (one.resource, one.content["file"]["bytes"]) == (THREE, len(data))


def book(writing: Writing, at: str = NINE, minutes: int = 30, **changed: Any) -> str:
    content = {
        "practitioner": DOCTOR,
        "starts_at": at,
        "minutes": minutes,
        "reason": "",
        "type": None,
        "overlap": False,
    }
    return writing.send("appointment.book", content | changed, patient=PATIENT).entry.id


def move(writing: Writing, appointment: str, at: str, version: int = 1, **changed: Any) -> None:
    content = {
        "appointment": appointment,
        "version": version,
        "practitioner": DOCTOR,
        "starts_at": at,
        "minutes": 30,
        "overlap": False,
    }
    writing.send("appointment.move", content | changed, patient=PATIENT)


@pytest.mark.parametrize(
    ("at", "minutes", "is_free"),
    [
        ("2026-11-24T09:29:00.000Z", 15, False),
        ("2026-11-24T09:30:00.000Z", 15, True),
        ("2026-11-24T08:00:00.000Z", 60, True),
        ("2026-11-24T08:00:00.000Z", 61, False),
        ("2026-11-23T23:59:00.000Z", 1_440, False),
    ],
)
def test_nobody_is_booked_twice_at_a_time(
    world: World, at: str, minutes: int, is_free: bool
) -> None:
    writing = begun()
    book(writing)
    book(writing, at, minutes)
    assert codes(world, writing) == ([] if is_free else ["appointment-overlaps"])


def test_a_double_booking_that_is_meant_is_taken_and_so_is_a_vacated_time(world: World) -> None:
    writing = begun()
    first = book(writing)
    book(writing, overlap=True)
    book(writing, practitioner=LOCUM)
    cancelled = {"appointment": first, "status": "cancelled"}
    writing.send("appointment.set-status", cancelled, patient=PATIENT)
    book(writing)
    assert codes(world, writing) == ["appointment-overlaps"], "the one that was meant still stands"
    rows = world.reader.agenda(PRACTICE, DOCTOR, "2026-11-23", 7)
    assert [(row.status, row.overlap) for row in rows] == [("cancelled", False), ("booked", True)]


def test_two_people_move_an_appointment_and_one_of_them_is_told(world: World) -> None:
    writing = begun()
    one = book(writing)
    move(writing, one, "2026-11-25T10:00:00.000Z")
    move(writing, one, "2026-11-26T10:00:00.000Z")
    move(writing, one, "2026-11-25T10:15:00.000Z", version=2)
    assert codes(world, writing) == ["appointment-changed"]
    found = world.reader.appointment(PRACTICE, one)
    assert found is not None
    assert (found.starts_at, found.version) == ("2026-11-25T10:15:00.000Z", 3)
    assert world.reader.day(PRACTICE, None, "2026-11-24") == []
    [row] = world.reader.day(PRACTICE, None, "2026-11-25")
    assert (row.appointment, row.version) == (one, 3)
    assert world.reader.appointments_of(PRACTICE, PATIENT) == [row]
    assert world.reader.appointments_of(PRACTICE, OTHER_PATIENT) == []


def test_a_move_onto_somebody_else_is_not_taken(world: World) -> None:
    writing = begun()
    book(writing)
    other = book(writing, "2026-11-24T10:00:00.000Z")
    move(writing, other, "2026-11-24T09:15:00.000Z")
    move(writing, other, "2026-11-24T09:15:00.000Z", practitioner=LOCUM)
    assert codes(world, writing) == ["appointment-overlaps"]


def test_an_appointment_beyond_the_calendar_is_listed_and_breaks_nothing(world: World) -> None:
    writing = begun()
    book(writing, "9999-12-31T23:59:00.000Z")
    assert codes(world, writing) == ["content-refused"]


def test_what_was_applied_names_its_patient_and_resource(world: World) -> None:
    writing = begun()
    writing.fold(world.writer)
    before = world.reader.applied()
    write(writing, "allergy.write", ALLERGY)
    writing.send("resource.enter-in-error", {"resource": ONE, "reason": ""}, patient=PATIENT)
    book(writing)
    writing.fold(world.writer)
    changes = world.reader.changes(before)
    assert [(one.patient, one.resource) for one in changes] == [
        (PATIENT, ONE),
        (PATIENT, ONE),
        (PATIENT, None),
    ]


def test_practices_with_an_entry_in_their_breach_register_are_known(world: World) -> None:
    writing = begun()
    assert world.reader.registers() == []
    writing.send("breach.write", BREACH)
    writing.send("breach.write", BREACH | {"id": TWO})
    writing.practice(OTHER_PRACTICE, ())
    assert codes(world, writing) == []
    assert world.reader.registers() == [PRACTICE]
