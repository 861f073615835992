"""What screens say of themselves, held against the record for longer than a moment."""

from collections import OrderedDict
from collections.abc import Callable

import msgspec

from anamnesis.seams import Clock, instant

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
        self._tell = wrong
        self._since: OrderedDict[Screen, float] = OrderedDict()
        self.seen_at: str | None = None
        """When a screen was last compared."""

    def seen(self, screen: Screen, *, differs: bool, faithful: bool = True) -> None:
        """A report: `differs` if nothing of the screen's text is under way, and it is not kept.

        A page that came with another text than the record's is not waited for: whoever types in
        it goes on from what they do not see.
        """
        self.seen_at = instant(self._clock.now())
        if not faithful:
            self._tell(screen)
        if not differs:
            self._since.pop(screen, None)
            return
        now = self._clock.monotonic()
        since = self._since.setdefault(screen, now)
        self._since.move_to_end(screen)
        if len(self._since) > SCREENS_MAX:
            self._since.popitem(last=False)
        if now - since >= WRONG_SECONDS_MAX:
            self._tell(screen)

    def wrong(self) -> int:
        """How many screens show, and have shown for too long, what nothing else has."""
        now = self._clock.monotonic()
        return sum(now - since >= WRONG_SECONDS_MAX for since in list(self._since.values()))
