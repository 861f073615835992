"""Searching the texts of a practice: notes, documents, and what else stands in the record."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import structlog
from litestar import Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.handlers import HTTPRouteHandler

from anamnesis.record.search import PLACES, Filter, IndexDamaged
from anamnesis.record.search_words import QUERY_CHARACTERS_MAX, read_query
from anamnesis.web.desk import Desk
from anamnesis.web.searching import Results, search

ROWS = 20
RANK_DIGITS_MAX = 18

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Asked:
    """The form as it was sent; `from` is no name in this language."""

    q: str
    place: str
    author: str
    first_day: str
    last_day: str
    patient: str
    below: int | None

    def shown(self) -> dict[str, str]:
        """The form's fields by their names."""
        return {
            "q": self.q,
            "place": self.place,
            "author": self.author,
            "from": self.first_day,
            "to": self.last_day,
            "patient": self.patient,
        }

    def only(self) -> Filter:
        """What is left out."""
        return Filter(
            patient=self.patient or None,
            author=self.author or None,
            first_day=self.first_day or None,
            last_day=self.last_day or None,
            places=tuple(place for place in PLACES if place == self.place),
        )


def routes(desk: Desk) -> list[HTTPRouteHandler]:
    """`/search` (whole page, or `?part=rows` for the list alone)."""

    @get("/search", sync_to_thread=True)
    def found(request: Request[Any, Any, Any]) -> Response[str]:
        identity = desk.signed_in(request)
        asked = _asked(request)
        patient = desk.reader.patient(identity.practice, asked.patient)
        if asked.patient and patient is None:
            raise NotFoundException
        results, failed = _found(desk, identity.practice, asked)
        is_part = request.query_params.get("part") == "rows"
        return desk.page(
            request,
            "search-rows.html" if is_part else "search.html",
            identity,
            asked=asked.shown(),
            found=results,
            failed=failed,
            more=_more(asked, results),
            places=PLACES,
            practitioners=desk.reader.practitioners(identity.practice),
            patient=patient,
        )

    return [found]


def _asked(request: Request[Any, Any, Any]) -> Asked:
    given = request.query_params
    below = given.get("below", "")
    return Asked(
        q=given.get("q", "")[:QUERY_CHARACTERS_MAX],
        place=given.get("place", ""),
        author=given.get("author", ""),
        first_day=given.get("from", ""),
        last_day=given.get("to", ""),
        patient=given.get("patient", ""),
        below=int(below) if below.isdecimal() and len(below) <= RANK_DIGITS_MAX else None,
    )


def _found(desk: Desk, practice: str, asked: Asked) -> tuple[Results, bool]:
    """The findings, and whether the index failed: then the page says so and all else goes on."""
    query, index = read_query(asked.q), desk.index
    nothing = Results([], None)
    if query.is_empty:
        return nothing, False
    if index is None:
        return nothing, True
    try:
        found = search(desk.reader, index, practice, query, asked.only(), ROWS, asked.below)
    except IndexDamaged as failure:
        _log.warning("search-failed", failure=type(failure).__name__)
        return nothing, True
    return found, False


def _more(asked: Asked, results: Results) -> str:
    given = {name: value for name, value in asked.shown().items() if value}
    return "/search?" + urlencode(given | {"below": str(results.next or "")})
