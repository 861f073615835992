"""When the application is given up for a while, and when it is trusted again; from values alone.

The last step of the guard. Before it, features are suspended one by one (guard.py) and then all of
them (safe mode); if the application goes wrong even so, pages are no longer asked of it:
practitioners go on typing, and read what they typed from the journal. Coming back needs nobody:
the application is tried all the while, from outside.
"""

from collections.abc import Hashable
from typing import Final, Literal

import msgspec

from anamnesis.rollout.rollout import OPERATOR, Rollout

SAFE_AFTER_SECONDS: Final = 15.0
"""An application that has been unwell for so long goes on without features, whoever is to blame."""
JOURNAL_ONLY_AFTER_SECONDS: Final = 30.0
"""After so long it is given up: a start, slow or after a change of features, takes a few."""
WELL_SECONDS: Final = 10.0
"""Only so long without trouble ends it: one that dies again and again was never well."""
BACK_AFTER_SECONDS: Final = 20.0
"""In journal-only mode, how long the application has to have been well to get its pages back."""
BACK_AFTER_SECONDS_MAX: Final = 1_280.0
"""Each time it fails again soon, twice as long, up to this."""
FORGIVEN_AFTER_SECONDS: Final = 3_600.0
"""One that held out for so long counts as never having failed."""

Why = Literal["application-unwell", "wrong-in-safe-mode"]


class Standing(msgspec.Struct, frozen=True):
    """How the application does, seen from outside.

    `up`: it answers; `readable`: the record can be opened; `following`: the record moves, or has
    everything; `right`: the record shows no entry otherwise than the journal has it.
    """

    up: bool
    readable: bool
    following: bool
    right: bool

    def works(self) -> bool:
        """Whether it does anything at all, right or wrong."""
        return self.up and self.readable and self.following


class Endurance:
    """Judges one standing after another, a few each second. Used by one thread at a time."""

    def __init__(self) -> None:
        self._unwell_since: float | None = None
        self._well_since: float | None = None
        self._during: Hashable = None
        self._back_after = BACK_AFTER_SECONDS
        self._left_at: float | None = None
        self._entered = False
        self._anew = False

    @property
    def back_after(self) -> float:
        """How many seconds it has to be well, at present, to get its pages back."""
        return self._back_after

    def made_anew(self) -> None:
        """The record was made anew: what is wrong in it from now on is new."""
        self._anew = True

    def judge(self, rollout: Rollout, standing: Standing, now: float, at: str) -> Rollout | None:
        """What has to be in force from `now` (monotonic seconds; `at`) on; None: no change."""
        self._notice(rollout, standing, now)
        if rollout.journal_only is None:
            self._entered = False
            return self._given_up(rollout, standing, now, at)
        if not self._entered:
            self._enter(now)
        if rollout.journal_only.why == OPERATOR:
            return None
        if self._well_since is None or now - self._well_since < self._back_after:
            return None
        self._left_at, self._unwell_since = now, None
        return rollout.in_mode(rollout.journal_only.before)

    def _given_up(
        self, rollout: Rollout, standing: Standing, now: float, at: str
    ) -> Rollout | None:
        if self._unwell_since is None or self._well_since is not None:
            return None
        lasted = now - self._unwell_since
        if rollout.active():
            return _safe(rollout, at) if lasted >= SAFE_AFTER_SECONDS else None
        if lasted < JOURNAL_ONLY_AFTER_SECONDS:
            return None
        why: Why = "wrong-in-safe-mode" if standing.works() else "application-unwell"
        return rollout.in_journal_only(at, why)

    def _notice(self, rollout: Rollout, standing: Standing, now: float) -> None:
        # Features that come or go have the application replaced on purpose: that is no failure.
        running = tuple(one.number for one in rollout.active())
        if running != self._during:
            self._during, self._unwell_since = running, None
        if rollout.mode == "features":
            self._anew = False
        if standing.works() and (standing.right or not self._asks_right(rollout)):
            self._well_since = now if self._well_since is None else self._well_since
            if now - self._well_since >= WELL_SECONDS:
                self._unwell_since = None
        else:
            self._well_since = None
            self._unwell_since = now if self._unwell_since is None else self._unwell_since

    def _asks_right(self, rollout: Rollout) -> bool:
        """Whether what is wrong in the record counts against the application by itself.

        Not while features run, which are suspected first; nor while what they spoilt is still in
        the record.
        """
        given_up = rollout.journal_only
        if given_up is not None:
            return given_up.why == "wrong-in-safe-mode"
        return rollout.mode == "safe" and self._anew

    def _enter(self, now: float) -> None:
        self._entered = True
        soon = self._left_at is not None and now - self._left_at < FORGIVEN_AFTER_SECONDS
        self._back_after = (
            min(self._back_after * 2, BACK_AFTER_SECONDS_MAX) if soon else BACK_AFTER_SECONDS
        )


def _safe(rollout: Rollout, at: str) -> Rollout:
    """With everything suspended, and in safe mode."""
    safe = rollout.in_mode("safe")
    for one in rollout.active():
        safe = safe.suspended(one.feature, at, "application-unwell")
    return safe
