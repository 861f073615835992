"""Practitioners who never were: each types, shares, and asks what the screen may say.

They speak the protocol as the page does: entries numbered without holes, kept until a receipt
comes, sent again in the same order under the same ids when there is none.
"""

import asyncio
import hashlib
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import httpx
import msgspec
import uuid_utils

from anamnesis.receipt.canonical import canonical
from anamnesis.seams import instant

SECTIONS: Final = ("motif", "interrogatoire", "examen", "conclusion")
WRITINGS: Final = 3
"""Times that a note is saved while it is typed, at most."""
SHARED_OF_TEN: Final = 4
"""Of ten encounters, those in which a document is shared."""
SENT_AGAIN_AFTER_SECONDS: Final = 0.5
GREEN_SECONDS_MAX: Final = 2.0
"""How long a practitioner waits for green before going on to the next patient."""

_PHRASES: Final = (
    "Toux sèche depuis trois jours, fièvre à 38,5 °C (≥ 38,5 °C le soir).",
    "Auscultation : crépitants de la base droite.\nSpO2 96 % en air ambiant.",
    "Pas d'antécédent notable, pas d'allergie connue.",
    "TA 128/76 mmHg, FC 92/min, mollets souples.",
    "Bronchite aiguë ; traitement symptomatique, revoir si dyspnée.",
    "Douleur épigastrique postprandiale, soulagée par l'alginate.",
    "Contrôle à trois mois avec bilan biologique (HbA1c, créatinine).",
)

Pause = Callable[[], Awaitable[bool]]
"""Between two acts; False when the day is over."""
Act = tuple[str, dict[str, Any], str | None, str | None]
"""Kind, content, encounter and base of an entry."""


@dataclass(frozen=True, slots=True)
class Seat:
    """Who a practitioner is to the server: made before the drill begins."""

    practitioner: str
    practice: str
    token: str
    csrf: str
    in_cohort: bool


@dataclass(slots=True)
class Seen:
    """What all of them saw and did, for the report."""

    saves: int = 0
    shares: int = 0
    greens: int = 0
    greens_while_wrong: int = 0
    refused: list[str] = field(default_factory=list)
    first_in_danger: float | None = None


class Practitioner:
    """One of them, on one device."""

    def __init__(
        self, seat: Seat, client: httpx.AsyncClient, chance: random.Random, seen: Seen
    ) -> None:
        self.seat = seat
        self.notes: dict[str, str] = {}
        self.texts = 0
        self._client = client
        self._chance = chance
        self._seen = seen
        self._device = _new_id()
        self._sequence = 0
        self._sending = asyncio.Lock()
        self._headers = {
            "cookie": f"anamnesis_session={seat.token}; anamnesis_csrf={seat.csrf}",
            "x-csrf-token": seat.csrf,
        }
        self._patient = ""
        self._document = ""

    async def begin(self) -> None:
        """A patient, and a document that may be shared."""
        self._patient, self._document = _new_id(), _new_id()
        letter = _LETTER | {"id": self._document}
        issue = {"document": self._document, "version": 1, "digest": _digest(letter)}
        await self._keep(
            ("patient.create", _TRAITS, None, None),
            ("document.write", letter, None, None),
            ("document.issue", issue, None, None),
        )

    async def encounter(self, pause: Pause, endangered: Callable[[str], bool]) -> None:
        """One encounter: writes, perhaps shares, waits for green; left when the day is over.

        `endangered` says whether an act of this kind is in danger now.
        """
        encounter = _new_id()
        started = {"started_at": _now(), "appointment": None}
        await self._keep(("encounter.start", started, encounter, None))
        base: str | None = None
        for _ in range(self._chance.randint(1, WRITINGS)):
            if not await pause():
                return
            content = {"sections": {name: self._words() for name in SECTIONS}}
            self._danger(endangered, "text")
            await self._keep(("note.write", content, encounter, base))
            base = self.notes[encounter] = _digest(content)
            self.texts += 1
            self._seen.saves += 1
        if self._chance.random() < SHARED_OF_TEN / 10:
            if not await pause():
                return
            self._danger(endangered, "share")
            await self._keep(("document.share", self._share(), None, None))
            self._seen.shares += 1
        await self._looked(encounter)

    async def wrong(self) -> list[str]:
        """The encounters of which a reader gets another text than was typed."""
        found = []
        for encounter, typed in self.notes.items():
            if await self._read(encounter) != typed:
                found.append(encounter)
        return found

    def _danger(self, endangered: Callable[[str], bool], act: str) -> None:
        if self.seat.in_cohort and endangered(act) and self._seen.first_in_danger is None:
            self._seen.first_in_danger = time.time()

    async def _looked(self, encounter: str) -> None:
        """Until the screen is green, or patience ends; a green that is wrong is a finding."""
        until = time.monotonic() + GREEN_SECONDS_MAX
        while time.monotonic() < until:
            if await self._green(encounter):
                self._seen.greens += 1
                if await self._read(encounter) != self.notes[encounter] and await self._green(
                    encounter
                ):
                    self._seen.greens_while_wrong += 1
                return
            await asyncio.sleep(GREEN_SECONDS_MAX / 8)

    async def _green(self, encounter: str) -> bool:
        report = {
            "device": self._device,
            "encounter": encounter,
            "shown": self.notes[encounter],
            "sequence": self._sequence,
            "waiting": 0,
            "oldest_ms": None,
            "typed_since": False,
        }
        try:
            answer = await self._client.post("/keep/witness", json=report, headers=self._headers)
        except httpx.HTTPError:
            return False
        return answer.status_code == 200 and answer.json()["state"] == "recorded"

    async def _read(self, encounter: str) -> str | None:
        for _ in range(20):
            try:
                answer = await self._client.get(
                    f"/keep/encounters/{encounter}/note", headers=self._headers
                )
            except httpx.HTTPError:
                answer = None
            if answer is not None and answer.status_code in (200, 404):
                return str(answer.json()["digest"]) if answer.status_code == 200 else None
            await asyncio.sleep(SENT_AGAIN_AFTER_SECONDS)
        return None

    async def _keep(self, *acts: Act) -> None:
        """Sends these in one request, again and again, until each has a receipt or a refusal."""
        async with self._sending:
            entries = [self._entry(*act) for act in acts]
            outcomes = await self._sent(entries)
            while outcomes is None:
                await asyncio.sleep(SENT_AGAIN_AFTER_SECONDS)
                outcomes = await self._sent(entries)
            self._seen.refused += [one for one in outcomes if one != "receipt"]

    def _entry(
        self, kind: str, content: dict[str, Any], encounter: str | None, base: str | None
    ) -> dict[str, Any]:
        self._sequence += 1
        return {
            "id": _new_id(),
            "kind": kind,
            "practice": self.seat.practice,
            "author": self.seat.practitioner,
            "patient": self._patient,
            "encounter": encounter,
            "device": self._device,
            "sequence": self._sequence,
            "base": base,
            "build": "drill",
            "features": [],
            "typed_at": _now(),
            "content": content,
            "digest": _digest(content),
        }

    async def _sent(self, entries: list[dict[str, Any]]) -> list[str] | None:
        """For each `receipt` or the code of a refusal; None if that is unknown."""
        try:
            answer = await self._client.post(
                "/keep/entries",
                content=msgspec.json.encode({"entries": entries}),
                headers=self._headers | {"content-type": "application/json"},
            )
        except httpx.HTTPError:
            return None
        if answer.status_code != 200:
            return None
        return [
            "receipt" if one["outcome"] == "receipt" else str(one["code"])
            for one in answer.json()["results"]
        ]

    def _words(self) -> str:
        return "\n".join(self._chance.choice(_PHRASES) for _ in range(self._chance.randint(2, 8)))

    def _share(self) -> dict[str, Any]:
        ends = datetime.now(UTC) + timedelta(days=7)
        return {
            "id": _new_id(),
            "document": self._document,
            "version": 1,
            "audience": "colleague",
            "to_practice": self.seat.practice,
            "to_practitioner": self.seat.practitioner,
            "link": None,
            "secret": None,
            "expires_at": instant(ends),
            "message": "",
        }


def _new_id() -> str:
    return str(UUID(bytes=uuid_utils.uuid7().bytes))


def _now() -> str:
    return instant(datetime.now(UTC))


def _digest(content: dict[str, Any]) -> str:
    return hashlib.sha256(canonical(content)).hexdigest()


_TRAITS: Final = {
    "birth_name": "Exercice",
    "used_name": "",
    "first_names": "Personne",
    "birth_date": "1980-05-17",
    "sex": "unknown",
    "birth_place": "",
    "telephone": "",
    "address": "",
}
_LETTER: Final[dict[str, Any]] = {
    "type": "letter",
    "title": "Courrier",
    "date": "2023-04-26",
    "recipient": "Dr Exercice",
    "body": "Cher confrère,",
    "lines": [],
    "file": None,
}
