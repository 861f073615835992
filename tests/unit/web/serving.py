"""The pages over a record in memory, asked as the keeper asks them, and read as a parser reads."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any

from litestar.testing import TestClient

from anamnesis.record.search import Indexer
from anamnesis.storage.memory.record import MemoryRecord
from anamnesis.storage.memory.search import MemorySearchIndex
from anamnesis.web.application import WebSettings, create
from tests.unit.clinical.contents import BREACH, PAPER, RESOURCES
from tests.unit.record.making import DOCTOR, PRACTICE, Writing, text, uuid

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
APPOINTED = "2026-11-23T14:30:00.000Z"
DOCUMENT = uuid(0xD0000)
ALLERGY = uuid(0xD0001)
TEMPLATE = uuid(0xD0010)
ENTERED, SENT = uuid(0xD0020), uuid(0xD0021)
_DOCUMENT: dict[str, Any] = {
    "type": "prescription",
    "title": "",
    "date": "2026-11-23",
    "recipient": "",
    "body": "Repos",
    "lines": [],
    "file": None,
}
VOID = frozenset({"input", "meta", "link", "img", "br", "hr", "path", "polyline", "circle"})

Attributes = dict[str, str]


def headers(practice: str = PRACTICE, practitioner: str = DOCTOR) -> dict[str, str]:
    """What the keeper says of who is signed in."""
    return {
        "x-anamnesis-practitioner": practitioner,
        "x-anamnesis-practice": practice,
        "x-anamnesis-name": "Dr%20Cl%C3%A9mence%20%3CMartin%3E",
        "x-anamnesis-login": "clemence",
    }


@contextmanager
def serving(writing: Writing) -> Iterator[TestClient[Any]]:
    """The pages of what was written so far."""
    record = MemoryRecord()
    writing.fold(record)
    index = MemorySearchIndex()
    indexer = Indexer(record, index)
    while indexer.step(1_000):
        pass
    with TestClient(create(record, WebSettings(now=lambda: NOW), index)) as client:
        client.follow_redirects = False
        yield client


def full_practice() -> Writing:
    """One of everything a page shows."""
    writing = Writing().begun()
    doctor = {
        "practitioner": DOCTOR,
        "starts_at": APPOINTED,
        "minutes": 15,
        "reason": "Toux",
        "type": None,
        "overlap": False,
    }
    booked = writing.send("appointment.book", doctor, patient=writing_patient())
    writing.send(
        "appointment.set-status",
        {"appointment": booked.entry.id, "status": "arrived"},
        patient=writing_patient(),
    )
    for value, unit in (("3,2", "kg"), ("3400", "g"), ("presque 4", "kg")):
        measured = {"code": "weight", "value": value, "unit": unit, "effective_at": APPOINTED}
        writing.send("observation.record", measured, patient=writing_patient())
    first = text("Toux sèche")
    second = text("Toux grasse", conclusion="Bronchite")
    writing.note("write", first)
    writing.note("write", second, base=first)
    written = {**_DOCUMENT, "id": DOCUMENT}
    writing.send("document.write", written, patient=writing_patient())
    for number, kind in enumerate(("allergy", "condition", "medication", "immunization")):
        content = RESOURCES[f"{kind}.write"] | {"id": uuid(0xD0001 + number)}
        writing.send(f"{kind}.write", content, patient=writing_patient())
    template = RESOURCES["document-template.write"] | {"id": TEMPLATE}
    writing.send("document-template.write", template)
    for number, kind in enumerate(("template.write", "snippet.write")):
        writing.send(kind, RESOURCES[kind] | {"id": uuid(0xD0012 + number)})
    writing.send("breach.write", BREACH | {"id": ENTERED})
    sent = PAPER | {"id": SENT, "breach": ENTERED}
    writing.send("breach-paper.write", sent)
    head = RESOURCES["letterhead.write"] | {"id": uuid(0xD0011), "practitioner": DOCTOR}
    writing.send("letterhead.write", head)
    return writing


def writing_patient() -> str:
    """The patient of `Writing.begun`."""
    return uuid(0xB0020)


class Parsed(HTMLParser):
    """What a page says: its elements in order, with their attributes and the text in each."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, Attributes]] = []
        self.texts: list[tuple[tuple[str, ...], str]] = []
        self.in_labels: list[Attributes] = []
        self._open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if "label" in self._open:
            self.in_labels.append(self.elements[-1][1])
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._open:
            while self._open.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.texts.append((tuple(self._open), data))

    def all(self, tag: str, **equal: str) -> list[Attributes]:
        """The elements with this tag and these attributes (`data_x` stands for `data-x`)."""
        wanted = {name.replace("_", "-"): value for name, value in equal.items()}
        return [a for t, a in self.elements if t == tag and wanted.items() <= a.items()]

    def words(self) -> str:
        """What is read, in one line."""
        said = (data for stack, data in self.texts if not {"script", "style"} & set(stack))
        return " ".join(" ".join(said).split())


def parsed(answer: Any) -> Parsed:
    """A page that was answered with 200."""
    assert answer.status_code == 200, answer.text
    return Parsed(answer.text)


def get(client: TestClient[Any], path: str, extra: Mapping[str, str] | None = None) -> Any:
    """Asks as the signed-in doctor."""
    return client.get(path, headers={**headers(), **(extra or {})})
