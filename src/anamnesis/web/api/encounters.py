"""Encounters: a patient's, and those whose note still awaits a signature."""

from typing import Annotated, TypeAlias

import msgspec
from litestar.handlers import HTTPRouteHandler

from anamnesis.clinical.composition import Status
from anamnesis.web.api.questions import (
    LIMIT_DEFAULT,
    After,
    Asking,
    EncounterId,
    Id,
    Instant,
    Limit,
    Page,
    PatientId,
    checked_mark,
    every,
    question,
    shown,
)
from anamnesis.web.api.refusals import ApiRefused
from anamnesis.web.desk import Desk

TAG = "Encounters"

NoteVersionNumber: TypeAlias = Annotated[int, msgspec.Meta(ge=0)]


class Encounter(msgspec.Struct, frozen=True):
    """An encounter (consultation); what was written in it is its note."""

    encounter: Id
    patient: Id
    author: Id
    author_name: str
    started_at: Instant
    closed_at: Instant | None
    appointment: Id | None
    status: Status
    version: NoteVersionNumber


class EncounterRow(msgspec.Struct, frozen=True):
    """An encounter in a list. `motif` and `conclusion` are the first lines of these sections."""

    encounter: Id
    patient: Id
    patient_name: str
    started_at: Instant
    closed_at: Instant | None
    author: Id
    author_name: str
    status: Status
    version: NoteVersionNumber
    signed_version: int | None
    motif: str
    conclusion: str
    divergences: int


def routes(desk: Desk) -> list[HTTPRouteHandler]:
    """`/patients/{id}/encounters`, `/encounters/{id}`, `/open-encounters`."""

    @question(
        "/patients/{patient:str}/encounters", TAG, "A patient’s encounters", ["patient-unknown"]
    )
    def patient_encounters(
        request: Asking, patient: PatientId, limit: Limit = LIMIT_DEFAULT, after: After = None
    ) -> Page[EncounterRow]:
        """The patient's encounters, newest first."""
        identity = desk.signed_in(request)
        if desk.reader.patient(identity.practice, patient) is None:
            raise ApiRefused("patient-unknown")
        page = desk.reader.encounters(identity.practice, patient, limit, checked_mark(after))
        return Page([shown(row, EncounterRow) for row in page.rows], page.next)

    @question("/encounters/{encounter:str}", TAG, "An encounter", ["encounter-unknown"])
    def encounter(request: Asking, encounter: EncounterId) -> Encounter:
        """Whose it is, when it was, and the status of its note."""
        found = desk.reader.encounter(desk.signed_in(request).practice, encounter)
        if found is None:
            raise ApiRefused("encounter-unknown")
        return shown(found, Encounter)

    @question("/open-encounters", TAG, "What awaits my signature")
    def open_encounters(request: Asking) -> Page[EncounterRow]:
        """Encounters of the session's own practitioner whose note is not signed, newest first."""
        identity = desk.signed_in(request)
        found = desk.reader.open_encounters(identity.practice, identity.practitioner)
        return every(found, EncounterRow)

    return [patient_encounters, encounter, open_encounters]
