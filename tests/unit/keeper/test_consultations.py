"""Consultations that ended, held against their notes and what was seen of them."""

import pytest

from anamnesis.clinical.device_loss import NUMBERS_MAX
from anamnesis.clinical.sections import BLANK_DIGEST
from anamnesis.journal.entry import JournaledEntry
from anamnesis.keeper.consultations import Consultations
from anamnesis.keeper.devices import Devices, Reporter
from anamnesis.keeper.glances import Glances
from anamnesis.keeper.lost_devices import LostDevices
from anamnesis.keeper.screens import Screen
from anamnesis.receipt.canonical import digest
from anamnesis.reconcile.consultation import GRACE_SECONDS, WAITED_SECONDS
from anamnesis.reconcile.outbox import Outbox
from anamnesis.reconcile.screen import Glance
from anamnesis.storage.memory.record import MemoryRecord
from tests.contract.record.test_record_entries import BOOKED
from tests.unit.clinical.contents import DOCUMENT, SHARE
from tests.unit.keeper.fakes import FakeClock, FakeMarks
from tests.unit.keeper.finding import Found
from tests.unit.record.making import (
    DESK,
    DOCTOR,
    ENCOUNTER,
    OTHER_ENCOUNTER,
    PATIENT,
    PRACTICE,
    TABLET,
    Writing,
    text,
    uuid,
)

SCREEN = Screen(PRACTICE, DOCTOR, DESK, ENCOUNTER)
TYPED = text("Toux").digest()


class World:
    def __init__(self) -> None:
        self.clock, self.marks = FakeClock(), FakeMarks()
        self.writing, self.record = Writing().begun(), MemoryRecord()
        self.writing.fold(self.record)
        self.journaled: set[str] = set()
        self.start(None)

    def start(self, followed: int | None) -> None:
        self.found = Found(self.marks, self.clock)
        findings = self.found.findings
        self.glances = Glances(self.marks, self.clock, findings)
        self.devices = Devices(self.marks, self.clock, findings, lambda: True)
        self.lost_devices = LostDevices(self.marks, self.devices, findings)
        self.consultations = Consultations(
            self.clock,
            findings,
            self.glances,
            self.devices,
            self.lost_devices,
            lambda practice, encounter, digest: digest in self.journaled,
            followed,
        )
        self.step()

    def step(self) -> None:
        self.writing.fold(self.record)
        self.consultations.step(self.record, self.writing.journal)

    def after(self, seconds: float) -> str:
        """What became of the one consultation by then."""
        self.step()
        self.clock.move(seconds)
        self.step()
        return "".join(self.consultations.outcomes.elements())

    def closed(self) -> JournaledEntry:
        closed = {"closed_at": "2026-11-23T14:20:00.000Z"}
        return self.writing.send("encounter.close", closed, patient=PATIENT, encounter=ENCOUNTER)

    def showed(self, digest: str, unsaved: int | None = None, known: bool = False) -> None:
        self.glances.heard(SCREEN, digest, Glance(known, 0, unsaved), leaving=True)


@pytest.fixture
def world() -> World:
    return World()


def test_one_with_a_note_is_written(world: World) -> None:
    world.writing.note("write", text("Toux"))
    world.closed()
    assert world.after(GRACE_SECONDS) == "written"
    assert world.found.findings.open() == []


def test_one_without_a_note_that_nobody_saw_text_for_is_noted_and_no_incident(
    world: World,
) -> None:
    world.closed()
    assert world.after(GRACE_SECONDS) == "empty"
    [noted] = world.found.findings.open()
    assert noted.finding.code == "consultation-empty"
    assert (world.found.codes, world.found.guarding.accused) == ([], [])


def test_a_note_that_is_written_later_is_not_empty_any_more(world: World) -> None:
    world.closed()
    world.after(GRACE_SECONDS)
    world.writing.note("write", text("Toux"))
    world.after(GRACE_SECONDS)
    assert world.found.findings.open() == []


def test_one_whose_text_was_seen_and_is_nowhere_was_emptied(world: World) -> None:
    world.showed(TYPED)
    world.closed()
    assert world.after(GRACE_SECONDS) == "emptied"
    assert world.found.codes == ["consultation-emptied"]
    assert world.found.guarding.accused == [("consultation-emptied", DOCTOR)]


def test_what_was_emptied_and_comes_back_is_put_right(world: World) -> None:
    world.showed(TYPED)
    world.closed()
    world.after(GRACE_SECONDS)
    world.writing.note("write", text("Toux"))
    world.after(WAITED_SECONDS)
    assert world.found.findings.open() == []
    assert world.found.book.righted_ == [f"consultation/{ENCOUNTER}"]


def test_a_text_that_was_taken_back_on_the_screen_is_not_missed(world: World) -> None:
    world.showed(TYPED)
    world.showed(BLANK_DIGEST)
    world.closed()
    assert world.after(GRACE_SECONDS) == "empty"


def test_a_text_that_was_blanked_by_an_entry_is_not_missed(world: World) -> None:
    world.showed(TYPED)
    world.writing.note("write", text("Toux"))
    world.writing.note("write", text(), base=text("Toux"))
    world.closed()
    assert world.after(GRACE_SECONDS) == "empty"


@pytest.mark.parametrize("how", ["device", "draft"])
def test_a_text_that_its_device_still_holds_is_waited_for(world: World, how: str) -> None:
    if how == "device":
        page = Reporter(PRACTICE, DOCTOR, "s-1", DESK)
        world.devices.heard(page, Outbox(9, 1, 100), 8)
    world.showed(TYPED, unsaved=None if how == "device" else 200)
    world.closed()
    assert world.after(GRACE_SECONDS) == "waiting"
    assert world.found.codes == []
    world.writing.note("write", text("Toux"))
    world.after(WAITED_SECONDS)
    assert world.found.findings.open() == []


def test_a_text_that_is_journaled_and_not_applied_is_not_missed(world: World) -> None:
    world.showed(TYPED)
    world.journaled.add(TYPED)
    world.closed()
    assert world.after(GRACE_SECONDS) == "empty"
    assert world.found.codes == []


def test_an_appointment_that_is_done_has_a_note(world: World) -> None:
    booked = world.writing.send("appointment.book", BOOKED, patient=PATIENT)
    world.writing.encounter(OTHER_ENCOUNTER, appointment=booked.entry.id)
    done = {"appointment": booked.entry.id, "status": "done"}
    world.writing.send("appointment.set-status", done, patient=PATIENT)
    assert world.after(GRACE_SECONDS) == "empty"
    [noted] = world.found.findings.open()
    assert noted.finding.encounter == OTHER_ENCOUNTER


def test_a_document_that_is_shared_has_a_note(world: World) -> None:
    document = DOCUMENT | {"id": uuid(0x600)}
    world.writing.send("document.write", document, patient=PATIENT, encounter=ENCOUNTER)
    issued = {"document": uuid(0x600), "version": 1, "digest": digest(document)}
    world.writing.send("document.issue", issued, patient=PATIENT)
    shared = SHARE | {"id": uuid(0x601), "document": uuid(0x600)}
    world.writing.send("document.share", shared, patient=PATIENT)
    world.showed(TYPED)
    assert world.after(GRACE_SECONDS) == "emptied"


def test_a_device_that_says_what_it_lost_is_believed(world: World) -> None:
    said = {"device": DESK, "last_sequence": 8, "missing": [[6, 8]]}
    world.writing.send("device.retire", said, device=TABLET)
    world.step()
    assert world.found.codes == ["device-retired-missing"] * 3


def test_each_number_a_device_lost_is_told_with_the_consultation_it_was_typed_in(
    world: World,
) -> None:
    last = world.writing.note("write", text("Toux"), encounter=ENCOUNTER).entry.sequence
    said = {"device": DESK, "last_sequence": last + 2, "missing": [[last + 1, last + 2]]}
    world.writing.send("device.retire", said, device=TABLET)
    world.step()
    told = [(one.finding.subject, one.finding.encounter) for one in world.found.findings.open()]
    assert told == [(f"device/{DESK}/retired/{last + n}", ENCOUNTER) for n in (1, 2)]


def test_more_than_can_be_told_one_by_one_is_told_together(world: World) -> None:
    lost = [[5, 4 + NUMBERS_MAX], [9_000_000, 9_000_001]]
    said = {"device": DESK, "last_sequence": 9_000_001, "missing": lost}
    world.writing.send("device.retire", said, device=TABLET)
    world.step()
    assert len(world.found.findings.open()) == NUMBERS_MAX + 1


def test_a_consultation_that_ended_just_before_a_restart_is_looked_at(world: World) -> None:
    world.closed()
    world.step()
    world.start(world.consultations.settled())
    assert world.after(GRACE_SECONDS) == "empty"
    world.start(world.consultations.settled())
    assert world.after(GRACE_SECONDS) == ""


def test_another_journal_is_followed_from_where_its_record_is(world: World) -> None:
    world.start(1_000_000)
    world.closed()
    assert world.after(GRACE_SECONDS) == "empty"
