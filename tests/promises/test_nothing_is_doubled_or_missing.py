"""PROMISE: sending again changes nothing, and a hole in what a device sent never goes unnoticed."""

import pytest

from anamnesis.journal.journal import Journal, Refused, Submission
from anamnesis.storage.memory.journal import Fault, MemoryDisk, MemoryJournal
from tests.promises.story import NOW as STORY_NOW
from tests.promises.story import SESSION, accepted, begun, life, made, told


def sent(number: int) -> Submission:
    return Submission(made("note.write", {"text": str(number)}, number), SESSION)


def test_the_whole_story_sent_again_adds_nothing_and_gets_the_same_receipts() -> None:
    store, journal = told(encounters=12)
    before = journal.size
    story = [one.entry for one in store.read(0, before)]
    receipts = {entry.id: journal.receipt(entry.id) for entry in story}
    for start in range(0, before, 100):
        for again in accepted(journal, *story[start : start + 100]):
            assert again.duplicate
            assert again.receipt == receipts[again.journaled.entry.id]
    assert journal.size == before
    assert len(life(12).until(STORY_NOW)) < before


@pytest.mark.parametrize("fault", [Fault.LOST, Fault.KEPT, Fault.FULL])
def test_after_a_commit_of_unknown_outcome_sending_again_keeps_it_once(fault: Fault) -> None:
    disk = MemoryDisk()
    journal = begun(MemoryJournal(disk))
    accepted(journal, *(sent(number).entry for number in range(1, 4)))
    disk.fault = fault
    with pytest.raises(Exception):  # noqa: B017, PT011 -- unknown is unknown, whatever its name
        journal.append([sent(4), sent(5)])
    again: Journal = begun(MemoryJournal(disk))
    accepted(again, sent(4).entry, sent(5).entry)
    assert again.size == 5


def test_positions_have_no_gap() -> None:
    store, journal = told(encounters=8)
    assert [one.position for one in store.read(0, journal.size)] == list(range(journal.size))


@pytest.mark.parametrize("missing", [1, 2, 5])
def test_an_entry_that_comes_before_its_predecessor_is_refused_and_named(missing: int) -> None:
    journal = begun(MemoryJournal())
    accepted(journal, *(sent(number).entry for number in range(1, missing)))
    [outcome] = journal.append([sent(missing + 1)])
    assert isinstance(outcome, Refused)
    assert outcome.refusal.code == "sequence-gap"
    assert outcome.refusal.detail["expected"] == missing
    accepted(journal, sent(missing).entry, sent(missing + 1).entry)


def test_a_number_used_for_something_else_is_refused() -> None:
    journal = begun(MemoryJournal())
    accepted(journal, sent(1).entry)
    other = made("note.write", {"text": "another"}, 1, entry_number=77)
    [outcome] = journal.append([Submission(other, SESSION)])
    assert isinstance(outcome, Refused)
    assert outcome.refusal.code == "sequence-reused"
    assert journal.size == 1
