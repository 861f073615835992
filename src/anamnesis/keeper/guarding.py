"""Judges what goes wrong, and stops the feature that did it: at once, in every process.

Whoever finds something wrong calls in from its own thread; the decision is rollout/guard.py's, a
few microseconds of values. What follows from it needs none of the code that is suspected: the
rollout is published, and the application, with whatever was left behind in it, is killed and
started again without the feature.
"""

import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import structlog

from anamnesis.clinical.composition import NOTE_TEXT_KINDS
from anamnesis.keeper.disagreements import REFUSED
from anamnesis.keeper.doing import doing_at, forget
from anamnesis.keeper.incident_book import IncidentBook
from anamnesis.keeper.judgement import Disagreement, Outside
from anamnesis.keeper.publishing import publish
from anamnesis.keeper.received import Expected
from anamnesis.keeper.screens import Screen
from anamnesis.keeper.watch import State, Vitals
from anamnesis.record.outstanding import ERASED, FOLD_FAILED
from anamnesis.rollout.guard import Guard, Suspicion
from anamnesis.rollout.race import Suspect
from anamnesis.rollout.rollout import Rollout
from anamnesis.rollout.sentinels import SENTINEL_PRACTICE
from anamnesis.seams import Clock, instant

LOOKED_EVERY_SECONDS = 0.25
HOOK_SECONDS_MAX = 1.0
"""A feature that keeps an entry, or a page, longer is suspended."""
JOB_SECONDS_MAX = 10.0
"""Likewise for loading a feature and for its nightly job, which hold up nobody at once."""
STALLED_SECONDS_MAX = 2.0
"""A record that stands still for so long, features running, is not waited for any longer."""

CONFLICTS = frozenset(
    {
        "text-changed",
        "nothing-to-sign",
        "entered-in-error",
        "appointment-overlaps",
        "appointment-changed",
        "document-not-issued",
        "divergence-unknown",
    }
)
"""Refusals that people bring about themselves, every day, by working at the same time."""
OUT_OF_ORDER = frozenset({"encounter-unknown", "patient-unknown", "patient-mismatch"})
"""Refusals of a text that a device brings about which sends what it held in another order."""

_log = structlog.get_logger()


class Guarding:
    """The guard at work. Called by several threads."""

    def __init__(
        self,
        published: Path,
        doing: Path,
        rollout: Rollout,
        clock: Clock,
        book: IncidentBook,
        replace: Callable[[str], None],
        order: Callable[[], None],
        changed: Callable[[Rollout], None],
        armed: bool = True,
    ) -> None:
        self._published = published
        self._doing = doing
        self._clock = clock
        self._book = book
        self._replace = replace
        self._order = order
        self._changed = changed
        self._armed = armed
        self._lock = threading.Lock()
        self._guard = Guard(rollout)
        self._applied = -1
        self._moved_at = clock.monotonic()
        self._started_at = instant(clock.now())

    @property
    def rollout(self) -> Rollout:
        """What is in force."""
        return self._guard.rollout

    def wrong(self, found: Sequence[Disagreement]) -> None:
        """These entries are shown wrongly, and were not before."""
        self._book.wrong(found, [self._features(one.expected) for one in found])
        for one in found:
            expected = one.expected
            if one.code == REFUSED and not self._came_before(expected):
                continue
            self._judge(
                Suspicion(one.code, expected.practice, expected.author, expected.received_at)
            )

    def right(self, entries: Sequence[Expected]) -> None:
        """These entries are shown rightly again."""
        self._book.righted(entries)

    def journaled(self, entries: Sequence[Expected]) -> None:
        """These entries were journaled. One that the witness had to write tells of its page."""
        for one in entries:
            if one.kind == "note.rescue":
                self._of_page("screen-rescued", one.practice, one.author, one.received_at)

    def features_of(self, practice: str, author: str) -> tuple[str, ...]:
        """The features that run for this practitioner."""
        return tuple(sorted(one.feature for one in self.rollout.active_for(practice, author)))

    def page_loses(self, code: str, practice: str, author: str, since: str) -> None:
        """This practitioner's page lost something, or keeps it to itself; since when, if known."""
        self._of_page(code, practice, author, since or None)

    def screen_differs(self, screen: Screen) -> None:
        """A screen goes on showing a text that nothing else has."""
        self._of_page("screen-differs", screen.practice, screen.author, None)

    def unwalked(self, author: str, path: str, why: str) -> None:
        """This sentinel could not walk this path; `why` is the code of what was in the way."""
        self._book.step("unwalked", f"{path}: {why}")
        self._judge(Suspicion("sentinel-unwalked", SENTINEL_PRACTICE, author))

    def weighed(self, suspect: Suspect) -> None:
        """Enough evidence against this feature, or against some feature."""
        running = [one.feature for one in self.rollout.active()]
        if running and (not suspect.feature or suspect.feature in running):
            detail = f"{suspect.code}: {suspect.feature or 'all'} ({suspect.test})"
            _log.error("feature-suspected", code=suspect.code, test=suspect.test)
            self._book.step("suspected", detail)
            self._judge(Suspicion(suspect.code, feature=suspect.feature or None))

    def suspects(self, refused: Outside) -> bool:
        """Whether something other than the entry itself may be why the record refused it.

        A fault of the program is, whatever runs; anything else, only with a feature there.
        """
        if refused.code == ERASED:
            return False
        if refused.code == FOLD_FAILED:
            return True
        expected = refused.expected
        text = expected.kind in NOTE_TEXT_KINDS
        if refused.code in CONFLICTS and not text:
            return False
        running = self.rollout.active_for(expected.practice, expected.author)
        if not running and text and refused.code not in OUT_OF_ORDER:
            running = self.rollout.active()  # one of them may have changed what all share
        return any(one.deployed_at <= expected.received_at for one in running)

    def look(self, state: State, vitals: Vitals, journaled: int, applied: int) -> None:
        """Looks at the application from outside; called every LOOKED_EVERY_SECONDS."""
        now = self._clock.monotonic()
        if not self.rollout.active():
            self._moved_at = now
            return
        for act in doing_at(self._doing):
            longest = HOOK_SECONDS_MAX if act.position >= 0 else JOB_SECONDS_MAX
            if now - act.since > longest:
                self._judge(Suspicion("hook-too-long", feature=act.feature))
        if vitals.revision == self.rollout.revision:
            for feature in vitals.failed:
                self._judge(Suspicion("hook-failed", feature=feature))
        if applied != self._applied or applied >= journaled or state != "up":
            self._applied, self._moved_at = applied, now
        elif now - self._moved_at > STALLED_SECONDS_MAX:
            self._moved_at = now
            self._judge(Suspicion("record-stalled"))

    def made_anew(self) -> None:
        """The record was made anew."""
        with self._lock:
            self._guard.made_anew()
        self._book.step("anew")

    def decide(self, change: Callable[[Rollout], Rollout]) -> Rollout:
        """An operator's decision; raises RolloutRefused, and then changes nothing."""
        with self._lock:
            before = self.rollout
            rollout = change(before)
            self._guard.decide(rollout)
            publish(self._published, rollout)
        running = {one.number for one in rollout.active()}
        if any(one.number not in running for one in before.active()):
            self._replace("withdrawn")  # its code may have left anything behind there
        self._changed(rollout)
        return rollout

    def _of_page(self, code: str, practice: str, author: str, received_at: str | None) -> None:
        """Only a feature that runs for its reader can have spoilt a page."""
        if self.rollout.active_for(practice, author):
            self._judge(Suspicion(code, practice, author, received_at))

    def _judge(self, suspicion: Suspicion) -> None:
        if not self._armed:
            return
        with self._lock:
            before = self.rollout
            rollout = self._guard.judge(suspicion, instant(self._clock.now()))
            if rollout is None:
                return
            publish(self._published, rollout)
            forget(self._doing)
        self._replace("suspended")
        self._order()
        still = {one.feature for one in rollout.active()}
        for one in before.active():
            if one.feature not in still:
                _log.error("feature-suspended", feature=one.feature, why=suspicion.code)
                self._book.step("suspended", one.feature)
        if rollout.mode == "safe" and before.mode != "safe":
            self._book.step("safe-mode")
        self._changed(rollout)

    def _came_before(self, expected: Expected) -> bool:
        """Whether a feature that runs was there already when this came."""
        return any(one.deployed_at <= expected.received_at for one in self.rollout.active())

    def _features(self, expected: Expected) -> tuple[str, ...]:
        return self.features_of(expected.practice, expected.author)
