"""What the encounter's page shows, from the record; the page's own scripts do the rest."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from anamnesis.clinical.observation import MEASURES
from anamnesis.clinical.sections import BLANK, BLANK_DIGEST, SECTIONS
from anamnesis.record.model import Encounter, Note, Observation, Patient
from anamnesis.record.store import ZONE, RecordReader

UNITS_SHOWN = {"Cel": "°C", "mm[Hg]": "mmHg", "/min": "/min"}
"""How a UCUM unit is written on a form, where that is not UCUM's own way."""


class Quantity(msgspec.Struct, frozen=True):
    """One field of the measurements' form; outside of the range the page warns, no more."""

    code: str
    unit: str
    unit_shown: str
    lowest: str
    highest: str


class EncounterView(msgspec.Struct, frozen=True):
    """The facts of one encounter's page.

    Version 0 is the blank note of an encounter that the record may not have yet: its page works
    all the same, and its text waits for the record.
    """

    encounter: str
    patient: str
    known: bool
    started_at: datetime | None
    started_text: str
    appointment: str | None
    patient_name: str
    birth_date: str
    sex: str
    version: int
    digest: str
    status: str
    divergences: int
    sections: list[tuple[str, str]]
    observations: list[Observation]
    practitioners: dict[str, str]


def encounter_view(
    reader: RecordReader, practice: str, encounter: str, patient: str | None
) -> EncounterView | None:
    """The view, or None if neither the encounter nor the patient is one of this practice.

    `patient` says whose encounter it is while the record does not know it yet; afterwards the
    record's own word counts.
    """
    found = reader.encounter(practice, encounter)
    whose = found.patient if found is not None else patient
    person = reader.patient(practice, whose) if whose is not None else None
    if whose is None or (found is None and person is None and patient is None):
        return None
    note = reader.note(practice, encounter) if found is not None else None
    return _view(reader, practice, encounter, whose, found, person, note)


def _view(
    reader: RecordReader,
    practice: str,
    encounter: str,
    patient: str,
    found: Encounter | None,
    person: Patient | None,
    note: Note | None,
) -> EncounterView:
    sections = note.sections if note is not None else BLANK
    measured = reader.observations(practice, patient) if person is not None else []
    return EncounterView(
        encounter=encounter,
        patient=patient,
        known=found is not None,
        started_at=local(found.started_at) if found is not None else None,
        started_text=found.started_at if found is not None else "",
        appointment=found.appointment if found is not None else None,
        patient_name=full_name(person) if person is not None else "",
        birth_date=person.birth_date if person is not None else "",
        sex=person.sex if person is not None else "unknown",
        version=note.version if note is not None else 0,
        digest=note.digest if note is not None else BLANK_DIGEST,
        status=note.status if note is not None else "draft",
        divergences=len(note.divergences) if note is not None else 0,
        sections=[(name, sections.section(name)) for name in SECTIONS],
        observations=[o for o in measured if o.encounter == encounter and o.in_error is None],
        practitioners={one.practitioner: one.name for one in reader.practitioners(practice)},
    )


PREVIOUS_MAX = 5
"""Encounters before this one that are looked at for one in which something was written."""


@dataclass(frozen=True, slots=True)
class Previous:
    """The last note of the patient before this one, to be taken over if somebody wants to."""

    started_at: str
    sections: dict[str, str]


def previous_note(reader: RecordReader, view: EncounterView, practice: str) -> Previous | None:
    """What was written last time, if this note is a draft and something was."""
    if view.status != "draft":
        return None
    for row in reader.encounters(practice, view.patient, PREVIOUS_MAX).rows:
        if row.encounter == view.encounter or not row.version or row.status == "entered-in-error":
            continue
        if view.known and row.started_at >= view.started_text:
            continue
        note = reader.note(practice, row.encounter)
        if note is not None:
            written = {name: note.sections.section(name) for name in SECTIONS}
            return Previous(row.started_at, {n: text for n, text in written.items() if text})
    return None


def quantities() -> list[Quantity]:
    """The measurements' form, in the order of `MEASURES`."""
    return [
        Quantity(one.code, one.unit, unit_shown(one.unit), plain(one.low), plain(one.high))
        for one in MEASURES.values()
    ]


def unit_shown(unit: str) -> str:
    """A UCUM unit as a doctor writes it."""
    return UNITS_SHOWN.get(unit, unit)


def full_name(patient: Patient) -> str:
    """As a list shows it: the family name used, then the first names."""
    return " ".join(part for part in (patient.name, patient.first_names) if part)


def local(instant: str) -> datetime:
    """An instant of the record in the practice's zone."""
    return datetime.fromisoformat(instant).astimezone(ZoneInfo(ZONE))


def plain(number: Decimal) -> str:
    """A number without an exponent."""
    return f"{number:f}"


def context(view: EncounterView) -> dict[str, Any]:
    """The view as the template's variables."""
    return msgspec.structs.asdict(view) | {"quantities": quantities()}
