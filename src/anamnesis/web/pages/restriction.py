"""Restriction of a record (GDPR art. 18): decided here and lifted here, both with a reason."""

from typing import Any

import uuid_utils
from litestar import Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from anamnesis.clinical.rights import REASON_CHARACTERS_MIN, RESTRICTION_GROUNDS
from anamnesis.record.restriction import restriction_of
from anamnesis.web.desk import Desk


def routes(desk: Desk) -> list[HTTPRouteHandler]:
    """`/patients/{id}/restriction`; the decision itself is an entry, `restriction.write`."""

    @get("/patients/{patient:str}/restriction", sync_to_thread=True)
    def restriction(request: Request[Any, Any, Any], patient: FromPath[str]) -> Response[str]:
        identity = desk.signed_in(request)
        reader, practice = desk.reader, identity.practice
        found = reader.patient(practice, patient)
        if found is None:
            raise NotFoundException
        decided = [
            version
            for one in reader.resources(practice, patient, "restriction")
            for version in reader.resource_versions(practice, one.resource)
        ]
        standing = restriction_of(reader, practice, patient)
        return desk.page(
            request,
            "restriction.html",
            identity,
            patient=found,
            standing=standing,
            resource=standing.resource if standing else str(uuid_utils.uuid7()),
            decided=sorted(decided, key=lambda one: one.recorded_at, reverse=True),
            grounds=RESTRICTION_GROUNDS,
            characters_min=REASON_CHARACTERS_MIN,
        )

    return [restriction]
