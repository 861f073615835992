"""A paper that tells somebody of a breach: its parts, fields and lines, already in words."""

from datetime import datetime
from typing import Literal, Protocol

import msgspec

from anamnesis.clinical.breach import PaperType

Language = Literal["fr", "en"]


class Say(Protocol):
    """Words of one language by their names."""

    def __call__(self, message: str, /, **values: object) -> str:
        """The message, filled in."""
        ...


class Item(msgspec.Struct, frozen=True):
    """One field: its name, what it is called, and what stands in it, empty where missing."""

    key: str
    label: str
    text: str

    @property
    def is_missing(self) -> bool:
        """Whether somebody still has to fill it in."""
        return not self.text.strip()


class Part(msgspec.Struct, frozen=True):
    """Fields under one heading, or sentences."""

    key: str
    title: str
    items: tuple[Item, ...] = ()
    paragraphs: tuple[str, ...] = ()


class Line(msgspec.Struct, frozen=True):
    """One consultation of the list: when, whose, which sections, what became of them."""

    encounter: str
    day: str
    patient: str
    sections: str
    state: str


class Paper(msgspec.Struct, frozen=True):
    """One paper, as a page, a PDF and structured data all show it."""

    type: PaperType
    language: Language
    title: str
    to: str
    parts: tuple[Part, ...]
    lines: tuple[Line, ...] = ()
    list_title: str = ""

    @property
    def columns(self) -> tuple[tuple[str, str], ...]:
        """Of the list: what of a line stands in each, and the word over it."""
        whose = "writer" if self.type == "processor-to-controller" else "patient"
        return ("day", "day"), ("patient", whose), ("sections", "sections"), ("state", "state")

    @property
    def missing(self) -> list[Item]:
        """The fields that nobody has filled in yet."""
        return [item for part in self.parts for item in part.items if item.is_missing]

    def plain(self) -> str:
        """The paper as plain text."""
        said = [self.title]
        for part in self.parts:
            said.append(f"\n{part.title}" if part.title else "")
            said += [f"{item.label} : {item.text or '…'}" for item in part.items]
            said += part.paragraphs
        if self.lines:
            said.append(f"\n{self.list_title}")
        said += [
            f"- {one.day} · {one.patient} · {one.sections} · {one.state}" for one in self.lines
        ]
        return "\n".join(said).strip() + "\n"


class Around(msgspec.Struct, frozen=True):
    """What a paper says that the register's entry does not know.

    `sender` is who tells, `receiver` who is told where that is somebody in particular. `informed`
    are instants at which patients were told.
    """

    sender: str
    address: str
    receiver: str
    now: datetime
    lines: tuple[Line, ...] = ()
    informed: tuple[str, ...] = ()
    is_notified: bool = False
