"""What is printed of a version of a document: its text, whose it is, and whose head it has."""

import re
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from anamnesis.clinical.documents import DOCUMENT_TYPES
from anamnesis.clinical.shapes import is_day
from anamnesis.record.resource_model import Issue, Resource
from anamnesis.record.restriction import restriction_of
from anamnesis.record.store import RecordReader
from anamnesis.web.catalogue import Catalogue
from anamnesis.web.dates import Dates, age
from anamnesis.web.printing.heading import head_of, place_in
from anamnesis.web.printing.prescription import count_of, zones_of
from anamnesis.web.printing.press import Press, PrintingRefused
from anamnesis.web.printing.sheet import Foot, Sheet, Subject, lines_of, paragraphs_of, printable

_FIRST = re.compile(r"^1 ")


class Printing:
    """Prints documents in the language they are written in. Safe to share between threads.

    An issued version is printed as it was when it was issued: the head and the patient's traits
    are those of that instant.
    """

    def __init__(
        self, reader: RecordReader, words: Catalogue, zone: ZoneInfo, press: Press
    ) -> None:
        self._reader = reader
        self._words = words
        self._dates = Dates(words.language, zone)
        self._press = press

    def pdf(self, version: Resource) -> bytes:
        """The version as PDF/A-2b; raises PrintingRefused, of a restricted record's letters too."""
        whose = version.patient or ""
        is_letter = version.content["type"] == "letter"
        if is_letter and restriction_of(self._reader, version.practice, whose) is not None:
            raise PrintingRefused("document-restricted")
        return self._press.pdf(self.sheet(version))

    def pages(self, version: Resource) -> list[bytes]:
        """The version's pages as SVG; raises PrintingRefused."""
        return self._press.pages(self.sheet(version))

    def name(self, version: Resource) -> str:
        """`Ordonnance du 23 novembre 2026`."""
        type_ = self._words(f"document-type-{version.content['type']}")
        return self._words("print-name", type=type_, day=self._long(self._day(version)))

    def sheet(self, version: Resource) -> Sheet:
        """What is printed of one version of a prescription, a letter or a certificate."""
        if version.content["type"] not in DOCUMENT_TYPES:
            raise ValueError("This document came as a file: it is printed as it came.")
        content, issue = version.content, self._issue(version)
        until = issue.issued_at if issue else None
        head, address = head_of(self._reader, self._words, version, issue)
        patient = self._patient(version, until)
        day = self._long(self._day(version))
        name = self.name(version)
        place = place_in(address)
        return Sheet(
            type=content["type"],
            name=name,
            mark=self._mark(version, issue),
            words=self._said(),
            head=head,
            patient=patient,
            place_date=self._words(
                "print-place-date" if place else "print-date", place=place, day=day
            ),
            recipient=lines_of(content["recipient"]),
            title=printable(content["title"]) or self._title(content["type"]),
            zones=zones_of(content, self._words),
            body=paragraphs_of(content["body"]),
            count=count_of(content, self._words),
            foot=Foot(self._foot(patient, name), self._proof(version, issue)),
            made_at=datetime.fromisoformat(issue.issued_at if issue else version.typed_at),
        )

    def _issue(self, version: Resource) -> Issue | None:
        issues = self._reader.issues(version.practice, version.resource)
        mine = [one for one in issues if one.version == version.version]
        return mine[0] if mine else None

    def _mark(self, version: Resource, issue: Issue | None) -> str:
        if version.withdrawn is not None:
            return self._words("print-in-error")
        return self._words("print-draft") if issue is None else ""

    def _said(self) -> dict[str, str]:
        names = ("page", "subject", "concerns", "nothing", "signature")
        return {name: self._words(f"print-{name}") for name in names}

    def _title(self, type_: str) -> str:
        return "" if type_ == "letter" else self._words(f"print-title-{type_}")

    def _day(self, version: Resource) -> date:
        written: str = version.content["date"]
        if is_day(written):
            return date.fromisoformat(written)
        return self._dates.local_day(datetime.fromisoformat(version.typed_at))

    def _long(self, day: date) -> str:
        noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC).isoformat()
        text = self._dates.day(noon)
        return _FIRST.sub("1er ", text) if self._words.language == "fr" else text

    def _patient(self, version: Resource, until: str | None) -> Subject:
        versions = self._reader.patient_versions(version.practice, version.patient or "")
        if not versions:
            return Subject("", [])
        known = [one for one in versions if until is None or one.recorded_at <= until]
        one = known[-1] if known else versions[0]
        facts: list[str] = []
        if one.used_name and one.used_name != one.birth_name:
            facts.append(self._words(f"born-{one.sex}", name=printable(one.birth_name)))
        if is_day(one.birth_date):
            facts.append(self._born(one.sex, one.birth_date, self._day(version)))
        if one.sex != "unknown":
            facts.append(self._words(f"print-sex-{one.sex}"))
        return Subject(printable(f"{one.name.upper()} {one.first_names}"), facts)

    def _born(self, sex: str, birth_date: str, day: date) -> str:
        born = self._words(f"born-on-{sex}", day=self._dates.short_day(birth_date))
        number, unit = age(birth_date, day)
        return f"{born} ({self._words.counted(f'age-{unit}', number)})"

    def _foot(self, patient: Subject, name: str) -> str:
        return " · ".join(part for part in (patient.name, name) if part)

    def _proof(self, version: Resource, issue: Issue | None) -> str:
        values: dict[str, Any] = {"version": version.version, "digest": version.digest}
        if issue is None:
            return self._words("print-proof-draft", **values)
        day = self._long(self._dates.local_day(datetime.fromisoformat(issue.issued_at)))
        values |= {"name": issue.author_name, "day": day, "time": self._dates.time(issue.issued_at)}
        return self._words("print-proof-issued", **values)
