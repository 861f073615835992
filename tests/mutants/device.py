"""A page as far as the server can tell, from static/outbox.js, sender.js and witness.js.

What was typed is an entry, numbered and kept until the server says that it is recorded; no answer
is no answer, and the same entry is sent again. What the person at it would see is remembered: a
refusal, a trouble, a text that does not turn green.
"""

import asyncio
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal
from uuid import UUID

import httpx
import uuid_utils

from anamnesis.receipt.canonical import canonical
from anamnesis.seams import instant

SENT_AGAIN_FIRST_SECONDS, SENT_AGAIN_MAX_SECONDS = 0.05, 0.4
"""Shorter than the page's own, so that a drill is short."""
ASKED_FIRST_SECONDS, ASKED_MAX_SECONDS = 0.6, 2.0
BATCH_ENTRIES_MAX = 64
SECTIONS = ("motif", "interrogatoire", "examen", "conclusion")

State = Literal["held", "journaled", "recorded", "refused", "outstanding"]
Content = dict[str, Any]


@dataclass(frozen=True)
class Seat:
    """Somebody with a session."""

    token: str
    csrf: str
    practice: str
    practitioner: str


@dataclass
class Kept:
    """One entry, and how far the device knows that it got."""

    entry: Content
    state: State = "held"
    receipt: Content | None = None
    code: str = ""


@dataclass
class Trouble:
    """Something a screen said by itself; empty where it is about everything."""

    code: str
    entry: str = ""


@dataclass
class Device:
    """One device of somebody signed in. `claimed` hears of each entry that is said recorded."""

    seat: Seat
    client: httpx.AsyncClient
    claimed: Callable[["Kept"], None]
    rows: dict[str, Kept] = field(default_factory=dict)
    troubles: list[Trouble] = field(default_factory=list)
    shown: dict[str, str] = field(default_factory=dict)
    """The digest of the text on the screen, by encounter."""

    def __post_init__(self) -> None:
        self.id = new_id()
        self.sequence = 0
        self.headers = {
            "cookie": f"anamnesis_session={self.seat.token}; anamnesis_csrf={self.seat.csrf}",
            "x-csrf-token": self.seat.csrf,
        }
        self._nudged = asyncio.Event()
        self.lost_answers = 0
        """Answers still to be thrown away, as a network would."""

    def keep(
        self,
        kind: str,
        content: Content,
        patient: str | None = None,
        encounter: str | None = None,
        base: str | None = None,
    ) -> Kept:
        """Puts an entry in the outbox."""
        self.sequence += 1
        entry: Content = {
            "id": new_id(),
            "kind": kind,
            "practice": self.seat.practice,
            "author": self.seat.practitioner,
            "patient": patient,
            "encounter": encounter,
            "device": self.id,
            "sequence": self.sequence,
            "base": base,
            "build": "drill",
            "features": [],
            "typed_at": now(),
            "content": content,
            "digest": digest_of(content),
        }
        row = self.rows[entry["id"]] = Kept(entry)
        if kind in TEXTS and encounter is not None:
            self.shown[encounter] = entry["digest"]
        self._nudged.set()
        return row

    async def work(self) -> None:
        """Sends and asks until cancelled."""
        wait, asked = SENT_AGAIN_FIRST_SECONDS, ASKED_FIRST_SECONDS
        asked_at = 0.0
        while True:
            held = [row for row in self.rows.values() if row.state == "held"]
            pending = [r for r in self.rows.values() if r.state in ("journaled", "outstanding")]
            clock = asyncio.get_running_loop().time()
            batch = held
            if not batch and pending and clock >= asked_at:
                await self._learn_outstanding()
                batch, asked = pending, min(asked * 2, ASKED_MAX_SECONDS)
                asked_at = clock + asked
            if batch:
                if await self._send(batch[:BATCH_ENTRIES_MAX]):
                    wait = SENT_AGAIN_FIRST_SECONDS
                    if batch is held:
                        asked, asked_at = ASKED_FIRST_SECONDS, clock + ASKED_FIRST_SECONDS
                        continue
                else:
                    await asyncio.sleep(wait)
                    wait = min(wait * 2, SENT_AGAIN_MAX_SECONDS)
                    continue
            self._nudged.clear()
            try:
                async with asyncio.timeout(0.1):
                    await self._nudged.wait()
            except TimeoutError:
                continue

    async def _send(self, batch: list[Kept]) -> bool:
        """One request; whether everything in it was answered for."""
        answer = await self.ask("POST", "/keep/entries", {"entries": [r.entry for r in batch]})
        if self.lost_answers:
            self.lost_answers -= 1
            return False
        if answer is None or answer.status_code != 200:
            if answer is not None and answer.status_code in (400, 401, 403, 413):
                self._trouble(f"refused-{answer.status_code}")
            return False
        try:
            results = answer.json()["results"]
        except (ValueError, KeyError, TypeError):
            return False
        if not isinstance(results, list) or len(results) != len(batch):
            return False
        taken = [self._take(row, result) for row, result in zip(batch, results, strict=True)]
        return all(taken)

    def _take(self, row: Kept, result: Any) -> bool:
        """As batch.js and sender.js: only a receipt for what was sent counts."""
        if result.get("outcome") == "refused":
            row.state, row.code = "refused", str(result.get("code"))
            return True
        receipt = result.get("receipt") or {}
        header, state = receipt.get("header") or {}, receipt.get("state")
        if (
            header.get("id") != row.entry["id"]
            or header.get("digest") != row.entry["digest"]
            or state not in ("journaled", "recorded")
        ):
            self._trouble("receipt-of-another-text", row.entry["id"])
            return False
        row.receipt = receipt
        if row.state == "outstanding" and state == "journaled":
            return True
        self._reached(row, state)
        return True

    def _reached(self, row: Kept, state: State) -> None:
        if row.state == "recorded":
            return
        row.state = state
        if state == "recorded":
            self.claimed(row)

    async def outstanding(self) -> list[Content]:
        """What the practice's list of outstanding entries says; nothing without an answer."""
        answer = await self.ask("GET", "/keep/outstanding")
        if answer is None or answer.status_code != 200:
            return []
        try:
            listed: list[Content] = answer.json()["outstanding"]
        except (ValueError, KeyError, TypeError):
            return []
        return listed

    async def _learn_outstanding(self) -> None:
        for one in await self.outstanding():
            row = self.rows.get(one["entry"])
            if row is not None and row.state in ("journaled", "held"):
                row.state, row.code = "outstanding", one["code"]

    async def listen(self) -> None:
        """Hears the keeper's events until cancelled."""
        while True:
            try:
                async with self.client.stream(
                    "GET", "/keep/events", headers=self.headers, timeout=None
                ) as stream:
                    name = ""
                    async for line in stream.aiter_lines():
                        if line.startswith("event: "):
                            name = line[7:]
                        elif line.startswith("data: "):
                            self._hear(name, json.loads(line[6:]))
            except (httpx.HTTPError, ValueError):
                pass
            await asyncio.sleep(SENT_AGAIN_FIRST_SECONDS)

    def _hear(self, name: str, data: Content) -> None:
        row = self.rows.get(str(data.get("entry")))
        if row is None or row.state == "recorded":
            return
        if name == "recorded":
            self._reached(row, "recorded")
        elif name == "outstanding":
            row.state, row.code = "outstanding", str(data.get("code"))

    async def witnessed(self, encounter: str, shown: str) -> str:
        """What the witness is told of the text that the page shows; `unknown` without an answer."""
        report = {
            "device": self.id,
            "encounter": encounter,
            "shown": shown,
            "sequence": self.sequence,
            "waiting": sum(row.state == "held" for row in self.rows.values()),
            "oldest_ms": 0,
            "typed_since": False,
        }
        answer = await self.ask("POST", "/keep/witness", report)
        if answer is None or answer.status_code != 200:
            return "unknown"
        found: Content = answer.json()
        # The page calls a text recorded when the digest that was read back is the screen's.
        if found.get("state") == "recorded" and found.get("digest") == shown:
            return "recorded"
        return str(found.get("state"))

    async def ask(self, method: str, path: str, body: object = None) -> httpx.Response | None:
        """The answer, None if there was none; asked as a browser asks for what it opens."""
        headers = self.headers | {"accept": "text/html, application/json"}
        try:
            return await self.client.request(method, path, json=body, headers=headers)
        except (httpx.HTTPError, ValueError):
            return None

    def _trouble(self, code: str, entry: str = "") -> None:
        if all(one.code != code or one.entry != entry for one in self.troubles):
            self.troubles.append(Trouble(code, entry))


TEXTS = ("note.write", "note.rescue", "note.restore", "note.amend")


def new_id() -> str:
    return str(UUID(bytes=uuid_utils.uuid7().bytes))


def now() -> str:
    return instant(datetime.now(UTC))


def digest_of(content: Content) -> str:
    return hashlib.sha256(canonical(content)).hexdigest()
