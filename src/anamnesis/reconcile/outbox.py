"""Whether an outbox and the journal agree, decided from what its pages say of it (I6)."""

from typing import Final, Literal

import msgspec

from anamnesis.clinical.device_loss import HeldNumber

MISSING_SECONDS_MAX: Final = 10.0
"""An outbox that holds nothing, and gave out numbers the journal has not, is not asked again."""
LATE_SECONDS_MAX: Final = 60.0
"""An entry that waits for so long, with a keeper that hears of it and takes no other of it."""

OutboxCode = Literal["device-entries-missing", "device-entries-late"]


class Outbox(msgspec.Struct, frozen=True):
    """What a page said of its device. `sequence` is the last number given out, `oldest` in ms.

    `entries` are those that wait, the newest only where they are many.
    """

    sequence: int
    waiting: int
    oldest: int | None
    entries: tuple[HeldNumber, ...] = ()


class Watched(msgspec.Struct, frozen=True):
    """Since when (seconds on some clock) an outbox has been missing entries, or been stuck.

    `journaled` is the last number of it the journal had when it was stuck first.
    """

    missing_since: float | None = None
    stuck_since: float | None = None
    journaled: int = 0


def judge_outbox(
    outbox: Outbox, journaled: int, before: Watched, now: float
) -> tuple[Watched, OutboxCode | None]:
    """What to remember and what to say; `journaled` is the last number that the journal has."""
    missing = outbox.waiting == 0 and outbox.sequence > journaled
    stuck = outbox.waiting > 0 and outbox.sequence > journaled
    moved = journaled != before.journaled
    since = before.stuck_since if before.stuck_since is not None and not moved else now
    after = Watched(
        missing_since=_since(before.missing_since, now) if missing else None,
        stuck_since=since if stuck else None,
        journaled=journaled,
    )
    if after.missing_since is not None and now - after.missing_since >= MISSING_SECONDS_MAX:
        return after, "device-entries-missing"
    long = (outbox.oldest or 0) >= LATE_SECONDS_MAX * 1_000
    if after.stuck_since is not None and long and now - after.stuck_since >= LATE_SECONDS_MAX:
        return after, "device-entries-late"
    return after, None


class Held(msgspec.Struct, frozen=True):
    """What a device held when it was last heard of: an outbox in the field until it arrives.

    `since` is when its oldest waiting entry was put in it; `entries` are those its pages told of
    one by one, by number. Instants as in RFC 3339.
    """

    practice: str
    author: str
    device: str
    session: str
    sequence: int
    waiting: int
    since: str
    heard_at: str
    entries: tuple[HeldNumber, ...] = ()

    def holds_like(self, other: "Held") -> bool:
        """Whether both say the same, but for when it was said."""
        mine = (self.session, self.sequence, self.waiting, self.entries)
        return mine == (other.session, other.sequence, other.waiting, other.entries)


def is_replaced(held: Held, device: str, outbox: Outbox) -> bool:
    """Whether a browser (one session) that held entries comes back with another, empty outbox.

    A browser has one outbox of a practitioner's, until it retires it. So what it held was taken
    away: by the browser itself, or by a script.
    """
    return outbox.waiting == 0 and held.device != device


def _since(before: float | None, now: float) -> float:
    return now if before is None else before
