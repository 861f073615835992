"""What a drill does: how many practitioners, which fault, for how long."""

from pathlib import Path
from typing import Final

import msgspec

from anamnesis.drill import faults

FOLDER: Final = Path(faults.__file__).parent
CATALOGUE: Final[dict[str, str]] = {
    "share-wipes-note": "record.py:ShareWipesNote",
    "drops-section": "entries.py:DropsSection",
    "loses-key": "entries.py:LosesKey",
    "swallows-error": "entries.py:SwallowsError",
    "queue-drops": "entries.py:QueueDrops",
    "late-thread": "entries.py:LateThread",
    "writes-elsewhere": "record.py:WritesElsewhere",
    "never-commits": "record.py:NeverCommits",
    "truncates": "entries.py:Truncates",
    "mangles": "entries.py:Mangles",
    "misfiles": "entries.py:Misfiles",
    "stale-overwrite": "entries.py:StaleOverwrite",
    "swaps-sections": "entries.py:SwapsSections",
    "late-wipe": "record.py:LateWipe",
    "one-in-ten": "entries.py:OneInTen",
    "duplicates": "entries.py:Duplicates",
    "slow": "entries.py:Slow",
    "holds-lock": "record.py:HoldsLock",
    "alters-tables": "record.py:AltersTables",
    "raises": "process.py:Raises",
    "exits": "process.py:Exits",
    "exits-politely": "process.py:ExitsPolitely",
    "hangs": "process.py:Hangs",
    "eats-memory": "process.py:EatsMemory",
    "patches-modules": "process.py:PatchesModules",
}
"""The faults that ship with the drill; any other feature file can be tried in the same way."""

PLATFORM: Final = 177_000
CONCERNED: Final = 2_300
"""Practitioners of the platform in April 2023, and those whose notes were lost: 1.3 %."""


class Plan(msgspec.Struct, frozen=True):
    """One drill. `scale` is the part of the platform that is simulated.

    `saves_per_second` is what everybody writes together; `healthy_seconds` pass before the fault
    is deployed, and at most `faulty_seconds` after it.
    """

    fault: str = "share-wipes-note"
    scale: float = 0.005
    saves_per_second: float = 120.0
    healthy_seconds: float = 10.0
    faulty_seconds: float = 60.0
    protected: bool = True
    seed: int = 20230426

    @property
    def practitioners(self) -> int:
        """How many there are."""
        return max(2, round(PLATFORM * self.scale))

    @property
    def cohort(self) -> int:
        """How many of them get the fault."""
        return max(1, round(CONCERNED * self.scale))

    @property
    def code(self) -> str:
        """Where the fault's code is: `path/to/file.py:Name`."""
        shipped = CATALOGUE.get(self.fault)
        return self.fault if shipped is None else f"{FOLDER}/{shipped}"
