"""The breach register as its pages show it: the fields of an entry, its clock, its assessment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal, get_args

import msgspec

from anamnesis.clinical.breach import (
    Breach,
    BreachPaper,
    Cause,
    DataCategory,
    Decision,
    DiscoveredBy,
    Harm,
    Loss,
    Permanence,
    SubjectCategory,
)
from anamnesis.incident.clock import NOTIFIED_WITHIN, REMINDED_AFTER, Clock72, ClockState
from anamnesis.incident.decision import Proposal, facts_of, propose
from anamnesis.incident.notified import notified_at, told_at
from anamnesis.incident.severity import (
    FACTORS,
    INDIVIDUALS_FLAGGED_FROM,
    Band,
    band,
    by_facts,
    in_force,
    score,
)
from anamnesis.record.resource_model import Resource
from anamnesis.record.store import RecordReader

Widget = Literal["line", "text", "choice", "several", "flag", "number", "instant"]


@dataclass(frozen=True, slots=True)
class RegisterField:
    """One field of an entry's form; `a.b` is b inside of a."""

    name: str
    widget: Widget
    choices: tuple[str, ...] = ()
    needed: bool = False


def _one_of(name: str, kind: Any) -> RegisterField:  # noqa: ANN401 -- a Literal is no type
    return RegisterField(name, "choice", get_args(kind))


def _some_of(name: str, kind: Any) -> RegisterField:  # noqa: ANN401 -- likewise
    return RegisterField(name, "several", get_args(kind))


_COUNTS: Final = (
    "patients",
    "encounters",
    "texts",
    "brought_back",
    "lost",
    "practitioners",
    "practices",
)
GROUPS: Final[dict[str, tuple[RegisterField, ...]]] = {
    "when": (
        RegisterField("aware_at", "instant", needed=True),
        RegisterField("aware_reason", "text", needed=True),
        _one_of("discovered_by", DiscoveredBy),
        RegisterField("started_at", "instant"),
        RegisterField("ended_at", "instant"),
        RegisterField("unavailable_minutes", "number", needed=True),
    ),
    "what": (
        RegisterField("title", "line", needed=True),
        RegisterField("established", "flag"),
        _some_of("losses", Loss),
        _one_of("permanence", Permanence),
        RegisterField("facts", "text"),
        RegisterField("origin", "text"),
        _one_of("cause", Cause),
        RegisterField("processors", "text"),
    ),
    "who": (
        *(RegisterField(f"extent.{name}", "number") for name in _COUNTS),
        RegisterField("extent.approximate", "flag"),
        _some_of("subjects", SubjectCategory),
        _some_of("data", DataCategory),
        RegisterField("vulnerable", "flag"),
    ),
    "effects": (
        RegisterField("effect", "choice", ("unknown", "yes", "no")),
        RegisterField("consequences", "text"),
        _some_of("harms", Harm),
        RegisterField("measures_before", "text"),
        RegisterField("measures_taken", "text"),
        RegisterField("measures_planned", "text"),
    ),
    "telling": (
        RegisterField("contact", "text"),
        RegisterField("delay_reason", "text"),
        RegisterField("other_authorities", "text"),
    ),
}
"""The fields in the order in which the authority asks for them."""
FACTOR_VALUES: Final[dict[str, tuple[int, ...]]] = {
    "context": (1, 2, 3, 4),
    "identification": (25, 50, 75, 100),
    "confidentiality": (0, 25, 50),
    "integrity": (0, 25, 50),
    "availability": (0, 25, 50),
    "malice": (0, 50),
}


@dataclass(frozen=True, slots=True)
class FactorRow:
    """One factor of the severity: what it is, what the facts alone give, and why it differs."""

    name: str
    value: int
    proposed: int
    reason: str


@dataclass(frozen=True, slots=True)
class ClockDrawn:
    """The clock in parts of its 72 hours, in thousandths."""

    state: ClockState
    deadline: datetime
    left_minutes: int
    passed: int
    reminders: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the register as it is now, with everything that follows from it."""

    resource: Resource
    breach: Breach
    papers: list[tuple[Resource, BreachPaper]]
    clock: Clock72
    drawn: ClockDrawn
    factors: list[FactorRow]
    score: int
    band: Band
    is_flagged: bool
    proposal: Proposal

    @property
    def is_waiting(self) -> bool:
        """Whether somebody has to decide, or to notify as was decided."""
        decision = self.breach.decision
        return self.clock.notified_at is None and (decision is None or decision.notify)

    @property
    def told_at(self) -> dict[str, str]:
        """When each receiver of the paper that ends the clock was first told."""
        return told_at(self.breach, (paper for _, paper in self.papers))

    @property
    def needs_delay_reason(self) -> bool:
        """Whether it is later than 72 hours and nobody said why (art. 33(1))."""
        return self.drawn.state in ("late", "met-late") and not self.breach.delay_reason.strip()


def entries_of(reader: RecordReader, practice: str, now: datetime) -> list[Entry]:
    """The register of this practice, the newest awareness first."""
    papers = _papers(reader, practice)
    found = [
        _entry(one, papers.get(one.resource, []), now)
        for one in reader.practice_resources(practice, "breach")
    ]
    return sorted(found, key=lambda one: one.breach.aware_at, reverse=True)


def entry_of(reader: RecordReader, practice: str, identifier: str, now: datetime) -> Entry | None:
    """One entry of it."""
    found = reader.resource(practice, identifier)
    if found is None or found.type != "breach":
        return None
    return _entry(found, _papers(reader, practice).get(identifier, []), now)


def signer_of(versions: Sequence[Resource]) -> Resource | None:
    """The version that carries the decision in force first: whoever wrote it signed it."""
    decision = versions[-1].content["decision"]
    if decision is None:
        return None
    signed = versions[-1]
    for version in reversed(versions):
        if version.content["decision"] != decision:
            break
        signed = version
    return signed


def is_signed_by(signed: Resource, decision: Decision) -> bool:
    """Whether the decision names who wrote it."""
    return signed.author == decision.by


def changed_fields(before: dict[str, Any], after: dict[str, Any]) -> list[tuple[str, str, str]]:
    """The fields in which two versions differ, with both values."""
    one, other = _flat(before), _flat(after)
    return [
        (name, one.get(name, ""), other.get(name, ""))
        for name in sorted(one.keys() | other.keys())
        if one.get(name, "") != other.get(name, "") and not name.startswith("decision.by")
    ]


def _flat(content: dict[str, Any], outer: str = "") -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in content.items():
        if isinstance(value, dict):
            found |= _flat(value, f"{outer}{name}.")
        elif isinstance(value, list):
            found[outer + name] = ", ".join(str(one) for one in value)
        else:
            found[outer + name] = "" if value is None else str(value)
    return found


def _papers(reader: RecordReader, practice: str) -> dict[str, list[tuple[Resource, BreachPaper]]]:
    found: dict[str, list[tuple[Resource, BreachPaper]]] = {}
    for one in reader.practice_resources(practice, "breach-paper"):
        paper = msgspec.convert(one.content, BreachPaper)
        found.setdefault(paper.breach, []).append((one, paper))
    return found


def _entry(resource: Resource, papers: list[tuple[Resource, BreachPaper]], now: datetime) -> Entry:
    breach = msgspec.convert(resource.content, Breach)
    notified = notified_at(breach, (paper for _, paper in papers))
    clock = Clock72(
        datetime.fromisoformat(breach.aware_at),
        datetime.fromisoformat(notified) if notified else None,
    )
    patients = breach.extent.patients
    return Entry(
        resource=resource,
        breach=breach,
        papers=papers,
        clock=clock,
        drawn=_drawn(clock, now),
        factors=_factors(breach),
        score=score(in_force(breach)),
        band=band(in_force(breach)),
        is_flagged=patients is not None and patients >= INDIVIDUALS_FLAGGED_FROM,
        proposal=propose(facts_of(breach, now)),
    )


def _factors(breach: Breach) -> list[FactorRow]:
    factors, facts_alone = in_force(breach), by_facts(breach)
    return [
        FactorRow(
            name,
            getattr(factors, name),
            getattr(facts_alone, name),
            breach.factor_reasons.get(name, ""),
        )
        for name in FACTORS
    ]


def _drawn(clock: Clock72, now: datetime) -> ClockDrawn:
    until = clock.notified_at or now
    passed = (until - clock.aware_at) / NOTIFIED_WITHIN
    return ClockDrawn(
        state=clock.state(now),
        deadline=clock.deadline,
        left_minutes=int(clock.left(until).total_seconds() // 60),
        passed=int(1000 * min(1.0, max(0.0, passed))),
        reminders=tuple(
            (int(after.total_seconds() // 3600), int(1000 * (after / NOTIFIED_WITHIN)))
            for after in REMINDED_AFTER
        ),
    )
