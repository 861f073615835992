"""What is around an encounter whose text was lost, and how far rewriting has come."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Literal

import msgspec

from anamnesis.clinical.provenance import WrittenLater
from anamnesis.clinical.sections import SECTIONS
from anamnesis.reconcile.discrepancy import Discrepancy, Step
from anamnesis.record.model import (
    AppointmentRow,
    Encounter,
    Note,
    NoteVersion,
    Observation,
    Patient,
    Retirement,
)
from anamnesis.record.resource_model import Resource, Share
from anamnesis.record.store import RecordReader
from anamnesis.web.desk import Desk
from anamnesis.web.register_papers import Papers
from anamnesis.web.register_view import Entry

Progress = Literal["whole", "rewritten", "missing"]
"""Nothing is missing; written again and marked so; still to be written again."""
NEIGHBOURS: Final = 3
"""Notes of the same patient before, and after."""
NEIGHBOURS_LOOKED_AT: Final = 200
DAYS_MAX: Final = 31
"""Of an entry made by hand, whose encounters come from the agenda of its days."""


@dataclass(frozen=True, slots=True)
class Row:
    """One encounter to be looked at again."""

    encounter: str
    author: str
    author_name: str
    patient_name: str
    started_at: str
    progress: Progress


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A note of the same patient, before or after; what is written in it."""

    encounter: str
    started_at: str
    author_name: str
    sections: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Shared:
    """A document of about that day, and whom it was shared with."""

    document: Resource
    shares: list[Share]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Everything that is known around one encounter."""

    encounter: Encounter
    patient: Patient
    note: Note
    progress: Progress
    versions: list[NoteVersion]
    appointment: AppointmentRow | None
    documents: list[Shared]
    measurements: list[Observation]
    before: list[Neighbour]
    after: list[Neighbour]
    written_later: list[tuple[Resource, WrittenLater]]
    discrepancies: list[Discrepancy]
    steps: list[Step]
    outboxes: list[Retirement]


def rows_of(desk: Desk, practice: str, entry: Entry) -> list[Row]:
    """The encounters that the entry is about, by practitioner and time."""
    papers = Papers(desk, practice, entry)
    named = _encounters(desk.reader, practice, entry, papers)
    found = [_row(desk.reader, practice, entry, papers, one) for one in named]
    known = [one for one in found if one is not None]
    return sorted(known, key=lambda one: (one.author_name, one.started_at))


def surroundings_of(desk: Desk, practice: str, entry: Entry, encounter: str) -> Surroundings | None:
    """What is around this encounter; None unless it is one of the practice's."""
    reader = desk.reader
    found, note = reader.encounter(practice, encounter), reader.note(practice, encounter)
    patient = reader.patient(practice, found.patient) if found else None
    if found is None or note is None or patient is None:
        return None
    papers = Papers(desk, practice, entry)
    mine = [one for one in papers.discrepancies() if one.encounter == encounter]
    before, after = _neighbours(reader, practice, found)
    versions = reader.versions(practice, encounter)
    measured = reader.observations(practice, found.patient)
    return Surroundings(
        encounter=found,
        patient=patient,
        note=note,
        progress=progress_of(reader, practice, entry, found, mine),
        versions=versions[::-1],
        appointment=_appointment(reader, practice, found),
        documents=_documents(reader, practice, found),
        measurements=[
            one
            for one in measured
            if one.in_error is None
            and (one.encounter == encounter or one.effective_at[:10] == found.started_at[:10])
        ],
        before=before,
        after=after,
        written_later=written_later(reader, practice, found.patient, encounter),
        discrepancies=mine,
        steps=papers.steps(),
        outboxes=[one for one in reader.retirements(practice) if one.author == found.author],
    )


def written_later(
    reader: RecordReader, practice: str, patient: str, encounter: str
) -> list[tuple[Resource, WrittenLater]]:
    """What says of a text of this encounter that it was written later, oldest first."""
    return [
        (one, msgspec.convert(one.content, WrittenLater))
        for one in reader.resources(practice, patient, "provenance")
        if one.encounter == encounter
    ]


def progress_of(
    reader: RecordReader,
    practice: str,
    entry: Entry,
    encounter: Encounter,
    discrepancies: Sequence[Discrepancy],
) -> Progress:
    """How far this encounter is; one that nothing is missing of any more counts as whole."""
    marked = written_later(reader, practice, encounter.patient, encounter.encounter)
    if any(later.breach == entry.resource.resource for _, later in marked):
        return "rewritten"
    back = discrepancies and all(one.righted_at is not None for one in discrepancies)
    return "whole" if back else "missing"


def _encounters(reader: RecordReader, practice: str, entry: Entry, papers: Papers) -> Iterator[str]:
    """Those of the incident; for an entry made by hand those that the agenda has in its time."""
    if entry.breach.incident is not None:
        found = {one.encounter for one in papers.discrepancies()}
        yield from sorted(one for one in found if one is not None)
        return
    started, ended = entry.breach.started_at, entry.breach.ended_at or entry.breach.aware_at
    if not started or started > ended:
        return
    first = date.fromisoformat(started[:10]) - timedelta(days=1)
    days = min(DAYS_MAX, (date.fromisoformat(ended[:10]) - first).days + 2)
    for row in reader.agenda(practice, None, first.isoformat(), days):
        known = reader.encounter(practice, row.encounter) if row.encounter else None
        if known is not None and started <= known.started_at <= ended:
            yield known.encounter


def _row(
    reader: RecordReader, practice: str, entry: Entry, papers: Papers, encounter: str
) -> Row | None:
    found = reader.encounter(practice, encounter)
    if found is None:
        return None
    patient = reader.patient(practice, found.patient)
    mine = [one for one in papers.discrepancies() if one.encounter == encounter]
    return Row(
        encounter=encounter,
        author=found.author,
        author_name=found.author_name,
        patient_name=f"{patient.name} {patient.first_names}".strip() if patient else "",
        started_at=found.started_at,
        progress=progress_of(reader, practice, entry, found, mine),
    )


def _appointment(
    reader: RecordReader, practice: str, encounter: Encounter
) -> AppointmentRow | None:
    booked = reader.appointments_of(practice, encounter.patient)
    return next(
        (
            one
            for one in booked
            if one.encounter == encounter.encounter or one.appointment == encounter.appointment
        ),
        None,
    )


def _documents(reader: RecordReader, practice: str, encounter: Encounter) -> list[Shared]:
    day = datetime.fromisoformat(encounter.started_at).date()
    return [
        Shared(one, reader.shares(practice, one.resource))
        for one in reader.resources(practice, encounter.patient, "document")
        if one.encounter == encounter.encounter
        or abs((datetime.fromisoformat(one.recorded_at).date() - day).days) <= 1
    ]


def _neighbours(
    reader: RecordReader, practice: str, encounter: Encounter
) -> tuple[list[Neighbour], list[Neighbour]]:
    """The nearest notes before and after in which something is written."""
    before: list[Neighbour] = []
    after: list[Neighbour] = []
    page = reader.encounters(practice, encounter.patient, NEIGHBOURS_LOOKED_AT)
    for row in page.rows:
        if row.encounter == encounter.encounter or not row.version:
            continue
        earlier = row.started_at < encounter.started_at
        if earlier and len(before) == NEIGHBOURS:
            continue
        note = reader.note(practice, row.encounter)
        if note is None or note.status == "entered-in-error":
            continue
        texts = [(name, note.sections.section(name)) for name in SECTIONS]
        one = Neighbour(
            row.encounter, row.started_at, row.author_name, [(n, t) for n, t in texts if t]
        )
        (before if earlier else after).append(one)
    return before, after[-NEIGHBOURS:]
