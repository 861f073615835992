"""The breach register (GDPR art. 33(5)): its entries, one of them, and a new one by hand."""

import itertools
from typing import Any, Final

import msgspec
from litestar import Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from anamnesis.clinical.breach import Breach, Extent
from anamnesis.incident.severity import proposed
from anamnesis.seams import instant
from anamnesis.web.addresses import is_identifier
from anamnesis.web.desk import Desk
from anamnesis.web.identity import Identity
from anamnesis.web.mailed import mailed_told
from anamnesis.web.register_papers import Papers
from anamnesis.web.register_view import (
    FACTOR_VALUES,
    GROUPS,
    Entry,
    RegisterField,
    changed_fields,
    entries_of,
    entry_of,
    is_signed_by,
    signer_of,
)

HOURS_SHOWN_MAX: Final = 100
"""A longer time is told in days."""
BLANK: Final = Breach(
    id="",
    incident=None,
    role="controller",
    title="",
    established=True,
    losses=("availability",),
    permanence="temporal",
    started_at="",
    ended_at="",
    aware_at="",
    aware_reason="",
    discovered_by="practitioner",
    unavailable_minutes=0,
    facts="",
    origin="",
    cause="unknown",
    processors="",
    extent=Extent(None, None, None, None, None, None, None, approximate=True),
    subjects=("patients",),
    data=("health",),
    vulnerable=False,
    effect="unknown",
    consequences="",
    harms=(),
    measures_before="",
    measures_taken="",
    measures_planned="",
    factors=proposed(exposed=False, altered=False, permanence="temporal"),
    factor_reasons={},
    decision=None,
    delay_reason="",
    contact="",
    other_authorities="",
)
"""An entry that somebody begins by hand: what is not known yet is empty."""


def routes(desk: Desk) -> list[HTTPRouteHandler]:
    """`/register`, `/register/new`, `/register/{entry}` and its content as JSON."""

    @get("/register", sync_to_thread=True)
    def listed(request: Request[Any, Any, Any]) -> Response[str]:
        identity = desk.signed_in(request)
        entries = entries_of(desk.reader, identity.practice, desk.settings.now())
        return desk.page(
            request, "register.html", identity, entries=entries, told=clock_told(desk, request)
        )

    @get("/register/new", sync_to_thread=True)
    def new(request: Request[Any, Any, Any]) -> Response[str]:
        identity = desk.signed_in(request)
        return desk.page(request, "register-new.html", identity, **form_of(desk, request, BLANK))

    @get("/register/{entry:str}", sync_to_thread=True)
    def show(request: Request[Any, Any, Any], entry: FromPath[str]) -> Response[str]:
        identity = desk.signed_in(request)
        found = found_entry(desk, identity, entry)
        versions = desk.reader.resource_versions(identity.practice, entry)
        signed, decision = signer_of(versions), found.breach.decision
        changes = [
            (after, changed_fields(before.content, after.content))
            for before, after in itertools.pairwise(versions)
        ]
        return desk.page(
            request,
            "register-entry.html",
            identity,
            entry=found,
            signed=signed,
            signed_well=signed and decision and is_signed_by(signed, decision),
            changes=[*changes[::-1]],
            opened=versions[0],
            told=clock_told(desk, request),
            factor_values=FACTOR_VALUES,
            mailed=mailed_told(desk, request),
            papers=Papers(desk, identity.practice, found).offered(),
            **form_of(desk, request, found.breach),
        )

    @get("/register/{entry:str}/content", sync_to_thread=True)
    def content(request: Request[Any, Any, Any], entry: FromPath[str]) -> dict[str, Any]:
        found = found_entry(desk, desk.signed_in(request), entry)
        return {"version": found.resource.version, "content": found.resource.content}

    return [listed, new, show, content]


def found_entry(desk: Desk, identity: Identity, entry: str) -> Entry:
    """The entry of this practice's register; raises NotFoundException."""
    now = desk.settings.now()
    found = entry_of(desk.reader, identity.practice, entry, now) if is_identifier(entry) else None
    if found is None:
        raise NotFoundException
    return found


def form_of(desk: Desk, request: Request[Any, Any, Any], breach: Breach) -> dict[str, Any]:
    """What the fields of an entry's form are filled with."""
    content: dict[str, Any] = msgspec.to_builtins(breach)
    dates = desk.dates(request)

    def value_of(field: RegisterField) -> Any:  # noqa: ANN401 -- a content's member
        found: Any = content
        for part in field.name.split("."):
            found = found[part]
        return dates.for_input(found) if field.widget == "instant" else found

    return {
        "groups": GROUPS,
        "value_of": value_of,
        "content": content,
        "zone": desk.settings.zone,
    }


def clock_told(desk: Desk, request: Request[Any, Any, Any]) -> Any:  # noqa: ANN401 -- a template's function
    """What the clock of an entry says, in words."""
    words, dates = desk.words(request), desk.dates(request)

    def told(entry: Entry) -> str:
        drawn = entry.drawn
        hours, minutes = divmod(abs(drawn.left_minutes), 60)
        span = words("clock-hours", hours=hours, minutes=f"{minutes:02}")
        if hours >= HOURS_SHOWN_MAX:
            span = words.counted("clock-days", hours // 24)
        notified = entry.clock.notified_at
        return words(
            f"clock-{drawn.state}",
            span=span,
            deadline=dates.minute(instant(drawn.deadline)),
            notified=dates.minute(instant(notified)) if notified else "",
        )

    return told
