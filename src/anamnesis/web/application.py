"""The application's pages as one ASGI application. It only reads: every writing is an entry."""

import traceback
from typing import Any

import structlog
from litestar import Litestar, Request, Response
from litestar.exceptions import HTTPException

from anamnesis.incident.dispatch import OpenDispatches
from anamnesis.record.search import SearchIndex
from anamnesis.record.store import RecordReader
from anamnesis.web import feature_pages
from anamnesis.web.api import application as api
from anamnesis.web.archive.gathering import OpenLooks, no_looks
from anamnesis.web.desk import Desk, WebSettings
from anamnesis.web.feature_pages import FeaturePages
from anamnesis.web.no_incidents import OpenIncidents, no_incidents
from anamnesis.web.pages import (
    agenda,
    archive,
    day,
    devices,
    document_prints,
    documents,
    encounter_page,
    erasure,
    history,
    operator,
    operator_register,
    patient,
    patients,
    public,
    receipts,
    record,
    register,
    register_papers,
    restriction,
    retention,
    rewriting,
    search,
    shared,
    sharing,
)
from anamnesis.web.pages import (
    incidents as incident_pages,
)
from anamnesis.web.pages import (
    settings as settings_pages,
)

_log = structlog.get_logger()

__all__ = ["WebSettings", "create"]

PAGES = (
    public,
    day,
    agenda,
    patients,
    patient,
    archive,
    encounter_page,
    history,
    incident_pages,
    operator,
    operator_register,
    receipts,
    record,
    devices,
    restriction,
    erasure,
    retention,
    register,
    register_papers,
    rewriting,
    documents,
    document_prints,
    shared,
    sharing,
    search,
    settings_pages,
)


def create(
    reader: RecordReader,
    settings: WebSettings,
    index: SearchIndex | None = None,
    features: FeaturePages | None = None,
    incidents: OpenIncidents = no_incidents,
    looks: OpenLooks = no_looks,
    dispatches: OpenDispatches | None = None,
) -> Litestar:
    """The pages over `reader`, what `index` finds, and what `features` add.

    Every route but those of `public` needs the keeper's identity.
    """
    desk = Desk(reader, settings, index, features, incidents, looks, dispatches)

    def failed(request: Request[Any, Any, Any], failure: Exception) -> Response[Any]:
        status = failure.status_code if isinstance(failure, HTTPException) else 500
        if status >= 500:
            _log.error("page-failed", failure=type(failure).__name__, where=_where(failure))
        if api.is_asked(request.url.path):
            return api.refused(desk, request, failure)
        code = 401 if status == 401 else 500 if status >= 500 else 404
        identity = desk.whoever(request)
        return desk.page(request, "error.html", identity, status_code=status, code=str(code))

    handlers = [handler for module in PAGES for handler in module.routes(desk)]
    return Litestar(
        route_handlers=[*handlers, *feature_pages.routes(desk.features), *api.routers(desk)],
        exception_handlers={HTTPException: failed, Exception: failed},
        openapi_config=None,
        logging_config=None,
    )


def _where(failure: Exception) -> str:
    """The line that failed and nothing else: a message may quote what was typed."""
    frames = traceback.extract_tb(failure.__traceback__)
    return f"{frames[-1].filename}:{frames[-1].lineno}" if frames else ""
