"""Whose data an incident concerns: how many patients, and whether minors are among them."""

from typing import Final

from anamnesis.incident.extent import Affected
from anamnesis.incident.opening import Persons
from anamnesis.record.store import RecordReader

YEARS_OF_AGE: Final = 18


def persons_of(reader: RecordReader, affected: Affected) -> Persons:
    """The patients of the encounters concerned, as far as the record knows them."""
    patients: set[tuple[str, str]] = set()
    for practice, encounter in affected.encounters:
        known = reader.encounter(practice, encounter)
        if known is not None:
            patients.add((practice, known.patient))
    day = affected.endangered_at[:10]
    born_after = f"{int(day[:4]) - YEARS_OF_AGE}{day[4:]}"
    minors = any(
        found is not None and found.birth_date > born_after
        for found in (reader.patient(*one) for one in patients)
    )
    return Persons(len(patients), minors)
