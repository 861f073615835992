import math
import random
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anamnesis.rollout.evidence import PORTIONS, CohortRace, Lapses, portion, threshold

HEALTHY = 0.001
RUNS = 300


def saves_until(alarm: float, late: float, chance: random.Random, many: int) -> int | None:
    evidence = Lapses()
    for number in range(1, many + 1):
        evidence.observe(lapsed=chance.random() < late, healthy=HEALTHY)
        if evidence.log >= alarm:
            return number
    return None


def cohort_saves_until(
    alarm: float, share: float, left: float, chance: random.Random, many: int
) -> float | None:
    """Expected saves of the cohort until the alarm, when only `left` of them come."""
    race = CohortRace()
    thinned = share * left / (share * left + 1 - share)
    for number in range(1, many + 1):
        race.observe(is_cohorts=chance.random() < thinned, share=share)
        if race.log >= alarm:
            return number * (1 - thinned) / (1 - share) * share
    return None


def test_while_nothing_is_wrong_false_alarms_keep_their_bound() -> None:
    chance, alpha = random.Random(1), 0.05
    race = [cohort_saves_until(threshold(alpha), 0.1, 1.0, chance, 400) for _ in range(RUNS)]
    found = sum(alarm is not None for alarm in race)
    # Three standard deviations above what the bound allows.
    assert found <= RUNS * alpha + 3 * math.sqrt(RUNS * alpha * (1 - alpha))


def test_false_alarms_about_lapses_are_as_far_apart_as_their_bound() -> None:
    chance, alpha, many = random.Random(5), 0.01, 2_000
    found = [saves_until(threshold(alpha), HEALTHY, chance, many) or many for _ in range(60)]
    assert sum(found) / len(found) >= 1 / alpha


@pytest.mark.parametrize(("late", "saves_max"), [(1.0, 4), (0.5, 15), (0.1, 100)])
def test_late_saves_raise_the_alarm_within_few(late: float, saves_max: int) -> None:
    chance = random.Random(2)
    found = [saves_until(threshold(1e-6), late, chance, 5_000) for _ in range(60)]
    assert median(number or 5_000 for number in found) <= saves_max


@pytest.mark.parametrize("share", [0.013, 0.05, 0.5])
def test_a_silent_cohort_raises_the_alarm_within_a_dozen_expected_saves(share: float) -> None:
    found = cohort_saves_until(threshold(1e-4), share, 0.0, random.Random(3), 100_000)
    assert found is not None
    assert found <= 16


def test_a_cohort_that_loses_half_is_found_too() -> None:
    chance = random.Random(4)
    found = [cohort_saves_until(threshold(1e-4), 0.05, 0.5, chance, 40_000) for _ in range(15)]
    assert median(number or math.inf for number in found) <= 150


@given(st.lists(st.tuples(st.booleans(), st.floats(0.001, 0.999)), max_size=200))
def test_the_next_save_is_never_expected_to_raise_the_evidence(
    seen: list[tuple[bool, float]],
) -> None:
    """What makes it a supermartingale, after whatever came before."""
    for is_cohorts, share in [*seen, (True, 0.3)]:
        race = CohortRace()
        for earlier, other in seen:
            race.observe(is_cohorts=earlier, share=other)
        before, expected = race.log, 0.0
        for outcome, weight in ((True, share), (False, 1 - share)):
            after = CohortRace()
            for earlier, other in seen:
                after.observe(is_cohorts=earlier, share=other)
            after.observe(is_cohorts=outcome, share=share)
            expected += weight * math.exp(after.log - before)
        assert expected <= 1 + 1e-9
        if not is_cohorts:
            break


def test_a_cohort_of_everybody_races_nobody() -> None:
    race = CohortRace()
    for share in (0.0, 1.0):
        race.observe(is_cohorts=False, share=share)
    assert race.log == pytest.approx(0.0)


def test_the_parts_of_a_bound_add_up_to_it() -> None:
    first = math.fsum(portion(1.0, number) for number in range(1, 20_000))
    rest = 1 / (PORTIONS * math.log(20_000.5))  # the integral of 1 / (x ln² x)
    assert first + rest == pytest.approx(1.0, abs=1e-3)
    assert first + rest <= 1.0
    for wrong in (0, -1):
        with pytest.raises(ValueError, match="numbered"):
            portion(0.001, wrong)


@pytest.mark.parametrize("alpha", [0.0, 1.0, -1.0])
def test_a_bound_is_a_chance(alpha: float) -> None:
    with pytest.raises(ValueError, match="chance"):
        threshold(alpha)


@pytest.mark.parametrize("healthy", [0.0, 1.0])
def test_a_healthy_share_leaves_room_for_a_worse_one(healthy: float) -> None:
    with pytest.raises(ValueError, match="healthy"):
        Lapses().observe(lapsed=True, healthy=healthy)


def test_years_of_quiet_excuse_nothing() -> None:
    evidence = Lapses()
    for _ in range(100_000):
        evidence.observe(lapsed=False, healthy=HEALTHY)
    assert -math.inf < evidence.log <= 0
    for _ in range(3):
        evidence.observe(lapsed=True, healthy=HEALTHY)
    assert evidence.log >= threshold(1e-6)


@given(st.lists(st.tuples(st.booleans(), st.floats(0.001, 0.9)), max_size=60))
def test_the_next_occasion_adds_at_most_what_begins_anew(seen: list[tuple[bool, float]]) -> None:
    """What makes it an e-detector: expected evidence is at most that of before, or one."""

    def after(*more: tuple[bool, float]) -> Lapses:
        evidence = Lapses()
        for lapsed, healthy in (*seen, *more):
            evidence.observe(lapsed=lapsed, healthy=healthy)
        return evidence

    expected = sum(
        weight * math.exp(after((lapsed, 0.2)).log)
        for lapsed, weight in ((True, 0.2), (False, 0.8))
    )
    assert expected <= math.exp(after().log) + 1 + 1e-6
