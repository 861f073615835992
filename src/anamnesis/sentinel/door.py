"""How a sentinel speaks to the front door: as a page does, and with the same patience.

An entry whose fate is unknown is sent again under the same id. Whether it is the door that does not
answer, or only the application behind it, makes the difference between nothing to be said and
a path that cannot be walked.
"""

import asyncio
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

import httpx
import msgspec
import uuid_utils

from anamnesis.receipt.canonical import canonical, digest
from anamnesis.rollout.sentinels import device_of
from anamnesis.seams import instant

ANSWER_SECONDS_MAX: Final = 10.0
"""How long the application may be away, or slow, before a path counts as not walkable."""
ASKED_AGAIN_AFTER_SECONDS: Final = 0.25

Act = tuple[str, Mapping[str, Any], str | None, str | None, str | None]
"""Kind, content, patient, encounter and base of an entry."""


class Interrupted(Exception):
    """Nothing can be said of the path: the door did not answer, or the seat is no longer ours."""


class Unwalked(Exception):
    """The path cannot be walked; `code` says what was in the way."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Seat(msgspec.Struct, frozen=True):
    """Who a sentinel is to the server: a session of an account without a password."""

    practitioner: str
    practice: str
    token: str
    csrf: str


class Sent(msgspec.Struct, frozen=True):
    """One journaled entry: its receipt as it came, and its content as canonical JSON."""

    id: str
    kind: str
    receipt: dict[str, Any]
    content: bytes


class Door:
    """One sentinel's way in."""

    def __init__(self, client: httpx.AsyncClient, seat: Seat, features: Sequence[str]) -> None:
        self.seat = seat
        self._client = client
        self._features = list(features)
        self._headers = {
            "cookie": f"anamnesis_session={seat.token}; anamnesis_csrf={seat.csrf}",
            "x-csrf-token": seat.csrf,
            "content-type": "application/json",
        }

    async def ask(self, path: str, body: object = None) -> httpx.Response:
        """The answer to a GET, or to a POST of `body`; an answer that is no promise is asked again.

        Raises Interrupted, Unwalked.
        """
        until = time.monotonic() + ANSWER_SECONDS_MAX
        while True:
            answer = await self._once(path, body)
            if answer is not None and answer.status_code == 401:
                raise Interrupted
            if answer is not None and answer.status_code < 500 and answer.status_code != 429:
                return answer
            if time.monotonic() >= until:
                await self._require_up()
                raise Unwalked("answer-missing" if answer is None else f"answer-{_code(answer)}")
            await asyncio.sleep(ASKED_AGAIN_AFTER_SECONDS)

    async def _once(self, path: str, body: object) -> httpx.Response | None:
        try:
            if body is None:
                return await self._client.get(path, headers=self._headers)
            return await self._client.post(
                path, content=msgspec.json.encode(body), headers=self._headers
            )
        except httpx.HTTPError:
            return None

    async def _require_up(self) -> None:
        """Raises Interrupted unless the keeper answers, and the application is not just starting.

        An application that never comes up is noticed all the same: by the keeper, and as silence.
        """
        try:
            health = (await self._client.get("/keep/health")).json()
        except (httpx.HTTPError, ValueError):
            raise Interrupted from None
        if health["application"] == "starting":
            raise Interrupted

    def entry(self, device: str, sequence: int, act: Act) -> dict[str, Any]:
        """An entry as it goes over the wire (docs/protocol.md, section 1)."""
        kind, content, patient, encounter, base = act
        return {
            "id": new_id(),
            "kind": kind,
            "practice": self.seat.practice,
            "author": self.seat.practitioner,
            "patient": patient,
            "encounter": encounter,
            "device": device,
            "sequence": sequence,
            "base": base,
            "build": "sentinel",
            "features": self._features,
            "typed_at": now(),
            "content": content,
            "digest": digest(dict(content)),
        }


class Device:
    """One outbox of a sentinel's. Its numbers go on where the journal has them."""

    def __init__(self, door: Door, which: str) -> None:
        self._door = door
        self.id = device_of(door.seat.practitioner, which)
        self._last: int | None = None

    async def send(self, *acts: Act) -> list[Sent]:
        """Sends these in one request until each has its receipt. Raises Interrupted, Unwalked."""
        if self._last is None:
            found = await self._door.ask(f"/keep/devices/{self.id}")
            self._last = int(found.json()["last_sequence"])
        first, self._last = self._last + 1, None  # unknown again, until all of them are there
        entries = [self._door.entry(self.id, first + at, act) for at, act in enumerate(acts)]
        answer = await self._door.ask("/keep/entries", {"entries": entries})
        if answer.status_code != 200:
            raise Unwalked(f"answer-{_code(answer)}")
        sent = []
        for entry, result in zip(entries, answer.json()["results"], strict=True):
            if result["outcome"] != "receipt":
                # The door's own doing, whatever runs behind it.
                raise Interrupted
            content = canonical(entry["content"])
            sent.append(Sent(entry["id"], entry["kind"], result["receipt"], content))
        self._last = first + len(acts) - 1
        return sent


def new_id() -> str:
    """An identifier as devices make them (UUIDv7)."""
    return str(UUID(bytes=uuid_utils.uuid7().bytes))


def now() -> str:
    """The present instant."""
    return instant(datetime.now(UTC))


def _code(answer: httpx.Response) -> str:
    try:
        return str(answer.json()["code"])
    except (ValueError, KeyError, TypeError):
        return str(answer.status_code)
