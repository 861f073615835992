"""Joins the areas of the programming interface into one router."""

from typing import Any, Final

from litestar import Request, Response, Router
from litestar.handlers import HTTPRouteHandler

from anamnesis.web.api import (
    agenda,
    documents,
    encounters,
    notes,
    observations,
    people,
    reference,
    resources,
    search,
    sharing,
)
from anamnesis.web.api.refusals import Failure, refusal
from anamnesis.web.desk import Desk

BEGINNING: Final = "/api/v1"

_AREAS = (people, encounters, notes, observations, resources, documents, sharing, search, agenda)


def routers(desk: Desk) -> list[Router | HTTPRouteHandler]:
    """Everything below `/api/v1`, and the page `/api` that explains it."""
    asked = [handler for area in _AREAS for handler in area.routes(desk)]
    openapi, page = reference.routes(desk, BEGINNING, asked)
    return [Router(BEGINNING, route_handlers=[*asked, openapi]), page]


def is_asked(path: str) -> bool:
    """Whether this is an address of the interface, whose refusals are JSON."""
    return path == BEGINNING or path.startswith(f"{BEGINNING}/")


def refused(desk: Desk, request: Request[Any, Any, Any], failure: Exception) -> Response[Failure]:
    """The interface's answer to a failure."""
    return refusal(failure, desk.words(request))
