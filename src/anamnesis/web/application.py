"""The application's pages as one ASGI application. It only reads: every writing is an entry."""

from typing import Any

import structlog
from litestar import Litestar, Request, Response
from litestar.exceptions import HTTPException

from anamnesis.record.store import RecordReader
from anamnesis.web.desk import Desk, WebSettings
from anamnesis.web.pages import (
    day,
    encounter_page,
    history,
    patient,
    patients,
    public,
    receipts,
)

_log = structlog.get_logger()

__all__ = ["WebSettings", "create"]


def create(reader: RecordReader, settings: WebSettings) -> Litestar:
    """The pages over `reader`. Every route but those of `public` needs the keeper's identity."""
    desk = Desk(reader, settings)

    def failed(request: Request[Any, Any, Any], failure: Exception) -> Response[str]:
        status = failure.status_code if isinstance(failure, HTTPException) else 500
        known = status if status in (401, 404) else 500
        if known == 500:
            # The type alone: a message may quote what was typed.
            _log.error("page-failed", failure=type(failure).__name__)
        return desk.page(request, "error.html", status_code=status, code=str(known))

    handlers = [
        handler
        for module in (public, day, patients, patient, encounter_page, history, receipts)
        for handler in module.routes(desk)
    ]
    return Litestar(
        route_handlers=handlers,
        exception_handlers={HTTPException: failed, Exception: failed},
        openapi_config=None,
        logging_config=None,
    )
