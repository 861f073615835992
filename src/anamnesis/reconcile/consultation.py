"""A consultation was held, or a document of it shared: is there a note? Decided from values."""

from collections.abc import Sequence
from typing import Final, Literal

import msgspec

GRACE_SECONDS: Final = 5.0
"""What was typed last is on its way when an encounter is closed."""
WAITED_SECONDS: Final = 30.0
"""How long until a consultation whose text is still on a device is looked at again."""

Outcome = Literal["written", "waiting", "emptied", "empty"]


class Typed(msgspec.Struct, frozen=True):
    """A text that some screen of the consultation showed last, and that nothing has.

    `waiting`: the device says that it holds entries; the text may be one of them.
    """

    device: str
    waiting: bool


def judge_consultation(*, blank: bool, typed: Sequence[Typed]) -> Outcome:
    """What became of its note.

    A consultation without a note is nobody's fault. One that a screen showed text for is: the text
    is still on a device, or it is gone.
    """
    if not blank:
        return "written"
    if any(not one.waiting for one in typed):
        return "emptied"
    return "waiting" if typed else "empty"
