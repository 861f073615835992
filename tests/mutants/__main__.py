"""`make mutants`: python -m tests.mutants [--count N] [--seed N] [--mutant NAME] [--out FOLDER]."""

import argparse
import math
import random
import sys
import time
from pathlib import Path

from tests.mutants.campaign import Ground, Tried, drawn, ground, named, tried
from tests.mutants.findings import write
from tests.mutants.mutator import Mutant
from tests.mutants.planted import planted


def main() -> int:
    """Exit code 0: the harness finds what it has to, and no mutant lost a text silently."""
    asked = _asked()
    begun = time.monotonic()
    with ground(asked.workers) as here:
        print(f"SEED={asked.seed}; world made in {time.monotonic() - begun:.1f} s", flush=True)
        if asked.mutant:
            [one] = tried(here, [named(asked.mutant)], 1, asked.seed)
            print(_shown(one), flush=True)
            return int(one.finding.verdict == "lost-silently")
        if not _believable(here, asked.seed):
            return 2
        lines = here.lines(asked.seed)
        mutants = drawn(lines, asked.count, asked.seed)
        print(f"{len(mutants)} mutants of {len(lines)} lines that run", flush=True)
        return _campaign(here, mutants, len(lines), asked)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make mutants")
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--seed", type=int, default=random.randrange(2**32))
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--minutes", type=float, default=math.inf)
    parser.add_argument("--mutant", default="")
    parser.add_argument("--out", type=Path, default=Path("var/mutants"))
    return parser.parse_args()


def _believable(here: Ground, seed: int) -> bool:
    """Whether the unchanged product is harmless, and a planted silent loss is found."""
    unchanged, _ = here.unchanged(seed)
    [loss] = tried(here, [planted()], 1, seed)
    print(f"unchanged: {unchanged}\nplanted: {loss.finding}", flush=True)
    return unchanged.verdict == "harmless" and loss.finding.verdict == "lost-silently"


def _campaign(here: Ground, mutants: list[Mutant], lines: int, asked: argparse.Namespace) -> int:
    found: list[Tried] = []
    for one in tried(here, mutants, asked.workers, asked.seed, asked.minutes * 60):
        found.append(one)
        print(f"{len(found):4}/{len(mutants)} {_shown(one)}", flush=True)
        write(asked.out, found, len(mutants), asked.seed, lines)
    silent = sum(one.finding.verdict == "lost-silently" for one in found)
    print(f"{silent} lost a text silently; {asked.out / 'mutants.md'}", flush=True)
    return int(silent > 0)


def _shown(one: Tried) -> str:
    return (
        f"{one.finding.verdict:17} {one.seconds:5.1f} s {one.mutant.name} "
        f"{one.mutant.before[:60]!r} -> {one.mutant.after[:60]!r} {one.finding.why}"
    )


if __name__ == "__main__":
    sys.exit(main())
