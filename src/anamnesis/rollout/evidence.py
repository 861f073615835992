"""Evidence that saves are being lost, which may be looked at after each of them.

A race is an e-process: while nothing is wrong, the chance that the evidence ever reaches 1/alpha,
however long and however often one looks, is at most alpha (Ville's inequality; Ramdas, Grünwald,
Vovk, Shafer, "Game-theoretic statistics and safe anytime-valid inference", 2023). Lapses are an
e-detector, which does not tire of quiet years: at least 1/alpha observations are expected until
a false alarm (Shin, Ramdas, Rinaldo, "E-detectors", 2023). Both are kept as natural logarithms.
"""

import math
from collections.abc import Sequence
from typing import Final

LAPSED_TO: Final = (0.01, 0.03, 0.1, 0.3, 1.0)
"""Shares of lapses that are betted on; those that are healthy are no bet."""
THINNED_TO: Final = (0.0, 0.25, 0.5, 0.75, 0.9)
"""What may be left of a cohort's saves, as shares of those expected."""
CROWDED_TO: Final = (1.5, 3.0, 10.0, 30.0)
"""How many times its part a cohort may have among those whose saves became fewer."""

PORTIONS: Final = 2.11
"""Above 2.1097…, the sum of 1 / (k ln² k) for all k from 2."""


def threshold(alpha: float) -> float:
    """The evidence at which an alarm is right but for a chance of `alpha`."""
    if not 0.0 < alpha < 1.0:
        raise ValueError("A chance of false alarm lies between 0 and 1.")
    return -math.log(alpha)


def portion(alpha: float, number: int) -> float:
    """The part of `alpha` that the test with this number n (from 1) may use.

    The parts of all numbers there are add up to no more than `alpha`, so that epochs may come
    without end: 1 / (2.11 (n + 1) ln²(n + 1)). It falls more slowly than 1/n²: what has run for a
    month is watched nearly as closely as what is new.
    """
    if number < 1:
        raise ValueError("Tests are numbered from 1.")
    return alpha / (PORTIONS * (number + 1) * math.log(number + 1) ** 2)


class Lapses:
    """What should happen and sometimes does not, one occasion after another.

    Says nothing while each lapses with at most the chance that is healthy for it, whatever came
    before. Evidence never falls below none: what went well for years excuses nothing today.
    """

    def __init__(self) -> None:
        self._logs = [0.0] * len(LAPSED_TO)

    @property
    def log(self) -> float:
        """The evidence, as a logarithm."""
        return _mean(self._logs)

    def observe(self, *, lapsed: bool, healthy: float) -> None:
        """One more occasion; `healthy` is known before it. Raises ValueError."""
        if not 0.0 < healthy < 1.0:
            raise ValueError("A healthy share of lapses lies between 0 and 1.")
        self._logs = [
            max(log, 0.0) + (_gain(share, healthy, lapsed) if share > healthy else 0.0)
            for log, share in zip(self._logs, LAPSED_TO, strict=True)
        ]


class CohortRace:
    """Layer 2: who is next, the cohort's or anybody else's; `bets` are on how it differs.

    Says nothing while the next is the cohort's with at least the chance said before it. Needs no
    clock and no rate: night and day, Mondays and holidays hit both alike (Lindon and Malek,
    "Anytime-valid inference for multinomial count data", 2022).
    """

    def __init__(self, bets: Sequence[float] = THINNED_TO) -> None:
        self._bets = bets
        self._logs = [0.0] * len(bets)

    @property
    def log(self) -> float:
        """The evidence, as a logarithm."""
        return _mean(self._logs)

    def observe(self, *, is_cohorts: bool, share: float) -> None:
        """One more save; `share` of the saves was to be the cohort's, as known before this one."""
        if not 0.0 < share < 1.0:
            return  # everybody, or nobody: there is nobody to race against
        self._logs = [
            log + _gain(share * left / (share * left + 1.0 - share), share, is_cohorts)
            for log, left in zip(self._logs, self._bets, strict=True)
        ]


def _gain(betted: float, healthy: float, happened: bool) -> float:
    """What a bet on one chance rather than another gains, as a logarithm."""
    ratio = betted / healthy if happened else (1.0 - betted) / (1.0 - healthy)
    return math.log(ratio) if ratio > 0.0 else -math.inf


def _mean(logs: Sequence[float]) -> float:
    most = max(logs)
    if most == -math.inf:
        return -math.inf
    return most + math.log(math.fsum(math.exp(one - most) for one in logs) / len(logs))
