"""What each device's outbox holds, as its pages say, held against the journal.

What a device holds that has not arrived is kept over a restart: outboxes in the field.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from datetime import timedelta

import msgspec

from anamnesis.clinical.device_loss import HeldNumber
from anamnesis.clinical.kinds import Retired
from anamnesis.journal.entry import Entry, JournaledEntry
from anamnesis.keeper.findings import Findings
from anamnesis.reconcile.finding import Finding
from anamnesis.reconcile.outbox import (
    MISSING_SECONDS_MAX,
    Held,
    Outbox,
    Watched,
    is_replaced,
    judge_outbox,
)
from anamnesis.reconcile.store import MarkStore
from anamnesis.seams import Clock, instant

HELD_MAX = 5_000
"""Devices remembered as holding something; of those beyond, the one heard of longest ago goes."""
WATCHED_MAX = 20_000
LIVE_SECONDS = 60.0
"""A page reports more often than this for as long as it is open."""
SHOWN_MAX = 50
"""Devices named to the operator of those that went silent while they held something."""
ENTRIES_MAX = 500
"""Entries of one device that are remembered one by one; of those beyond, the oldest go."""
MARKS = "device/"


class Reporter(msgspec.Struct, frozen=True):
    """Whose page tells of a device: ids."""

    practice: str
    author: str
    session: str
    device: str


def retired(entry: Entry) -> Retired | None:
    """What an entry `device.retire` says, if this build understands it."""
    try:
        return msgspec.json.decode(entry.content, type=Retired)
    except msgspec.DecodeError:
        return None


def told_of(device: str) -> list[str]:
    """What findings of a device as a whole are named."""
    return [f"device/{device}/{what}" for what in ("missing", "late", "replaced")]


class _Heard(msgspec.Struct, frozen=True):
    at: float
    watched: Watched


class Devices:
    """Hears every report. Safe between threads.

    `taking` says whether the journal takes entries: while it does not, none is late.
    """

    def __init__(
        self, marks: MarkStore, clock: Clock, findings: Findings, taking: Callable[[], bool]
    ) -> None:
        self._lock = threading.Lock()
        self._clock = clock
        self._findings = findings
        self._taking = taking
        self._heard: OrderedDict[str, _Heard] = OrderedDict()
        self._replaced_since: dict[str, float] = {}
        self._changed: dict[str, bytes | None] = {}
        self._held: OrderedDict[str, Held] = OrderedDict()
        self._by_session: dict[str, set[str]] = {}
        for mark in marks.read_all(MARKS).values():
            held = _held(mark)
            if held is not None:
                self._remember(held)
        self.judged = 0
        self.judged_at: str | None = None

    def heard(
        self, page: Reporter, outbox: Outbox, journaled: int, *, leaving: bool = False
    ) -> None:
        """One report; `journaled` is the last number that the journal has of the device.

        A page that is leaving tells what it remembers, not what its disk holds: that proves little.
        """
        if not page.device:
            return  # a page whose browser keeps nothing says so, and sends each entry at once
        with self._lock:
            self.judged += 1
            self.judged_at = instant(self._clock.now())
            if not leaving:
                self._judge(page, outbox, journaled)
                self._look_at_replaced(page, outbox)
            if outbox.sequence <= journaled:
                self._settle(page.device)
            elif outbox.waiting:
                self._keep(page, outbox, journaled)

    def arrived(self, last: dict[str, int]) -> None:
        """The last numbers that the journal has of devices that held something."""
        with self._lock:
            for device, journaled in last.items():
                held = self._held.get(device)
                if held is not None and journaled >= held.sequence:
                    self._settle(device)

    def sent(self, entries: Iterable[JournaledEntry]) -> None:
        """These were journaled. On the journal's thread: next to nothing, nearly always."""
        for journaled in entries:
            if journaled.entry.kind == "device.retire":
                said = retired(journaled.entry)
                if said is not None and not said.missing:
                    self.gave_up(said.device)

    def gave_up(self, device: str) -> None:
        """The device says that it starts again under another name, with what it still held."""
        with self._lock:
            self._settle(device)

    def lost(self, device: str) -> None:
        """What it held is told number by number now: it is not awaited any more."""
        with self._lock:
            self._forget(device)

    def held_by(self, device: str) -> Held | None:
        """What the device held when it was last heard of; None if everything of it arrived."""
        return self._held.get(device)

    def in_the_field(self) -> list[Held]:
        """What devices held when they were last heard of, longest ago first."""
        with self._lock:
            return list(self._held.values())

    def holds(self, device: str) -> bool:
        """Whether the device holds entries that have not arrived."""
        return device in self._held

    def changes(self) -> dict[str, bytes | None]:
        """What has to be kept since this was last asked."""
        with self._lock:
            changed, self._changed = self._changed, {}
        return changed

    def shown(self) -> dict[str, object]:
        """For the operator: ids, counts and instants; those named that fell silent while holding.

        `oldest_at` is when the oldest entry was put in an outbox that is still heard of.
        """
        now = self._clock.monotonic()
        with self._lock:
            live = {name for name, one in self._heard.items() if now - one.at <= LIVE_SECONDS}
            silent = [one for one in self._held.values() if one.device not in live]
            waiting = [one for one in self._held.values() if one.device in live]
        return {
            "judged": self.judged,
            "judged_at": self.judged_at,
            "devices": len(live),
            "waiting": sum(one.waiting for one in waiting),
            "oldest_at": min((one.since for one in waiting), default=None),
            "silent": len(silent),
            "silent_waiting": sum(one.waiting for one in silent),
            "silent_devices": [msgspec.to_builtins(one) for one in silent[-SHOWN_MAX:]],
        }

    def _judge(self, page: Reporter, outbox: Outbox, journaled: int) -> None:
        now = self._clock.monotonic()
        before = self._heard.pop(page.device, None)
        watched, code = Watched(), None
        if self._taking():
            watched, code = judge_outbox(
                outbox, journaled, before.watched if before else watched, now
            )
        self._heard[page.device] = _Heard(now, watched)
        if len(self._heard) > WATCHED_MAX:
            self._heard.popitem(last=False)
        if code is not None:
            waited = timedelta(milliseconds=outbox.oldest or 0)
            since = instant(self._clock.now() - waited) if outbox.waiting else ""
            what = "late" if outbox.waiting else "missing"
            subject = f"device/{page.device}/{what}"
            found = Finding(subject, code, page.practice, page.author, None, since)
            self._findings.found(found, of_page=True)

    def _look_at_replaced(self, page: Reporter, outbox: Outbox) -> None:
        now = self._clock.monotonic()
        for other in self._by_session.get(page.session, ()):
            held = self._held[other]
            if held.author != page.author or not is_replaced(held, page.device, outbox):
                continue
            since = self._replaced_since.setdefault(other, now)
            if now - since >= MISSING_SECONDS_MAX:
                # Browsers take storage away by themselves: no feature is accused of it.
                subject = f"device/{other}/replaced"
                found = Finding(
                    subject, "device-replaced", page.practice, page.author, None, held.since
                )
                self._findings.found(found)

    def _keep(self, page: Reporter, outbox: Outbox, journaled: int) -> None:
        at = self._clock.now()
        before = self._held.get(page.device)
        held = Held(
            page.practice,
            page.author,
            page.device,
            page.session,
            outbox.sequence,
            outbox.waiting,
            instant(at - timedelta(milliseconds=outbox.oldest or 0)),
            instant(at),
            _together(before, outbox.entries, journaled),
        )
        if before is None or not before.holds_like(held):
            self._changed[MARKS + page.device] = msgspec.json.encode(held)
        self._let_go(page.device)
        self._remember(held)
        if len(self._held) > HELD_MAX:
            oldest = next(iter(self._held))
            self._let_go(oldest)
            self._changed[MARKS + oldest] = None

    def _settle(self, device: str) -> None:
        """Everything of the device has arrived, or goes on under another name."""
        self._findings.cleared(told_of(device))
        self._forget(device)

    def _forget(self, device: str) -> None:
        self._replaced_since.pop(device, None)
        if self._let_go(device):
            self._changed[MARKS + device] = None

    def _remember(self, held: Held) -> None:
        self._held[held.device] = held
        self._by_session.setdefault(held.session, set()).add(held.device)

    def _let_go(self, device: str) -> bool:
        held = self._held.pop(device, None)
        if held is None:
            return False
        of_session = self._by_session[held.session]
        of_session.discard(device)
        if not of_session:
            del self._by_session[held.session]
        return True


def _held(mark: bytes) -> Held | None:
    try:
        return msgspec.json.decode(mark, type=Held)
    except msgspec.DecodeError:
        return None


def _together(
    before: Held | None, told: tuple[HeldNumber, ...], journaled: int
) -> tuple[HeldNumber, ...]:
    """What pages told of entry by entry, now and before, but for what has arrived."""
    known = {one.sequence: one for one in before.entries} if before else {}
    known |= {one.sequence: one for one in told}
    waiting = sorted(sequence for sequence in known if sequence > journaled)
    return tuple(known[sequence] for sequence in waiting[-ENTRIES_MAX:])
