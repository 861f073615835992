"""`python -m tests.simulation SEEDS [FIRST]`: so many seeds on every core; `SEED=n` replays one."""

import logging
import os
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor

import structlog

from tests.simulation.world import simulate

CHUNK_SEEDS = 250
SAID_EVERY_SECONDS = 30.0


def several(first: int) -> tuple[Counter[str], list[tuple[int, str]]]:
    """Lives `CHUNK_SEEDS` seeds; what was counted, and the seeds that failed."""
    silence()
    counted: Counter[str] = Counter()
    failed = []
    for seed in range(first, first + CHUNK_SEEDS):
        try:
            counted += simulate(seed).counted
        except Exception as wrong:  # noqa: BLE001 - whatever a seed has found
            failed.append((seed, repr(wrong)))
    return counted, failed


def silence() -> None:
    """What the server logs of its faults is not what is looked for."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))


def run(seeds: int, first: int) -> int:
    """The exit code: 1 if any seed failed."""
    begun = said = time.monotonic()
    counted: Counter[str] = Counter()
    failed: list[tuple[int, str]] = []
    done = 0
    print(f"seeds {first} to {first + seeds - 1}", flush=True)
    with ProcessPoolExecutor() as pool:
        for some, wrong in pool.map(several, range(first, first + seeds, CHUNK_SEEDS)):
            counted += some
            failed += wrong
            done += CHUNK_SEEDS
            for seed, found in wrong:
                print(f"make simulate SEED={seed}: {found}", flush=True)
            if time.monotonic() - said > SAID_EVERY_SECONDS:
                said = time.monotonic()
                print(f"{done} seeds, {len(failed)} failed, {said - begun:.0f} s", flush=True)
    print(f"{done} seeds in {time.monotonic() - begun:.0f} s, {len(failed)} failed")
    print(", ".join(f"{times} {name}" for name, times in sorted(counted.items())))
    return bool(failed)


if __name__ == "__main__":
    if seed := os.environ.get("SEED"):
        print(simulate(int(seed)))
    else:
        sys.exit(run(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0))
