"""What people are called on a screen, looked up once for each question."""

from collections.abc import Callable

from anamnesis.record.model import Patient, PatientRow, display_name
from anamnesis.record.rows import KeptEntry, KeptIdentity, KeptPatient, KeptPractitioner
from anamnesis.record.source import Source
from anamnesis.record.store import RecordDamaged


def names_of(source: Source, practice: str) -> Callable[[str], str]:
    """Gives a practitioner's name in one line; empty for somebody this practice has not."""
    known: dict[str, str] = {}

    def name(practitioner: str) -> str:
        if practitioner not in known:
            rows = source.find(KeptPractitioner, practice=practice, practitioner=practitioner)
            known[practitioner] = (
                display_name(rows[0].title, rows[0].given, rows[0].family) if rows else ""
            )
        return known[practitioner]

    return name


def patients_of(source: Source, practice: str) -> Callable[[str], PatientRow | None]:
    """Gives a patient as a list shows one; None for somebody this practice has not."""
    known: dict[str, PatientRow | None] = {}

    def row(patient: str) -> PatientRow | None:
        if patient not in known:
            current = source.get(KeptPatient, practice, patient)
            known[patient] = None if current is None else patient_row(source, current)
        return known[patient]

    return row


def patient_row(source: Source, current: KeptPatient) -> PatientRow:
    """The patient as a list shows one."""
    kept = _identity(source, current.position)
    return PatientRow(
        patient=kept.patient,
        birth_name=kept.birth_name,
        used_name=kept.used_name,
        first_names=kept.first_names,
        birth_date=kept.birth_date,
        sex=kept.sex,
        telephone=kept.telephone,
    )


def patient_name(patient: PatientRow | None) -> str:
    """The patient's names in one line; empty for nobody."""
    if patient is None:
        return ""
    return " ".join(part for part in (patient.name, patient.first_names) if part)


def patient_at(source: Source, position: int) -> Patient:
    """The patient's identity as the entry at this position made it."""
    kept, entry = _identity(source, position), source.get(KeptEntry, position)
    if entry is None:
        raise RecordDamaged(f"Entry {position} is not there.")
    return Patient(
        patient=kept.patient,
        practice=kept.practice,
        version=kept.version,
        recorded_at=entry.received_at,
        **kept.content(),
    )


def _identity(source: Source, position: int) -> KeptIdentity:
    kept = source.get(KeptIdentity, position)
    if kept is None:
        raise RecordDamaged(f"The identity that entry {position} made is not there.")
    return kept
