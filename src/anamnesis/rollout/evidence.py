"""Evidence that saves are being lost, which may be looked at after each of them.

Both tests are e-processes: while nothing is wrong, the chance that the evidence ever reaches
1/alpha, however long and however often one looks, is at most alpha (Ville's inequality; Ramdas,
Grünwald, Vovk, Shafer, "Game-theoretic statistics and safe anytime-valid inference", 2023).
Evidence is kept as its natural logarithm, so that long quiet years underflow nothing.
"""

import math
from collections.abc import Sequence
from typing import Final

LATE_SHARES: Final = (0.003, 0.01, 0.03, 0.1, 0.3, 1.0)
"""Shares of saves not recorded in time that are betted on, beside the one taken for healthy."""
THINNED_TO: Final = (0.0, 0.25, 0.5, 0.75, 0.9)
"""What may be left of a cohort's saves, as shares of those expected."""


def threshold(alpha: float) -> float:
    """The evidence at which an alarm is right but for a chance of `alpha`."""
    if not 0.0 < alpha < 1.0:
        raise ValueError("A chance of false alarm lies between 0 and 1.")
    return -math.log(alpha)


def portion(alpha: float, number: int) -> float:
    """The part of `alpha` that the test with this number (from 1) may use.

    The parts of all numbers there are add up to `alpha`, so that cohorts, paths and sections may
    come without end: 6/pi² · 1/number².
    """
    if number < 1:
        raise ValueError("Tests are numbered from 1.")
    return alpha * 6.0 / (math.pi * number) ** 2


class _Mixture:
    """A weighted sum of bets, each with a logarithm of its own. Weights are equal."""

    def __init__(self, bets: int) -> None:
        self._logs = [-math.log(bets)] * bets

    @property
    def log(self) -> float:
        """The logarithm of the sum."""
        most = max(self._logs)
        if most == -math.inf:
            return -math.inf
        return most + math.log(math.fsum(math.exp(one - most) for one in self._logs))

    def add(self, gains: Sequence[float]) -> None:
        self._logs = [one + gain for one, gain in zip(self._logs, gains, strict=True)]


class LateSaves:
    """Layer 1: saves that are not recorded in time, one after another.

    Says nothing while at most `healthy` of them (a share) are late; each may depend on those
    before it.
    """

    def __init__(self, healthy: float) -> None:
        shares = [share for share in LATE_SHARES if share > healthy]
        if not shares or healthy <= 0.0:
            raise ValueError("The healthy share of late saves lies between 0 and 1.")
        self._late = [math.log(share / healthy) for share in shares]
        self._in_time = [_log((1.0 - share) / (1.0 - healthy)) for share in shares]
        self._mixture = _Mixture(len(shares))

    @property
    def log(self) -> float:
        """The evidence, as a logarithm."""
        return self._mixture.log

    def observe(self, *, is_late: bool) -> None:
        """One more save."""
        self._mixture.add(self._late if is_late else self._in_time)


class CohortRace:
    """Layer 2: whose save comes next, the cohort's or anybody else's.

    Says nothing while the cohort writes at least its share. It needs no clock and no rate: night
    and day, Mondays and holidays hit both alike (Lindon and Malek, "Anytime-valid inference for
    multinomial count data", 2022).
    """

    def __init__(self) -> None:
        self._mixture = _Mixture(len(THINNED_TO))

    @property
    def log(self) -> float:
        """The evidence, as a logarithm."""
        return self._mixture.log

    def observe(self, *, is_cohorts: bool, share: float) -> None:
        """One more save; `share` of the saves was to be the cohort's, as known before this one."""
        if not 0.0 < share < 1.0:
            return  # everybody, or nobody: there is nobody to race against
        gains = []
        for left in THINNED_TO:
            thinned = share * left / (share * left + 1.0 - share)
            gains.append(_log(thinned / share if is_cohorts else (1.0 - thinned) / (1.0 - share)))
        self._mixture.add(gains)


def _log(ratio: float) -> float:
    return math.log(ratio) if ratio > 0.0 else -math.inf
