"""What is walked in which round: features, paths, sections and ways of writing, by enumeration."""

from collections.abc import Sequence
from typing import Final

import msgspec

from anamnesis.clinical.sections import SECTIONS, SectionName
from anamnesis.rollout.rollout import SENTINEL_PATHS
from anamnesis.sentinel.writings import WRITINGS

CYCLE: Final = len(SECTIONS) * len(WRITINGS)
"""Rounds after which every combination has been walked for every feature."""


class Cell(msgspec.Struct, frozen=True):
    """One path for one feature's sentinel. All sections are written, `section` last."""

    feature: str
    path: str
    section: SectionName
    writing: str


def cells(features: Sequence[str], number: int) -> list[Cell]:
    """What is walked in round `number`: every path, once, for each of these.

    Paths are a section apart, so that each round has every section last somewhere; every pair
    of path and section comes within len(SECTIONS) rounds, every combination within CYCLE.
    """
    section, writing = number % len(SECTIONS), number // len(SECTIONS) % len(WRITINGS)
    return [
        Cell(
            feature,
            path,
            SECTIONS[(section + at) % len(SECTIONS)],
            tuple(WRITINGS)[(writing + at) % len(WRITINGS)],
        )
        for feature in features
        for at, path in enumerate(SENTINEL_PATHS)
    ]
