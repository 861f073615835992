"""The operator's page. What is on it the keeper tells a script, also without the application."""

from typing import Any
from urllib.parse import unquote

from litestar import Request, Response, get
from litestar.exceptions import NotAuthorizedException
from litestar.handlers import HTTPRouteHandler

from anamnesis.web.desk import Desk


def routes(desk: Desk) -> list[HTTPRouteHandler]:
    """`/operator`; the keeper lets nobody else than operators open it."""

    @get("/operator", sync_to_thread=True)
    def operator(request: Request[Any, Any, Any]) -> Response[str]:
        if not request.headers.get("x-anamnesis-operator"):
            raise NotAuthorizedException
        name = unquote(request.headers.get("x-anamnesis-name", ""))
        return desk.page(request, "operator.html", operator=name)

    return [operator]
