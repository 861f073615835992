"""What a screen's reports, and their absence, say: decided from values alone."""

from typing import Final, Literal

import msgspec

UNKEPT_SECONDS_MAX: Final = 8.0
"""A typed text that neither editor nor witness got into an outbox: the witness tries at 5 s."""
UNKEPT_AGAIN_SECONDS: Final = 4.0
"""A computer that wakes from sleep tells of an old text once: both keep it in this time."""
UNSEEN_SECONDS_MAX: Final = 10.0
"""A text on a screen that nothing has, with nothing under way."""
SILENT_SECONDS_MAX: Final = 15.0
"""A page that saves and whose witness says nothing for so long; it reports every 3 s."""
SENDING_SECONDS_MIN: Final = 8.0
"""A computer that wakes from sleep may save before its witness speaks: seconds, not this long."""
FRESH_SECONDS_MAX: Final = 5.0
"""An entry that was typed no longer ago comes from a page that is open."""

ScreenCode = Literal["screen-text-unkept", "screen-text-unknown"]


class Glance(msgspec.Struct, frozen=True):
    """One report. `unsaved` is for how long (ms) typed text has been in the page only."""

    known: bool
    waiting: int
    unsaved: int | None


class Astray(msgspec.Struct, frozen=True):
    """Since when (seconds on some clock) a screen has told of a text that nothing keeps.

    `unknown_since`: it shows one that nobody ever had; `unkept_since`: one typed long ago.
    """

    unknown_since: float | None = None
    unkept_since: float | None = None


def judge_screen(glance: Glance, before: Astray, now: float) -> tuple[Astray, ScreenCode | None]:
    """What to remember of the screen, and what to say of it; `before` is of the same text."""
    if glance.unsaved is not None:
        if glance.unsaved < UNKEPT_SECONDS_MAX * 1_000:
            return Astray(), None
        since = now if before.unkept_since is None else before.unkept_since
        long = now - since >= UNKEPT_AGAIN_SECONDS
        return Astray(unkept_since=since), "screen-text-unkept" if long else None
    if glance.known or glance.waiting:
        return Astray(), None
    since = now if before.unknown_since is None else before.unknown_since
    long = now - since >= UNSEEN_SECONDS_MAX
    return Astray(unknown_since=since), "screen-text-unknown" if long else None


def is_fresh(held: float) -> bool:
    """Whether what has just arrived was typed just now: `held` in seconds, by the device's clock.

    What was held for longer may be of a page that is closed.
    """
    return abs(held) < FRESH_SECONDS_MAX


def is_silent(reported: float, sending: float) -> bool:
    """Whether a page is alive, for it goes on sending what was just typed, and its witness is not.

    `reported`: seconds since its last report; `sending`: since the first fresh entry after that.
    """
    return reported >= SILENT_SECONDS_MAX and sending >= SENDING_SECONDS_MIN
