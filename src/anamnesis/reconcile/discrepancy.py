"""One difference between two places that should say the same, and the incident it belongs to."""

from typing import Final, Literal

import msgspec

Difference = Literal[
    "lost",
    "altered",
    "emptied",
    "misfiled",
    "duplicated",
    "late",
    "orphaned",
    "unseen",
    "no-data",
]
"""What became of an entry. `unseen`: a screen, rather than the record, does not have it.
`orphaned`: something is there that no entry made. `no-data`: whoever should tell is silent."""

DIFFERENCE_OF: Final[dict[str, Difference]] = {
    "read-back-missing": "lost",
    "read-back-misplaced": "misfiled",
    "read-back-misfiled": "misfiled",
    "read-back-differs": "altered",
    "read-back-merge-differs": "altered",
    "read-back-note-differs": "altered",
    "read-back-refused": "lost",
    "read-back-provenance": "altered",
    "record-row-differs": "altered",
    "record-row-orphaned": "orphaned",
    "record-row-doubled": "duplicated",
    "record-unwatched": "no-data",
    "record-unreadable": "no-data",
    "hook-failed": "late",
    "hook-too-long": "late",
    "record-stalled": "late",
    "saves-late": "late",
    "cohort-silent": "no-data",
    "page-silent": "no-data",
    "section-emptied": "emptied",
    "page-absent": "unseen",
    "screen-differs": "unseen",
    "screen-rescued": "unseen",
    "screen-text-unkept": "unseen",
    "screen-text-unknown": "unseen",
    "witness-silent": "no-data",
    "device-entries-missing": "lost",
    "device-entries-late": "late",
    "device-replaced": "lost",
    "device-retired-missing": "lost",
    "device-declared-lost": "lost",
    "consultation-emptied": "emptied",
    "consultation-empty": "orphaned",
    "record-silent": "no-data",
    "record-unavailable": "no-data",
    "sweep-overdue": "no-data",
    "comparing-silent": "no-data",
    "sentinel-lost": "lost",
    "sentinel-altered": "altered",
    "sentinel-emptied": "emptied",
    "sentinel-duplicated": "duplicated",
    "sentinel-late": "late",
    "sentinel-orphaned": "orphaned",
    "sentinel-unseen": "unseen",
}
"""What each code of a finding means."""

OF_PAGES: Final = frozenset(
    {
        "page-absent",
        "screen-text-unkept",
        "screen-text-unknown",
        "witness-silent",
        "device-entries-missing",
        "device-entries-late",
        "device-replaced",
        "device-retired-missing",
        "device-declared-lost",
        "consultation-emptied",
    }
)
"""What only a page can put right, and it may be closed for good: an incident does not wait."""


DEFINITIVE: Final = frozenset({"device-retired-missing", "device-declared-lost"})
"""What nothing will bring: the one place that had it has it no more, as it says itself, or is no
more, as a person declares."""


class Discrepancy(msgspec.Struct, frozen=True):
    """One entry of which some place says something else.

    Ids, names of sections and instants only: never text. `features` ran for its author when it
    was found. `righted_at` is when it was read back right again.
    """

    entry: str
    position: int
    kind: str
    practice: str
    author: str
    encounter: str | None
    code: str
    difference: Difference
    sections: tuple[str, ...]
    features: tuple[str, ...]
    received_at: str
    found_at: str
    righted_at: str | None = None


Happened = Literal[
    "endangered",
    "found",
    "suspended",
    "safe-mode",
    "journal-only",
    "pages-back",
    "replaced",
    "ordered",
    "anew",
    "righted",
    "closed",
    "reopened",
    "unwalked",
    "suspected",
    "guard-silent",
    "guard-heard",
    "sentinels-silent",
    "sentinels-heard",
]
"""What a line of an incident's timeline may say."""


class Step(msgspec.Struct, frozen=True):
    """One line of an incident's timeline: what happened when, to which feature or process."""

    at: str
    what: Happened
    detail: str = ""


class Incident(msgspec.Struct, frozen=True):
    """Discrepancies with one cause, from the first one found until the last is righted.

    `number` counts from 1. `endangered_at` is when the first entry concerned was received.
    """

    number: int
    opened_at: str
    endangered_at: str
    closed_at: str | None
    features: tuple[str, ...]
    codes: tuple[str, ...]


class IncidentCounts(msgspec.Struct, frozen=True):
    """What an incident amounts to: numbers of things, each counted once.

    `texts` are notes' texts among the `entries`, `synthetic` those of sentinels, who are nobody: no
    practice or practitioner counted here is theirs; `lost` those that nothing will bring.
    `sections`: how many entries concern each.
    """

    entries: int
    righted: int
    practices: int
    practitioners: int
    encounters: int
    texts: int = 0
    texts_righted: int = 0
    synthetic: int = 0
    lost: int = 0
    sections: dict[str, int] = {}


class Concerned(msgspec.Struct, frozen=True):
    """One practitioner in one practice, and how much of an incident is theirs."""

    practice: str
    author: str
    entries: int
    righted: int
    encounters: int
