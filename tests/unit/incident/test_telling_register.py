"""Papers that somebody had sent go once to each address; those in charge hear that time runs."""

import base64
import hashlib
from contextlib import nullcontext
from datetime import timedelta
from typing import Any

import pytest

from anamnesis.bootstrap.telling_register import FOLLOWED_AT_ONCE, PaperTelling, ReminderTelling
from anamnesis.clinical.breach import PLATFORM
from anamnesis.incident.dispatch import Dispatch
from anamnesis.seams import instant
from anamnesis.storage.memory.dispatches import MemoryDispatchStore
from anamnesis.storage.memory.record import MemoryRecord
from anamnesis.web.catalogue import LANGUAGES
from anamnesis.web.dispatch_words import DispatchWords
from tests.unit.clinical.contents import BREACH, PAPER, RESOURCES
from tests.unit.keeper.fakes import FakeClock
from tests.unit.record.making import DOCTOR, LOCUM, Writing, uuid

ENTRY = BREACH["id"]
WORDS = {one: DispatchWords(one, "record.example", "https://record.example") for one in LANGUAGES}
HOUR = 3600.0


class World:
    """A record, and who tells of its register. `again` is the process started once more."""

    def __init__(self) -> None:
        self.writing = Writing().begun()
        self.record = MemoryRecord()
        self.queue = MemoryDispatchStore()
        self.clock = FakeClock()
        self.again()

    def again(self) -> None:
        def record() -> nullcontext[MemoryRecord]:
            return nullcontext(self.record)

        self.papers = PaperTelling(self.queue, record, WORDS, self.clock, "Dossier SA")
        self.reminders = ReminderTelling(
            self.queue, record, WORDS["fr"], self.clock, ("odile@here.fr",)
        )

    def write(self, kind: str, content: dict[str, Any], **about: str) -> None:
        self.writing.send(kind, content, **about)

    def enter(self, hours_ago: float = 0.0, **about: str) -> None:
        aware_at = instant(self.clock.now() - timedelta(hours=hours_ago))
        self.write("breach.write", BREACH | {"aware_at": aware_at, "decision": None}, **about)

    def told(self) -> list[Dispatch]:
        self.writing.fold(self.record)
        self.papers.step()
        self.reminders.step()
        return [self.queue.dispatch(one.number) for one in self.queue.waiting(1_000)]

    def reminded(self) -> list[tuple[str, str]]:
        """The hours of each reminder so far, and whom it goes to."""
        return [(one.key.rpartition(".")[2], one.to) for one in self.told()]

    def after(self, hours: float) -> list[tuple[str, str]]:
        self.clock.move(hours * HOUR)
        return self.reminded()


@pytest.fixture
def world() -> World:
    return World()


def sent(**changed: Any) -> dict[str, Any]:
    return PAPER | {"type": "practitioner", "mail": ["claire@here.fr", "paul@here.fr"]} | changed


def test_a_paper_goes_once_to_each_address_with_the_file_that_is_kept(world: World) -> None:
    world.write("breach-paper.write", sent(text="La liste\n", subject="Vos\nconsultations"))
    assert [one.to for one in world.told()] == ["claire@here.fr", "paul@here.fr"]
    world.again()
    one, other = world.told()
    assert other.to == "paul@here.fr"
    assert (one.kind, one.subject) == ("paper", "Vos consultations")
    assert one.body.startswith("La liste\n\n--\n")
    assert "Cabinet des Tilleuls" in one.body
    [file] = one.attachments
    assert file.data == base64.b64decode(PAPER["data"])
    assert hashlib.sha256(file.data).hexdigest() == PAPER["sha256"]


def test_a_paper_of_the_platform_says_who_runs_it(world: World) -> None:
    paper = sent(type="processor-to-controller", sent_by_name="Odile Garde")
    world.write("breach-paper.write", paper, practice=PLATFORM)
    assert "Odile Garde, Dossier SA" in world.told()[0].body


def test_a_paper_that_was_sent_by_hand_is_not_sent_again(world: World) -> None:
    world.write("breach-paper.write", PAPER)
    assert world.told() == []


def test_papers_are_found_however_many_entries_lie_between(world: World) -> None:
    world.write("breach-paper.write", sent())
    for number in range(FOLLOWED_AT_ONCE + 5):
        world.write("snippet.write", RESOURCES["snippet.write"] | {"id": uuid(0x900 + number)})
    world.write("breach-paper.write", sent(id=uuid(0x800)))
    assert len(world.told()) == 4


def test_a_record_that_is_made_again_sends_nothing_twice_and_leaves_out_nothing(
    world: World,
) -> None:
    world.write("breach-paper.write", sent())
    world.told()
    world.record = MemoryRecord()
    world.papers.step()  # it is empty now
    world.write("breach-paper.write", sent(id=uuid(0x800)))
    assert len(world.told()) == 4


def test_a_paper_of_last_week_is_not_sent_when_a_mail_server_is_set_at_last(world: World) -> None:
    world.write("breach-paper.write", sent())
    world.clock.move(6 * 24 * HOUR)
    assert world.told() == []


def test_those_in_charge_are_reminded_at_24_48_60_and_70_hours_once_each(world: World) -> None:
    world.enter()
    assert world.after(23.9) == []
    assert world.after(0.2) == [("24", "odile@here.fr")]
    world.again()
    assert world.after(20) == [("24", "odile@here.fr")]
    assert [hours for hours, _ in world.after(4)] == ["24", "48"]
    assert [hours for hours, _ in world.after(12)] == ["24", "48", "60"]
    assert [hours for hours, _ in world.after(10)] == ["24", "48", "60", "70"]
    assert len(world.after(48)) == 4


def test_after_a_silence_only_the_newest_reminder_goes(world: World) -> None:
    world.enter(hours_ago=61)
    assert world.reminded() == [("60", "odile@here.fr")]


def test_nobody_is_reminded_of_what_was_entered_long_after_its_time(world: World) -> None:
    world.enter(hours_ago=97)
    assert world.reminded() == []


def test_reminders_go_to_the_practices_own_addresses(world: World) -> None:
    for number, (doctor, address) in enumerate(
        ((DOCTOR, "claire@here.fr"), (LOCUM, "claire@here.fr"), (LOCUM, "by telephone"))
    ):
        head = RESOURCES["letterhead.write"] | {"practitioner": doctor, "email": address}
        world.write("letterhead.write", head | {"id": uuid(0x700 + number)}, author=doctor)
    world.enter()
    assert world.after(25) == [("24", "claire@here.fr")]
    [mail] = world.told()
    assert BREACH["title"] not in mail.subject + mail.body
    assert "https://record.example/register" in mail.body


def test_the_platforms_own_register_reminds_its_operators(world: World) -> None:
    world.writing.practice(PLATFORM, (uuid(0x77),))
    world.enter(practice=PLATFORM)
    assert world.after(25) == [("24", "odile@here.fr")]
    assert "https://record.example/operator/register" in world.told()[0].body


@pytest.mark.parametrize("notify", [True, False])
def test_who_decided_not_to_notify_is_not_reminded(world: World, notify: bool) -> None:
    at, reason = instant(world.clock.now()), "Rien n'a été perdu ni vu par personne."
    signed = {"by": DOCTOR, "by_name": "Dr Claire Martin", "at": at}
    reasons = {"notify_reason": reason, "inform_reason": reason}
    decided = {"notify": notify, "inform": False} | reasons | signed
    world.write("breach.write", BREACH | {"aware_at": at, "decision": decided})
    assert bool(world.after(25)) is notify


def test_a_notification_that_was_sent_ends_the_reminders(world: World) -> None:
    world.enter()
    world.write("breach-paper.write", PAPER | {"id": uuid(0x800), "breach": ENTRY})
    assert world.after(25) == []
