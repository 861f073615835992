"""Whether the authority and the patients are told: what the rules propose, what a person decides.

The program proposes and never decides. Each proposal names the rule it comes from; the decision is
somebody's, with a name, an instant and reasons. A no without a written reason is never journaled
(clinical/breach.py).
"""

from datetime import datetime
from typing import Final, Literal

import msgspec

from anamnesis.clinical.breach import Breach, Permanence

UNAVAILABLE_HOURS_NOTIFIED: Final = 30
"""A hospital's records that nobody could reach for 30 hours: notified, and patients told (EDPB,
Guidelines 9/2022, version 2.0, annex B)."""

Rule = Literal[
    "lost-health-data",
    "lost-data",
    "altered-for-good",
    "exposed",
    "unavailable-for-long",
    "restored-without-effect",
    "in-doubt",
]
SOURCES: Final[dict[Rule, str]] = {
    "lost-health-data": "CNIL, after the fire of March 2021: definitive loss of a patient's "
    "health data is notified, and the persons are informed directly",
    "lost-data": "CNIL, after the fire of March 2021: data definitively lost are notified",
    "altered-for-good": "GDPR art. 4(12): alteration; EDPB Guidelines 9/2022: integrity breach",
    "exposed": "GDPR art. 4(12), 33(1): disclosure to somebody who may not see them",
    "unavailable-for-long": "EDPB Guidelines 9/2022, annex B: medical records out of reach for 30 "
    "hours",
    "restored-without-effect": "CNIL, after the fire of March 2021: restored without significant "
    "consequence goes into the register only",
    "in-doubt": "CNIL: in case of doubt, notify",
}
"""Where each rule stands."""


class Facts(msgspec.Struct, frozen=True):
    """What the proposal rests on. `unavailable_hours` is how long data could not be read.

    `effect` is whether the restored breach had a consequence for a patient's care: None while
    nobody has said.
    """

    permanence: Permanence
    health: bool = True
    altered: bool = False
    exposed: bool = False
    unavailable_hours: int = 0
    effect: bool | None = None


def facts_of(breach: Breach, now: datetime) -> Facts:
    """What an entry of the register says; what has no end yet goes on until `now`."""
    hours = breach.unavailable_minutes // 60
    if breach.permanence != "recoverable" and breach.started_at and not breach.ended_at:
        away = now - datetime.fromisoformat(breach.started_at)
        hours = max(hours, int(away.total_seconds() // 3600))
    return Facts(
        permanence=breach.permanence,
        health="health" in breach.data,
        altered="integrity" in breach.losses,
        exposed="confidentiality" in breach.losses,
        unavailable_hours=hours,
        effect={"yes": True, "no": False, "unknown": None}[breach.effect],
    )


class Proposal(msgspec.Struct, frozen=True):
    """`notify` the authority (art. 33), `inform` the patients (art. 34), and the rule."""

    notify: bool
    inform: bool
    rule: Rule

    @property
    def source(self) -> str:
        """Where the rule stands."""
        return SOURCES[self.rule]


def propose(facts: Facts) -> Proposal:
    """What the rules say of these facts: the first one that applies."""
    lasting = facts.permanence == "permanent"
    rules: tuple[tuple[bool, Rule, bool, bool], ...] = (
        (lasting and facts.health, "lost-health-data", True, True),
        (lasting, "lost-data", True, False),
        (facts.exposed, "exposed", True, facts.health),
        (
            facts.altered and facts.permanence != "recoverable",
            "altered-for-good",
            True,
            facts.health,
        ),
        (
            facts.unavailable_hours >= UNAVAILABLE_HOURS_NOTIFIED,
            "unavailable-for-long",
            True,
            facts.health,
        ),
        (
            facts.permanence == "recoverable" and facts.effect is False,
            "restored-without-effect",
            False,
            False,
        ),
        (True, "in-doubt", True, facts.effect is True and facts.health),
    )
    return next(
        Proposal(notify, inform, rule) for applies, rule, notify, inform in rules if applies
    )
