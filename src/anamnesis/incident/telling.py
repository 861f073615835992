"""What is told to people who look at no screen: what an incident came to, and under which key.

Of an incident ids, codes, counts, instants and names of features only: what is told leaves the
machine.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, Literal

import msgspec

from anamnesis.reconcile.discrepancy import Incident, IncidentCounts, Step

Event = Literal["opened", "reopened", "closed"]
_LATER: Final[dict[str, Event]] = {"reopened": "reopened", "closed": "closed"}


class Turn(msgspec.Struct, frozen=True):
    """Something an incident came to, and when."""

    event: Event
    at: str


def turns(incident: Incident, steps: Sequence[Step]) -> list[Turn]:
    """Everything it came to so far, oldest first: it only ever gets longer."""
    found = [Turn("opened", incident.opened_at)]
    found += [Turn(_LATER[one.what], one.at) for one in steps if one.what in _LATER]
    if incident.closed_at is not None and found[-1].event != "closed":
        # The keeper closed it and had no time to write that into the timeline.
        found.append(Turn("closed", incident.closed_at))
    return found


def turn_key(incident: Incident, turn: Turn) -> str:
    """The key of dispatches about it. Numbers begin anew with a lost history, instants do not."""
    at = turn.at.replace(":", "").lower()
    return f"incident-{incident.number}-{turn.event}-{at}"


def paper_key(paper: str) -> str:
    """The key of dispatches of a paper: however often somebody clicks, it goes once."""
    return f"paper.{paper}"


def reminder_key(entry: str, aware_at: datetime, hours: int) -> str:
    """The key of dispatches that remind of the 72 hours; another awareness begins them anew."""
    return f"reminder.{entry}.{int(aware_at.timestamp())}.{hours}"


def told_as_data(
    server: str, incident: Incident, turn: Turn, counts: IncidentCounts
) -> dict[str, Any]:
    """What a webhook is told (Standard Webhooks: a type, an instant, the data)."""
    facts: dict[str, Any] = msgspec.to_builtins(incident)
    numbers: dict[str, Any] = msgspec.to_builtins(counts)
    return {
        "type": f"incident.{turn.event}",
        "timestamp": turn.at,
        "data": {"server": server} | facts | numbers,
    }
