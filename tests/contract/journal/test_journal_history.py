"""Whatever happens in whatever order: nothing acknowledged is lost, and nothing is twice."""

import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from msgspec import structs

from anamnesis.journal.journal import Accepted, Outcome, Submission
from anamnesis.journal.store import StoreFull, StorePoisoned
from anamnesis.receipt.canonical import canonical, digest
from anamnesis.receipt.checkpoint import Checkpoint, open_checkpoint
from anamnesis.receipt.merkle import verify_consistency
from anamnesis.receipt.receipt import Receipt
from anamnesis.storage.memory.journal import Fault
from tests.contract.journal.worlds import MemoryWorld, SqliteWorld, World
from tests.unit.journal.making import (
    KEY,
    SteppingClock,
    entry,
    journal_over,
    proves,
    sections,
    uuid,
    whole,
)

DEVICES = [uuid(0xD0 + number) for number in range(3)]
AUTHORS = [uuid(0xA0 + number) for number in range(2)]
SLIPS = st.sampled_from(["none"] * 10 + ["number", "author"])


def said(outcome: Outcome) -> str:
    if isinstance(outcome, Accepted):
        return "again" if outcome.duplicate else "new"
    return outcome.refusal.code


class History(RuleBasedStateMachine):
    """Devices that write, send again, forget and mix up, over a server that fails and restarts."""

    world_of: type[MemoryWorld] | type[SqliteWorld] = MemoryWorld

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.world: World = self.world_of(Path(self.folder.name))
        self.clock = SteppingClock()
        self.journal = journal_over(self.world.store, self.clock)
        self.written: list[Submission] = []  # by the devices, sent or not
        self.attempted: set[str] = set()
        self.acknowledged: dict[str, tuple[int, Receipt]] = {}
        self.seen: list[Checkpoint] = []
        self.failing: Fault | None = None
        self.numbers = dict.fromkeys(DEVICES, 0)

    @initialize()
    def begin(self) -> None:
        self.seen.append(open_checkpoint(self.journal.checkpoint(), KEY))
        for device in DEVICES[:2]:
            self.write(device, 2, "none", send=True)

    @rule(device=st.sampled_from(DEVICES), count=st.integers(1, 4), slip=SLIPS, send=st.booleans())
    def write(self, device: str, count: int, slip: str, send: bool) -> None:
        """The next numbers by the device's own author, but for a slip in the first of them."""
        for at in range(count):
            slipped = slip if at == 0 else "none"
            self.numbers[device] += slipped != "number"
            author = DEVICES.index(device) + (slipped == "author")
            self.put(device, self.numbers[device] + 7 * (slipped == "number"), AUTHORS[author % 2])
        if send:
            self.send_what_waits(device)

    def put(self, device: str, sequence: int, author: str) -> None:
        number = len(self.written) + 1
        written = entry(number, device=device, author=author, sequence=sequence)
        self.written.append(Submission(written, f"session-{number}"))

    @rule(device=st.sampled_from(DEVICES))
    def send_what_waits(self, device: str) -> None:
        """As the outbox does: everything not acknowledged, in order."""
        waiting = [
            one
            for one in self.written
            if one.entry.device == device and one.entry.id not in self.acknowledged
        ]
        self.append(waiting)

    @rule(which=st.integers(0, 200))
    def write_another_text_under_an_id_in_use(self, which: int) -> None:
        if self.written:
            earlier = self.written[which % len(self.written)].entry
            content = sections("another text")
            changed = structs.replace(earlier, content=canonical(content), digest=digest(content))
            self.written.append(Submission(changed, "session-x"))

    @rule(device=st.sampled_from(DEVICES))
    def start_the_numbers_again(self, device: str) -> None:
        """As a device does that was restored from a backup."""
        known = self.world.store.last_sequences([device])
        self.numbers[device] = known.get(device, (0, ""))[0]

    @rule(picked=st.lists(st.integers(0, 200), min_size=1, max_size=6), newest=st.booleans())
    def send(self, picked: list[int], newest: bool) -> None:
        """Some of what was ever written, in any order, repeated or not."""
        if self.written:
            latest = self.written[-4:] if newest else []
            self.append([*latest, *(self.written[at % len(self.written)] for at in picked)])

    @rule(data=st.data(), fault=st.sampled_from(Fault))
    def send_while_the_disk_fails(self, data: st.DataObject, fault: Fault) -> None:
        self.world.fail_next(fault)
        self.failing = fault
        self.append(data.draw(st.permutations(self.written[-6:])))
        self.world.fail_next(None)
        self.failing = None

    @rule(minutes=st.integers(-60, 60))
    def set_the_clock(self, minutes: int) -> None:
        self.clock.moment += timedelta(minutes=minutes)

    @rule()
    def crash(self) -> None:
        self.restart()

    def append(self, group: list[Submission]) -> None:
        expected = self.right_answers(group)
        self.attempted |= {submission.entry.id for submission in group}
        try:
            outcomes = self.journal.append(group)
        except StoreFull:
            assert self.failing is Fault.FULL
            return
        except StorePoisoned:
            assert self.failing in {Fault.LOST, Fault.KEPT}
            self.stopped(group)
            self.restart()
            return
        assert [said(outcome) for outcome in outcomes] == expected
        for outcome in outcomes:
            if isinstance(outcome, Accepted):
                proves(outcome)
                answer = (outcome.journaled.position, outcome.receipt)
                name = outcome.journaled.entry.id
                assert self.acknowledged.setdefault(name, answer) == answer

    def right_answers(self, group: list[Submission]) -> list[str]:
        """What must be said to each, worked out one after another from what is on the disk."""
        with self.world.truth() as truth:
            there = [one.entry for one in truth.read(0, truth.size())]
        answers = []
        for sent in (submission.entry for submission in group):
            same_id = [one for one in there if one.id == sent.id]
            of_device = [one for one in there if one.device == sent.device]
            if same_id:
                answers.append("again" if same_id[0].digest == sent.digest else "id-reused")
            elif of_device and of_device[0].author != sent.author:
                answers.append("device-taken")
            elif sent.sequence <= len(of_device):
                answers.append("sequence-reused")
            elif sent.sequence > len(of_device) + 1:
                answers.append("sequence-gap")
            else:
                answers.append("new")
                there.append(sent)
        return answers

    def stopped(self, group: list[Submission]) -> None:
        for attempt in (group, group[:1], []):
            with pytest.raises(StorePoisoned):
                self.journal.append(attempt)

    def restart(self) -> None:
        self.world.crash()
        self.journal = journal_over(self.world.store, self.clock)

    @invariant()
    def nothing_acknowledged_is_lost_and_nothing_else_is_there(self) -> None:
        with self.world.truth() as truth:
            assert whole(truth).size == self.journal.size
            there = {one.entry.id: one for one in truth.read(0, truth.size())}
        assert set(self.acknowledged) <= set(there) <= self.attempted
        for name, (position, receipt) in self.acknowledged.items():
            assert there[name].position == position
            assert there[name].members() == receipt.header

    @invariant()
    def every_receipt_can_be_had_again(self) -> None:
        for name, (_, receipt) in list(self.acknowledged.items())[-5:]:
            assert self.journal.receipt(name) == receipt

    @invariant()
    def the_journal_continues_every_checkpoint_ever_shown(self) -> None:
        newest = open_checkpoint(self.journal.checkpoint(), KEY)
        for old in self.seen[-5:]:
            proof = self.journal.consistency(old.size, newest.size)
            verify_consistency(old.size, newest.size, old.root, newest.root, proof)
        self.seen.append(newest)

    def teardown(self) -> None:
        self.world.end()
        self.folder.cleanup()


class HistoryInSqlite(History):
    world_of = SqliteWorld


TestHistoryInMemory: Any = History.TestCase
TestHistoryInMemory.settings = settings(max_examples=50, stateful_step_count=40, deadline=None)
TestHistoryInSqlite: Any = HistoryInSqlite.TestCase
TestHistoryInSqlite.settings = settings(max_examples=12, stateful_step_count=30, deadline=None)
