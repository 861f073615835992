"""The day: who comes, which notes are still open, what is not verified yet."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from litestar import Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromQuery

from anamnesis.record.model import AppointmentRow
from anamnesis.web.dates import neighbours
from anamnesis.web.desk import Desk
from anamnesis.web.pages.incidents import concerned_lately
from anamnesis.web.pages.register import clock_told
from anamnesis.web.register_view import entries_of


def routes(desk: Desk) -> list[HTTPRouteHandler]:
    """`/`: one day's appointments; `?day=` for another day, `?all=yes` for everybody's."""

    @get("/", sync_to_thread=True)
    def day(request: Request[Any, Any, Any], day: FromQuery[str | None] = None) -> Response[str]:
        identity = desk.signed_in(request)
        shown = _day(day) if day else desk.today()
        everybody = request.query_params.get("all") == "yes"
        rows = desk.reader.day(
            identity.practice,
            None if everybody else identity.practitioner,
            shown.isoformat(),
            desk.settings.zone,
        )
        before, after = neighbours(shown)
        return desk.page(
            request,
            "day.html",
            identity,
            day=shown,
            before=before.isoformat(),
            after=after.isoformat(),
            is_today=shown == desk.today(),
            everybody=everybody,
            rows=rows,
            counts=_counts(rows),
            open_rows=desk.reader.open_encounters(identity.practice, identity.practitioner),
            incident=concerned_lately(desk, identity),
            outstanding=desk.outstanding_of(identity),
            breaches=[
                one
                for one in entries_of(desk.reader, identity.practice, desk.settings.now())
                if one.is_waiting
            ],
            told=clock_told(desk, request),
        )

    return [day]


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise NotFoundException from None


def _counts(rows: Sequence[AppointmentRow]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for row in rows:
        counts[row.status] = counts.get(row.status, 0) + 1
    return counts
