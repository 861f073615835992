"""What an incident amounts to for one register: a practice's own, or the platform's."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from anamnesis.clinical.breach import DiscoveredBy, Loss
from anamnesis.reconcile.discrepancy import DEFINITIVE, Difference, Discrepancy
from anamnesis.rollout.sentinels import is_sentinel

LOSS_OF: Final[dict[Difference, Loss]] = {
    "lost": "availability",
    "late": "availability",
    "unseen": "availability",
    "altered": "integrity",
    "emptied": "integrity",
    "misfiled": "integrity",
    "duplicated": "integrity",
    "orphaned": "integrity",
}
"""Which of the three kinds of breach each difference is (EDPB, Guidelines 9/2022, 1.A.2).

A silence (`no-data`) is none: somebody has to find out first whether anything is missing.
"""


def is_of_a_person(one: Discrepancy) -> bool:
    """Whether data of somebody real are concerned: what sentinels wrote is nobody's."""
    return bool(one.practice) and not is_sentinel(one.practice) and one.difference in LOSS_OF


@dataclass
class Affected:
    """Discrepancies added up; `endangered_at`, `found_at` are the first, `brought_at` the last."""

    losses: set[Loss] = field(default_factory=set)
    practices: set[str] = field(default_factory=set)
    practitioners: set[str] = field(default_factory=set)
    encounters: set[tuple[str, str]] = field(default_factory=set)
    features: set[str] = field(default_factory=set)
    entries: int = 0
    brought_back: int = 0
    lost: int = 0
    declared: int = 0
    """Those that a person gave up with a device, also where they came back."""
    endangered_at: str = ""
    found_at: str = ""
    brought_at: str = ""
    discovered_by: DiscoveredBy = "reconciliation"

    def add(self, one: Discrepancy) -> None:
        """One more."""
        self.losses.add(LOSS_OF[one.difference])
        self.practices.add(one.practice)
        self.practitioners.add(one.author)
        self.features.update(one.features)
        if one.encounter is not None:
            self.encounters.add((one.practice, one.encounter))
        self.entries += 1
        if one.righted_at is not None:
            self.brought_back += 1
            self.brought_at = max(self.brought_at, one.righted_at)
        elif one.code in DEFINITIVE:
            self.lost += 1
        self.declared += one.code == "device-declared-lost"
        since = one.received_at or one.found_at
        self.endangered_at = min(self.endangered_at or since, since)
        if not self.found_at or one.found_at < self.found_at:
            self.found_at = one.found_at
            # A witness that had to write tells of a page that lost: nobody compared records.
            self.discovered_by = _discovered_by(one.code)

    @property
    def is_over(self) -> bool:
        """Whether nothing is waited for any more."""
        return self.entries == self.brought_back + self.lost


def _discovered_by(code: str) -> DiscoveredBy:
    if code == "device-declared-lost":
        return "practitioner"
    return "guard" if code.startswith("screen-") else "reconciliation"


def by_practice(found: Iterable[Discrepancy]) -> dict[str, Affected]:
    """Each practice concerned, and what it amounts to there."""
    affected: dict[str, Affected] = {}
    for one in filter(is_of_a_person, found):
        affected.setdefault(one.practice, Affected()).add(one)
    return affected


def altogether(found: Iterable[Discrepancy]) -> Affected | None:
    """The same for everybody; None where nobody real is concerned."""
    affected = Affected()
    for one in filter(is_of_a_person, found):
        affected.add(one)
    return affected if affected.entries else None
