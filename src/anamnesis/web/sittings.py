"""The versions of a note in groups that were written in one go, and what each group changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from anamnesis.clinical.difference import Span, word_difference
from anamnesis.clinical.sections import BLANK, SECTIONS, SectionName, Sections
from anamnesis.record.model import NoteVersion

SITTING = timedelta(minutes=5)
"""Versions by one author on one device, no further apart than this, are one sitting."""


@dataclass(frozen=True, slots=True)
class Change:
    """One section before and after a sitting; `fresh` if there was nothing before."""

    section: SectionName
    spans: list[Span]
    fresh: bool


@dataclass(frozen=True, slots=True)
class Sitting:
    """Versions written in one go: the first and the last, and what all of them changed."""

    first: NoteVersion
    last: NoteVersion
    count: int
    changes: list[Change]
    acts: list[str]
    signed: list[int]


Group = tuple[Sections, list[NoteVersion]]
"""The text before, and the versions of one sitting, oldest first."""


def sittings(versions: Sequence[NoteVersion], *, every: bool) -> list[Group]:
    """The versions (given oldest first) by sittings, newest first; one by one for `every`."""
    groups: list[Group] = []
    before = BLANK
    for version in versions:
        if groups and not every and _continues(groups[-1][1][-1], version):
            groups[-1][1].append(version)
        else:
            groups.append((before, [version]))
        before = version.sections
    groups.reverse()
    return groups


def compared(group: Group) -> Sitting:
    """What a sitting changed, section by section."""
    before, versions = group
    after = versions[-1].sections
    changes = [
        Change(section, word_difference(old, new), fresh=not old)
        for section, old, new in (
            (name, before.section(name), after.section(name)) for name in SECTIONS
        )
        if old != new
    ]
    acts = sorted({version.act for version in versions})
    signed = [version.version for version in versions if version.signed]
    return Sitting(versions[0], versions[-1], len(versions), changes, acts, signed)


def _continues(previous: NoteVersion, version: NoteVersion) -> bool:
    same = (previous.author, previous.device) == (version.author, version.device)
    plain = not previous.signed and not version.merged and version.act != "note.restore"
    apart = _at(version) - _at(previous)
    return same and plain and timedelta(0) <= apart <= SITTING


def _at(version: NoteVersion) -> datetime:
    return datetime.fromisoformat(version.received_at)
