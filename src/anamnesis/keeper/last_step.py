"""The guard's last step: gives the application up, and takes it back, as rollout/ decides."""

import structlog

from anamnesis.keeper.guarding import Guarding
from anamnesis.keeper.incident_book import IncidentBook
from anamnesis.keeper.watch import State
from anamnesis.rollout.journal_only import Endurance, Standing
from anamnesis.rollout.rollout import Rollout
from anamnesis.seams import Clock, instant

STILL_SECONDS_MAX = 5.0
"""A record that is behind the journal and has not moved for so long does not follow it."""

_log = structlog.get_logger()


class LastStep:
    """Looks at the application from outside, from the event loop's thread."""

    def __init__(
        self, guarding: Guarding, book: IncidentBook, clock: Clock, armed: bool = True
    ) -> None:
        self._guarding = guarding
        self._book = book
        self._clock = clock
        self._armed = armed
        self._endurance = Endurance()
        self._applied = -1
        self._moved_at = clock.monotonic()

    @property
    def taken(self) -> bool:
        """Whether the application is to be asked for nothing."""
        return self._guarding.rollout.mode == "journal-only"

    def made_anew(self) -> None:
        """The record was made anew."""
        self._endurance.made_anew()

    def look(self, state: State, readable: bool, wrong: int, journaled: int, applied: int) -> None:
        """Judges what is to be seen now: called a few times each second.

        `wrong` counts the entries that the record shows wrongly.
        """
        now = self._clock.monotonic()
        if applied != self._applied or applied >= journaled:
            self._applied, self._moved_at = applied, now
        following = now - self._moved_at < STILL_SECONDS_MAX
        standing = Standing(state == "up", readable, following, wrong == 0)
        seen, at = self._guarding.rollout, instant(self._clock.now())
        new = self._endurance.judge(seen, standing, now, at)
        self._book.lasts("journal-only", self.taken)
        if new is not None and self._armed:
            self._decide(seen, new)

    def _decide(self, seen: Rollout, new: Rollout) -> None:
        # Whoever decided meanwhile knew better: the next look judges what they decided.
        decided = self._guarding.decide(lambda now: new if now == seen else now)
        if decided != new:
            return
        for one in seen.active():
            self._book.step("suspended", one.feature)
        if new.journal_only is not None:
            _log.error("journal-only", why=new.journal_only.why)
            self._book.step("journal-only", new.journal_only.why)
        elif seen.journal_only is not None:
            _log.warning("pages-back", mode=new.mode)
            self._book.step("pages-back")
        else:
            _log.error("safe-mode", why="application-unwell")
            self._book.step("safe-mode")
