"""What a device of a drill writes: entries with their numbers, and the words in them."""

import hashlib
import random
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import uuid_utils

from anamnesis.receipt.canonical import canonical
from anamnesis.seams import instant

SECTIONS: Final = ("motif", "interrogatoire", "examen", "conclusion")
BUILD: Final = "drill"
SHARED_FOR: Final = timedelta(days=7)

_PHRASES: Final = (
    "Toux sèche depuis trois jours, fièvre à 38,5 °C (≥ 38,5 °C le soir).",
    "Auscultation : crépitants de la base droite.\nSpO2 96 % en air ambiant.",
    "Pas d'antécédent notable, pas d'allergie connue.",
    "TA 128/76 mmHg, FC 92/min, mollets souples.",
    "Bronchite aiguë ; traitement symptomatique, revoir si dyspnée.",
    "Douleur épigastrique postprandiale, soulagée par l'alginate.",
    "Contrôle à trois mois avec bilan biologique (HbA1c, créatinine).",
)

Act = tuple[str, dict[str, Any], str | None, str | None]
"""Kind, content, encounter and base of an entry."""


class Device:
    """Numbers entries without holes, as an outbox does; about one patient and one document."""

    def __init__(self, practice: str, practitioner: str) -> None:
        self.practice = practice
        self.practitioner = practitioner
        self.id = new_id()
        self.sequence = 0
        self.patient = new_id()
        self.document = new_id()

    def second(self) -> "Device":
        """Another device of the same practitioner, with the same patient before it."""
        other = Device(self.practice, self.practitioner)
        other.patient, other.document = self.patient, self.document
        return other

    def entry(self, act: Act, typed_at: datetime | None = None) -> dict[str, Any]:
        """The next entry, as it goes over the wire."""
        kind, content, encounter, base = act
        self.sequence += 1
        return {
            "id": new_id(),
            "kind": kind,
            "practice": self.practice,
            "author": self.practitioner,
            "patient": None if kind in _OF_NOBODY else self.patient,
            "encounter": encounter,
            "device": self.id,
            "sequence": self.sequence,
            "base": base,
            "build": BUILD,
            "features": [],
            "typed_at": instant(typed_at or datetime.now(UTC)),
            "content": content,
            "digest": digest(content),
        }

    def beginning(self) -> list[Act]:
        """A patient, and a document that may be shared."""
        letter = _LETTER | {"id": self.document}
        issue = {"document": self.document, "version": 1, "digest": digest(letter)}
        return [
            ("patient.create", _TRAITS, None, None),
            ("document.write", letter, None, None),
            ("document.issue", issue, None, None),
        ]

    def share(self) -> Act:
        """The document, with a colleague."""
        content = {
            "id": new_id(),
            "document": self.document,
            "version": 1,
            "audience": "colleague",
            "to_practice": self.practice,
            "to_practitioner": self.practitioner,
            "link": None,
            "secret": None,
            "expires_at": instant(datetime.now(UTC) + SHARED_FOR),
            "message": "",
        }
        return ("document.share", content, None, None)


def started(encounter: str) -> Act:
    """An encounter begins."""
    return ("encounter.start", {"started_at": instant(datetime.now(UTC)), "appointment": None},
            encounter, None)  # fmt: skip


def written(encounter: str, base: str | None, chance: random.Random) -> Act:
    """All four sections of its note, from these chances."""
    content = {"sections": {name: words(chance) for name in SECTIONS}}
    return ("note.write", content, encounter, base)


def told(entry: dict[str, Any]) -> dict[str, Any]:
    """What a page says of an entry that waits: nothing of what was typed."""
    names = ("sequence", "kind", "patient", "encounter", "typed_at")
    texts = entry["content"].get("sections", {})
    return {name: entry[name] for name in names} | {
        "sections": [section for section in SECTIONS if texts.get(section)]
    }


def words(chance: random.Random) -> str:
    """A few lines as they are typed."""
    return "\n".join(chance.choice(_PHRASES) for _ in range(chance.randint(2, 8)))


def new_id() -> str:
    """An id as a device makes them (UUIDv7)."""
    return str(UUID(bytes=uuid_utils.uuid7().bytes))


def digest(content: dict[str, Any]) -> str:
    """SHA-256 of the canonical JSON."""
    return hashlib.sha256(canonical(content)).hexdigest()


_OF_NOBODY: Final = frozenset({"device-loss.write"})
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
