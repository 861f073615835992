"""Puts on a practice's shelves what furniture.py has: every practitioner their own, some shared."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from anamnesis.demonstration.cases_prescribed import lines_of
from anamnesis.demonstration.device import Device
from anamnesis.demonstration.draws import Draws
from anamnesis.demonstration.furniture import (
    APPOINTMENT_KINDS,
    SECTION_TEMPLATES,
    SHEETS,
    SNIPPETS,
    AppointmentKind,
)
from anamnesis.demonstration.written import Content, written
from anamnesis.journal.entry import Entry


@dataclass(frozen=True)
class Head:
    """What stands on top of a practitioner's documents."""

    name: str
    qualifications: str
    rpps: str
    am: str
    practice: str
    address: str
    telephone: str
    email: str


def kind_for(reason: str) -> AppointmentKind:
    """The type of appointment that this reason is booked under; the first one for any other."""
    return next((one for one in APPOINTMENT_KINDS if reason in one.reasons), APPOINTMENT_KINDS[0])


def kind_id(draws: Draws, kind: AppointmentKind) -> str:
    """The id of a type of appointment in this practice."""
    return draws.of("appointment-type", kind.name).fixed_id()


def furnished(
    desks: Sequence[Device], heads: Sequence[Head], at: datetime, draws: Draws
) -> Iterator[Entry]:
    """Every entry that fills the shelves, from `at` on."""
    moments = (at + timedelta(seconds=7 * number) for number in range(1_000))
    for desk, head in zip(desks, heads, strict=False):
        content: Content = {"id": draws.of("letterhead", desk.author).fixed_id()}
        content |= {"practitioner": desk.author, **asdict(head)}
        yield written("letterhead", desk, next(moments), content)
    for kind in APPOINTMENT_KINDS:
        content = {"id": kind_id(draws, kind), "name": kind.name}
        content |= {"minutes": kind.minutes, "colour": kind.colour}
        yield written("appointment-type", desks[0], next(moments), content)
    for number, (kind_name, content) in enumerate(_contents(draws)):
        yield written(kind_name, desks[number % len(desks)], next(moments), content)


def _contents(draws: Draws) -> Iterator[tuple[str, Content]]:
    for template in SECTION_TEMPLATES:
        sections: Content = {
            "motif": template.motif,
            "interrogatoire": template.interrogatoire,
            "examen": template.examen,
            "conclusion": template.conclusion,
        }
        yield (
            "template",
            {
                "id": draws.of("template", template.name).fixed_id(),
                "name": template.name,
                "shared": template.shared,
                "sections": sections,
            },
        )
    for abbreviation, text, shared in SNIPPETS:
        id_ = draws.of("snippet", abbreviation).fixed_id()
        yield (
            "snippet",
            {"id": id_, "abbreviation": abbreviation, "text": text, "shared": shared},
        )
    for sheet in SHEETS:
        yield (
            "document-template",
            {
                "id": draws.of("document-template", sheet.name).fixed_id(),
                "name": sheet.name,
                "shared": sheet.shared,
                "type": sheet.type,
                "title": sheet.title,
                "body": sheet.body,
                "lines": list(lines_of(sheet.lines)),
            },
        )
