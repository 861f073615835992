"""Papers about a breach, composed from the register, the incident and the record."""

from collections.abc import Iterator
from typing import Final

from anamnesis.clinical.breach import Breach, PaperType, Role
from anamnesis.clinical.sections import SECTIONS
from anamnesis.incident.extent import is_of_a_person
from anamnesis.incident.opening import breach_id
from anamnesis.incident.paper import Around, Line, Paper
from anamnesis.incident.papers import compose
from anamnesis.reconcile.discrepancy import DEFINITIVE, Discrepancy, Step
from anamnesis.reconcile.store import IncidentReader
from anamnesis.web.catalogue import Catalogue, Language
from anamnesis.web.dates import Dates
from anamnesis.web.desk import Desk
from anamnesis.web.register_view import Entry

OFFERED: Final[dict[Role, tuple[PaperType, ...]]] = {
    "controller": (
        "authority-initial",
        "authority-complement",
        "patients",
        "health-report",
        "practitioner",
    ),
    "processor": ("processor-to-controller", "health-report"),
}
"""Who owes whom a paper: a controller (GDPR art. 33(1), 34), a processor (art. 33(2))."""
MAILED: Final[frozenset[PaperType]] = frozenset({"practitioner", "patients", "health-report"})
"""What may go by e-mail from here: the authority has a form of its own for what it is told."""
PAGE: Final = 5_000


class Papers:
    """Composes the papers of one entry of a register."""

    def __init__(self, desk: Desk, practice: str, entry: Entry) -> None:
        self._desk = desk
        self._practice = practice
        self._register = practice
        self._entry = entry
        self._found: list[Discrepancy] | None = None

    def offered(self) -> list[tuple[PaperType, str, str]]:
        """Types of papers, each with the id and the name of whom it is for, where it is for one."""
        found: list[tuple[PaperType, str, str]] = []
        for type_ in OFFERED[self._entry.breach.role]:
            if type_ == "practitioner":
                found += [(type_, *one) for one in self.practitioners()]
            else:
                found.append((type_, "", ""))
        return found

    def practitioners(self) -> list[tuple[str, str]]:
        """Those concerned: id and name, in the order of their names."""
        concerned = {one.author for one in self.discrepancies()}
        return [
            (one.practitioner, one.name)
            for one in self._desk.reader.practitioners(self._practice)
            if one.practitioner in concerned
        ]

    def paper(self, type_: PaperType, language: Language, practitioner: str = "") -> Paper:
        """One paper, in one language."""
        desk = self._desk
        words, dates = desk.catalogue(language), desk.dates_in(language)
        sender, address = self.sender()
        about = Around(
            sender=sender,
            address=address,
            receiver=self.receiver(practitioner),
            now=desk.settings.now(),
            lines=tuple(self.lines(words, dates, practitioner)),
            informed=tuple(
                paper.sent_at for _, paper in self._entry.papers if paper.type == "patients"
            ),
            is_notified=self._entry.clock.notified_at is not None,
        )
        return compose(type_, language, self.breach(), about, words, dates.minute)

    def sender(self) -> tuple[str, str]:
        """Who tells: name and address, empty where they are not known."""
        practice = self._desk.reader.practice(self._practice)
        return (practice.name, practice.address) if practice else ("", "")

    def receiver(self, practitioner: str) -> str:
        """Who is told by name: this practitioner, or nobody in particular."""
        return dict(self.practitioners()).get(practitioner, "")

    def address_of(self, practitioner: str) -> str:
        """The e-mail address on the newest letterhead of this practitioner, or empty."""
        heads = self._desk.reader.practice_resources(self._practice, "letterhead")
        own = [
            one.content["email"].strip()
            for one in heads
            if one.content["practitioner"] == practitioner
        ]
        return own[-1] if own else ""

    def breach(self) -> Breach:
        """The entry, as the paper tells it."""
        return self._entry.breach

    def lines(self, words: Catalogue, dates: Dates, practitioner: str = "") -> Iterator[Line]:
        """Each encounter concerned, once: of one practitioner, or of all."""
        by_encounter: dict[str, list[Discrepancy]] = {}
        for one in self.discrepancies():
            if one.encounter is not None and practitioner in ("", one.author):
                by_encounter.setdefault(one.encounter, []).append(one)
        for encounter, found in by_encounter.items():
            yield self._line(words, dates, encounter, found)

    def discrepancies(self) -> list[Discrepancy]:
        """What the incident has of this practice; none for an entry made by hand."""
        if self._found is None:
            self._found = list(self._read())
        return self._found

    def steps(self) -> list[Step]:
        """The incident's timeline, oldest first."""
        number = self._entry.breach.incident
        with self._desk.incidents() as reader:
            return reader.steps(number) if number is not None and self._is_of(reader) else []

    def _is_of(self, reader: IncidentReader) -> bool:
        """Whether the number is still this incident's: histories that are lost begin anew."""
        incident = reader.incident(self._entry.breach.incident or 0)
        opened_at = "" if incident is None else incident.opened_at
        return breach_id(self._register, opened_at) == self._entry.resource.resource

    def _read(self) -> Iterator[Discrepancy]:
        number = self._entry.breach.incident
        if number is None:
            return
        with self._desk.incidents() as reader:
            if not self._is_of(reader):
                return
            after = -1
            while page := reader.discrepancies(number, self._practice, None, after, PAGE):
                yield from filter(is_of_a_person, page)
                after = page[-1].position

    def _whose(self, found: Discrepancy) -> str:
        """Whose encounter it is, in the column that says so."""
        reader = self._desk.reader
        known = reader.encounter(self._practice, found.encounter or "")
        patient = reader.patient(self._practice, known.patient) if known else None
        return f"{patient.name.upper()} {patient.first_names}".strip() if patient else ""

    def _is_lost(self, found: list[Discrepancy]) -> bool:
        """Whether they are lost for good: as the program knows of each, else as a person says."""
        if any(one.code in DEFINITIVE for one in self.discrepancies()):
            return any(one.code in DEFINITIVE and one.righted_at is None for one in found)
        return self._entry.breach.permanence == "permanent"

    def _line(
        self, words: Catalogue, dates: Dates, encounter: str, found: list[Discrepancy]
    ) -> Line:
        reader = self._desk.reader
        known = reader.encounter(self._practice, encounter)
        concerned = {section for one in found for section in one.sections}
        sections = [words(f"section-name-{name}") for name in SECTIONS if name in concerned]
        sections += sorted(
            {
                words("paper-line-entry", kind=words(f"kind-{one.kind}"))
                for one in found
                if not one.sections
            }
        )
        back = [one.righted_at for one in found if one.righted_at is not None]
        if len(back) < len(found):
            state = words("paper-line-lost" if self._is_lost(found) else "paper-line-away")
        else:
            state = words("paper-line-back", at=dates.minute(max(back)))
        return Line(
            encounter=encounter,
            day=dates.minute(known.started_at) if known else "",
            patient=self._whose(found[0]),
            sections=", ".join(sections),
            state=state,
        )
