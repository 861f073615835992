"""What a sentinel says of a path that it has walked."""

from typing import Final, Literal

import msgspec

from anamnesis.rollout.rollout import Rollout
from anamnesis.rollout.sentinels import BASELINE

FINDINGS_MAX: Final = 64
"""Findings in one report."""
READING: Final = "reading"
"""Named in the place of a path by what is found in notes that were written before."""


def watched(rollout: Rollout) -> list[str]:
    """For whom sentinels walk: the baseline, and every feature that runs.

    For nobody while the application is asked for nothing.
    """
    if rollout.mode == "journal-only":
        return []
    return [BASELINE, *sorted(one.feature for one in rollout.active())]


Result = Literal["good", "wrong", "unwalked", "interrupted"]
"""`unwalked`: the application did not let it be walked in time. `interrupted`: nothing can be said,
for the door itself did not answer, or the rollout changed meanwhile."""


class Finding(msgspec.Struct, frozen=True):
    """One note that some way of reading shows otherwise than it was typed. Ids only, never text.

    `code` is `sentinel-` and what became of the note; `route` is the way that showed it.
    """

    code: str
    route: str
    entry: str
    position: int
    kind: str
    device: str
    encounter: str
    digest: str
    received_at: str


class Walked(msgspec.Struct, frozen=True):
    """What one sentinel says of one path: how it went, how long it took, and what was wrong.

    `righted` are notes that it had found wrong and has read right since. `why` is the code of
    what kept it from walking. `feature` is BASELINE for none; `deployment` its number, or 0.
    """

    feature: str
    deployment: int
    path: str
    section: str
    writing: str
    at: str
    milliseconds: int
    result: Result
    why: str = ""
    wrong: tuple[Finding, ...] = ()
    righted: tuple[Finding, ...] = ()
