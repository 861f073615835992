"""Layer 2 of the guard: a cohort that falls silent while everybody else goes on.

Who gets a share of a feature is drawn by lot (cohort.py), so that without an effect of the feature
it says nothing about who writes next, or who writes less. In each epoch everybody awaited is a ball
in an urn, drawn once: as their first sign comes, and again, when the epoch is over, in the order of
how much fewer their signs became. The chance that the next one is the cohort's is the cohort's part
of those not drawn yet, whatever else practitioners have in common (docs/adr/0013). Those named have
no lot, and do not race.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import msgspec

from anamnesis.rollout.cohort import place
from anamnesis.rollout.evidence import CROWDED_TO, THINNED_TO, CohortRace, portion, threshold
from anamnesis.rollout.presence import SPANS, Presence, Span, Who
from anamnesis.rollout.rollout import Deployment, Rollout
from anamnesis.rollout.signs import SIGNS

RACE_ALPHA: Final = 0.001
"""The chance that a deployment is ever suspected wrongly, all signs, spans and epochs together."""
_PARTS: Final = 2 * len(SIGNS) * len(SPANS)

_Key = tuple[str, Span]


class Suspect(msgspec.Struct, frozen=True):
    """Evidence that passed its threshold (both as logarithms), by which test of which feature."""

    feature: str
    code: str
    test: str
    evidence: float
    threshold: float


class _Urn:
    """One epoch's race for one feature."""

    def __init__(
        self, cohort: int, rest: int, number: int, bets: Sequence[float] = THINNED_TO
    ) -> None:
        self.awaited = cohort, rest
        self.cohort = cohort
        self.rest = rest
        self.number = number
        self.drawn = [0, 0]
        self.evidence = CohortRace(bets)
        self.threshold = threshold(portion(RACE_ALPHA / _PARTS, number))

    def draw(self, *, is_cohorts: bool) -> bool:
        """One more is drawn; whether the evidence is enough."""
        share = self.cohort / (self.cohort + self.rest)
        self.evidence.observe(is_cohorts=is_cohorts, share=share)
        self.drawn[is_cohorts] += 1
        if is_cohorts:
            self.cohort -= 1
        else:
            self.rest -= 1
        return self.evidence.log >= self.threshold


class Races:
    """All races of all features. Used by one thread."""

    def __init__(self) -> None:
        self._presences = {(sign, span): Presence(span) for sign in SIGNS for span in SPANS}
        self._raced: list[Deployment] = []
        self._lots: dict[int, dict[Who, bool | None]] = {}
        self._urns: dict[_Key, dict[int, _Urn]] = {key: {} for key in self._presences}
        self._epochs: dict[int, dict[_Key, int]] = {}

    def follow(self, rollout: Rollout, now: float) -> None:
        """Races what runs for a proper part; every epoch begins anew when that changes."""
        raced = [one for one in rollout.active() if not one.trying and 0 < one.cohort.share < 1]
        deployed = {one.number for one in rollout.deployments}
        self._epochs = {number: of for number, of in self._epochs.items() if number in deployed}
        if raced == self._raced:
            return
        self._raced = raced
        self._lots = {one.number: {} for one in raced}
        for key in self._presences:
            self._begin(key, now)

    def look(self, now: float) -> Iterator[Suspect]:
        """Ends the epochs that are due, and begins others; what their end makes suspect."""
        for key, presence in self._presences.items():
            if presence.due(now):
                yield from self._end(key, now)
                self._begin(key, now)

    def see(self, who: Who, signs: Iterable[str]) -> Iterator[Suspect]:
        """Signs of somebody; what they make suspect."""
        for sign in signs:
            for span in SPANS:
                if self._presences[sign, span].see(who) == "awaited":
                    yield from self._draw((sign, span), who)

    def shown(self) -> list[dict[str, object]]:
        """For the operator: each race that is on."""
        names = {one.number: one.feature for one in self._raced}
        return [
            {
                "feature": names[number],
                "sign": sign,
                "epoch_seconds": span.epoch,
                "epoch": urn.number,
                "awaited": {"cohort": urn.awaited[0], "rest": urn.awaited[1]},
                "came": {"cohort": urn.drawn[1], "rest": urn.drawn[0]},
                "evidence": round(max(urn.evidence.log, -99.0), 2),
                "threshold": round(urn.threshold, 2),
            }
            for (sign, span), urns in self._urns.items()
            for number, urn in urns.items()
        ]

    def _draw(self, key: _Key, who: Who) -> Iterator[Suspect]:
        for one in self._raced:
            urn, lot = self._urns[key].get(one.number), self._lot(one, who)
            if urn is None or lot is None or (urn.cohort if lot else urn.rest) == 0:
                continue
            if urn.draw(is_cohorts=lot):
                test = f"{key[0]}, {key[1].epoch:g} s"
                log, enough = urn.evidence.log, urn.threshold
                yield Suspect(one.feature, "cohort-silent", test, log, enough)

    def _end(self, key: _Key, now: float) -> Iterator[Suspect]:
        """Draws everybody once more, those first whose signs became fewer."""
        urns = self._urns[key]
        fallen = self._presences[key].fallen(now) if urns else []
        for one in self._raced:
            if (first := urns.get(one.number)) is None:
                continue
            urn = _Urn(*first.awaited, first.number, CROWDED_TO)
            for who in fallen:
                lot = self._lot(one, who)
                if lot is None or (urn.cohort if lot else urn.rest) == 0:
                    continue
                if urn.draw(is_cohorts=lot):
                    test = f"{key[0]}, fewer in {key[1].epoch:g} s"
                    log, enough = urn.evidence.log, urn.threshold
                    yield Suspect(one.feature, "cohort-silent", test, log, enough)
                    break

    def _begin(self, key: _Key, now: float) -> None:
        awaited = self._presences[key].begin(now)
        self._urns[key] = {}
        for one in self._raced:
            lots = [self._lot(one, who) for who in awaited]
            cohort, rest = lots.count(True), lots.count(False)
            if cohort and rest:
                epochs = self._epochs.setdefault(one.number, {})
                epochs[key] = epochs.get(key, 0) + 1
                self._urns[key][one.number] = _Urn(cohort, rest, epochs[key])

    def _lot(self, one: Deployment, who: Who) -> bool | None:
        """Whether the lot put somebody into the cohort; None for those who are named."""
        lots = self._lots[one.number]
        if who not in lots:
            practice, practitioner = who
            named = practice in one.cohort.practices or practitioner in one.cohort.practitioners
            lots[who] = None if named else place(one.feature, practitioner) < one.cohort.share
        return lots[who]
