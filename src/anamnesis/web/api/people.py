"""The practice, its practitioners and colleagues elsewhere, and the patients."""

from typing import Annotated, Literal

import msgspec
from litestar.handlers import HTTPRouteHandler
from litestar.params import QueryParameter

from anamnesis.web.api.questions import (
    LIMIT_DEFAULT,
    After,
    Asking,
    Id,
    Instant,
    Limit,
    Page,
    PatientId,
    Version,
    checked_mark,
    every,
    question,
    shown,
)
from anamnesis.web.api.refusals import ApiRefused
from anamnesis.web.desk import Desk

QUERY_CHARACTERS_MAX = 100

PRACTICE, PATIENTS = "Practice", "Patients"


class Practice(msgspec.Struct, frozen=True):
    """The practice of the session: everything that the interface shows belongs to it."""

    practice: Id
    name: str
    address: str
    telephone: str


class Practitioner(msgspec.Struct, frozen=True):
    """Somebody who writes in the record. `name` is title, given and family name in one line."""

    practitioner: Id
    name: str
    family: str
    given: str
    title: str
    specialty: str
    rpps: str


class PatientRow(msgspec.Struct, frozen=True):
    """A patient in a list."""

    patient: Id
    name: str
    birth_name: str
    used_name: str
    first_names: str
    birth_date: str
    sex: Literal["female", "male", "unknown"]
    telephone: str


class Patient(PatientRow, frozen=True):
    """A patient's identity; every amendment makes a new `version`, from 1."""

    version: Version
    birth_place: str
    address: str
    recorded_at: Instant


def routes(desk: Desk) -> list[HTTPRouteHandler]:
    """`/practice`, `/practitioners`, `/patients`, `/patients/{id}` and its versions."""

    @question("/practice", PRACTICE, "The practice", ["practice-unknown"])
    def practice(request: Asking) -> Practice:
        """The practice whose record this session sees, and the only one."""
        found = desk.reader.practice(desk.signed_in(request).practice)
        if found is None:
            raise ApiRefused("practice-unknown")
        return shown(found, Practice)

    @question("/practitioners", PRACTICE, "The practitioners")
    def practitioners(request: Asking) -> Page[Practitioner]:
        """Everybody who writes in this practice's record, by family name."""
        found = desk.reader.practitioners(desk.signed_in(request).practice)
        return every(found, Practitioner)

    @question("/patients", PATIENTS, "Find patients")
    def find_patients(
        request: Asking,
        q: Annotated[
            str,
            QueryParameter(
                max_length=QUERY_CHARACTERS_MAX,
                description="Beginnings of names, accents or not, and a date of birth as "
                "`dd/mm/yyyy`. Left out, everybody is listed.",
            ),
        ] = "",
        limit: Limit = LIMIT_DEFAULT,
        after: After = None,
    ) -> Page[PatientRow]:
        """Patients of the practice in alphabetical order."""
        identity = desk.signed_in(request)
        page = desk.reader.patients(identity.practice, q, limit, checked_mark(after))
        return Page([shown(row, PatientRow) for row in page.rows], page.next)

    @question("/patients/{patient:str}", PATIENTS, "A patient", ["patient-unknown"])
    def patient(request: Asking, patient: PatientId) -> Patient:
        """The patient's identity as it is now. The look is written to the audit trail."""
        found = desk.reader.patient(desk.signed_in(request).practice, patient)
        if found is None:
            raise ApiRefused("patient-unknown")
        return shown(found, Patient)

    @question(
        "/patients/{patient:str}/versions", PATIENTS, "A patient’s versions", ["patient-unknown"]
    )
    def patient_versions(request: Asking, patient: PatientId) -> Page[Patient]:
        """Every version of the patient's identity, oldest first."""
        found = desk.reader.patient_versions(desk.signed_in(request).practice, patient)
        if not found:
            raise ApiRefused("patient-unknown")
        return every(found, Patient)

    return [practice, practitioners, find_patients, patient, patient_versions]
