"""Marks between the pages of a list: what the last row is sorted by, and its id."""

import base64
import binascii
from typing import Final

import msgspec

MARK_CHARACTERS_MAX: Final = 2_048
"""Longer than any that is made here; three times as much, percent-encoded, is still an address."""
MARK_BROKEN: Final = ("\0", "\0")
"""What a mark that was not made here stands for; no page follows it."""

_marks = msgspec.json.Decoder(tuple[str, str])


def mark(sorted_by: str, name: str) -> str:
    """The mark behind this row, fit for an address."""
    return base64.urlsafe_b64encode(msgspec.json.encode((sorted_by, name))).decode().rstrip("=")


def marked(text: str | None) -> tuple[str, str] | None:
    """The row behind which a page begins; None for the first one."""
    if text is None:
        return None
    try:
        padded = text[:MARK_CHARACTERS_MAX] + "=" * (-len(text) % 4)
        return _marks.decode(base64.urlsafe_b64decode(padded))
    except (binascii.Error, msgspec.DecodeError, UnicodeError, ValueError):
        return MARK_BROKEN
