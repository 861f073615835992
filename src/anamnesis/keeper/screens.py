"""What screens say of themselves, held against the record for longer than a moment."""

from collections import OrderedDict
from collections.abc import Callable

import msgspec

from anamnesis.seams import Clock

WRONG_SECONDS_MAX = 4.0
"""A screen may show another text than the record while somebody else's writing reaches it."""
SCREENS_MAX = 20_000
"""Screens remembered; of those beyond, the one heard of longest ago is forgotten."""


class Screen(msgspec.Struct, frozen=True):
    """One open encounter on one device."""

    practice: str
    author: str
    device: str
    encounter: str


class Screens:
    """Says once of a screen that it goes on showing what nothing else has. One thread."""

    def __init__(self, clock: Clock, wrong: Callable[[Screen], object]) -> None:
        self._clock = clock
        self._wrong = wrong
        self._since: OrderedDict[Screen, float] = OrderedDict()

    def seen(self, screen: Screen, *, differs: bool) -> None:
        """A report: `differs` if nothing of the screen's text is under way, and it is not kept."""
        if not differs:
            self._since.pop(screen, None)
            return
        now = self._clock.monotonic()
        since = self._since.setdefault(screen, now)
        self._since.move_to_end(screen)
        if len(self._since) > SCREENS_MAX:
            self._since.popitem(last=False)
        if now - since >= WRONG_SECONDS_MAX:
            self._wrong(screen)
