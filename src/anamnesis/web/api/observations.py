"""Observations: what was measured."""

from typing import Annotated

import msgspec
from litestar.handlers import HTTPRouteHandler
from litestar.params import QueryParameter

from anamnesis.clinical.observation import ObservationCode
from anamnesis.web.api.questions import (
    Asking,
    Id,
    Instant,
    Page,
    PatientId,
    every,
    question,
)
from anamnesis.web.api.refusals import ApiRefused
from anamnesis.web.desk import Desk


class Observation(msgspec.Struct, frozen=True):
    """One measured value, as it was typed; `in_error` is the reason once it is in error."""

    observation: Id
    patient: Id
    encounter: Id | None
    code: ObservationCode
    value: str
    unit: str
    effective_at: Instant
    author: Id
    author_name: str
    in_error: str | None


def routes(desk: Desk) -> list[HTTPRouteHandler]:
    """`/patients/{id}/observations`."""

    @question(
        "/patients/{patient:str}/observations",
        "Observations",
        "A patient’s measurements",
        ["patient-unknown"],
    )
    def observations(
        request: Asking,
        patient: PatientId,
        code: Annotated[
            ObservationCode | None, QueryParameter(description="Only this measure.")
        ] = None,
    ) -> Page[Observation]:
        """What was measured, oldest first, values entered in error too (`in_error`)."""
        identity = desk.signed_in(request)
        if desk.reader.patient(identity.practice, patient) is None:
            raise ApiRefused("patient-unknown")
        return every(desk.reader.observations(identity.practice, patient, code), Observation)

    return [observations]
