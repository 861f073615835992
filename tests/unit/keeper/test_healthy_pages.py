"""Whatever healthy pages go through, nothing is found: a false alarm is as bad as a missed one.

Pages type, save, send, close, sleep, lose the network and their last report; the keeper restarts,
its disk fills, its record goes away. Nothing is lost in any of that, so nothing may be said.
"""

from datetime import timedelta
from typing import Literal

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from anamnesis.clinical.sections import BLANK_DIGEST
from anamnesis.journal.entry import JournaledEntry
from anamnesis.keeper.devices import Devices, Reporter
from anamnesis.keeper.glances import Glances
from anamnesis.keeper.screens import Screen
from anamnesis.reconcile.outbox import Outbox
from anamnesis.reconcile.screen import Glance
from anamnesis.seams import instant
from tests.unit.keeper.fakes import FakeClock, FakeMarks
from tests.unit.keeper.finding import Found
from tests.unit.record.making import ENCOUNTER, PATIENT, Writing, text, uuid

REPORT_EVERY = 3
SAVE_AFTER = 2
BATCH = 2
ENTRY = Writing().send("note.write", text("Toux").as_content(), patient=PATIENT)


class Keeper:
    """The parts under test, the journal they are held against, and what the disk keeps."""

    def __init__(self) -> None:
        self.clock, self.marks = FakeClock(), FakeMarks()
        self.sequences: dict[str, int] = {}
        self.texts = {BLANK_DIGEST}
        self.taking = self.readable = True
        self.codes: list[str] = []
        self.restart()

    def restart(self) -> None:
        self.found = Found(self.marks, self.clock)
        self.found.book.codes = self.codes
        self.devices = Devices(self.marks, self.clock, self.found.findings, lambda: self.taking)
        self.glances = Glances(self.marks, self.clock, self.found.findings)

    def keep(self) -> None:
        self.marks.write(
            self.devices.changes() | self.glances.changes() | self.found.findings.changes()
        )
        self.devices.arrived(dict(self.sequences))

    def take(self, device: str, sequence: int, digest: str, typed: float) -> None:
        assert sequence == self.sequences.get(device, 0) + 1
        self.sequences[device] = sequence
        self.texts.add(digest)
        now = self.clock.now()
        entry = msgspec.structs.replace(
            ENTRY.entry,
            device=device,
            encounter=ENCOUNTER,
            typed_at=instant(now - timedelta(seconds=self.clock.seconds - typed)),
        )
        journaled = JournaledEntry(0, instant(now), "s", entry)
        self.glances.sent([journaled])
        self.devices.sent([journaled])


class Browser:
    """One browser of one practitioner: its disk, and the page that is open in it, if one is."""

    def __init__(self, keeper: Keeper, number: int) -> None:
        self.keeper, self.device, self.session = keeper, uuid(number), f"s-{number}"
        self.online = self.open = self.visible = True
        self.last, self.typed, self.asleep = 0, 0, 0
        self.held: list[tuple[int, str, float]] = []
        self.text, self.unsaved_since = BLANK_DIGEST, None  # type: str, float | None

    def type(self) -> None:
        if self.open and self.visible and not self.asleep:
            self.typed += 1
            self.text = f"{self.device[-4:]}{self.typed}".rjust(64, "0")
            if self.unsaved_since is None:
                self.unsaved_since = self.keeper.clock.seconds

    def save(self) -> None:
        if self.unsaved_since is not None:
            self.last += 1
            self.held.append((self.last, self.text, self.keeper.clock.seconds))
            self.unsaved_since = None

    def send(self) -> None:
        if self.online and self.keeper.taking:
            for sequence, digest, typed in self.held[:BATCH]:
                self.keeper.take(self.device, sequence, digest, typed)
            del self.held[:BATCH]

    def report(self, *, leaving: bool = False) -> None:
        keeper, now = self.keeper, self.keeper.clock.seconds
        if not self.online or not (self.visible or leaving):
            return
        screen = Screen("lilas", "claire", self.device, ENCOUNTER)
        keeper.glances.speaks(screen)
        oldest = int(1_000 * (now - self.held[0][2])) if self.held else None
        outbox = Outbox(self.last, len(self.held), oldest)
        page = Reporter("lilas", "claire", self.session, self.device)
        journaled = keeper.sequences.get(self.device, 0)
        keeper.devices.heard(page, outbox, journaled, leaving=leaving)
        if keeper.readable:
            unsaved = self.unsaved_since
            glance = Glance(
                self.text in keeper.texts,
                len(self.held),
                None if unsaved is None else int(1_000 * (now - unsaved)),
            )
            keeper.glances.heard(screen, self.text, glance, leaving=leaving)

    def close(self, *, told: bool) -> None:
        if self.open:
            if told:
                self.report(leaving=True)
            self.save()  # the draft that the next page takes up
            self.open = False

    def reopen(self) -> None:
        self.open = self.visible = True

    def second(self, number: int, *, saves_first: bool) -> None:
        """One second of its life; timers are late by as long as the computer sleeps."""
        if self.asleep:
            self.asleep -= 1
            return
        if not self.open:
            return
        due = self.unsaved_since is not None and (
            self.keeper.clock.seconds - self.unsaved_since >= SAVE_AFTER
        )
        if due and saves_first:
            self.save()
        if number % REPORT_EVERY == 0:
            self.report()
        if due:
            self.save()
        self.send()


Act = Literal[
    "type", "close", "vanish", "reopen", "online", "offline", "hide", "show", "sleep",
    "restart", "fill", "free", "unreadable", "readable", "nothing",
]  # fmt: skip
ACTS = st.sampled_from(Act.__args__)  # type: ignore[attr-defined]


def do(act: Act, browser: Browser, keeper: Keeper, seconds: int) -> None:
    if act == "type":
        browser.type()
    elif act in ("close", "vanish"):
        browser.close(told=act == "close")
    elif act == "reopen":
        browser.reopen()
    elif act in ("online", "offline"):
        browser.online = act == "online"
    elif act in ("hide", "show"):
        if act == "hide" and browser.open and browser.visible:
            browser.report(leaving=True)
        browser.visible = act == "show"
    elif act == "sleep":
        browser.asleep = seconds
    elif act == "restart":
        keeper.restart()
    elif act in ("fill", "free"):
        keeper.taking = act == "free"
    elif act in ("unreadable", "readable"):
        keeper.readable = act == "readable"


@settings(max_examples=150)
@given(
    st.lists(
        st.tuples(ACTS, st.integers(0, 1), st.integers(1, 90), st.booleans()),
        min_size=5,
        max_size=40,
    )
)
def test_healthy_pages_raise_no_alarm(acts: list[tuple[Act, int, int, bool]]) -> None:
    keeper = Keeper()
    browsers = [Browser(keeper, 1), Browser(keeper, 2)]
    number = 0
    for act, which, seconds, saves_first in acts:
        do(act, browsers[which], keeper, seconds)
        for _ in range(seconds):
            keeper.clock.move(1.0)
            number += 1
            if act == "type" and number % 2:
                browsers[which].type()
            for browser in browsers:
                browser.second(number, saves_first=saves_first)
            if number % 5 == 0:
                keeper.keep()
    assert keeper.codes == []


def test_the_same_pages_raise_one_if_the_disk_forgets() -> None:
    """What shows that the model above can fail."""
    keeper = Keeper()
    browser = Browser(keeper, 1)
    browser.online = False
    browser.type()
    for number in range(60):
        keeper.clock.move(1.0)
        if number == 10:
            browser.held.clear()
            browser.online = True
        browser.second(number, saves_first=True)
    assert set(keeper.codes) == {"device-entries-missing", "screen-text-unknown"}
