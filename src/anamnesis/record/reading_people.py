"""Reading practices, practitioners and patients."""

from anamnesis.clinical.patient import folded, search_for
from anamnesis.record.model import Page, Patient, PatientRow, Practice, Practitioner
from anamnesis.record.naming import patient_at, patient_row
from anamnesis.record.paging import MARK_BROKEN, mark, marked
from anamnesis.record.rows import (
    KeptIdentity,
    KeptPatient,
    KeptPractice,
    KeptPractitioner,
)
from anamnesis.record.source import Open


class PeopleReading:
    """Questions about people."""

    def __init__(self, opened: Open) -> None:
        self._open = opened

    def practice(self, practice: str) -> Practice | None:
        """The practice itself."""
        with self._open() as source:
            for row in source.find(KeptPractice, practice=practice):
                return Practice(row.practice, row.name, row.address, row.telephone)
        return None

    def practitioners(self, practice: str) -> list[Practitioner]:
        """Its practitioners, by family name."""
        with self._open() as source:
            rows = source.find(KeptPractitioner, practice=practice)
        found = [
            Practitioner(
                practitioner=row.practitioner,
                practice=row.practice,
                family=row.family,
                given=row.given,
                title=row.title,
                specialty=row.specialty,
                rpps=row.rpps,
            )
            for row in rows
        ]
        return sorted(found, key=lambda one: (folded(one.family), folded(one.given)))

    def patient(self, practice: str, patient: str) -> Patient | None:
        """A patient's identity as it is now."""
        with self._open() as source:
            current = source.get(KeptPatient, practice, patient)
            return None if current is None else patient_at(source, current.position)

    def patient_versions(self, practice: str, patient: str) -> list[Patient]:
        """Every version of a patient's identity, oldest first."""
        with self._open() as source:
            rows = source.find(KeptIdentity, practice=practice, patient=patient)
            return [patient_at(source, row.position) for row in rows]

    def patients(
        self, practice: str, query: str, limit: int, after: str | None = None
    ) -> Page[PatientRow]:
        """Patients by name; see `RecordReader.patients`."""
        search, place = search_for(query), marked(after)
        if place is MARK_BROKEN:
            return Page([], None)
        with self._open() as source:
            rows = source.patients_matching(practice, search, place, limit + 1)
            shown = [patient_row(source, row) for row in rows[:limit]]
        last = rows[limit - 1] if len(rows) > limit else None
        return Page(shown, None if last is None else mark(last.sort_name, last.patient))
