"""What simulated practitioners do in a drill: about eighty entries of every sort, in three parts.

Between the parts the processes are killed. Texts are long and short, with accents, line breaks and
signs; they are written alone, from two devices at once, after a signature, and around a share.
"""

import asyncio
import random
from base64 import b64encode
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from anamnesis.seams import instant
from tests.mutants.device import SECTIONS, Content, Device, Kept, digest_of, new_id, now

LONG_CHARACTERS = 70_000
"""A body so long is taken apart on a thread (keeper/entries.py)."""
PAUSE_SECONDS = 0.02
PHRASES = (
    "Toux sèche depuis trois jours, fièvre à 38,5 °C (≥ 38,5 °C le soir).",
    "Auscultation : crépitants de la base droite.\nSpO2 96 % en air ambiant.",
    "Pas d'antécédent notable, pas d'allergie connue. 😷",
    "TA 128/76 mmHg, FC 92/min ; mollets souples.\n\n\tRien d'autre.",
    "Bronchite aiguë « simple » ; revoir si dyspnée. <b>&amp;</b>",
)


@dataclass
class Encounter:
    """One encounter of the story and the last text its writer typed in it."""

    patient: str
    id: str = field(default_factory=new_id)
    base: str | None = None
    text: Content = field(default_factory=lambda: {"sections": dict.fromkeys(SECTIONS, "")})


class Story:
    """`devices`: one of p0, two of p1, one of p2, and one of p5, who is of another practice."""

    def __init__(self, devices: Sequence[Device], seed: int) -> None:
        self.p0, self.p1, self.p1_again, self.p2, self.p5 = devices
        self.devices = list(devices)
        self._chance = random.Random(seed)
        self.encounters: list[tuple[Device, Encounter]] = []
        self.patients: dict[str, str] = {}
        self._letter: Content = {}

    def begin(self) -> None:
        """Patients, and an encounter of each practitioner with a first text in it."""
        for device in (self.p0, self.p1, self.p2, self.p5):
            patient = self._patient(device)
            self.patients[device.id] = patient
            self._write(device, self._encounter(device, patient))

    async def first(self) -> None:
        """Everybody types; p0 writes a document, p1 measures and books."""
        await self._together(self._type_on(3), self._chart(self.p0), self._measure(self.p1))

    async def second(self) -> None:
        """Two devices meet in one note, a document is shared, a file and a long text are sent."""
        await self._together(
            self._type_on(2), self._meet(), self._share(self.p0), self._upload(self.p2)
        )

    async def third(self) -> None:
        """Signing, amending, a late text, an old text brought back, another encounter of each."""
        await self._together(self._finish(), self._type_on(1))
        for device in (self.p0, self.p1, self.p2, self.p5):
            self._write(device, self._encounter(device, self.patients[device.id]))

    async def _together(self, *acts: Awaitable[None]) -> None:
        await asyncio.gather(*acts)

    async def _type_on(self, times: int) -> None:
        for _ in range(times):
            for device, encounter in list(self.encounters):
                if device is not self.p1_again:
                    self._write(device, encounter)
            await asyncio.sleep(PAUSE_SECONDS)

    async def _chart(self, device: Device) -> None:
        patient, encounter = self.patients[device.id], self._of(device).id
        device.keep("condition.write", _condition(), patient)
        device.keep("allergy.write", _allergy(), patient, encounter)
        device.keep("medication.write", _medication(), patient)
        document = _letter(self._words())
        device.keep("document.write", document, patient, encounter)
        await asyncio.sleep(PAUSE_SECONDS)
        again = document | {"body": self._words()}
        device.keep("document.write", again, patient, encounter)
        issue = {"document": document["id"], "version": 2, "digest": digest_of(again)}
        device.keep("document.issue", issue, patient)
        device.keep("snippet.write", _snippet(), None)
        self._letter = again

    async def _measure(self, device: Device) -> None:
        patient, encounter = self.patients[device.id], self._of(device).id
        for code, value, unit in (("weight", "71,5", "kg"), ("systolic", "128", "mm[Hg]")):
            content = {"code": code, "value": value, "unit": unit, "effective_at": now()}
            device.keep("observation.record", content, patient, encounter)
        booked = device.keep("appointment.book", _booking(device.seat.practitioner), patient)
        await asyncio.sleep(PAUSE_SECONDS)
        status = {"appointment": booked.entry["id"], "status": "arrived"}
        device.keep("appointment.set-status", status, patient)

    async def _meet(self) -> None:
        """From one base, one device changes a section, the other another, then both the same."""
        one, other, encounter = self.p1, self.p1_again, self._of(self.p1)
        await _settled(one)
        base, text = encounter.base, encounter.text["sections"]
        mine = {"sections": text | {"motif": self._words()}}
        theirs = {"sections": text | {"conclusion": self._words()}}
        one.keep("note.write", mine, encounter.patient, encounter.id, base)
        other.keep("note.write", theirs, encounter.patient, encounter.id, base)
        await asyncio.sleep(PAUSE_SECONDS)
        for device, before in ((one, mine), (other, theirs)):
            after = {"sections": before["sections"] | {"examen": self._words()}}
            before_digest = digest_of(before)
            device.keep("note.write", after, encounter.patient, encounter.id, before_digest)
            if device is one:
                encounter.text, encounter.base = after, digest_of(after)

    async def _share(self, device: Device) -> None:
        patient = self.patients[device.id]
        token, code = "t" * 43, "ABCD2345"
        link = sha256(token.encode()).hexdigest()
        secret = sha256(f"{token}:{code}".encode()).hexdigest()
        colleague = self.p2.seat
        for content in (
            _sharing(self._letter, to_practice=colleague.practice, to=colleague.practitioner),
            _sharing(self._letter, link=link, secret=secret),
        ):
            device.keep("document.share", content, patient, None)
            self._write(device, self._of(device))
            await asyncio.sleep(PAUSE_SECONDS)

    async def _upload(self, device: Device) -> None:
        patient, encounter = self.patients[device.id], self._of(device)
        device.lost_answers = 1
        self._write(device, encounter)
        data = b"%PDF-1.4\n" + bytes(range(256)) * 1_000
        file, size = new_id(), 196_608
        parts = [data[start : start + size] for start in range(0, len(data), size)]
        for index, part in enumerate(parts):
            content = {
                "file": file,
                "index": index,
                "parts": len(parts),
                "media_type": "application/pdf",
                "data": b64encode(part).decode(),
            }
            device.keep("file.part", content, patient, None)
        named = {
            "id": file,
            "name": "compte rendu.pdf",
            "media_type": "application/pdf",
            "bytes": len(data),
            "sha256": sha256(data).hexdigest(),
            "parts": len(parts),
        }
        upload = _letter("") | {"type": "upload", "recipient": "", "file": named}
        device.keep("document.write", upload, patient, None)
        long = (self._words() + "\n") * (LONG_CHARACTERS // 200)
        self._write(device, encounter, long[:LONG_CHARACTERS])

    async def _finish(self) -> None:
        p0, encounter = self.p0, self._of(self.p0)
        await _settled(p0)
        patient, where = encounter.patient, encounter.id
        first, last = encounter.text, encounter.base
        p0.keep("note.sign", {"digest": last}, patient, where)
        self._write(p0, encounter, kind="note.amend")
        late = {"sections": first["sections"] | {"examen": self._words()}}
        self.p2.keep("note.write", late, patient, where, last)
        self.p2.shown.pop(where, None)
        p2, other = self.p2, self._of(self.p2)
        self._write(p2, other, kind="note.rescue")
        p2.keep("note.restore", first, other.patient, other.id, other.base)
        other.text, other.base = first, digest_of(first)
        p5, third = self.p5, self._of(self.p5)
        p5.keep("note.sign", {"digest": third.base}, third.patient, third.id)

    def _patient(self, device: Device) -> str:
        patient = new_id()
        device.keep("patient.create", _TRAITS | {"birth_name": f"Né{self._words()[:9]}"}, patient)
        return patient

    def _encounter(self, device: Device, patient: str) -> Encounter:
        encounter = Encounter(patient)
        started = {"started_at": now(), "appointment": None}
        device.keep("encounter.start", started, patient, encounter.id)
        self.encounters.append((device, encounter))
        return encounter

    def _of(self, device: Device) -> Encounter:
        return next(one for whose, one in self.encounters if whose is device)

    def _write(
        self, device: Device, encounter: Encounter, motif: str = "", kind: str = "note.write"
    ) -> Kept:
        sections = {name: self._words() for name in SECTIONS}
        content: Content = {"sections": sections | ({"motif": motif} if motif else {})}
        row = device.keep(kind, content, encounter.patient, encounter.id, encounter.base)
        encounter.text, encounter.base = content, digest_of(content)
        return row

    def _words(self) -> str:
        sentences = self._chance.choices(PHRASES, k=self._chance.randint(1, 4))
        return "\n".join([*sentences, f"n° {self._chance.randrange(10**9)}"])


async def _settled(device: Device) -> None:
    """Until what the device typed is recorded, or a moment has passed."""
    for _ in range(40):
        if all(row.state in ("recorded", "refused") for row in device.rows.values()):
            return
        await asyncio.sleep(PAUSE_SECONDS)


_TRAITS = {
    "birth_name": "Exercice",
    "used_name": "",
    "first_names": "Camille",
    "birth_date": "1980-05-17",
    "sex": "unknown",
    "birth_place": "",
    "telephone": "0102030405",
    "address": "1 rue des Lilas",
}


def _letter(body: str) -> Content:
    return {
        "id": new_id(),
        "type": "letter",
        "title": "Courrier",
        "date": "2026-04-26",
        "recipient": "Dr Exercice",
        "body": body,
        "lines": [],
        "file": None,
    }


def _sharing(
    letter: Content, to_practice: str | None = None, to: str | None = None, **by: str
) -> Content:
    shared: dict[str, Any] = {
        "id": new_id(),
        "document": letter["id"],
        "version": 2,
        "audience": "patient" if by else "colleague",
        "to_practice": to_practice,
        "to_practitioner": to,
        "link": by.get("link"),
        "secret": by.get("secret"),
        "expires_at": instant(datetime.now(UTC) + timedelta(days=7)),
        "message": "",
    }
    return shared


def _condition() -> Content:
    return {
        "id": new_id(),
        "category": "personal",
        "text": "Asthme",
        "code": "",
        "onset": "1999",
        "status": "active",
        "relative": "",
        "note": "Depuis l'enfance.",
    }


def _allergy() -> Content:
    return {
        "id": new_id(),
        "category": "allergy",
        "substance": "Pénicilline",
        "severity": "severe",
        "reaction": "Œdème",
        "onset": "2001-05",
        "status": "active",
        "note": "",
    }


def _medication() -> Content:
    return {
        "id": new_id(),
        "name": "Salbutamol",
        "dosage": "2 bouffées",
        "reason": "Asthme",
        "started": "2001",
        "stopped": "",
        "status": "active",
        "note": "",
    }


def _snippet() -> Content:
    return {"id": new_id(), "abbreviation": "ras", "text": "Rien à signaler.", "shared": True}


def _booking(practitioner: str) -> Content:
    return {
        "practitioner": practitioner,
        "starts_at": instant(datetime.now(UTC) + timedelta(hours=1)),
        "minutes": 15,
        "reason": "Contrôle",
        "type": None,
        "overlap": True,
    }
