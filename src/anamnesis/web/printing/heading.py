"""The head of a document: the practitioner's letterhead, or what the practice knows of them."""

import re
from collections.abc import Sequence
from typing import Any

from anamnesis.record.resource_model import Resource
from anamnesis.record.store import RecordReader
from anamnesis.web.catalogue import Catalogue
from anamnesis.web.printing.sheet import Head, lines_of, printable

_TOWN = re.compile(r"\b\d{5}\s+([^\d\n,]+)")
_OFFICE = re.compile(r"\s+cedex\b.*", re.IGNORECASE)


def head_of(
    reader: RecordReader, words: Catalogue, version: Resource, until: str | None
) -> tuple[Head, str]:
    """The head of whoever wrote `version`, as it was at the instant `until`, and the address."""
    letterhead = _letterhead(reader, version.practice, version.author, until)
    content = letterhead.content if letterhead else _known(reader, version)
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


def _known(reader: RecordReader, version: Resource) -> dict[str, Any]:
    practice = reader.practice(version.practice)
    mine = [
        one for one in reader.practitioners(version.practice) if one.practitioner == version.author
    ]
    return {
        "name": mine[0].name if mine else version.author_name,
        "qualifications": mine[0].specialty if mine else "",
        "rpps": mine[0].rpps if mine else "",
        "am": "",
        "practice": practice.name if practice else "",
        "address": practice.address if practice else "",
        "telephone": practice.telephone if practice else "",
        "email": "",
    }


def _contact(content: dict[str, Any], words: Catalogue) -> list[str]:
    found = lines_of(content["address"])
    if content["telephone"]:
        found.append(words("print-telephone", number=printable(content["telephone"])))
    if content["email"]:
        found.append(printable(content["email"]))
    return found
