"""What came out of a drill: figures, samples over time, and what happened when."""

from typing import Final, Literal

import msgspec

from anamnesis.drill.plan import Plan
from anamnesis.reconcile.discrepancy import Step

SCREENS: Final = ("recorded", "journaled", "held", "typed")
"""What screens say of the text on them, best first."""


class Sample(msgspec.Struct, frozen=True):
    """One look at the server; `at` is in seconds since the fault was deployed.

    `wrong` is what the keeper lists, `unreadable` notes that a reader gets otherwise than typed,
    of those looked at; `screens` how many say which state.
    """

    at: float
    journaled: int
    recorded: int
    wrong: int
    application: str
    unreadable: int = 0
    screens: dict[str, int] = {}


class PageSeen(msgspec.Struct, frozen=True):
    """What one real page showed: states with the seconds from the fault at which each began.

    `wrong_at` is when it was green over a text that no reader could get, in the same seconds.
    """

    page: str
    states: list[tuple[float, str]]
    texts: int
    lost: int
    greens: int
    wrong_at: list[float]


class Watch(msgspec.Struct, frozen=True):
    """What became of everything that was lost unprotected, once the protections were switched on.

    Seconds from the moment at which the server was started with them.
    """

    lost_before: int
    lost_after: int
    detected_after: float | None
    suspended_after: float | None
    back_after: float | None


class Registered(msgspec.Struct, frozen=True):
    """What was lost for good, and how many the breach register says: the same ones, one by one."""

    lost: int
    registered: int
    listed: bool

    @property
    def is_true(self) -> bool:
        """Whether the register says exactly what was lost."""
        return self.lost > 0 and self.registered == self.lost and self.listed


class Report(msgspec.Struct, frozen=True, tag="run", tag_field="what"):
    """One run. Times are seconds from the first text in danger; None for what did not happen.

    `texts` were typed, into `notes`; `lost` are notes that no reader gets at the end as they were
    typed last, `never_sent` those of them that no page ever let go of; `wrong_at_worst` entries
    listed as wrong at once. `endangered` are notes that the fault had within reach.
    """

    plan: Plan
    build: str
    texts: int
    shares: int
    notes: int
    endangered: int
    lost: int
    never_sent: int
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
    pages: list[PageSeen] = []
    done: list[str] = []
    watched: Watch | None = None
    registered: Registered | None = None


Verdict = Literal["good", "admitted", "lost", "green-while-wrong", "register-wrong", "false-alarm"]


def verdict(report: Report) -> Verdict:
    """In a word; the worst thing first."""
    if report.greens_while_wrong:
        return "green-while-wrong"
    if report.registered is not None and not report.registered.is_true:
        return "register-wrong"
    if report.lost:
        return "admitted" if report.plan.what.admitted else "lost"
    if report.false_alarms:
        return "false-alarm"
    return "good"
