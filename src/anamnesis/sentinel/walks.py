"""The ways through the product, each as a practitioner takes it; what is typed on each is told."""

import secrets
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, Final

import msgspec

from anamnesis.access.sharing import CODE_ALPHABET, CODE_CHARACTERS
from anamnesis.clinical.composition import NOTE_TEXT_KINDS
from anamnesis.clinical.sections import SECTIONS, Sections
from anamnesis.receipt.canonical import digest
from anamnesis.rollout.sentinels import BASELINE, SENTINEL_PRACTICE, sentinel_of
from anamnesis.seams import instant
from anamnesis.sentinel.door import Act, Device, Door, Sent, Unwalked, new_id, now
from anamnesis.sentinel.matrix import Cell
from anamnesis.sentinel.writings import written

SHARED_FOR: Final = timedelta(days=1)
SENT_BYTES_PER_DAY_MAX: Final = 24 * 1_048_576
"""Of entries that one sentinel sends in a day of rounds a minute apart (tests hold it to that)."""

_EVERY: Final = frozenset(SECTIONS)


class Written(msgspec.Struct, frozen=True):
    """A note that was written: what every reader has to get, and the entries that made it.

    `sent` are the entries in order; the last of them has to become recorded too.
    """

    encounter: str
    sections: Sections
    status: str
    versions: int
    sent: tuple[Sent, ...]

    @property
    def text(self) -> Sent:
        """The entry that typed the text last."""
        return next(one for one in reversed(self.sent) if one.kind in NOTE_TEXT_KINDS)


class Walker:
    """One sentinel: two devices, and a patient and a document of its own for the day."""

    def __init__(self, door: Door) -> None:
        self.door = door
        self._first, self._second = Device(door, "first"), Device(door, "second")
        self._day = ""
        self._patient = self._document = ""
        self._shares = 0

    async def walk(self, cell: Cell) -> Written:
        """Walks one path. Raises Interrupted, Unwalked."""
        await self._begin_day()
        return await WALKS[cell.path](self, cell)

    async def typing(self, cell: Cell) -> Written:
        """All sections but one, then that one: two saves of one note."""
        encounter = new_id()
        before = self._text(cell, encounter, _EVERY - {cell.section})
        after = self._text(cell, encounter, _EVERY)
        sent = await self._first.send(
            self._start(encounter), self._note(encounter, before, None)
        ) + await self._first.send(self._note(encounter, after, before.digest()))
        return Written(encounter, after, "draft", 2, tuple(sent))

    async def sharing(self, cell: Cell) -> Written:
        """A note, then a document shared: with a colleague and with the patient by turns."""
        encounter, text, sent = await self._one_note(cell)
        self._shares += 1
        if self._shares % 2:
            shared, opens = self._with_colleague(), None
        else:
            shared, opens = self._with_patient()
        sent += await self._first.send(("document.share", shared, self._patient, None, None))
        if opens is not None:
            await self._opened(*opens)
        return Written(encounter, text, "draft", 1, tuple(sent))

    async def signing(self, cell: Cell) -> Written:
        """A note signed, then amended."""
        encounter = new_id()
        before = self._text(cell, encounter, _EVERY - {cell.section})
        after = self._text(cell, encounter, _EVERY)
        signing: Act = (
            *("note.sign", {"digest": before.digest()}),
            *(self._patient, encounter, None),
        )
        sent = await self._first.send(
            self._start(encounter), self._note(encounter, before, None), signing
        ) + await self._first.send(self._note(encounter, after, before.digest(), "note.amend"))
        return Written(encounter, after, "amended", 2, tuple(sent))

    async def closing(self, cell: Cell) -> Written:
        """A note, and the end of its encounter."""
        encounter, text, sent = await self._one_note(cell)
        closing: Act = (
            *("encounter.close", {"closed_at": now()}),
            *(self._patient, encounter, None),
        )
        sent += await self._first.send(closing)
        return Written(encounter, text, "draft", 1, tuple(sent))

    async def second_device(self, cell: Cell) -> Written:
        """Two devices, both starting from the blank note: one has one section, one the others."""
        encounter = new_id()
        others = self._text(cell, encounter, _EVERY - {cell.section})
        one = self._text(cell, encounter, frozenset({cell.section}))
        sent = await self._first.send(
            self._start(encounter), self._note(encounter, others, None)
        ) + await self._second.send(self._note(encounter, one, None))
        return Written(encounter, self._text(cell, encounter, _EVERY), "draft", 2, tuple(sent))

    async def _one_note(self, cell: Cell) -> tuple[str, Sections, list[Sent]]:
        encounter = new_id()
        text = self._text(cell, encounter, _EVERY)
        acts = self._start(encounter), self._note(encounter, text, None)
        return encounter, text, await self._first.send(*acts)

    async def _begin_day(self) -> None:
        """A patient and an issued document, made anew each day so that no list grows for ever."""
        day = now()[:10]
        if day == self._day:
            return
        patient, document = new_id(), new_id()
        letter = _LETTER | {"id": document, "date": day}
        issue = {"document": document, "version": 1, "digest": digest(letter)}
        await self._first.send(
            ("patient.create", _TRAITS, patient, None, None),
            ("document.write", letter, patient, None, None),
            ("document.issue", issue, patient, None, None),
        )
        self._patient, self._document, self._day = patient, document, day

    async def _opened(self, token: str, code: str) -> None:
        answer = await self.door.ask("/keep/share", {"link": token, "code": code})
        if answer.status_code != 200:
            raise Unwalked("share-not-opened")

    def _start(self, encounter: str) -> Act:
        content = {"started_at": now(), "appointment": None}
        return "encounter.start", content, self._patient, encounter, None

    def _note(
        self, encounter: str, text: Sections, base: str | None, kind: str = "note.write"
    ) -> Act:
        return kind, text.as_content(), self._patient, encounter, base

    def _text(self, cell: Cell, encounter: str, filled: frozenset[str]) -> Sections:
        return written(cell.writing, cell.section, encounter[-12:], filled)

    def _with_colleague(self) -> dict[str, Any]:
        return self._share() | {
            "audience": "colleague",
            "to_practice": SENTINEL_PRACTICE,
            "to_practitioner": sentinel_of(BASELINE),
        }

    def _with_patient(self) -> tuple[dict[str, Any], tuple[str, str]]:
        """The share, and the token and the code that open it."""
        token = secrets.token_urlsafe(32)
        code = "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_CHARACTERS))
        content = self._share() | {
            "audience": "patient",
            "link": sha256(token.encode()).hexdigest(),
            "secret": sha256(f"{token}:{code}".encode()).hexdigest(),
        }
        return content, (token, code)

    def _share(self) -> dict[str, Any]:
        return {
            "id": new_id(),
            "document": self._document,
            "version": 1,
            "to_practice": None,
            "to_practitioner": None,
            "link": None,
            "secret": None,
            "expires_at": instant(datetime.now(UTC) + SHARED_FOR),
            "message": "",
        }


WALKS: Final[Mapping[str, Callable[[Walker, Cell], Awaitable[Written]]]] = {
    "typing": Walker.typing,
    "sharing": Walker.sharing,
    "signing": Walker.signing,
    "closing": Walker.closing,
    "second-device": Walker.second_device,
}
"""A walk for every path there is: one that is not here cannot be said of a feature."""

_TRAITS: Final = {
    "birth_name": "Sentinelle",
    "used_name": "",
    "first_names": "Synthétique",
    "birth_date": "1980-05-17",
    "sex": "unknown",
    "birth_place": "",
    "telephone": "",
    "address": "",
}
_LETTER: Final[dict[str, Any]] = {
    "type": "letter",
    "title": "Courrier d’une sentinelle",
    "recipient": "Sentinelle",
    "body": "Rien de réel.",
    "lines": [],
    "file": None,
}
