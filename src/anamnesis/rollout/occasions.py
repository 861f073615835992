"""Occasions on which something should happen, or should not, and the features they speak of.

Unlike a race they need no lot, and so work for cohorts that were named. An occasion is judged when
its time is over, in the order in which occasions began: never sooner because it went wrong.
"""

from collections import OrderedDict, deque
from collections.abc import Hashable, Iterator
from typing import Final

from anamnesis.rollout.evidence import Lapses, threshold
from anamnesis.rollout.presence import PRACTITIONERS_MAX, Who
from anamnesis.rollout.race import Suspect
from anamnesis.rollout.rollout import Deployment, Rollout

LAPSE_ALPHA: Final = 1e-6
"""One false alarm is expected at the earliest after so many occasions: 1/LAPSE_ALPHA."""
AFTER_LAPSES: Final = (0.3, 0.5, 0.7)
"""The chance that is healthy for somebody whose last occasion lapsed, or last two, or more: a
browser that is broken stays broken."""
REST_REMEMBERED: Final = 100
"""Occasions of those without a feature by which it is judged what is healthy now."""
REST_TIMES: Final = 2.0
"""So many times the lapses of everybody else are still healthy."""
HEALTHY_MAX: Final = 0.9
WAITING_MAX: Final = 50_000
"""Occasions that wait to be judged; beyond, a new one is none."""


class _Feature:
    """What is known of one feature: its evidence, and how everybody else does."""

    def __init__(self) -> None:
        self.lapses = Lapses()
        self.seen = 0
        self.lapsed = 0
        self.rest: deque[bool] = deque(maxlen=REST_REMEMBERED)

    def healthy(self, at_least: float) -> float:
        """The chance of a lapse that is healthy now, from what is known before it."""
        rest = sum(self.rest) / len(self.rest) if self.rest else 0.0
        return min(max(at_least, REST_TIMES * rest), HEALTHY_MAX)


class _Occasion:
    __slots__ = ("at", "features", "key", "marked", "who")

    def __init__(self, key: Hashable, who: Who, features: frozenset[int], at: float) -> None:
        self.key = key
        self.who = who
        self.features = features
        self.at = at
        self.marked = False


class Occasions:
    """One kind of occasion: `seconds` long, and it lapsed if it was marked, or if it was not.

    `healthy` is the chance of a lapse while nothing is wrong. Of one practitioner one occasion
    runs at a time. Used by one thread.
    """

    def __init__(self, code: str, seconds: float, healthy: float, *, lapsed_if: bool) -> None:
        self._code = code
        self._seconds = seconds
        self._healthy = healthy
        self._lapsed_if = lapsed_if
        self._waiting: OrderedDict[Hashable, _Occasion] = OrderedDict()
        self._engaged: set[Who] = set()
        self._runs: OrderedDict[Who, int] = OrderedDict()
        self._running: list[Deployment] = []
        self._features: dict[int, _Feature] = {}
        self.threshold = threshold(LAPSE_ALPHA)

    def follow(self, rollout: Rollout) -> None:
        """Judges what runs, from nothing when that changes."""
        running = [one for one in rollout.active() if not one.trying]
        if running != self._running:
            self._running = running
            self._features = {one.number: _Feature() for one in running}

    def begin(self, key: Hashable, who: Who, now: float) -> None:
        """An occasion of somebody, known by `key`, unless one of theirs is running."""
        if who in self._engaged or key in self._waiting or len(self._waiting) >= WAITING_MAX:
            return
        features = frozenset(one.number for one in self._running if one.runs_for(*who))
        self._engaged.add(who)
        self._waiting[key] = _Occasion(key, who, features, now)

    def mark(self, key: Hashable) -> None:
        """It happened."""
        occasion = self._waiting.get(key)
        if occasion is not None:
            occasion.marked = True

    def judge(self, now: float) -> Iterator[Suspect]:
        """Judges the occasions whose time is over; what they make suspect, the newest first."""
        while self._waiting:
            first = next(iter(self._waiting.values()))
            if now - first.at < self._seconds:
                return
            del self._waiting[first.key]
            self._engaged.discard(first.who)
            yield from self._judged(first)

    def shown(self) -> list[dict[str, object]]:
        """For the operator: each feature's evidence."""
        return [
            {
                "feature": one.feature,
                "code": self._code,
                "occasions": known.seen,
                "lapsed": known.lapsed,
                "healthy": round(known.healthy(self._healthy), 3),
                "evidence": round(known.lapses.log, 2),
                "threshold": round(self.threshold, 2),
            }
            for one in list(self._running)
            for known in [self._features[one.number]]
        ]

    def _judged(self, occasion: _Occasion) -> Iterator[Suspect]:
        lapsed = occasion.marked == self._lapsed_if
        run = self._runs.pop(occasion.who, 0)
        if lapsed:
            self._runs[occasion.who] = run + 1
            if len(self._runs) > PRACTITIONERS_MAX:
                self._runs.popitem(last=False)
        after = AFTER_LAPSES[min(run, len(AFTER_LAPSES)) - 1] if run else 0.0
        for one in self._running:
            known = self._features[one.number]
            if one.number not in occasion.features:
                known.rest.append(lapsed)
                continue
            healthy = known.healthy(max(self._healthy, after))
            known.lapses.observe(lapsed=lapsed, healthy=healthy)
            known.seen += 1
            known.lapsed += lapsed
            if known.lapses.log >= self.threshold:
                test, log = f"{known.lapsed} of {known.seen}", known.lapses.log
                yield Suspect(one.feature, self._code, test, log, self.threshold)
