"""Reading what a patient's page shows: encounters and measurements."""

from collections.abc import Callable
from typing import cast

from anamnesis.clinical.composition import Status
from anamnesis.record.model import (
    Encounter,
    EncounterRow,
    Observation,
    Page,
    PatientRow,
)
from anamnesis.record.naming import names_of, patient_name, patients_of
from anamnesis.record.note_rows import KeptDivergence, KeptNote, KeptVersion
from anamnesis.record.paging import MARK_BROKEN, mark, marked
from anamnesis.record.reading_entries import made_by
from anamnesis.record.rows import (
    KeptClosing,
    KeptEncounter,
    KeptObservationError,
)
from anamnesis.record.source import Open, Source
from anamnesis.record.store import RecordDamaged

FIRST_LINE_CHARACTERS_MAX = 160

_Names = Callable[[str], str]
_Patients = Callable[[str], PatientRow | None]


class ListReading:
    """Questions about encounters and measurements."""

    def __init__(self, opened: Open) -> None:
        self._open = opened

    def encounters(
        self, practice: str, patient: str, limit: int, before: str | None = None
    ) -> Page[EncounterRow]:
        """A patient's encounters, newest first."""
        place = marked(before)
        if place is MARK_BROKEN:
            return Page([], None)
        with self._open() as source:
            rows = source.encounters_of(practice, patient, place, limit + 1)
            names, patients = names_of(source, practice), patients_of(source, practice)
            shown = [_encounter_row(source, row, names, patients) for row in rows[:limit]]
        last = rows[limit - 1] if len(rows) > limit else None
        return Page(shown, None if last is None else mark(last.started_at, last.encounter))

    def encounter(self, practice: str, encounter: str) -> Encounter | None:
        """One encounter."""
        with self._open() as source:
            for row in source.find(KeptEncounter, practice=practice, encounter=encounter):
                note, author = note_of(source, row), made_by(source, row.position).author
                return Encounter(
                    encounter=row.encounter,
                    practice=row.practice,
                    patient=row.patient,
                    author=author,
                    author_name=names_of(source, practice)(author),
                    started_at=row.started_at,
                    closed_at=_closed_at(source, row),
                    appointment=row.appointment,
                    status=cast("Status", note.status),
                    version=note.version,
                )
        return None

    def open_encounters(self, practice: str, practitioner: str) -> list[EncounterRow]:
        """Encounters of this practitioner's whose note awaits a signature, newest first."""
        with self._open() as source:
            names, patients = names_of(source, practice), patients_of(source, practice)
            rows = [
                _encounter_row(source, started, names, patients)
                for note in source.notes_awaiting(practice, practitioner)
                for started in source.find(
                    KeptEncounter, practice=practice, encounter=note.encounter
                )
            ]
        return sorted(rows, key=lambda row: (row.started_at, row.encounter), reverse=True)

    def observations(
        self, practice: str, patient: str, code: str | None = None
    ) -> list[Observation]:
        """A patient's measurements, oldest first, those entered in error too."""
        with self._open() as source:
            names = names_of(source, practice)
            found: list[Observation] = []
            for row in source.observations_of(practice, patient):
                if code is not None and row.code != code:
                    continue
                wrong = source.find(
                    KeptObservationError, practice=practice, observation=row.observation
                )
                author = made_by(source, row.position).author
                found.append(
                    Observation(
                        observation=row.observation,
                        patient=row.patient,
                        encounter=row.encounter,
                        code=row.code,
                        value=row.value,
                        unit=row.unit,
                        effective_at=row.effective_at,
                        author=author,
                        author_name=names(author),
                        in_error=wrong[-1].reason if wrong else None,
                    )
                )
            return found


def note_of(source: Source, row: KeptEncounter) -> KeptNote:
    """The note of an encounter; raises RecordDamaged: there always is one."""
    note = source.get(KeptNote, row.practice, row.encounter)
    if note is None:
        raise RecordDamaged("An encounter has no note.")
    return note


def _closed_at(source: Source, row: KeptEncounter) -> str | None:
    closings = source.find(KeptClosing, practice=row.practice, encounter=row.encounter)
    return closings[-1].closed_at if closings else None


def _encounter_row(
    source: Source, row: KeptEncounter, names: _Names, patients: _Patients
) -> EncounterRow:
    note = note_of(source, row)
    text = None if note.position is None else source.get(KeptVersion, note.position)
    author = made_by(source, row.position).author
    asides = source.find(KeptDivergence, practice=row.practice, encounter=row.encounter)
    return EncounterRow(
        encounter=row.encounter,
        patient=row.patient,
        patient_name=patient_name(patients(row.patient)),
        started_at=row.started_at,
        closed_at=_closed_at(source, row),
        author=author,
        author_name=names(author),
        status=cast("Status", note.status),
        version=note.version,
        signed_version=note.signed_version,
        motif="" if text is None else _first_line(text.motif),
        conclusion="" if text is None else _first_line(text.conclusion),
        divergences=sum(aside.kept is None for aside in asides),
    )


def _first_line(text: str) -> str:
    for line in text.splitlines():
        if line.strip():
            return line.strip()[:FIRST_LINE_CHARACTERS_MAX]
    return ""
