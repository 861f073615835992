"""Devices and their pages: outbox, sender and editor as the real ones in web/static, in small.

Whatever is in the outbox outlives pages; what is only on a screen does not.
"""

import asyncio
import random
from dataclasses import dataclass, field
from typing import Any

from anamnesis.access.session import Session
from anamnesis.receipt.canonical import digest
from anamnesis.seams import instant
from tests.simulation.network import Network
from tests.simulation.oracle import Oracle
from tests.simulation.server import NoAnswer, Server
from tests.simulation.time import VirtualClock
from tests.unit.journal.making import uuid

Entry = dict[str, Any]
BATCH_ENTRIES_MAX = 64
SAVED_WITHIN_SECONDS = (0.2, 1.0)
RETRY_SECONDS = (0.25, 8.0)
ASK_SECONDS = (1.5, 20.0)
SECTIONS = ("motif", "interrogatoire", "examen", "conclusion")
WORDS = ("toux", "fièvre", "rien", "dos", "TA 13/8", "à revoir", "≥ 3 j", "\n")


@dataclass
class Row:
    entry: Entry
    state: str = "held"


@dataclass
class Storage:
    """A device's disk: its name, the last number it gave out, its rows and last texts."""

    device: str
    last: int = 0
    rows: dict[str, Row] = field(default_factory=dict)
    texts: dict[str, dict[str, str]] = field(default_factory=dict)

    def first(self, *states: str) -> list[Row]:
        found = [row for row in self.rows.values() if row.state in states]
        return found[:BATCH_ENTRIES_MAX]


@dataclass
class Surroundings:
    """What all pages share."""

    server: Server
    network: Network
    oracle: Oracle
    draw: random.Random
    clock: VirtualClock
    patients: dict[str, str]
    """Each encounter's patient."""
    planted: str = ""
    named: int = 0

    def new_id(self) -> str:
        self.named += 1
        return uuid(0x1_0000_0000 + self.named)


class Device:
    """A practitioner's computer with a browser, and any number of tabs of it."""

    def __init__(self, around: Surroundings, session: Session) -> None:
        self.around = around
        self.session = session
        self.storage = Storage(around.new_id())
        self.online = True
        self.tabs: list[Tab] = []
        self._sending: asyncio.Task[None] | None = None
        self._more = asyncio.Event()

    def open(self, encounter: str) -> "Tab":
        tab = Tab(self, encounter)
        self.tabs.append(tab)
        if len(self.tabs) == 1:
            self._lead()
        return tab

    def close(self, tab: "Tab") -> None:
        """The tab is killed; if it was the one that sends, another takes over."""
        leading = self.tabs[0] is tab
        self.tabs.remove(tab)
        tab.killed()
        if leading:
            self.end()
            if self.tabs:
                self._lead()

    def end(self) -> None:
        if self._sending:
            self._sending.cancel()
            self._sending = None

    def evict(self) -> None:
        """The browser throws the storage away. Texts on screens are put into the new outbox."""
        old = self.storage
        self.storage = Storage(self.around.new_id())
        self.around.oracle.gone(list(old.rows))
        for tab in self.tabs:
            if tab.encounter in old.texts:
                tab.save("note.rescue")

    def add(self, kind: str, encounter: str, content: dict[str, Any], base: str | None) -> Entry:
        """Keeps an entry, on the disk before this returns."""
        storage, session = self.storage, self.session
        storage.last += 1
        entry = {
            "id": self.around.new_id(),
            "kind": kind,
            "practice": session.practice,
            "author": session.practitioner,
            "patient": self.around.patients[encounter],
            "encounter": encounter,
            "device": storage.device,
            "sequence": storage.last,
            "base": base,
            "build": "0.1.0",
            "features": [],
            "typed_at": instant(self.around.clock.now()),
            "content": content,
            "digest": digest(content),
        }
        storage.rows[str(entry["id"])] = Row(entry)
        if "sections" in content:
            storage.texts[encounter] = content["sections"]
        self.around.oracle.kept(entry)
        self.nudge()
        return entry

    def nudge(self) -> None:
        self._more.set()

    def hear(self, entry: str) -> None:
        """An event: the keeper read it back."""
        row = self.storage.rows.pop(entry, None)
        if row:
            self.around.oracle.recorded(row.entry)

    def _lead(self) -> None:
        self._sending = asyncio.get_running_loop().create_task(self._send_all())

    async def _send_all(self) -> None:
        """What sender.js does: in order, until each has an answer; then asks for `recorded`."""
        retry, ask = RETRY_SECONDS[0], ASK_SECONDS[0]
        while True:
            batch = self.storage.first("held")
            if not batch:
                if not await self._woken(ask if self.storage.rows else None):
                    batch = self.storage.first("journaled")
                    ask = min(ask * 2, ASK_SECONDS[1])
                else:
                    ask = ASK_SECONDS[0]
            if not batch:
                continue
            try:
                await self._send(batch)
                retry = RETRY_SECONDS[0]
            except NoAnswer:
                await asyncio.sleep(retry * self.around.draw.uniform(0.5, 1))
                retry = min(retry * 2, RETRY_SECONDS[1])

    async def _woken(self, seconds: float | None) -> bool:
        """Whether something was added before so much time had passed."""
        self._more.clear()
        try:
            async with asyncio.timeout(seconds):
                await self._more.wait()
        except TimeoutError:
            return False
        return True

    async def _send(self, batch: list[Row]) -> None:
        if not self.online:
            raise NoAnswer
        storage, oracle = self.storage, self.around.oracle
        for row in batch:
            oracle.sent(row.entry)
        if self.around.planted == "forgetful-page":
            for row in batch:
                row.state = "journaled"  # planted fault: what was sent counts as arrived
        results = await self.around.network.ask([row.entry for row in batch], self.session)
        if not self.online:
            raise NoAnswer
        for row, result in zip(batch, results, strict=True):
            oracle.answered(row.entry, result)
            row.state = result["receipt"]["state"]
            if row.state == "recorded":
                storage.rows.pop(row.entry["id"], None)


class Tab:
    """One encounter's page: what is on its screen, saved within a second of being typed."""

    def __init__(self, device: Device, encounter: str) -> None:
        self.device = device
        self.encounter = encounter
        self._saving: asyncio.TimerHandle | None = None
        note = device.around.server.record.note(device.session.practice, encounter)
        own = device.storage.texts.get(encounter)
        if own is not None:
            self.sections = dict(own)
        elif note is not None:
            self.sections = {name: getattr(note.sections, name) for name in SECTIONS}
        else:
            self.sections = dict.fromkeys(SECTIONS, "")
        self.base = digest({"sections": self.sections}) if own or (note and note.version) else None

    def type(self) -> None:
        """Some words more, or some less, in one of the sections."""
        draw = self.device.around.draw
        name = draw.choice(SECTIONS)
        words = self.sections[name].split(" ")
        if len(words) > 3 and draw.random() < 0.2:
            words = words[:1]
        self.sections[name] = " ".join([*words, draw.choice(WORDS), str(draw.randrange(1000))])
        if self._saving is None:
            loop = asyncio.get_running_loop()
            self._saving = loop.call_later(draw.uniform(*SAVED_WITHIN_SECONDS), self.save)

    def save(self, kind: str = "note.write") -> None:
        self._saving = None
        content = {"sections": dict(self.sections)}
        self.base = self.device.add(kind, self.encounter, content, self.base)["digest"]

    def sign(self) -> None:
        """Signs what the outbox had of it last."""
        if self.base is not None:
            self.device.add("note.sign", self.encounter, {"digest": self.base}, None)

    def killed(self) -> None:
        if self._saving:
            self._saving.cancel()
