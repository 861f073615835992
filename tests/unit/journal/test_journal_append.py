"""Appending: what is answered is durable, in order, once; what is refused is nowhere."""

from datetime import timedelta

import msgspec
import pytest

from anamnesis.journal.damage import JournalDamaged
from anamnesis.journal.journal import GROUP_ENTRIES_MAX, Journal, Submission
from anamnesis.journal.store import StoreFull, StorePoisoned
from anamnesis.receipt.checkpoint import open_checkpoint
from anamnesis.receipt.merkle import verify_consistency
from anamnesis.receipt.signer import Ed25519Signer
from anamnesis.storage.memory.journal import Fault, MemoryDisk, MemoryJournal
from tests.unit.journal.making import (
    DEVICE,
    KEY,
    SIGNER,
    SteppingClock,
    accepted,
    entry,
    journal_over,
    proves,
    refused,
    sections,
    submission,
    uuid,
    whole,
)


@pytest.fixture
def disk() -> MemoryDisk:
    return MemoryDisk()


@pytest.fixture
def journal(disk: MemoryDisk) -> Journal:
    return journal_over(MemoryJournal(disk))


def test_entries_get_positions_in_the_order_they_came(journal: Journal) -> None:
    first = journal.append([submission(1), submission(2)])
    second = journal.append([submission(3)])
    assert [accepted(one).journaled.position for one in first + second] == [0, 1, 2]
    assert journal.size == 3


def test_every_receipt_proves_its_entry(journal: Journal) -> None:
    for group in ([1], [2, 3, 4], [5, 6], [7]):
        for outcome in journal.append([submission(number) for number in group]):
            proves(accepted(outcome))


def test_a_group_is_signed_and_committed_once(disk: MemoryDisk, journal: Journal) -> None:
    outcomes = journal.append([submission(number) for number in range(1, 9)])
    notes = {accepted(outcome).receipt.proof.partition("\n\n")[2] for outcome in outcomes}
    assert len(notes) == len(disk.checkpoints) == 1


def test_a_retry_gets_the_same_position_and_the_same_receipt(journal: Journal) -> None:
    first = accepted(journal.append([submission(1), submission(2)])[0])
    journal.append([submission(3)])
    again = accepted(journal.append([submission(1)])[0])
    assert (again.journaled, again.receipt) == (first.journaled, first.receipt)
    assert (first.duplicate, again.duplicate) == (False, True)
    assert journal.size == 3


def test_a_retry_next_to_new_entries_gets_its_first_receipt(journal: Journal) -> None:
    first = accepted(journal.append([submission(1)])[0])
    again, new = map(accepted, journal.append([submission(1), submission(2)]))
    assert (again.receipt, again.duplicate) == (first.receipt, True)
    assert (new.journaled.position, new.duplicate) == (1, False)
    proves(new)


def test_an_entry_twice_in_one_group_is_kept_once(journal: Journal) -> None:
    first, second = map(accepted, journal.append([submission(1), submission(1)]))
    assert first.receipt == second.receipt
    assert (first.duplicate, second.duplicate, journal.size) == (False, True, 1)


def test_a_retry_by_another_session_is_answered_with_the_first_session(journal: Journal) -> None:
    journal.append([submission(1)])
    again = accepted(journal.append([Submission(entry(1), "another")])[0])
    assert again.journaled.session == "a-session"


def test_an_entry_sent_again_from_a_new_outbox_keeps_its_place(journal: Journal) -> None:
    first = accepted(journal.append([submission(1)])[0])
    moved = submission(1, device=uuid(99), sequence=4, build="0.2.0")
    assert accepted(journal.append([moved])[0]).receipt == first.receipt


@pytest.mark.parametrize(
    "changed",
    [
        {"content": sections("another text")},
        {"author": uuid(50)},
        {"practice": uuid(51)},
        {"patient": uuid(52)},
        {"encounter": None},
        {"kind": "note.amend"},
        {"base": "ab" * 32},
    ],
)
def test_an_id_stands_for_one_act_only(journal: Journal, changed: dict[str, object]) -> None:
    journal.append([submission(1)])
    assert refused(journal.append([submission(1, **changed)])[0]) == ("id-reused", {})
    assert journal.size == 1


def test_a_number_of_a_device_is_used_once(journal: Journal) -> None:
    journal.append([submission(1), submission(2)])
    outcome = journal.append([submission(3, sequence=1)])[0]
    assert refused(outcome) == ("sequence-reused", {"last": 2})


def test_a_hole_in_a_devices_numbers_is_refused_and_says_what_is_missing(journal: Journal) -> None:
    assert refused(journal.append([submission(2)])[0]) == ("sequence-gap", {"expected": 1})
    journal.append([submission(1)])
    assert refused(journal.append([submission(3)])[0]) == ("sequence-gap", {"expected": 2})
    assert journal.size == 1


def test_a_device_belongs_to_the_first_author_who_used_it(journal: Journal) -> None:
    journal.append([submission(1)])
    outcome = journal.append([submission(2, author=uuid(50))])[0]
    assert refused(outcome) == ("device-taken", {})


def test_later_entries_of_a_group_see_the_earlier_ones(journal: Journal) -> None:
    outcomes = journal.append(
        [
            submission(1),
            submission(2),
            submission(2, content=sections("another")),
            submission(4),
            submission(5, author=uuid(50), sequence=3),
            submission(3),
        ]
    )
    assert [accepted(outcomes[at]).journaled.position for at in (0, 1, 5)] == [0, 1, 2]
    assert refused(outcomes[2])[0] == "id-reused"
    assert refused(outcomes[3]) == ("sequence-gap", {"expected": 3})
    assert refused(outcomes[4])[0] == "device-taken"


def test_content_that_is_not_what_was_digested_is_not_journaled(journal: Journal) -> None:
    altered = msgspec.structs.replace(entry(1), content=b"{}")
    assert refused(journal.append([Submission(altered, "s")])[0])[0] == "digest-mismatch"


def test_a_group_of_nothing_new_commits_nothing(disk: MemoryDisk, journal: Journal) -> None:
    journal.append([submission(1)])
    disk.fault = Fault.LOST
    journal.append([])
    journal.append([submission(1)])
    journal.append([submission(9)])
    assert disk.fault is Fault.LOST
    assert len(disk.checkpoints) == 1


def test_a_group_and_a_session_id_have_their_limits(journal: Journal) -> None:
    with pytest.raises(ValueError, match="at most"):
        journal.append([submission(1)] * (GROUP_ENTRIES_MAX + 1))
    for session in ("", "two words", "a" * 65, "é"):
        with pytest.raises(ValueError, match="session id"):
            journal.append([Submission(entry(1), session)])
    assert journal.size == 0


def test_instants_never_go_back_even_if_the_clock_does(disk: MemoryDisk) -> None:
    clock = SteppingClock()
    journal = journal_over(MemoryJournal(disk), clock)
    journal.append([submission(1)])
    clock.moment -= timedelta(days=1)
    journal.append([submission(2)])
    reopened = journal_over(MemoryJournal(disk), clock)
    reopened.append([submission(3)])
    clock.moment += timedelta(days=2)
    reopened.append([submission(4)])
    instants = [kept.received_at for kept in MemoryJournal(disk).read(0, 10)]
    assert instants[0] == instants[1] == instants[2] < instants[3]


class TestADiskThatFails:
    def test_keeps_nothing_when_full_and_takes_the_same_later(
        self, disk: MemoryDisk, journal: Journal
    ) -> None:
        journal.append([submission(1)])
        disk.fault = Fault.FULL
        with pytest.raises(StoreFull):
            journal.append([submission(2)])
        assert journal.size == 1
        proves(accepted(journal.append([submission(2)])[0]))
        assert whole(MemoryJournal(disk)).size == 2

    @pytest.mark.parametrize("fault", [Fault.LOST, Fault.KEPT])
    def test_ends_all_acknowledging_when_nobody_can_tell(
        self, disk: MemoryDisk, journal: Journal, fault: Fault
    ) -> None:
        journal.append([submission(1)])
        disk.fault = fault
        with pytest.raises(StorePoisoned):
            journal.append([submission(2)])
        with pytest.raises(StorePoisoned):
            journal.append([submission(1)])
        with pytest.raises(StorePoisoned):
            journal.receipt(uuid(1))
        with pytest.raises(StorePoisoned):
            journal.checkpoint()

    @pytest.mark.parametrize(("fault", "duplicate"), [(Fault.LOST, False), (Fault.KEPT, True)])
    def test_is_asked_again_after_a_restart_and_then_says_the_truth(
        self, disk: MemoryDisk, journal: Journal, fault: Fault, duplicate: bool
    ) -> None:
        journal.append([submission(1)])
        disk.fault = fault
        with pytest.raises(StorePoisoned):
            journal.append([submission(2), submission(3)])
        reopened = journal_over(MemoryJournal(disk))
        outcomes = [accepted(o) for o in reopened.append([submission(2), submission(3)])]
        assert [outcome.duplicate for outcome in outcomes] == [duplicate, duplicate]
        assert [outcome.journaled.position for outcome in outcomes] == [1, 2]
        for outcome in outcomes:
            proves(outcome)
        assert whole(MemoryJournal(disk)).size == 3

    def test_stops_the_journal_whatever_it_raises(self, disk: MemoryDisk) -> None:
        class Odd(MemoryJournal):
            def commit(self, *arguments: object) -> None:
                raise KeyError("unforeseen")

        journal = journal_over(Odd(disk))
        with pytest.raises(KeyError):
            journal.append([submission(1)])
        with pytest.raises(StorePoisoned):
            journal.append([submission(1)])


def test_a_receipt_can_be_asked_for_again_by_its_id(journal: Journal) -> None:
    first = accepted(journal.append([submission(1), submission(2)])[1])
    journal.append([submission(3)])
    assert journal.receipt(uuid(2)) == first.receipt
    assert journal.receipt(uuid(7)) is None


def test_the_checkpoint_is_of_everything_journaled(journal: Journal) -> None:
    assert open_checkpoint(journal.checkpoint(), KEY).size == 0
    journal.append([submission(1), submission(2)])
    assert open_checkpoint(journal.checkpoint(), KEY).size == 2


def test_each_checkpoint_continues_every_earlier_one(journal: Journal) -> None:
    checkpoints = [open_checkpoint(journal.checkpoint(), KEY)]
    for number in range(1, 12):
        journal.append([submission(number)])
        checkpoints.append(open_checkpoint(journal.checkpoint(), KEY))
    for old in checkpoints:
        for new in checkpoints[old.size :]:
            proof = journal.consistency(old.size, new.size)
            verify_consistency(old.size, new.size, old.root, new.root, proof)


def test_a_journal_signed_by_another_key_is_not_continued(
    disk: MemoryDisk, journal: Journal
) -> None:
    journal.append([submission(1)])
    other = Ed25519Signer(SIGNER.name, bytes(32))
    with pytest.raises(JournalDamaged) as raised:
        Journal(MemoryJournal(disk), other, SteppingClock())
    assert raised.value.code == "checkpoint-refused"


def test_devices_are_told_apart(journal: Journal) -> None:
    outcomes = journal.append(
        [submission(1, device=uuid(90)), submission(2, device=uuid(91), sequence=1)]
    )
    assert [accepted(outcome).journaled.entry.device for outcome in outcomes] != [DEVICE, DEVICE]
    assert journal.size == 2
