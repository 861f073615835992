"""The sheet of a paper about a breach: what is printed of it, already in words."""

from datetime import datetime
from typing import ClassVar

import msgspec

from anamnesis.incident.paper import Paper
from anamnesis.web.catalogue import Catalogue
from anamnesis.web.printing.sheet import lines_of, printable


class PrintedItem(msgspec.Struct, frozen=True):
    """One field; no lines where it is missing."""

    label: str
    lines: list[str]


class PrintedPart(msgspec.Struct, frozen=True):
    """Fields, or sentences, under a heading."""

    title: str
    items: list[PrintedItem]
    paragraphs: list[list[str]]


class PaperSheet(msgspec.Struct, frozen=True):
    """One paper as it is printed; `mark` lies under a draft, `rows` are the list's lines."""

    file: ClassVar[str] = "paper.typ"

    name: str
    language: str
    mark: str
    draft: str
    words: dict[str, str]
    sender: list[str]
    to: str
    title: str
    parts: list[PrintedPart]
    list_title: str
    head: list[str]
    rows: list[list[str]]
    foot: str
    made_at: datetime


def paper_sheet(
    paper: Paper, sender: list[str], foot: str, words: Catalogue, made_at: datetime, *, draft: bool
) -> PaperSheet:
    """The sheet of this paper; `words` are of its language."""
    return PaperSheet(
        name=paper.title,
        language=paper.language,
        mark=words("print-draft") if draft else "",
        draft=words("paper-draft") if draft else "",
        words={
            "page": words("print-page"),
            "missing": words("paper-missing"),
            "to": words("paper-to"),
        },
        sender=[printable(one) for one in sender if one.strip()],
        to=printable(paper.to),
        title=printable(paper.title),
        parts=[
            PrintedPart(
                printable(part.title),
                [PrintedItem(item.label, lines_of(item.text)) for item in part.items],
                [lines_of(one) for one in part.paragraphs],
            )
            for part in paper.parts
        ],
        list_title=printable(paper.list_title),
        head=[words(f"paper-column-{word}") for _, word in paper.columns],
        rows=[[printable(getattr(one, name)) for name, _ in paper.columns] for one in paper.lines],
        foot=foot,
        made_at=made_at,
    )
