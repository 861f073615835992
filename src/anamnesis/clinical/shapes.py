"""Texts of a fixed form: identifiers, digests, instants, dates."""

from datetime import date, datetime
from typing import Annotated, Final, TypeAlias

import msgspec

Uuid: TypeAlias = Annotated[
    str, msgspec.Meta(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\Z")
]
Digest: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}\Z")]
Instant: TypeAlias = Annotated[
    str,
    msgspec.Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z\Z"),
]
PartialDay: TypeAlias = Annotated[
    str, msgspec.Meta(pattern=r"^([0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?)?\Z")
]
MAIL_ADDRESS_FORM: Final = r"[^\s@<>,;\"]{1,64}@[^\s@<>,;\"]{1,255}"
MailAddress: TypeAlias = Annotated[str, msgspec.Meta(pattern=f"^{MAIL_ADDRESS_FORM}\\Z")]
Rpps: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^([0-9]{11})?\Z")]
Some: TypeAlias = Annotated[str, msgspec.Meta(min_length=1)]
Day: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^([0-9]{4}-[0-9]{2}-[0-9]{2})?\Z")]


def is_instant(text: str) -> bool:
    """Whether `text`, of the form of an instant, is one that the calendar and the clock have."""
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def is_day(text: str) -> bool:
    """Whether `text` is `YYYY-MM-DD` and a day that the calendar has."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def is_partial_day(text: str) -> bool:
    """Whether `text`, `YYYY` with or without `-MM` and `-DD`, is something the calendar has."""
    return is_day(text + "-01-01"[len(text) - 4 :] if len(text) < len("YYYY-MM-DD") else text)
