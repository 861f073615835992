"""The interface's own description: the OpenAPI document, and a page made of it."""

from collections.abc import Sequence
from functools import cache
from typing import Any

import msgspec
from litestar import MediaType, Request, Response, get
from litestar.handlers import HTTPRouteHandler

from anamnesis.web.api.contents import Contents, contents_of
from anamnesis.web.api.document import Document, document
from anamnesis.web.api.questions import Asking, question
from anamnesis.web.desk import Desk


def routes(
    desk: Desk, beginning: str, asked: Sequence[HTTPRouteHandler]
) -> tuple[HTTPRouteHandler, HTTPRouteHandler]:
    """`/openapi.json` below `beginning`, and the page `/api`; made when first asked for."""

    @cache
    def made() -> Document:
        return document(beginning, [*asked, openapi])

    @cache
    def encoded() -> bytes:
        return msgspec.json.encode(made())

    @cache
    def contents() -> Contents:
        return contents_of(made())

    @question("/openapi.json", "This document", "The OpenAPI 3.1 document")
    def openapi(request: Asking) -> Response[Any]:
        """Every route, of the application and of the keeper, and every kind of entry."""
        desk.signed_in(request)
        return Response(encoded(), media_type=MediaType.JSON)

    @get("/api", sync_to_thread=True, include_in_schema=False)
    def page(request: Request[Any, Any, Any]) -> Response[str]:
        identity = desk.signed_in(request)
        return desk.page(request, "api.html", identity, contents=contents())

    return openapi, page
