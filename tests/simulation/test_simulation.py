"""Five hundred lives with every test; `make simulate SEEDS=100000` before a release.

A seed that fails is named with the command that replays it, step for step.
"""

from collections import Counter

import pytest

from anamnesis.record.store import RecordAhead
from tests.simulation.oracle import Wrong
from tests.simulation.world import simulate

SEEDS = 500
PLANTED_SEEDS = 60
"""Within so many, a planted fault has to be found."""


def test_nothing_typed_is_lost_in_any_of_five_hundred_lives() -> None:
    counted: Counter[str] = Counter()
    for seed in range(SEEDS):
        try:
            counted += simulate(seed).counted
        except Exception as wrong:
            raise AssertionError(f"make simulate SEED={seed}: {wrong!r}") from wrong
    print(dict(counted))
    happened = {name for name, times in counted.items() if times > 50}
    assert {"journaled", "recorded", "evicted", "compared", "sent"} <= happened
    assert {"power_cut", "keeper_ends", "application_ends", "the_journals_disk_fails"} <= happened


def test_a_seed_replays_to_the_byte() -> None:
    assert [simulate(seed) for seed in range(5)] == [simulate(seed) for seed in range(5)]
    assert simulate(1).journal != simulate(2).journal


@pytest.mark.parametrize(
    "planted",
    [
        "ack-before-flush",
        "opened-without-flush",
        "skipped-entry",
        "applied-apart",
        "forgetful-page",
    ],
)
def test_a_planted_fault_is_found(planted: str) -> None:
    def live_all() -> None:
        for seed in range(PLANTED_SEEDS):
            simulate(seed, planted)

    with pytest.raises((Wrong, RecordAhead)):
        live_all()
