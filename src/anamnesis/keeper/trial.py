"""A feature is tried by its sentinel alone before its cohort gets it."""

from collections.abc import Callable
from typing import Final

import structlog

from anamnesis.keeper.guarding import Guarding
from anamnesis.keeper.incident_book import IncidentBook
from anamnesis.rollout.rollout import SENTINEL_PATHS, Deployment, Rollout
from anamnesis.rollout.walked import Walked
from anamnesis.seams import Clock, instant

TRIAL_SECONDS_MAX: Final = 180.0
"""A feature under which not every path was walked well within this time is suspended."""
NOT_PASSED: Final = "trial-not-passed"

_log = structlog.get_logger()


class Trial:
    """Lets features through to their cohorts, or suspends them. On the keeper's loop."""

    def __init__(self, guarding: Guarding, book: IncidentBook, clock: Clock) -> None:
        self._guarding = guarding
        self._book = book
        self._clock = clock
        self._passed: dict[int, set[str]] = {}
        self._since: dict[int, float] = {}

    def heard(self, walked: Walked) -> None:
        """One report; once every path was good, the cohort gets the feature."""
        if walked.result != "good" or walked.path not in SENTINEL_PATHS:
            return
        for one in self._trying():
            if (one.feature, one.number) == (walked.feature, walked.deployment):
                passed = self._passed.setdefault(one.number, set())
                passed.add(walked.path)
                if passed >= set(SENTINEL_PATHS):
                    self._guarding.decide(lambda rollout, n=one.number: rollout.tried(n))  # type: ignore[misc]
                    _log.info("trial-passed", feature=one.feature)

    def look(self) -> None:
        """Ends trials that have taken too long; called every moment."""
        now = self._clock.monotonic()
        trying = {one.number: one for one in self._trying()}
        self._since = {number: self._since.get(number, now) for number in trying}
        self._passed = {n: paths for n, paths in self._passed.items() if n in trying}
        for number, one in trying.items():
            if now - self._since[number] > TRIAL_SECONDS_MAX:
                _log.error(NOT_PASSED, feature=one.feature)
                self._guarding.decide(_without(one, instant(self._clock.now())))
                self._book.step("suspended", one.feature)

    def _trying(self) -> list[Deployment]:
        return [one for one in self._guarding.rollout.active() if one.trying]


def _without(one: Deployment, at: str) -> Callable[[Rollout], Rollout]:
    """Suspends this deployment, unless it was replaced or withdrawn at the same moment."""
    return lambda rollout: (
        rollout.suspended(one.feature, at, NOT_PASSED) if one in rollout.deployments else rollout
    )
