"""Layer 1 of the guard: saves that are recorded late, again and again.

The unit is one save at a time. Whatever holds up the record holds up everything behind it, so
after a late save the next one counts only once the record has caught up. What the keeper itself
orders (the application replaced, the record made anew) excuses everything until then; that is
known before the saves concerned, and so spoils no bound.
"""

from collections.abc import Iterator
from typing import Final

from anamnesis.rollout.evidence import Lapses, threshold
from anamnesis.rollout.occasions import LAPSE_ALPHA
from anamnesis.rollout.race import Suspect

LATE_SECONDS: Final = 2.0
"""A save that is not recorded after so long is late."""
LATE_HEALTHY: Final = 0.001
"""The share of such saves that may be late on a busy machine on which nothing is wrong."""


class Lateness:
    """Follows one save after another from the journal into the record."""

    def __init__(self) -> None:
        self._lapses = Lapses()
        self._followed: tuple[int, float] | None = None
        self._behind: int | None = None
        self._excused = True
        self.seen = 0
        self.lapsed = 0
        self.excuses = 0
        self.threshold = threshold(LAPSE_ALPHA)

    def excuse(self) -> None:
        """The keeper orders something that holds up the record."""
        self._excused, self._followed = True, None
        self.excuses += 1

    def forget(self) -> None:
        """What was found has been acted upon."""
        self._lapses = Lapses()

    def journaled(self, position: int, now: float) -> None:
        """A save; it is followed unless another one is."""
        if self._followed is None and self._behind is None and not self._excused:
            self._followed = position, now

    def look(self, up: bool, journaled: int, applied: int, now: float) -> Iterator[Suspect]:
        """Whether the save that is followed has been recorded; called a few times each second."""
        if up and applied >= journaled:
            self._excused, self._behind = False, None
        if self._followed is None:
            return
        position, since = self._followed
        late = now - since > LATE_SECONDS
        if applied > position or late:
            self._followed = None
            self._behind = position if late else None
            self._lapses.observe(lapsed=late, healthy=LATE_HEALTHY)
            self.seen += 1
            self.lapsed += late
            if self._lapses.log >= self.threshold:
                test = f"{self.lapsed} of {self.seen}"
                yield Suspect("", "saves-late", test, self._lapses.log, self.threshold)

    def shown(self) -> dict[str, object]:
        """For the operator."""
        return {
            "saves": self.seen,
            "late": self.lapsed,
            "late_after_seconds": LATE_SECONDS,
            "healthy": LATE_HEALTHY,
            "excused": self._excused,
            "excuses": self.excuses,
            "evidence": round(self._lapses.log, 2),
            "threshold": round(self.threshold, 2),
        }
