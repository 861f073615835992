"""Writes incidents down, from a thread of its own: nobody who found something waits for it."""

import queue
import threading
from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta

import structlog

from anamnesis.keeper.judgement import Disagreement
from anamnesis.keeper.received import Expected
from anamnesis.reconcile.discrepancy import (
    DIFFERENCE_OF,
    OF_PAGES,
    Difference,
    Discrepancy,
    Happened,
    Step,
)
from anamnesis.reconcile.store import IncidentStore
from anamnesis.seams import Clock, instant

WAITING_MAX = 100_000
"""Findings that wait to be written; beyond, the oldest way to know them is the sweep."""
TRIED_AGAIN_AFTER_SECONDS = 1.0
CLOSE_SECONDS_MAX = 5.0
QUIET_SECONDS = 10.0
"""An incident with nothing wrong left is closed after so long without another finding."""
SAME_CAUSE_HOURS = 24
"""So long after its end, a feature that was in an incident is taken for the same cause again."""

Look = Callable[[Expected], tuple[Difference | None, tuple[str, ...]]]
"""What became of an entry's text, if that can be said better, and of which sections."""
_Act = Callable[[], None]

_log = structlog.get_logger()


class IncidentBook:
    """Never two incidents for one cause, as far as that can be told from features and instants.

    One is open at a time, and everything found while it is belongs to it. What a feature of the
    last incident does soon after opens that one again.
    """

    def __init__(self, store: IncidentStore, clock: Clock, look: Look) -> None:
        self._store = store
        self._clock = clock
        self._look = look
        self._acts: queue.Queue[_Act | None] = queue.Queue(WAITING_MAX)
        self._open: int | None = None
        self._found = False
        self._wrong: set[str] = set()
        self._quiet_since = 0.0
        self.failing = False
        self._lasting: set[str] = set()
        self._thread = threading.Thread(target=self._run, name="incident-book", daemon=True)

    def start(self) -> None:
        """Goes on with the incident that was open when the process ended, if one was."""
        newest = self._store.incidents(1)
        if newest and newest[0].closed_at is None:
            self._resume(newest[0].number)
        self._thread.start()

    def close(self) -> None:
        """Writes what waits and ends the thread."""
        self._acts.put(None)
        self._thread.join(CLOSE_SECONDS_MAX)

    def wrong(
        self,
        found: Sequence[Disagreement],
        features: Sequence[tuple[str, ...]],
        instead_of: Sequence[str] = (),
    ) -> None:
        """These entries are shown wrongly; `features` ran for the author of each.

        What was told before by the names `instead_of` is said better now, in the same incident.
        """
        at = instant(self._clock.now())
        self._put(lambda: self._add(found, features, at, instead_of))

    def righted(self, entries: Sequence[Expected]) -> None:
        """These entries are shown rightly again."""
        at = instant(self._clock.now())
        self._put(lambda: self._right([one.id for one in entries], at))

    def step(self, what: Happened, detail: str = "") -> None:
        """One line of the timeline."""
        step = Step(instant(self._clock.now()), what, detail)
        self._put(lambda: self._step(step))

    def lasts(self, what: str, going_on: bool) -> None:
        """Whether something goes on that is no entry's: the incident stays open meanwhile."""
        change = self._lasting.add if going_on else self._lasting.discard
        change(what)

    def _put(self, act: _Act) -> None:
        try:
            self._acts.put_nowait(act)
        except queue.Full:
            self.failing = True

    def _run(self) -> None:
        while True:
            try:
                act = self._acts.get(timeout=TRIED_AGAIN_AFTER_SECONDS)
            except queue.Empty:
                act = self._close_if_quiet
            if act is None:
                self._store.close()
                return
            self._do(act)

    def _do(self, act: _Act) -> None:
        """Until it is written: what was found is not forgotten because a disk is full."""
        while True:
            try:
                act()
            except Exception as failure:  # noqa: BLE001 -- said, and tried again
                if not self.failing:
                    _log.error("incident-not-written", failure=type(failure).__name__)
                self.failing = True
                threading.Event().wait(TRIED_AGAIN_AFTER_SECONDS)
            else:
                self.failing = False
                return

    def _add(
        self,
        found: Sequence[Disagreement],
        features: Sequence[tuple[str, ...]],
        at: str,
        instead_of: Sequence[str] = (),
    ) -> None:
        if not found:
            return
        received = [one.expected.received_at for one in found if one.expected.received_at]
        running = {name for ran in features for name in ran}
        listed = [self._discrepancy(one, ran, at) for one, ran in zip(found, features, strict=True)]
        earlier = self._store.without(instead_of)
        if earlier is not None and earlier != self._open:
            self._store.add(earlier, listed)
            self._more_of(earlier, Step(at, "found", found[0].code))
            return
        number = self._number(at, min(received, default=at), running)
        self._store.add(number, listed)
        self._wrong |= {one.expected.id for one in found if one.code not in OF_PAGES}
        self._quiet_since = self._clock.monotonic()
        if not self._found:
            self._found = True
            self._store.step(number, Step(at, "found", found[0].code))

    def _discrepancy(self, one: Disagreement, features: tuple[str, ...], at: str) -> Discrepancy:
        expected = one.expected
        better, sections = self._look(expected)
        return Discrepancy(
            entry=expected.id,
            position=expected.position,
            kind=expected.kind,
            practice=expected.practice,
            author=expected.author,
            encounter=expected.encounter,
            code=one.code,
            difference=better or DIFFERENCE_OF[one.code],
            sections=sections or expected.sections,
            features=features,
            received_at=expected.received_at,
            found_at=at,
        )

    def _more_of(self, number: int, step: Step) -> None:
        """Something more of an incident that is over: it is over as of now."""
        self._store.step(number, step)
        self._store.close_incident(number, step.at)

    def _right(self, entries: list[str], at: str) -> None:
        for number in self._store.righted_before(self._open, entries, at):
            self._more_of(number, Step(at, "righted"))
        if self._open is None:
            return
        self._store.righted(self._open, entries, at)
        before = len(self._wrong)
        self._wrong -= set(entries)
        self._quiet_since = self._clock.monotonic()
        if before and not self._wrong:
            self._store.step(self._open, Step(at, "righted"))

    def _step(self, step: Step) -> None:
        if step.what == "anew" and self._open is None:
            return
        stopped = {step.detail} if step.what == "suspended" else set[str]()
        number = self._number(step.at, step.at, stopped)
        self._quiet_since = self._clock.monotonic()
        self._store.step(number, step)

    def _number(self, at: str, endangered_at: str, features: Collection[str]) -> int:
        if self._open is None:
            self._open = self._again(at, features)
        if self._open is None:
            self._open = self._store.open(at, endangered_at)
            _log.error("incident-opened", incident=self._open)
        return self._open

    def _again(self, at: str, features: Collection[str]) -> int | None:
        """The last incident, opened again, if one of these features was in it."""
        for last in self._store.incidents(1):
            ended = datetime.fromisoformat(last.closed_at or at)
            since = datetime.fromisoformat(at) - ended
            if since <= timedelta(hours=SAME_CAUSE_HOURS) and {*features} & {*last.features}:
                self._store.reopen(last.number)
                self._store.step(last.number, Step(at, "reopened"))
                _log.error("incident-reopened", incident=last.number)
                return last.number
        return None

    def _close_if_quiet(self) -> None:
        if self._open is None or self._wrong or self._lasting:
            return
        if self._clock.monotonic() - self._quiet_since >= QUIET_SECONDS:
            at = instant(self._clock.now())
            self._store.close_incident(self._open, at)
            self._store.step(self._open, Step(at, "closed"))
            _log.info("incident-closed", incident=self._open)
            self._open, self._found = None, False

    def _resume(self, number: int) -> None:
        after = -1
        while batch := self._store.discrepancies(number, None, None, after, 1_000):
            self._wrong |= {
                one.entry for one in batch if one.righted_at is None and one.code not in OF_PAGES
            }
            after = batch[-1].position
        self._open, self._found = number, bool(self._wrong)
        self._quiet_since = self._clock.monotonic()
