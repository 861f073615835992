"""Something found wrong that is no entry of the journal: a row, a device, a screen, a silence."""

import hashlib
from typing import Final

import msgspec

FOUND_FROM: Final = 2**52
"""Positions from here on stand for findings: no journal gets there, and JSON keeps them exact."""
_DIGITS: Final = 12


class Finding(msgspec.Struct, frozen=True):
    """What was found. `subject` names it, the same each time; ids only, never text.

    `since` is when it began, where that is known; `sections` are those it concerns.
    """

    subject: str
    code: str
    practice: str = ""
    author: str = ""
    encounter: str | None = None
    since: str = ""
    sections: tuple[str, ...] = ()


def place_of(subject: str) -> int:
    """The position that stands for a finding: the same for the same subject."""
    return FOUND_FROM + int(hashlib.sha256(subject.encode()).hexdigest()[:_DIGITS], 16)
