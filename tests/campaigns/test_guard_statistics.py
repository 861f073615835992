"""The guard's statistics against their stated bounds, by simulation (`make campaign-guard`).

Prints the figures that docs/guard.md shows.
"""

import os
import random
import statistics

import pytest

from anamnesis.rollout.occasions import LAPSE_ALPHA
from tests.surgeries import HOUR, Alarm, alarm, healthy, occasions_until

pytestmark = [pytest.mark.campaign, pytest.mark.timeout(7_200)]

SAVES = int(os.environ.get("ANAMNESIS_SAVES", "1000000"))
RUNS = int(os.environ.get("ANAMNESIS_RUNS", "40"))
SEED = int(os.environ.get("ANAMNESIS_SEED", "0")) or random.SystemRandom().randrange(2**32)
SHARES = (0.013, 0.05, 0.1, 0.5)
MINUTES = {"just deployed": 0, "after a day": 1_440, "after a month": 43_200}


def told(name: str, found: list[Alarm | None]) -> float:
    """Prints one line; the median, with what was not found counted as never."""
    seconds = sorted(one.seconds if one else float("inf") for one in found)
    many = sum(one is not None for one in found)
    median, last = statistics.median(seconds), seconds[int(len(seconds) * 0.95)]
    print(f"{name}: {many} of {len(found)} found; median {median:.0f} s, 95 % within {last:.0f} s")
    return median


def test_healthy_saves_raise_no_alarm() -> None:
    print(f"\nseed {SEED}")
    each = SAVES // (5 * len(SHARES))
    found = [
        healthy(SEED + 10 * number + run, share, each)
        for number, share in enumerate(SHARES)
        for run in range(5)
    ]
    alarms = sum(map(len, found))
    print(f"{alarms} false alarms in {each * len(found)} healthy saves of {len(found)} deployments")
    assert alarms == 0


@pytest.mark.parametrize("since", MINUTES)
def test_a_cohort_of_a_hundredth_that_falls_silent_is_noticed(since: str) -> None:
    found = [
        alarm(SEED + run, 1.0, whole=True, limit=HOUR, epochs_before=MINUTES[since])
        for run in range(RUNS)
    ]
    median = told(f"\nsilent cohort of 1.3 %, one save of its each second, {since}", found)
    assert None not in found
    if since == "just deployed":
        assert median < 60


@pytest.mark.parametrize(("lost", "whole"), [(0.5, True), (0.5, False), (0.25, True)])
def test_a_cohort_that_loses_part_is_noticed(lost: float, whole: bool) -> None:
    found = [alarm(SEED + run, lost, whole=whole) for run in range(RUNS // 2)]
    how = f"{lost:.0%} of its practitioners lose all" if whole else f"all lose {lost:.0%}"
    told(f"\ncohort of 1.3 %, {how}", found)


def test_lapses_raise_no_alarm_while_they_are_as_frequent_as_is_healthy() -> None:
    bound = 1 / LAPSE_ALPHA
    found = [occasions_until(SEED + run, 300_000) for run in range(10)]
    alarms = sum(one is not None for one in found)
    print(f"\n{alarms} false alarms in {10 * 300_000} occasions; one in {bound:.0f} is the bound")
    # As if Poisson; four standard deviations above what the bound allows.
    allowed = 10 * 300_000 / bound
    assert alarms <= allowed + 4 * allowed**0.5
