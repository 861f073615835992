"""Weighs the evidence that a feature's cohort loses what it writes: layers 1 and 2 of the guard.

Whoever saves, reports or opens a page only leaves a fact here; a thread of its own weighs them a
few times each second, and tells the guard (docs/adr/0013).
"""

import threading
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

import structlog

from anamnesis.clinical.composition import NOTE_TEXT_KINDS
from anamnesis.clinical.kinds import NoteText, read_content
from anamnesis.clinical.refusal import ContentRefused
from anamnesis.clinical.sections import SECTIONS, Sections
from anamnesis.journal.entry import JournaledEntry
from anamnesis.keeper.exits import EXIT_UNEXPECTED
from anamnesis.rollout.lateness import Lateness
from anamnesis.rollout.occasions import Occasions
from anamnesis.rollout.presence import Who
from anamnesis.rollout.race import RACE_ALPHA, Races, Suspect
from anamnesis.rollout.rollout import Rollout
from anamnesis.rollout.sentinels import is_sentinel
from anamnesis.rollout.signs import REPORT, SHARE, signs_of
from anamnesis.seams import Clock

WEIGHED_EVERY_SECONDS = 0.25
FACTS_MAX = 20_000
"""Facts that wait; beyond, they are counted as missed, and that is an alarm."""
CLOSE_SECONDS_MAX = 5.0
HEARD_SECONDS = 15.0
"""A page's witness tells at once and then each three seconds; by now it would have."""
HEARD_HEALTHY = 0.05
"""The share of pages that are closed, or lose the network, before anything was heard of them."""
HEARD_REMEMBERED_SECONDS = 30 * 86_400.0
"""Of a practitioner who was heard so lately, a page that stays silent means something."""
EMPTIED_SECONDS = 60.0
"""A text is followed for so long from its first save on."""
EMPTIED_HEALTHY = 0.05
"""The share of texts of which somebody clears a whole section meanwhile."""
SHARED_SECONDS = 12 * 3_600.0
"""A text written so soon after a document of its patient was shared is on that path."""
REMEMBERED_MAX = 50_000
"""Practitioners, patients and texts remembered; the oldest is forgotten."""

WEIGHED_KINDS = NOTE_TEXT_KINDS | {"document.share"}
"""What is a sign of life; the rest may be large, and is let go."""

_Fact = tuple[str, str, str, str, float]
_Key = TypeVar("_Key")
_Value = TypeVar("_Value")
_log = structlog.get_logger()


class Weighing:
    """Facts come from any thread. `tell` hears of each suspect, and says what is in force."""

    def __init__(
        self,
        clock: Clock,
        rollout: Callable[[], Rollout],
        tell: Callable[[Suspect], object],
        stop: Callable[[int], None],
    ) -> None:
        self._clock = clock
        self._rollout = rollout
        self._tell = tell
        self._stop = stop
        self._facts: deque[_Fact | tuple[Sequence[JournaledEntry], float]] = deque()
        self._standing = (False, 0, 0)
        self._excuses = 0
        self._races = Races()
        self._pages = Occasions("page-silent", HEARD_SECONDS, HEARD_HEALTHY, lapsed_if=False)
        self._texts = Occasions("section-emptied", EMPTIED_SECONDS, EMPTIED_HEALTHY, lapsed_if=True)
        self._lateness = Lateness()
        self._heard: OrderedDict[Who, float] = OrderedDict()
        self._shared: OrderedDict[Who, float] = OrderedDict()
        self._last: OrderedDict[str, Sections] = OrderedDict()
        self._running: tuple[int, ...] = ()
        self._closing = threading.Event()
        self.turns = 0
        """Grows for as long as the thread turns."""
        self.missed = 0
        """Facts for which there was no room."""
        self._thread = threading.Thread(target=self._run, name="weighing", daemon=True)

    def start(self) -> None:
        """Starts the thread."""
        self._thread.start()

    def close(self) -> None:
        """Ends the thread."""
        self._closing.set()
        self._thread.join(CLOSE_SECONDS_MAX)

    def journaled(self, entries: Sequence[JournaledEntry]) -> None:
        """These entries were journaled. On the journal's thread: adds one fact at most."""
        signs = [
            one
            for one in entries
            if one.entry.kind in WEIGHED_KINDS and not is_sentinel(one.entry.practice)
        ]
        if signs:
            self._add((signs, self._clock.monotonic()))

    def opened(self, practice: str, practitioner: str, encounter: str) -> None:
        """An encounter's page was given to somebody."""
        if not is_sentinel(practice):
            self._add(("opened", practice, practitioner, encounter, self._clock.monotonic()))

    def heard(self, practice: str, practitioner: str, encounter: str) -> None:
        """The witness of somebody's page told what is on the screen."""
        if not is_sentinel(practice):
            self._add(("heard", practice, practitioner, encounter, self._clock.monotonic()))

    def stands(self, up: bool, journaled: int, applied: int) -> None:
        """How the application does, seen from outside; called a few times each second."""
        self._standing = up, journaled, applied

    def excuse(self) -> None:
        """The keeper has the application replaced, or the record made anew."""
        self._excuses += 1

    def shown(self) -> dict[str, object]:
        """For the operator: the evidence of each test, and at which it alarms."""
        return {
            "turns": self.turns,
            "waiting": len(self._facts),
            "missed": self.missed,
            "race_alpha": RACE_ALPHA,
            "races": self._races.shown(),
            "occasions": [*self._pages.shown(), *self._texts.shown()],
            "lateness": self._lateness.shown(),
        }

    def step(self) -> None:
        """Weighs what has come since the last step."""
        now = self._clock.monotonic()
        self._follow(self._rollout(), now)
        for _ in range(len(self._facts)):
            fact = self._facts.popleft()
            if len(fact) == 2:
                self._take_entries(*fact)
            else:
                self._take(*fact)
        self._told(self._races.look(now))
        self._told(self._pages.judge(now))
        self._told(self._texts.judge(now))
        if self._excuses:
            self._excuses = 0
            self._lateness.excuse()
        late = list(self._lateness.look(*self._standing, now))
        if self._running:
            self._told(late)

    def _add(self, fact: _Fact | tuple[Sequence[JournaledEntry], float]) -> None:
        if len(self._facts) < FACTS_MAX:
            self._facts.append(fact)
        else:
            self.missed += 1

    def _run(self) -> None:
        try:
            while not self._closing.wait(WEIGHED_EVERY_SECONDS):
                self.step()
                self.turns += 1
        except BaseException as failure:  # noqa: BLE001 - it ends the process
            # A guard that has stopped looks as if nothing were wrong: better to start afresh.
            _log.critical("weighing-stopped", failure=type(failure).__name__, exc_info=failure)
            self._stop(EXIT_UNEXPECTED)

    def _follow(self, rollout: Rollout, now: float) -> None:
        self._races.follow(rollout, now)
        self._pages.follow(rollout)
        self._texts.follow(rollout)
        running = tuple(one.number for one in rollout.active())
        if running != self._running:
            self._running = running
            self._lateness.forget()

    def _take_entries(self, entries: Sequence[JournaledEntry], at: float) -> None:
        for journaled in entries:
            self._lateness.journaled(journaled.position, at)
            entry = journaled.entry
            who = (entry.practice, entry.author)
            if entry.kind == "document.share":
                _remember(self._shared, (entry.practice, entry.patient or ""), at)
                self._told(self._races.see(who, [SHARE]))
            elif entry.encounter is not None:
                self._pages.mark(entry.encounter + entry.author)
                self._take_text(journaled, who, entry.encounter, at)

    def _take_text(self, journaled: JournaledEntry, who: Who, encounter: str, at: float) -> None:
        entry = journaled.entry
        try:
            content = read_content(entry.kind, entry.content)
        except ContentRefused:
            return  # of a build that knows more; the record's own checks see to it
        if not isinstance(content, NoteText):
            return
        sections = content.sections
        shared = self._shared.get((entry.practice, entry.patient or ""), -SHARED_SECONDS)
        signs = signs_of(sections, shared=at - shared < SHARED_SECONDS)
        self._told(self._races.see(who, signs))
        before = self._last.pop(encounter, None)
        _remember(self._last, encounter, sections)
        if before is None:
            self._texts.begin(encounter, who, at)
        elif _emptied(before, sections):
            self._texts.mark(encounter)

    def _take(self, what: str, practice: str, practitioner: str, encounter: str, at: float) -> None:
        who, page = (practice, practitioner), encounter + practitioner
        if what == "heard":
            _remember(self._heard, who, at)
            self._pages.mark(page)
            self._told(self._races.see(who, [REPORT]))
        elif at - self._heard.get(who, -HEARD_REMEMBERED_SECONDS) < HEARD_REMEMBERED_SECONDS:
            self._pages.begin(page, who, at)

    def _told(self, suspects: Iterable[Suspect]) -> None:
        for suspect in suspects:
            self._tell(suspect)


def _remember(kept: OrderedDict[_Key, _Value], key: _Key, value: _Value) -> None:
    kept[key] = value
    kept.move_to_end(key)
    if len(kept) > REMEMBERED_MAX:
        kept.popitem(last=False)


def _emptied(before: Sections, now: Sections) -> bool:
    """Whether some section that had text is blank."""
    return any(before.section(name).strip() and not now.section(name).strip() for name in SECTIONS)
