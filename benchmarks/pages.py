"""Pages that save as fast as they get answers: a closed loop of clients on kept-alive connections.

Everything a page would compute (ids, digests, JSON) is made before the clock starts, so that
what is measured is the server and not the load.
"""

import asyncio
import http.client
import json
import random
import time
from dataclasses import dataclass, field
from typing import Any

import uuid_utils

from anamnesis.receipt.canonical import Json, digest
from benchmarks.text import note

ANSWER_SECONDS_MAX = 30.0


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in practitioner, as a page holds it."""

    host: str
    port: int
    practitioner: str
    practice: str
    cookies: str
    csrf: str


@dataclass(slots=True)
class Run:
    """What clients saw: waits in milliseconds, and how many answers said `recorded` at once."""

    seconds: float = 0.0
    waits: list[float] = field(default_factory=list)
    recorded: int = 0
    refused: int = 0
    settled_seconds: float = 0.0

    @property
    def rate(self) -> float:
        """Receipts in a second."""
        return len(self.waits) / self.seconds


def sign_in(host: str, port: int, login: str, password: str) -> Session:
    """Signs in as a page does."""
    connection = http.client.HTTPConnection(host, port, timeout=ANSWER_SECONDS_MAX)
    body = json.dumps({"login": login, "password": password})
    connection.request("POST", "/keep/session", body, {"content-type": "application/json"})
    answer = connection.getresponse()
    session = json.loads(answer.read())
    cookies = dict(
        line.split(";", 1)[0].split("=", 1) for line in answer.headers.get_all("set-cookie") or ()
    )
    connection.close()
    return Session(
        host=host,
        port=port,
        practitioner=session["practitioner"],
        practice=session["practice"],
        cookies="; ".join(f"{name}={value}" for name, value in cookies.items()),
        csrf=cookies["anamnesis_csrf"],
    )


def counts(session: Session) -> tuple[int, int]:
    """Entries journaled and recorded, as the keeper's public health page tells."""
    connection = http.client.HTTPConnection(session.host, session.port, timeout=ANSWER_SECONDS_MAX)
    connection.request("GET", "/keep/health")
    health = json.loads(connection.getresponse().read())
    connection.close()
    return int(health["journaled"]), int(health["recorded"])


class Page:
    """One device with one encounter open, and the requests it will send, ready made."""

    def __init__(self, session: Session, number: int, saves: int) -> None:
        self._session = session
        source = random.Random(number)
        self._device = str(uuid_utils.uuid4())
        self._patient = str(uuid_utils.uuid7())
        self._encounter = str(uuid_utils.uuid7())
        self._opening = [
            self._entry(1, "patient.create", None, _IDENTITY, encounter=False),
            self._entry(2, "encounter.start", None, _START, encounter=True),
        ]
        self._requests: list[bytes] = []
        base: str | None = None
        for sequence in range(3, saves + 3):
            content: Json = {"sections": note(source)}
            entry = self._entry(sequence, "note.write", base, content, encounter=True)
            base = str(entry["digest"])
            self._requests.append(self._request([entry]))

    async def open(self) -> None:
        """Connects, and sends what a note needs before it: its patient and its encounter."""
        self._reader, self._writer = await asyncio.open_connection(
            self._session.host, self._session.port
        )
        results = await self._send(self._request(self._opening))
        if any(result["outcome"] != "receipt" for result in results):
            raise RuntimeError(f"The benchmark's encounter was refused: {results}")

    async def save(self, run: Run, until: float) -> None:
        """Saves one text after another until `until` (perf_counter) or nothing is left to send."""
        for request in self._requests:
            started = time.perf_counter()
            if started >= until:
                return
            (result,) = await self._send(request)
            run.waits.append((time.perf_counter() - started) * 1_000)
            if result["outcome"] != "receipt":
                run.refused += 1
            elif result["receipt"]["state"] == "recorded":
                run.recorded += 1

    def close(self) -> None:
        """Hangs up."""
        self._writer.close()

    async def _send(self, request: bytes) -> list[dict[str, Any]]:
        self._writer.write(request)
        async with asyncio.timeout(ANSWER_SECONDS_MAX):
            head = await self._reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
            body = await self._reader.readexactly(length)
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(f"The keeper answered {head[:40]!r} {body[:200]!r}")
        results: list[dict[str, Any]] = json.loads(body)["results"]
        return results

    def _entry(
        self,
        sequence: int,
        kind: str,
        base: str | None,
        content: Json,
        *,
        encounter: bool,
    ) -> dict[str, object]:
        return {
            "id": str(uuid_utils.uuid7()),
            "kind": kind,
            "practice": self._session.practice,
            "author": self._session.practitioner,
            "patient": self._patient,
            "encounter": self._encounter if encounter else None,
            "device": self._device,
            "sequence": sequence,
            "base": base,
            "build": "benchmark",
            "features": [],
            "typed_at": "2026-01-05T09:00:00.000Z",
            "content": content,
            "digest": digest(content),
        }

    def _request(self, entries: list[dict[str, object]]) -> bytes:
        body = json.dumps({"entries": entries}, ensure_ascii=False).encode()
        head = (
            "POST /keep/entries HTTP/1.1\r\n"
            f"host: {self._session.host}:{self._session.port}\r\n"
            f"cookie: {self._session.cookies}\r\n"
            f"x-csrf-token: {self._session.csrf}\r\n"
            f"content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body


_IDENTITY: Json = {
    "birth_name": "MESURE",
    "used_name": "",
    "first_names": "Essai",
    "birth_date": "1980-01-01",
    "sex": "unknown",
    "birth_place": "",
    "telephone": "",
    "address": "",
}
_START: Json = {"started_at": "2026-01-05T09:00:00.000Z", "appointment": None}


async def closed_loop(session: Session, clients: int, seconds: float, saves_max: int) -> Run:
    """`clients` pages save for `seconds`; then waits until the record has everything."""
    pages = [Page(session, number, saves_max) for number in range(clients)]
    await asyncio.gather(*(page.open() for page in pages))
    await _settled(session)
    run = Run()
    started = time.perf_counter()
    await asyncio.gather(*(page.save(run, started + seconds) for page in pages))
    run.seconds = time.perf_counter() - started
    await _settled(session)
    run.settled_seconds = time.perf_counter() - started - run.seconds
    for page in pages:
        page.close()
    return run


async def _settled(session: Session) -> None:
    """Waits until the record has every journaled entry."""
    deadline = time.perf_counter() + ANSWER_SECONDS_MAX
    while time.perf_counter() < deadline:
        journaled, recorded = await asyncio.to_thread(counts, session)
        if journaled == recorded:
            return
        await asyncio.sleep(0.02)
    raise RuntimeError("The record did not catch up with the journal.")
