"""What a practice has of one patient, asked for piece by piece: one note at a time is in memory."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Final, Protocol, TypeAlias

from anamnesis.access.audit import AuditEvent
from anamnesis.record.appointment_model import AppointmentRow
from anamnesis.record.model import (
    Divergence,
    EncounterRow,
    NoteVersion,
    Observation,
    Outstanding,
    Patient,
    Practice,
    Practitioner,
    Signature,
    TypedText,
)
from anamnesis.record.resource_model import Resource, Share
from anamnesis.record.store import RecordReader

ENCOUNTERS_STEP: Final = 100
"""Asked for at once."""
LOOKS_MAX: Final = 50_000
"""Of the newest; the page says how many there are when some are left out."""
SOMEBODY_ELSES: Final = frozenset({"patient-mismatch"})
"""Codes of outstanding entries whose text may be about another patient: named, and not shown."""


class LookReader(Protocol):
    """Reads who looked, from the audit trail."""

    def looks(
        self, practice: str, patient: str, encounters: Sequence[str], limit: int
    ) -> list[AuditEvent]:
        """The newest events about a patient or one of these encounters, newest first."""
        ...


OpenLooks: TypeAlias = Callable[[], AbstractContextManager[LookReader]]


class _NoLooks:
    def looks(
        self, practice: str, patient: str, encounters: Sequence[str], limit: int
    ) -> list[AuditEvent]:
        del practice, patient, encounters, limit
        return []


@contextmanager
def no_looks() -> Iterator[LookReader]:
    """Nobody's: what a test has."""
    yield _NoLooks()


@dataclass(frozen=True, slots=True)
class WholeNote:
    """An encounter with everything that was ever written in it, and when it was booked for."""

    encounter: EncounterRow
    versions: list[NoteVersion]
    signatures: list[Signature]
    divergences: list[Divergence]
    asides: list[TypedText]


@dataclass(frozen=True, slots=True)
class WholeResource:
    """A resource as it is now, every version of it, and with whom it was shared."""

    current: Resource
    versions: list[Resource]
    shares: list[Share]


@dataclass(frozen=True, slots=True)
class Waiting:
    """An entry about the patient that the record could not take; `text` where it may be told."""

    entry: Outstanding
    text: TypedText | None


class Gathering:
    """One patient of one practice; every question is put to the record when it is needed."""

    def __init__(self, reader: RecordReader, patient: Patient, looks: list[AuditEvent]) -> None:
        self._reader = reader
        self._practice = patient.practice
        self.patient = patient
        self.looks = looks

    @property
    def practice(self) -> Practice | None:
        """Whose record it is."""
        return self._reader.practice(self._practice)

    @property
    def identities(self) -> list[Patient]:
        """Every version of who the patient is, oldest first."""
        return self._reader.patient_versions(self._practice, self.patient.patient)

    @property
    def practitioners(self) -> list[Practitioner]:
        """Who writes in the practice."""
        return self._reader.practitioners(self._practice)

    def name_of(self, practitioner: str | None) -> str:
        """Who it is, of whatever practice here; nothing for nobody."""
        directory = self._reader.directory()
        return next((one.name for one in directory if one.practitioner == practitioner), "")

    def notes(self) -> Iterator[WholeNote]:
        """Every encounter with its note, newest first."""
        reader, practice = self._reader, self._practice
        for row in encounters_of(reader, self.patient):
            yield WholeNote(
                row,
                reader.versions(practice, row.encounter),
                reader.signatures(practice, row.encounter),
                reader.divergences(practice, row.encounter),
                reader.typed_texts(practice, row.encounter),
            )

    def observations(self) -> list[Observation]:
        """Every measurement, those entered in error too."""
        return self._reader.observations(self._practice, self.patient.patient)

    def appointments(self) -> list[AppointmentRow]:
        """Every appointment, cancelled ones too."""
        return self._reader.appointments_of(self._practice, self.patient.patient)

    def resources(self) -> Iterator[WholeResource]:
        """Documents and whatever else stands in the record, withdrawn ones too."""
        reader, practice = self._reader, self._practice
        for one in reader.resources(practice, self.patient.patient):
            versions = reader.resource_versions(practice, one.resource)
            shares = reader.shares(practice, one.resource) if one.type == "document" else []
            yield WholeResource(one, versions, shares)

    def outstanding(self) -> Iterator[Waiting]:
        """What was received about the patient and stands in no record, with the reason."""
        for one in self._reader.outstanding(self._practice):
            if one.patient == self.patient.patient:
                told = one.code not in SOMEBODY_ELSES
                text = self._reader.typed_text(self._practice, one.entry) if told else None
                yield Waiting(one, text)


def encounters_of(reader: RecordReader, patient: Patient) -> Iterator[EncounterRow]:
    """A patient's encounters, newest first, all of them."""
    before: str | None = None
    while True:
        page = reader.encounters(patient.practice, patient.patient, ENCOUNTERS_STEP, before)
        yield from page.rows
        if page.next is None:
            return
        before = page.next


def gathered(reader: RecordReader, patient: Patient, looks: OpenLooks) -> Gathering:
    """What there is of a patient; who looked is read at once, for nothing may fail later on."""
    encounters = [one.encounter for one in encounters_of(reader, patient)]
    with looks() as read:
        seen = read.looks(patient.practice, patient.patient, encounters, LOOKS_MAX)
    return Gathering(reader, patient, seen)
