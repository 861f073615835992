"""Rows of the record as they are named when they are looked at one by one."""

import msgspec


class TouchedRow(msgspec.Struct, frozen=True):
    """A row that was written, and that no entry may have written so; named by its table.

    `subject` is its position, for a row that one entry made, or what it is about (its key without
    the practice, separated by slashes). `change` counts such writings, the last one counts.
    """

    change: int
    place: str
    practice: str
    subject: str


class DerivedRow(msgspec.Struct, frozen=True):
    """A row that several entries add up to; `founded` if one of them is there to begin with."""

    practice: str
    subject: str
    founded: bool
