"""The versions of a document in groups written in one go, and what each group changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from anamnesis.clinical.difference import Span, word_difference
from anamnesis.record.resource_model import Resource
from anamnesis.web.catalogue import Catalogue
from anamnesis.web.sittings import SITTING

FIELDS = ("title", "date", "recipient", "lines", "body")


@dataclass(frozen=True, slots=True)
class Changed:
    """One field before and after; `fresh` if there was nothing before."""

    field: str
    spans: list[Span]
    fresh: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Versions written in one go; `before` is the version before them."""

    versions: tuple[Resource, ...]
    before: Resource | None
    changes: tuple[Changed, ...] = ()

    @property
    def first(self) -> Resource:
        """The oldest of them."""
        return self.versions[0]

    @property
    def last(self) -> Resource:
        """What they came to."""
        return self.versions[-1]


def groups(versions: Sequence[Resource], issued: set[int], *, every: bool) -> list[Group]:
    """Newest first. An issued version ends its group, and so does every one if `every`."""
    found: list[list[Resource]] = []
    for version in versions:
        last = found[-1][-1] if found else None
        apart = last is None or every or last.version in issued or not _in_one_go(last, version)
        if apart:
            found.append([version])
        else:
            found[-1].append(version)
    before = [None, *(group[-1] for group in found[:-1])]
    made = [Group(tuple(group), one) for group, one in zip(found, before, strict=True)]
    return made[::-1]


def compared(group: Group, words: Catalogue) -> Group:
    """The group with what it changed, field by field."""
    old = {} if group.before is None else texts_of(group.before.content, words)
    new = texts_of(group.last.content, words)
    changes = tuple(
        Changed(field, word_difference(old.get(field, ""), new[field]), not old.get(field))
        for field in FIELDS
        if old.get(field, "") != new[field]
    )
    return Group(group.versions, group.before, changes)


def texts_of(content: dict[str, Any], words: Catalogue) -> dict[str, str]:
    """Each field of a document as text; the lines of a prescription one below the other."""
    lines = "\n".join(_line(line, words) for line in content["lines"])
    return {field: lines if field == "lines" else content[field] for field in FIELDS}


def _line(line: dict[str, Any], words: Catalogue) -> str:
    parts = [line[part] for part in ("drug", "dose", "frequency", "duration")]
    if line["renewals"]:
        times = words.counted("print-times", line["renewals"])
        parts.append(f"{words('print-renew')} {times}")
    if line["ald"]:
        parts.append(words("document-ald"))
    return " · ".join(part for part in [*parts, line["note"]] if part)


def _in_one_go(one: Resource, other: Resource) -> bool:
    pause = datetime.fromisoformat(other.recorded_at) - datetime.fromisoformat(one.recorded_at)
    return one.author == other.author and pause <= SITTING
