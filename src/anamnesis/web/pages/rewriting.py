"""What was lost, written again: the encounters of a breach, and everything around each of them."""

from typing import Any

from litestar import Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from anamnesis.clinical.provenance import WRITTEN_FROM
from anamnesis.reconcile.discrepancy import DEFINITIVE
from anamnesis.web.addresses import is_identifier
from anamnesis.web.desk import Desk
from anamnesis.web.pages.register import found_entry
from anamnesis.web.rewriting import Row, rows_of, surroundings_of


def routes(desk: Desk) -> list[HTTPRouteHandler]:
    """`/register/{entry}/rewriting` and `/register/{entry}/rewriting/{encounter}`."""

    @get("/register/{entry:str}/rewriting", sync_to_thread=True)
    def listed(request: Request[Any, Any, Any], entry: FromPath[str]) -> Response[str]:
        identity = desk.signed_in(request)
        found = found_entry(desk, identity, entry)
        rows = rows_of(desk, identity.practice, found)
        by_author: dict[str, list[Row]] = {}
        for row in rows:
            by_author.setdefault(row.author_name, []).append(row)
        return desk.page(
            request,
            "rewriting.html",
            identity,
            entry=found,
            rows=rows,
            by_author=by_author,
            done=lambda some: sum(one.progress != "missing" for one in some),
        )

    @get("/register/{entry:str}/rewriting/{encounter:str}", sync_to_thread=True)
    def show(
        request: Request[Any, Any, Any], entry: FromPath[str], encounter: FromPath[str]
    ) -> Response[str]:
        identity = desk.signed_in(request)
        found = found_entry(desk, identity, entry)
        around = (
            surroundings_of(desk, identity.practice, found, encounter)
            if is_identifier(encounter)
            else None
        )
        if around is None:
            raise NotFoundException
        return desk.page(
            request,
            "rewriting-encounter.html",
            identity,
            entry=found,
            around=around,
            written_from=WRITTEN_FROM,
            definitive=DEFINITIVE,
        )

    return [listed, show]
