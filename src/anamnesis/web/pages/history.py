"""A note's history: every version, what changed in it, by whom, when and from where."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from litestar import Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.handlers import HTTPRouteHandler

from anamnesis.clinical.difference import Span, word_difference
from anamnesis.clinical.sections import BLANK, SECTIONS, SectionName, Sections
from anamnesis.record.model import NoteVersion
from anamnesis.web.desk import Desk

SITTING = timedelta(minutes=5)
"""Versions by one author on one device, no further apart than this, are one sitting."""
SITTINGS = 20
"""On one page."""


@dataclass(frozen=True, slots=True)
class Sitting:
    """Versions written in one go: the last of them, and what all of them changed."""

    first: NoteVersion
    last: NoteVersion
    count: int
    changes: list[tuple[SectionName, list[Span]]]
    acts: list[str]


def routes(desk: Desk) -> list[HTTPRouteHandler]:
    """`/encounters/{id}/history`; `?every=yes` for each version apart, `?from=` for older ones."""

    @get("/encounters/{encounter:str}/history", sync_to_thread=True)
    def history(request: Request[Any, Any, Any], encounter: str) -> Response[str]:
        identity = desk.signed_in(request)
        note = desk.reader.note(identity.practice, encounter)
        if note is None:
            raise NotFoundException
        every = request.query_params.get("every") == "yes"
        skipped = _count(request.query_params.get("skip"))
        groups = sittings(desk.reader.versions(identity.practice, encounter), every=every)
        shown = groups[skipped : skipped + SITTINGS]
        more = skipped + SITTINGS if len(groups) > skipped + SITTINGS else None
        return desk.page(
            request,
            "history.html",
            identity,
            note=note,
            encounter=desk.reader.encounter(identity.practice, encounter),
            patient=desk.reader.patient(identity.practice, note.patient),
            sittings=[_compared(group) for group in shown],
            total=note.version,
            every=every,
            more=more,
        )

    return [history]


def sittings(
    versions: Sequence[NoteVersion], *, every: bool
) -> list[tuple[Sections, list[NoteVersion]]]:
    """The versions in groups written in one go, newest first, each with the text before it."""
    groups: list[tuple[Sections, list[NoteVersion]]] = []
    before = BLANK
    for version in versions:
        if groups and not every and _continues(groups[-1][1][-1], version):
            groups[-1][1].append(version)
        else:
            groups.append((before, [version]))
        before = version.sections
    groups.reverse()
    return groups


def _continues(previous: NoteVersion, version: NoteVersion) -> bool:
    same = (previous.author, previous.device) == (version.author, version.device)
    plain = not previous.signed and not version.merged and version.act != "note.restore"
    apart = _at(version) - _at(previous)
    return same and plain and timedelta(0) <= apart <= SITTING


def _at(version: NoteVersion) -> datetime:
    return datetime.fromisoformat(version.received_at)


def _compared(group: tuple[Sections, list[NoteVersion]]) -> Sitting:
    before, versions = group
    after = versions[-1].sections
    changes = [
        (section, word_difference(getattr(before, section), getattr(after, section)))
        for section in SECTIONS
        if getattr(before, section) != getattr(after, section)
    ]
    acts = sorted({version.act for version in versions})
    return Sitting(versions[0], versions[-1], len(versions), changes, acts)


def _count(text: str | None) -> int:
    return int(text) if text is not None and text.isdecimal() and len(text) < 7 else 0
