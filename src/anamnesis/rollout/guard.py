"""Which feature to suspend when something is wrong, decided from values alone.

The order is fixed before anything happens: whoever was caught in the act; otherwise, of those that
run for the practitioner concerned, canaries first and the newest first; if what comes afterwards
is wrong too, everything (safe mode). Nothing is suspended twice for the same damage: what a
feature did before it was suspended goes on being found until the record has been made anew.
"""

import msgspec

from anamnesis.rollout.rollout import Deployment, Rollout


class Suspicion(msgspec.Struct, frozen=True):
    """Something is wrong. Whose entry it is about, where known, and when that was received.

    `feature` is named when it was caught in the act.
    """

    code: str
    practice: str | None = None
    author: str | None = None
    received_at: str | None = None
    feature: str | None = None


class Guard:
    """Judges one suspicion after another. Used by one thread at a time."""

    def __init__(self, rollout: Rollout) -> None:
        self.rollout = rollout
        self._acted_at = ""
        self._settled = True

    def judge(self, suspicion: Suspicion, at: str) -> Rollout | None:
        """What has to be in force from now on (instant `at`); None if nothing has to change."""
        if self._explained(suspicion):
            return None
        new = self._next(suspicion, at)
        if new is not None:
            self.rollout, self._acted_at, self._settled = new, at, False
        return new

    def made_anew(self) -> None:
        """The record was made anew: what is wrong in it from now on is new."""
        self._settled = True

    def decide(self, rollout: Rollout) -> None:
        """An operator's decision."""
        self.rollout = rollout

    def _explained(self, suspicion: Suspicion) -> bool:
        """Whether what was suspended last may have done this before it was suspended."""
        if self._settled or suspicion.feature is not None:
            return False
        return suspicion.received_at is None or suspicion.received_at <= self._acted_at

    def _next(self, suspicion: Suspicion, at: str) -> Rollout | None:
        suspects = self._suspects(suspicion)
        if not suspects:
            return None
        if self._settled or suspicion.feature is not None:
            return self.rollout.suspended(suspects[0].feature, at, suspicion.code)
        rollout = self.rollout.in_mode("safe")
        for one in self.rollout.active():
            rollout = rollout.suspended(one.feature, at, suspicion.code)
        return rollout

    def _suspects(self, suspicion: Suspicion) -> list[Deployment]:
        running = self.rollout.active()
        if suspicion.feature is not None:
            return [one for one in running if one.feature == suspicion.feature]
        if suspicion.practice is None or suspicion.author is None:
            return running
        concerned = self.rollout.active_for(suspicion.practice, suspicion.author)
        # One that reaches into others' notes is none of theirs.
        return concerned or running
