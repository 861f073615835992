"""The product's pages as a load: their sessions, and their saves, made before the clock starts."""

import http.client
import json
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass

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
        self.opening = [
            self._entry(1, "patient.create", None, IDENTITY, encounter=False),
            self._entry(2, "encounter.start", None, _START, encounter=True),
        ]
        self.requests: list[bytes] = []
        base: str | None = None
        for sequence in range(3, saves + 3):
            content: Json = {"sections": note(source)}
            entry = self._entry(sequence, "note.write", base, content, encounter=True)
            base = str(entry["digest"])
            self.requests.append(self._request([entry]))

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


IDENTITY = {
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


def open_pages(session: Session, clients: int, saves: int) -> list[Iterator[bytes]]:
    """The saves of so many pages, ready to send; their patients and encounters are recorded."""
    pages = [Page(session, number, saves) for number in range(clients)]
    connection = http.client.HTTPConnection(session.host, session.port, timeout=ANSWER_SECONDS_MAX)
    headers = {"cookie": session.cookies, "x-csrf-token": session.csrf}
    for page in pages:
        connection.request(
            "POST", "/keep/entries", json.dumps({"entries": page.opening}).encode(), headers
        )
        results = json.loads(connection.getresponse().read())["results"]
        if any(result["outcome"] != "receipt" for result in results):
            raise RuntimeError(f"The benchmark's encounter was refused: {results}")
    connection.close()
    settled(session)
    return [iter(page.requests) for page in pages]


def is_recorded(body: bytes) -> bool:
    """Whether this answer to one save is a receipt in its last state; raises if it is none."""
    if b'"outcome":"receipt"' not in body:
        raise RuntimeError(f"A save was refused: {body[:300]!r}")
    return b'"state":"recorded"' in body


def settled(session: Session) -> float:
    """Waits until the record has every journaled entry; the seconds that took."""
    started = time.perf_counter()
    while time.perf_counter() - started < ANSWER_SECONDS_MAX:
        journaled, recorded = counts(session)
        if journaled == recorded:
            return time.perf_counter() - started
        time.sleep(0.02)
    raise RuntimeError("The record did not catch up with the journal.")
