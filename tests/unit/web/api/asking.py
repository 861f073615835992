"""Two practices that have one of everything the interface can be asked for."""

import base64
import hashlib
from dataclasses import dataclass
from typing import Any

from tests.unit.record.making import DOCTOR, PRACTICE, Writing, text, uuid

PAGE = b"%PDF-1.7\nnot much of a page\n%%EOF\n"
AT = "2026-11-23T14:30:00.000Z"
LATER = "2026-12-23T14:30:00.000Z"
EARLIER = "2026-11-20T14:30:00.000Z"
NOBODY = uuid(0xFFFFF)

LINE = {
    "drug": "Amoxicilline 1 g",
    "dose": "1 comprimé",
    "frequency": "2 fois par jour",
    "duration": "6 jours",
    "renewals": 0,
    "ald": False,
    "note": "",
}


@dataclass(frozen=True)
class Place:
    """One practice's ids, made from one number."""

    number: int
    practice: str
    doctor: str

    def id(self, name: str) -> str:
        """The id of what is called so in this practice."""
        known = [
            *("patient", "encounter", "condition", "allergy", "medication", "immunization"),
            *("document", "upload", "file", "template", "snippet", "document-template"),
            *("appointment-type", "letterhead", "share", "share-of-text", "private", "desk", "old"),
        ]
        return uuid(self.number + known.index(name))


OURS = Place(0xC0000, PRACTICE, DOCTOR)
THEIRS = Place(0xD0000, uuid(0xB0001), uuid(0xB0012))


def two_practices() -> tuple[Writing, dict[Place, dict[str, str]]]:
    """Both practices written, and the ids that their path parameters take."""
    writing = Writing()
    writing.practice(OURS.practice, [OURS.doctor])
    writing.doctor(uuid(0xB0011), "Remplaçant", OURS.practice)
    writing.practice(THEIRS.practice, [THEIRS.doctor])
    ids = {place: _written(writing, place) for place in (OURS, THEIRS)}
    for sharer, receiver in ((OURS, THEIRS), (THEIRS, OURS)):
        _share(writing, sharer, receiver, "share", "upload", LATER)
        _share(writing, sharer, receiver, "share-of-text", "document", LATER)
        _share(writing, sharer, receiver, "old", "upload", EARLIER)
        ids[receiver] |= {name: sharer.id(name) for name in ("share", "share-of-text")}
    return writing, ids


def _written(writing: Writing, place: Place) -> dict[str, str]:
    def send(kind: str, content: dict[str, Any], encounter: str | None = None) -> Any:
        about = place.id("patient") if kind.split(".", maxsplit=1)[0] not in OF_PRACTICES else None
        return writing.send(
            kind,
            content,
            patient=about,
            encounter=encounter,
            practice=place.practice,
            author=place.doctor,
            device=place.id("desk"),
        )

    patient, encounter = place.id("patient"), place.id("encounter")
    writing.patient(patient, practice=place.practice)
    writing.encounter(encounter, patient, practice=place.practice, author=place.doctor)
    first, second = text("Toux sèche"), text("Toux grasse", conclusion="Bronchite")
    for typed, base in ((first, None), (second, first), (text("Toux, fièvre"), first)):
        writing.note(
            "write",
            typed,
            base=base,
            encounter=encounter,
            patient=patient,
            author=place.doctor,
            practice=place.practice,
            device=place.id("desk"),
        )
    measured = {"code": "weight", "value": "62,5", "unit": "kg", "effective_at": AT}
    send("observation.record", measured)
    booking = {"practitioner": place.doctor, "starts_at": AT, "minutes": 15, "reason": "Toux"}
    booked = send("appointment.book", booking | {"type": None, "overlap": False})
    for kind, content in contents(place):
        send(f"{kind}.write", content)
    data = base64.b64encode(PAGE).decode()
    part = {"file": place.id("file"), "index": 0, "parts": 1, "media_type": "application/pdf"}
    send("file.part", part | {"data": data})
    send("document.write", document(place.id("upload"), "upload") | {"file": file(place)})
    written = send("document.write", document(place.id("document"), "prescription"))
    issued = {"document": place.id("document"), "version": 1, "digest": written.entry.digest}
    send("document.issue", issued)
    ids = {kind: place.id(kind) for kind, _ in contents(place)}
    ids |= {"patient": patient, "encounter": encounter, "appointment": booked.entry.id}
    return ids | {"document": place.id("document"), "upload": place.id("upload")}


def _share(
    writing: Writing, sharer: Place, receiver: Place, name: str, shared: str, until: str
) -> None:
    content = {
        "id": sharer.id(name),
        "document": sharer.id(shared),
        "version": 1,
        "audience": "colleague",
        "to_practice": receiver.practice,
        "to_practitioner": receiver.doctor,
        "link": None,
        "secret": None,
        "expires_at": until,
        "message": "Pour avis",
    }
    writing.send(
        "document.share",
        content,
        patient=sharer.id("patient"),
        practice=sharer.practice,
        author=sharer.doctor,
        device=sharer.id("desk"),
    )


OF_PRACTICES = {"template", "snippet", "document-template", "appointment-type", "letterhead"}


def contents(place: Place) -> list[tuple[str, dict[str, Any]]]:
    """One of each type of resource, documents apart."""
    sections = {"motif": "[ ]", "interrogatoire": "", "examen": "", "conclusion": ""}
    found: list[tuple[str, dict[str, Any]]] = [
        (
            "condition",
            {"category": "problem", "text": "Asthme", "code": "J45.9", "onset": "1999"}
            | {"status": "active", "relative": "", "note": ""},
        ),
        (
            "allergy",
            {"category": "allergy", "substance": "Arachide", "severity": "severe"}
            | {"reaction": "", "onset": "", "status": "active", "note": ""},
        ),
        (
            "medication",
            {"name": "Salbutamol", "dosage": "", "reason": "", "started": "2020"}
            | {"stopped": "", "status": "active", "note": ""},
        ),
        (
            "immunization",
            {"vaccine": "ROR", "date": "1999", "dose": "", "lot": "", "site": "", "note": ""},
        ),
        ("template", {"name": "Suivi", "shared": True, "sections": sections}),
        ("snippet", {"abbreviation": "ras", "text": "Rien à signaler", "shared": True}),
        (
            "document-template",
            {"name": "Ordonnance", "shared": True, "type": "prescription", "title": ""}
            | {"body": "", "lines": [LINE]},
        ),
        ("appointment-type", {"name": "Consultation", "minutes": 15, "colour": "teal"}),
        (
            "letterhead",
            {"practitioner": place.doctor, "name": "Dr Martin", "qualifications": "", "rpps": ""}
            | {"am": "", "practice": "", "address": "", "telephone": "", "email": ""},
        ),
    ]
    return [(kind, {"id": place.id(kind)} | content) for kind, content in found]


def document(id_: str, type_: str) -> dict[str, Any]:
    """A document of this type; an upload still needs its file."""
    return {
        "id": id_,
        "type": type_,
        "title": "Ordonnance",
        "date": "2026-11-23",
        "recipient": "",
        "body": "",
        "lines": [LINE] if type_ == "prescription" else [],
        "file": None,
    }


def file(place: Place) -> dict[str, Any]:
    """The file of the upload."""
    return {
        "id": place.id("file"),
        "name": "résultats “labo”.pdf",
        "media_type": "application/pdf",
        "bytes": len(PAGE),
        "sha256": hashlib.sha256(PAGE).hexdigest(),
        "parts": 1,
    }
