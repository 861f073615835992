"""Patients: finding one as one types, and writing down a new one."""

from typing import Any

from litestar import Request, Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromQuery

from anamnesis.web.desk import Desk

ROWS = 50
QUERY_CHARACTERS_MAX = 100


def routes(desk: Desk) -> list[HTTPRouteHandler]:
    """`/patients` (whole page, or `?part=rows` for the list alone) and `/patients/new`."""

    @get("/patients", sync_to_thread=True)
    def patients(
        request: Request[Any, Any, Any],
        q: FromQuery[str] = "",
        after: FromQuery[str | None] = None,
        part: FromQuery[str] = "",
    ) -> Response[str]:
        identity = desk.signed_in(request)
        query = q[:QUERY_CHARACTERS_MAX]
        page = desk.reader.patients(identity.practice, query, ROWS, after)
        template = "patients-rows.html" if part == "rows" else "patients.html"
        return desk.page(
            request,
            template,
            identity,
            rows=page.rows,
            following=page.next,
            query=query,
            after=after,
        )

    @get("/patients/new", sync_to_thread=False)
    def new(request: Request[Any, Any, Any]) -> Response[str]:
        identity = desk.signed_in(request)
        today = desk.today().isoformat()
        return desk.page(request, "patient-form.html", identity, patient=None, today=today)

    return [patients, new]
