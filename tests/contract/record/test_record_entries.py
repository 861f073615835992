"""What is said of entries: read back, outstanding, changed, by whom."""

from typing import Any

import msgspec
import pytest

from anamnesis.clinical.kinds import KINDS
from anamnesis.clinical.sections import Sections
from anamnesis.receipt.canonical import digest
from anamnesis.record.outstanding import CODES
from tests.contract.record.test_record_resources import NOT_TAKEN_RESOURCES
from tests.contract.record.worlds import World
from tests.unit.clinical.contents import DOCUMENT, PART, RESOURCES, SHARE, UPLOAD
from tests.unit.record.making import (
    DOCTOR,
    ENCOUNTER,
    LOCUM,
    OTHER_ENCOUNTER,
    OTHER_PATIENT,
    OTHER_PRACTICE,
    PATIENT,
    PRACTICE,
    TABLET,
    TRAITS,
    Writing,
    text,
    uuid,
)

ONE, TWO = text("Un", "a", "b", "c"), text("Deux", "a", "b", "c")
MEASURED = {
    "code": "weight",
    "value": "72,5",
    "unit": "kg",
    "effective_at": "2026-11-23T14:00:00.000Z",
}
BOOKED = {
    "practitioner": DOCTOR,
    "starts_at": "2026-11-24T09:00:00.000Z",
    "minutes": 15,
    "reason": "toux",
    "type": None,
    "overlap": False,
}


def everything(writing: Writing) -> None:
    """At least one entry of each kind, all of which can be taken."""
    writing.begun()
    booked = writing.send("appointment.book", BOOKED, patient=PATIENT)
    place = {name: BOOKED[name] for name in ("practitioner", "minutes", "overlap")}
    moved = place | {"appointment": booked.entry.id, "version": 1}
    writing.send(
        "appointment.move", moved | {"starts_at": "2026-11-24T10:00:00.000Z"}, patient=PATIENT
    )
    set_to = {"appointment": booked.entry.id, "status": "arrived"}
    writing.send("appointment.set-status", set_to, patient=PATIENT)
    writing.send("patient.amend", TRAITS | {"used_name": "Roux"}, patient=PATIENT)
    writing.encounter(OTHER_ENCOUNTER, appointment=booked.entry.id)
    measured = writing.send(
        "observation.record", MEASURED, patient=PATIENT, encounter=OTHER_ENCOUNTER
    )
    wrong = {"observation": measured.entry.id, "reason": "balance"}
    writing.send("observation.enter-in-error", wrong, patient=PATIENT)
    writing.note("write", ONE)
    writing.note("rescue", TWO, base=ONE)
    collided = writing.note("restore", text("Trois", "a", "b", "c"), base=ONE, device=TABLET)
    resolved = {"divergence": f"{collided.entry.id}/motif", "kept": "note"}
    writing.note("resolve", resolved)
    writing.note("sign", {"digest": text("Trois", "a", "b", "c").digest()})
    writing.note("amend", ONE, base=text("Trois", "a", "b", "c"))
    writing.note("write", TWO, base=ONE, author=LOCUM, device=TABLET)
    writing.note("enter-in-error", {"reason": "doublon"}, encounter=OTHER_ENCOUNTER)
    closed = {"closed_at": "2026-11-23T15:00:00.000Z"}
    writing.send("encounter.close", closed, patient=PATIENT, encounter=ENCOUNTER)
    every_resource(writing)
    gone = {"device": uuid(9), "last_sequence": 12, "missing": [[3, 4], [12, 12]]}
    writing.send("device.retire", gone)


def every_resource(writing: Writing) -> None:
    """At least one entry of each kind about resources, documents, files and shares."""
    for number, (kind, content) in enumerate(RESOURCES.items()):
        about = {"patient": PATIENT} if KINDS[kind].patient == "yes" else {}
        writing.send(kind, content | {"id": uuid(0x500 + number)}, **about)
    document = DOCUMENT | {"id": uuid(0x600)}
    writing.send("document.write", document, patient=PATIENT, encounter=ENCOUNTER)
    issued = {"document": uuid(0x600), "version": 1, "digest": digest(document)}
    writing.send("document.issue", issued, patient=PATIENT)
    shared = SHARE | {"id": uuid(0x601), "document": uuid(0x600)}
    writing.send("document.share", shared, patient=PATIENT)
    writing.send("share.revoke", {"share": uuid(0x601), "reason": "erreur"}, patient=PATIENT)
    writing.send("file.part", PART, patient=PATIENT, encounter=ENCOUNTER)
    writing.send("document.write", UPLOAD | {"id": uuid(0x602)}, patient=PATIENT)
    wrong = {"resource": uuid(0x500), "reason": "doublon"}
    writing.send("resource.enter-in-error", wrong, patient=PATIENT)
    writing.send("resource.retire", {"resource": uuid(0x505)})


def test_every_kind_of_entry_is_read_back_as_it_was_sent(world: World) -> None:
    writing = Writing()
    everything(writing)
    writing.fold(world.writer)
    sent = {one.entry.id: one for one in writing.journal.read(0, 1_000)}
    assert {one.entry.kind for one in sent.values()} == set(KINDS)
    assert world.reader.outstanding(None) == []
    read = world.reader.read_back(PRACTICE, list(sent))
    assert set(read) == set(sent)
    for name, one in sent.items():
        back = read[name]
        assert back.typed_digest == one.entry.digest, one.entry.kind
        assert (back.entry, back.kind, back.position) == (name, one.entry.kind, one.position)
        assert back.encounter == one.entry.encounter
    plain = {name: one for name, one in sent.items() if read[name].note_version is None}
    assert all(read[name].digest == one.entry.digest for name, one in plain.items())
    assert {one.entry.kind for one in plain.values()} == {
        kind for kind in KINDS if kind not in {"note.write", "note.rescue", "note.restore"}
    } - {"note.amend"}


def test_note_text_is_read_back_with_its_version_and_the_note_as_it_is(world: World) -> None:
    writing = Writing().begun()
    first = writing.note("write", ONE)
    second = writing.note("write", TWO, base=ONE)
    merged = writing.note("write", text("Un", "a", "B", "c"), base=ONE, device=TABLET)
    signed = writing.note("sign", {"digest": text("Deux", "a", "B", "c").digest()})
    late = writing.note("write", text("Un", "a", "B", "late"), base=merged_text(), device=TABLET)
    writing.fold(world.writer)
    ids = [one.entry.id for one in (first, second, merged, signed, late)]
    read = world.reader.read_back(PRACTICE, [*ids, uuid(0x999)])
    shown = text("Deux", "a", "B", "c").digest()
    assert [read[name].version for name in ids] == [1, 2, 3, 3, 3]
    assert [read[name].digest for name in ids[:3]] == [ONE.digest(), TWO.digest(), shown]
    assert read[late.entry.id].digest == shown
    assert read[late.entry.id].typed_digest == late.entry.digest
    texts = [read[name] for name in ids if name != signed.entry.id]
    assert {(one.note_version, one.note_digest) for one in texts} == {(3, shown)}


def merged_text() -> Sections:
    return text("Un", "a", "B", "c")


def test_what_is_applied_is_told_in_order(world: World) -> None:
    writing = Writing().begun()
    writing.fold(world.writer)
    before = world.reader.applied()
    writing.note("write", ONE)
    writing.note("write", TWO, base=text("inconnu"), device=TABLET)
    writing.note("sign", {"digest": ONE.digest()})
    writing.fold(world.writer)
    changes = world.reader.changes(before)
    assert [change.position for change in changes] == [before, before + 1, before + 2]
    assert [change.version for change in changes] == [1, 2, 0]
    assert [change.diverged for change in changes] == [False, True, False]
    assert [change.outstanding_code for change in changes] == [None, None, "text-changed"]
    assert (changes[1].device, changes[1].encounter) == (TABLET, ENCOUNTER)
    assert world.reader.changes(before, 2) == changes[:2]
    assert world.reader.changes(before + 3) == []


def test_an_authors_entries_come_newest_first_a_page_at_a_time(world: World) -> None:
    writing = Writing().begun()
    mine = [writing.note("write", text(f"{n}"), author=LOCUM) for n in range(5)]
    writing.note("write", ONE)
    writing.note("sign", {"digest": TWO.digest()}, author=LOCUM)
    writing.fold(world.writer)
    first = world.reader.entries_of(PRACTICE, LOCUM, None, 3)
    rest = world.reader.entries_of(PRACTICE, LOCUM, first[-1].position, 3)
    assert [one.entry for one in first + rest] == [one.entry.id for one in mine[::-1]]
    newest, sent = first[0], mine[-1].entry
    assert (newest.digest, newest.sequence, newest.device) == (
        sent.digest,
        sent.sequence,
        sent.device,
    )
    assert (newest.session, newest.author_name) == ("a-session", "Dr Claire Martin1")
    assert (newest.build, newest.features) == ("0.1.0", ("share", "template"))
    assert world.reader.entries_of(OTHER_PRACTICE, LOCUM, None, 3) == []


STARTED = {"started_at": "2026-11-23T14:00:00.000Z", "appointment": None}
NAMED = {"family": "X", "given": "", "title": "", "specialty": "", "rpps": ""}
PLACED = {"name": "X", "address": "", "telephone": ""}
HERE: dict[str, Any] = {"patient": PATIENT, "encounter": ENCOUNTER}
NOT_TAKEN: list[tuple[str, str, object, dict[str, Any]]] = [
    ("unknown-kind", "document.burn", {"a": 1}, {}),
    ("content-refused", "note.write", {"sections": {"motif": ""}}, HERE),
    ("content-refused", "appointment.book", BOOKED | {"minutes": 0}, {"patient": PATIENT}),
    ("practice-mismatch", "practice.create", {"id": OTHER_PRACTICE, **PLACED}, {}),
    ("practice-exists", "practice.create", {"id": PRACTICE, **PLACED}, {}),
    ("practitioner-exists", "practitioner.create", {"id": DOCTOR, **NAMED}, {}),
    ("practitioner-unknown", "appointment.book", BOOKED | {"practitioner": uuid(7)}, {
        "patient": PATIENT}),
    ("patient-exists", "patient.create", TRAITS, {"patient": PATIENT}),
    ("patient-unknown", "patient.amend", TRAITS, {"patient": OTHER_PATIENT}),
    ("patient-unknown", "encounter.start", STARTED, {
        "patient": OTHER_PATIENT, "encounter": OTHER_ENCOUNTER}),
    ("patient-unknown", "observation.record", MEASURED, {"patient": OTHER_PATIENT}),
    ("patient-unknown", "appointment.book", BOOKED, {"patient": OTHER_PATIENT}),
    ("patient-mismatch", "note.write", ONE.as_content(), HERE | {"patient": OTHER_PATIENT}),
    ("patient-mismatch", "encounter.close", {"closed_at": STARTED["started_at"]}, {
        "patient": OTHER_PATIENT, "encounter": ENCOUNTER}),
    ("encounter-exists", "encounter.start", STARTED, HERE),
    ("encounter-unknown", "note.write", ONE.as_content(), HERE | {"encounter": OTHER_ENCOUNTER}),
    ("encounter-unknown", "observation.record", MEASURED, HERE | {"encounter": OTHER_ENCOUNTER}),
    ("text-changed", "note.sign", {"digest": TWO.digest()}, HERE),
    ("nothing-to-sign", "note.sign", {"digest": TWO.digest()}, {
        "patient": PATIENT, "encounter": uuid(0xB0099)}),
    ("entered-in-error", "note.sign", {"digest": ONE.digest()}, {
        "patient": PATIENT, "encounter": uuid(0xB0098)}),
    ("divergence-unknown", "note.resolve", {"divergence": f"{uuid(1)}/motif", "kept": "note"},
        HERE),
    ("divergence-unknown", "note.resolve", {"divergence": f"{uuid(99)}/motif", "kept": "note"},
        HERE),
    ("observation-unknown", "observation.enter-in-error", {
        "observation": uuid(8), "reason": ""}, {"patient": PATIENT}),
    ("appointment-unknown", "appointment.set-status", {
        "appointment": uuid(8), "status": "done"}, {"patient": PATIENT}),
]  # fmt: skip


@pytest.mark.parametrize(("code", "kind", "content", "about"), NOT_TAKEN)
def test_what_cannot_be_taken_is_listed_with_its_reason_and_holds_up_nothing(
    world: World, code: str, kind: str, content: object, about: dict[str, Any]
) -> None:
    writing = Writing().begun()
    writing.note("write", ONE)
    writing.encounter(uuid(0xB0099))
    writing.encounter(uuid(0xB0098))
    writing.note("enter-in-error", {"reason": ""}, encounter=uuid(0xB0098))
    sent = writing.send(kind, content, **about)
    after = writing.note("write", TWO, base=ONE)
    writing.fold(world.writer)
    [one] = world.reader.outstanding(PRACTICE)
    assert (one.entry, one.code, one.kind, one.position) == (
        sent.entry.id,
        code,
        kind,
        sent.position,
    )
    assert (one.author, one.device, one.failure) == (sent.entry.author, sent.entry.device, None)
    assert world.reader.outstanding(PRACTICE, [sent.entry.id, after.entry.id]) == [one]
    assert world.reader.outstanding(PRACTICE, [after.entry.id]) == []
    assert world.reader.outstanding(OTHER_PRACTICE) == []
    read = world.reader.read_back(PRACTICE, [sent.entry.id, after.entry.id])
    assert list(read) == [after.entry.id]


def test_every_reason_code_is_tried() -> None:
    elsewhere = {"fold-failed", "erased"}  # a fault, and tests/unit/commands/test_erase.py
    assert {code for code, *_ in NOT_TAKEN} | NOT_TAKEN_RESOURCES == CODES - elsewhere


def test_a_mismatched_observation_or_appointment_is_not_touched(world: World) -> None:
    writing = Writing().begun()
    writing.patient(OTHER_PATIENT)
    measured = writing.send("observation.record", MEASURED, patient=PATIENT)
    booked = writing.send("appointment.book", BOOKED, patient=PATIENT)
    writing.send(
        "observation.enter-in-error",
        {"observation": measured.entry.id, "reason": "x"},
        patient=OTHER_PATIENT,
    )
    writing.send(
        "appointment.set-status",
        {"appointment": booked.entry.id, "status": "cancelled"},
        patient=OTHER_PATIENT,
    )
    writing.fold(world.writer)
    assert [one.code for one in world.reader.outstanding(None)] == ["patient-mismatch"] * 2
    assert world.reader.observations(PRACTICE, PATIENT)[0].in_error is None
    appointment = world.reader.appointment(PRACTICE, booked.entry.id)
    assert appointment is not None
    assert appointment.status == "booked"


def test_a_digest_is_that_of_what_the_columns_say(world: World) -> None:
    writing = Writing().begun()
    content = {"code": "weight", "value": " 72,50 ", "unit": "kg"} | {
        "effective_at": "2026-11-23T14:00:00.000Z"
    }
    sent = writing.send("observation.record", content, patient=PATIENT)
    writing.fold(world.writer)
    read = world.reader.read_back(PRACTICE, [sent.entry.id])[sent.entry.id]
    assert read.digest == digest(content) == digest(msgspec.json.decode(sent.entry.content))


def test_a_retired_device_says_what_it_lost(world: World) -> None:
    writing = Writing().begun()
    gone = {"device": uuid(9), "last_sequence": 12, "missing": [[3, 4], [12, 12]]}
    writing.send("device.retire", gone, author=LOCUM)
    writing.fold(world.writer)
    [one] = world.reader.retirements(PRACTICE)
    assert (one.device, one.author, one.last_sequence) == (uuid(9), LOCUM, 12)
    assert one.missing == ((3, 4), (12, 12))
    assert world.reader.retirements(OTHER_PRACTICE) == []
