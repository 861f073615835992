"""Documents to print: their content, and a practice that wrote them."""

import io
from typing import Any
from zoneinfo import ZoneInfo

import pypdf

from anamnesis.record.model import Resource
from anamnesis.storage.memory.record import MemoryRecord
from anamnesis.web.catalogue import read_catalogues
from anamnesis.web.printing.documents import Printing
from anamnesis.web.printing.press import Press
from tests.unit.record.making import DOCTOR, PATIENT, PRACTICE, Writing, uuid

DOCUMENT = uuid(0xD0000)
FRENCH = read_catalogues()["fr"]

LETTERHEAD: dict[str, Any] = {
    "id": uuid(0xD0001),
    "practitioner": DOCTOR,
    "name": "Dr Claire Aubry",
    "qualifications": "Médecine générale\nDU de gynécologie",
    "rpps": "10001234567",
    "am": "591012345",
    "practice": "Cabinet des Tilleuls",
    "address": "12 rue des Tilleuls\n59000 Lille",
    "telephone": "03 20 00 12 34",
    "email": "tilleuls@example.org",
}


def line(drug: str, **given: Any) -> dict[str, Any]:
    """One line of a prescription."""
    blank = {"dose": "", "frequency": "", "duration": "", "renewals": 0, "ald": False, "note": ""}
    return {"drug": drug, **blank, **given}


def document(type_: str = "prescription", **given: Any) -> dict[str, Any]:
    """The content of a `document.write`."""
    blank = {"title": "", "date": "2026-11-23", "recipient": "", "body": "", "lines": []}
    return {"id": DOCUMENT, "type": type_, "file": None, **blank, **given}


class Office:
    """A practice with one patient, and a press."""

    def __init__(self, *, letterhead: bool = True, **traits: str) -> None:
        self.writing = Writing()
        self.writing.practice()
        self.writing.patient(**traits)
        self.seconds_max = 20.0
        if letterhead:
            self.writing.send("letterhead.write", LETTERHEAD)

    def write(self, content: dict[str, Any], *, issued: bool = False) -> "Office":
        """One more version, and whether its author stands for it."""
        sent = self.writing.send("document.write", content, patient=PATIENT)
        if issued:
            versions = [e for e in self.writing.journal.read(0, 500) if _is_of(e, content["id"])]
            issue = {
                "document": content["id"],
                "version": len(versions),
                "digest": sent.entry.digest,
            }
            self.writing.send("document.issue", issue, patient=PATIENT)
        return self

    def record(self) -> MemoryRecord:
        """What was written so far."""
        record = MemoryRecord()
        self.writing.fold(record)
        return record

    def printing(self) -> Printing:
        """A press over what was written so far."""
        return Printing(self.record(), FRENCH, ZoneInfo("Europe/Paris"), Press(self.seconds_max))

    def version(self, number: int = -1) -> Resource:
        """One version of the document, the last one unless said otherwise."""
        versions = self.record().resource_versions(PRACTICE, DOCUMENT)
        return versions[number if number < 0 else number - 1]

    def pdf(self, number: int = -1) -> bytes:
        """The bytes that are printed."""
        return self.printing().pdf(self.version(number))


def _is_of(journaled: Any, document: str) -> bool:
    entry = journaled.entry
    return entry.kind == "document.write" and document.encode() in entry.content


def read(pdf: bytes) -> pypdf.PdfReader:
    """The PDF as another program understands it."""
    return pypdf.PdfReader(io.BytesIO(pdf), strict=True)


def pages_of(pdf: bytes) -> list[str]:
    """What is read on each page, in one line and without what only helps to break it."""
    texts = [page.extract_text() for page in read(pdf).pages]
    return [" ".join(text.replace("\u200b", "").split()) for text in texts]


def text_of(pdf: bytes) -> str:
    """What is read on all pages."""
    return " ".join(pages_of(pdf))
