"""What came out of a drill: figures, samples over time, and what happened when."""

import msgspec

from anamnesis.drill.plan import Plan
from anamnesis.reconcile.discrepancy import Step


class Sample(msgspec.Struct, frozen=True):
    """One look at the server; `at` is in seconds since the fault was deployed."""

    at: float
    journaled: int
    recorded: int
    wrong: int
    application: str


class Report(msgspec.Struct, frozen=True):
    """One run. Times are seconds from the first text in danger; None for what did not happen.

    `lost` are texts that no reader gets at the end; `wrong_at_worst` notes shown wrongly at once.
    """

    plan: Plan
    build: str
    texts: int
    shares: int
    encounters: int
    lost: int
    wrong_at_worst: int
    detected_after: float | None
    suspended_after: float | None
    back_after: float | None
    false_alarms: int
    greens: int
    greens_while_wrong: int
    refused: int
    discrepancies: int
    made_anew: int
    steps: list[Step]
    samples: list[Sample]


def verdict(report: Report) -> str:
    """In a few words, for the head of a page."""
    if report.lost == 0 and report.greens_while_wrong == 0:
        return "Nothing was lost, and no screen said otherwise."
    if report.lost:
        return f"{report.lost:,} notes can no longer be read as they were typed."
    return f"{report.greens_while_wrong} screens were green while the record was wrong."
