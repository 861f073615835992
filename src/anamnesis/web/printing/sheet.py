"""A sheet: everything that is printed of a document, already in words, nothing left to decide."""

import re
import unicodedata
from datetime import datetime
from typing import ClassVar, Final

import msgspec

RUN_CHARACTERS_MAX: Final = 30
"""A run without a place to break is given one after so many characters: no text leaves the page."""

_RUN = re.compile(rf"\S{{{RUN_CHARACTERS_MAX}}}(?=\S)")
_SEPARATORS = re.compile(r"\r\n|[\n\r\v\f\x85\u2028\u2029]")
ZERO_WIDTH_SPACE: Final = "\u200b"
TURNING: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Explicit formatting of direction (Unicode, UAX 9); a script's own direction needs none of it."""


class Head(msgspec.Struct, frozen=True):
    """Who writes: `numbers` are RPPS and the insurers' number, each with its name."""

    name: str
    qualifications: list[str]
    numbers: list[str]
    practice: str
    contact: list[str]


class Subject(msgspec.Struct, frozen=True):
    """Whom it is about."""

    name: str
    facts: list[str]


class Term(msgspec.Struct, frozen=True):
    """How long, how often again: with its name before it."""

    label: str
    text: str


class Prescribed(msgspec.Struct, frozen=True):
    """One line of a prescription."""

    number: int
    drug: str
    posology: str
    terms: list[Term]
    note: list[str]


class Zone(msgspec.Struct, frozen=True):
    """Lines that belong together; framed if there is a label."""

    label: str
    remark: str
    lines: list[Prescribed]


class Foot(msgspec.Struct, frozen=True):
    """What stands below each page."""

    who: str
    proof: str


class Sheet(msgspec.Struct, frozen=True):
    """One document as it is printed.

    `mark` lies under all of it, empty when it is issued; `made_at` is when it was issued, or
    written.
    """

    file: ClassVar[str] = "sheet.typ"

    type: str
    name: str
    mark: str
    words: dict[str, str]
    head: Head
    patient: Subject
    place_date: str
    recipient: list[str]
    title: str
    zones: list[Zone]
    body: list[list[str]]
    count: str
    foot: Foot
    made_at: datetime


def printable(text: str) -> str:
    """The text in one line: what has no sign on paper left out, long runs made breakable."""
    whole = " ".join(lines_of(text))
    return " ".join(whole.split())


def lines_of(text: str) -> list[str]:
    """The lines of a text, without the blank ones at both ends."""
    lines = [_breakable(_visible(line)).rstrip() for line in _SEPARATORS.split(text)]
    while lines and not lines[0].strip():
        lines.pop(0)
    while lines and not lines[-1].strip():
        lines.pop()
    return lines


def paragraphs_of(text: str) -> list[list[str]]:
    """The paragraphs of a text, which blank lines separate, as lines."""
    found: list[list[str]] = []
    fresh = True
    for line in lines_of(text):
        if not line.strip():
            fresh = True
        elif fresh:
            found.append([line])
            fresh = False
        else:
            found[-1].append(line)
    return found


def _visible(text: str) -> str:
    composed = unicodedata.normalize("NFC", text.replace("\t", "    "))
    return "".join(one for one in composed if not _is_without_sign(one))


def _is_without_sign(one: str) -> bool:
    # A mark that turns the direction of what follows could make a dose read backwards.
    return unicodedata.category(one) == "Cc" or one in TURNING


def _breakable(text: str) -> str:
    return _RUN.sub(lambda run: run[0] + ZERO_WIDTH_SPACE, text)
