"""What a drill does: how many practitioners, which fault, for how long."""

from typing import Final

import msgspec

from anamnesis.drill.catalogue import Fault, fault_of

PLATFORM: Final = 177_000
CONCERNED: Final = 2_300
"""Practitioners of the platform in April 2023, and those whose notes were lost: 1.3 %."""
COHORT: Final = CONCERNED / PLATFORM
CONSULTATIONS: Final = 10
"""That each of them lost, at least."""


class Plan(msgspec.Struct, frozen=True):
    """One drill.

    `scale` is the part of the platform that works while it runs, `share` that of them who get the
    fault. `saves_per_second` is what those write together; `healthy_seconds` pass before the fault
    is deployed, and at most `faulty_seconds` after it. `concerned` more practitioners of the cohort
    have written their ten consultations before; with the fault they share, one after another.
    """

    fault: str = "share-wipes-note"
    scale: float = 0.005
    share: float = COHORT
    saves_per_second: float = 120.0
    healthy_seconds: float = 10.0
    faulty_seconds: float = 60.0
    concerned: int = 0
    protected: bool = True
    seed: int = 20230426

    @property
    def practitioners(self) -> int:
        """How many work while it runs."""
        return max(2, round(PLATFORM * self.scale))

    @property
    def cohort(self) -> int:
        """How many of them get the fault."""
        return max(1, round(self.practitioners * self.share))

    @property
    def what(self) -> Fault:
        """The fault itself."""
        return fault_of(self.fault)
