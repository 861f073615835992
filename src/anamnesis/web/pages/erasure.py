"""Erasure of a record (GDPR art. 17): decided here with a reason, carried out by the operator."""

from typing import Any

import uuid_utils
from litestar import Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from anamnesis.clinical.rights import ASKERS, GROUNDS, GROUNDS_BEFORE_DUE, REASON_CHARACTERS_MIN
from anamnesis.web.desk import Desk
from anamnesis.web.pages.retention import due_of


def routes(desk: Desk) -> list[HTTPRouteHandler]:
    """`/patients/{id}/erasure`, also of somebody erased; the decision is an `erasure.write`."""

    @get("/patients/{patient:str}/erasure", sync_to_thread=True)
    def erasure(request: Request[Any, Any, Any], patient: FromPath[str]) -> Response[str]:
        identity = desk.signed_in(request)
        reader, practice = desk.reader, identity.practice
        found = reader.patient(practice, patient)
        decided = reader.resources(practice, patient, "erasure")
        if found is None and not decided:
            raise NotFoundException
        acts = reader.resources(practice, patient, "erasure-act")
        carried_out = {one.content["erasure"]: one for one in acts}
        return desk.page(
            request,
            "erasure.html",
            identity,
            patient=found,
            due=due_of(reader, practice, found) if found else None,
            today=desk.today(),
            decided=sorted(decided, key=lambda one: one.recorded_at, reverse=True),
            carried_out=carried_out,
            pending=any(one.resource not in carried_out for one in decided),
            resource=str(uuid_utils.uuid7()),
            grounds=GROUNDS,
            grounds_before_due=GROUNDS_BEFORE_DUE,
            askers=ASKERS,
            characters_min=REASON_CHARACTERS_MIN,
        )

    return [erasure]
