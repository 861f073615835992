"""What sentinels remember of their notes, to read them again long after (pure)."""

from typing import Final

import msgspec

from anamnesis.rollout.walked import Finding

FRESH_SECONDS: Final = 600.0
"""Every note is remembered for so long; of those older, one for each sentinel, path and hour."""
OLD_SECONDS_MAX: Final = 8 * 86_400.0
"""A night's job is found out by the morning, a week's job after a week."""
NOTES_MAX: Final = 20_000
READ_AGAIN: Final = 2
"""Notes of each sentinel that are read again in one round: those not read for longest."""


class Kept(msgspec.Struct):
    """A note, the entry that typed it last, and the digest of what it has to say.

    `wrong` is what was found of it and is to be said when it is right again. Instants are
    seconds since 1970.
    """

    feature: str
    path: str
    entry: Finding
    digest: str
    written_at: float
    read_at: float
    wrong: tuple[Finding, ...] = ()


class Memory(msgspec.Struct):
    """The notes, the oldest first."""

    notes: list[Kept] = msgspec.field(default_factory=list)

    def keep(self, one: Kept) -> None:
        """Remembers a note that was just written and read."""
        self.notes.append(one)

    def due(self, feature: str) -> list[Kept]:
        """Which of this sentinel's notes to read again now."""
        mine = [one for one in self.notes if one.feature == feature and not one.wrong]
        return sorted(mine, key=lambda one: one.read_at)[:READ_AGAIN]

    def wrong(self) -> list[Kept]:
        """Those that were read wrong last."""
        return [one for one in self.notes if one.wrong]

    def forget(self, now: float) -> None:
        """Keeps everything fresh, and of what is older one note for each path and hour."""
        kept: list[Kept] = []
        hours: set[tuple[str, str, int]] = set()
        for one in self.notes:
            age = now - one.written_at
            hour = (one.feature, one.path, int(one.written_at // 3600.0))
            is_first = hour not in hours
            hours.add(hour)
            if one.wrong or age <= FRESH_SECONDS or (is_first and age <= OLD_SECONDS_MAX):
                kept.append(one)
        self.notes = kept[-NOTES_MAX:]
