"""The head of a document: the practitioner's letterhead, or what the practice knows of them."""

import re
from collections.abc import Sequence
from typing import Any

from anamnesis.record.resource_model import Issue, Resource
from anamnesis.record.store import RecordReader
from anamnesis.web.catalogue import Catalogue
from anamnesis.web.printing.sheet import Head, lines_of, printable

_TOWN = re.compile(r"\b\d{5}\s+([^\d\n,]+)")
_OFFICE = re.compile(r"\s+cedex\b.*", re.IGNORECASE)


def head_of(
    reader: RecordReader, words: Catalogue, version: Resource, issue: Issue | None
) -> tuple[Head, str]:
    """The head of whoever stands for `version`, as it was when it was issued, and the address.

    While nobody does, that of its author.
    """
    by = (issue.author, issue.author_name) if issue else (version.author, version.author_name)
    until = issue.issued_at if issue else None
    letterhead = _letterhead(reader, version.practice, by[0], until)
    content = letterhead.content if letterhead else _known(reader, version.practice, *by)
    numbers = [
        words(f"print-{name}", number=content[name]) for name in ("rpps", "am") if content[name]
    ]
    head = Head(
        name=printable(content["name"]),
        qualifications=lines_of(content["qualifications"]),
        numbers=numbers,
        practice=printable(content["practice"]),
        contact=_contact(content, words),
    )
    return head, content["address"]


def place_in(address: str) -> str:
    """The town of an address, which follows its postcode; nothing where there is none."""
    found: Sequence[str] = _TOWN.findall(address)
    return printable(_OFFICE.sub("", found[-1])) if found else ""


def _letterhead(
    reader: RecordReader, practice: str, practitioner: str, until: str | None
) -> Resource | None:
    standing = [
        one
        for one in reader.practice_resources(practice, "letterhead")
        if one.content["practitioner"] == practitioner
    ]
    if not standing or until is None:
        return standing[-1] if standing else None
    known = [
        one
        for one in reader.resource_versions(practice, standing[-1].resource)
        if one.recorded_at <= until
    ]
    return known[-1] if known else None


def _known(reader: RecordReader, practice: str, practitioner: str, name: str) -> dict[str, Any]:
    office = reader.practice(practice)
    found = reader.practitioners(practice)
    mine = [one for one in found if one.practitioner == practitioner]
    return {
        "name": mine[0].name if mine else name,
        "qualifications": mine[0].specialty if mine else "",
        "rpps": mine[0].rpps if mine else "",
        "am": "",
        "practice": office.name if office else "",
        "address": office.address if office else "",
        "telephone": office.telephone if office else "",
        "email": "",
    }


def _contact(content: dict[str, Any], words: Catalogue) -> list[str]:
    found = lines_of(content["address"])
    if content["telephone"]:
        found.append(words("print-telephone", number=printable(content["telephone"])))
    if content["email"]:
        found.append(printable(content["email"]))
    return found
