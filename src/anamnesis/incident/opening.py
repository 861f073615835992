"""Opens an entry of the breach register from an incident, and keeps its facts up to date.

Loss, alteration, exposure and time out of reach all open one (GDPR art. 4(12), 33(5)): whether it
is notified is another question. An entry is what the incident says now, and over it what people
wrote: each field that a person changed stays theirs.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

import msgspec
from msgspec.structs import fields, replace

from anamnesis.clinical.breach import Breach, Extent, Permanence, Role
from anamnesis.incident.extent import Affected
from anamnesis.incident.severity import by_facts, proposed

_NAMES: Final = tuple(field.name for field in fields(Breach))


class Words(msgspec.Struct, frozen=True):
    """What the program writes into an entry, in the language of the register."""

    title: str
    aware_reason: str
    origin: str
    measures_before: str
    measures_taken: str


class Persons(msgspec.Struct, frozen=True):
    """Whose data they are: how many patients, and whether minors are among them."""

    patients: int
    minors: bool


class Written(msgspec.Struct, frozen=True):
    """One version of an entry, and whether the program wrote it."""

    by_program: bool
    breach: Breach


def breach_id(practice: str, opened_at: str) -> str:
    """The id of the entry in this register of the incident opened then: always the same one.

    Numbers of incidents begin anew when their history is lost; instants do not.
    """
    return str(uuid5(NAMESPACE_URL, f"anamnesis:breach:{practice}:{opened_at}"))


def permanence_of(affected: Affected) -> Permanence:
    """Permanent once something is given up, temporal while something is still away."""
    if affected.lost:
        return "permanent"
    return "recoverable" if affected.is_over else "temporal"


def opened(
    identifier: str, number: int, role: Role, affected: Affected, persons: Persons, words: Words
) -> Breach:
    """The entry as the incident alone gives it; the 72 hours run from the finding."""
    return _assessed(
        Breach(
            id=identifier,
            incident=number,
            role=role,
            title=words.title,
            established=True,
            losses=tuple(sorted(affected.losses)),
            permanence=permanence_of(affected),
            started_at=affected.endangered_at,
            ended_at=affected.brought_at if affected.is_over else "",
            aware_at=affected.found_at,
            aware_reason=words.aware_reason,
            discovered_by=affected.discovered_by,
            unavailable_minutes=_minutes(affected),
            facts="",
            origin=words.origin,
            cause="internal-accidental",
            processors="",
            extent=_extent(affected, persons),
            subjects=("minors", "patients") if persons.minors else ("patients",),
            data=("health",),
            vulnerable=persons.minors,
            effect="unknown",
            consequences="",
            harms=(),
            measures_before=words.measures_before,
            measures_taken=words.measures_taken,
            measures_planned="",
            factors=proposed(exposed=False, altered=False, permanence="recoverable"),
            factor_reasons={},
            decision=None,
            delay_reason="",
            contact="",
            other_authorities="",
        )
    )


def of_one_practice(breach: Breach, affected: Affected, persons: Persons) -> Breach:
    """What a processor's entry amounts to for one of its controllers, with that one's numbers."""
    return replace(
        breach,
        losses=tuple(sorted(affected.losses)),
        permanence=permanence_of(affected),
        started_at=affected.endangered_at,
        ended_at=affected.brought_at if affected.is_over else "",
        extent=_extent(affected, persons),
    )


def brought_up_to_date(now: Breach, versions: Sequence[Written]) -> Breach | None:
    """`now`, which the incident alone gives, under what people wrote; None if the last says it.

    A version of the program's that went over something a person had just written is put right by
    the next one.
    """
    theirs = written_by_people(versions)
    breach = replace(now, **theirs)
    if "factors" not in theirs:
        breach = _assessed(breach)
    return None if versions and versions[-1].breach == breach else breach


def written_by_people(versions: Sequence[Written]) -> dict[str, Any]:
    """The fields that a person changed last, with what they say.

    A person whose page was older than the program's newest version sends back what the program
    said before: that is no change of theirs.
    """
    theirs: dict[str, Any] = {}
    said: dict[str, list[object]] = {name: [] for name in _NAMES}
    before: Breach | None = None
    for version in versions:
        for name in _NAMES:
            value = getattr(version.breach, name)
            if version.by_program:
                if name not in theirs and value not in said[name]:
                    said[name].append(value)
            elif before is None or value != getattr(before, name):
                if value in said[name] and len(said[name]) > 1:
                    continue
                theirs[name] = value
        before = version.breach
    return theirs


def _assessed(breach: Breach) -> Breach:
    """With the factors that follow from its other fields."""
    return replace(breach, factors=by_facts(breach))


def _extent(affected: Affected, persons: Persons) -> Extent:
    return Extent(
        patients=persons.patients,
        encounters=len(affected.encounters),
        texts=affected.entries,
        brought_back=affected.brought_back,
        lost=affected.lost,
        practitioners=len(affected.practitioners),
        practices=len(affected.practices),
        approximate=False,
    )


def _minutes(affected: Affected) -> int:
    """How long texts were out of reach, in whole minutes begun; up to their finding while open."""
    until = affected.brought_at if affected.is_over and affected.brought_at else affected.found_at
    away = datetime.fromisoformat(until) - datetime.fromisoformat(affected.endangered_at)
    return int(-(-max(0.0, away.total_seconds()) // 60))
