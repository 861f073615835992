"""Where the product's processes log: JSON lines on standard error, ids and codes only."""

import logging
import sys
from functools import partial

import structlog


def log_to_stderr(process: str) -> None:
    """Configures this process's log; `process` says on each line which one it is."""
    structlog.configure(
        processors=[
            partial(_named, process),
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _only_where,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )
    # Libraries speak only when something is wrong.
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)


def _named(
    process: str, _logger: object, _method: str, event: "structlog.typing.EventDict"
) -> "structlog.typing.EventDict":
    event["process"] = process
    return event


def _only_where(
    _logger: object, _method: str, event: "structlog.typing.EventDict"
) -> "structlog.typing.EventDict":
    """Replaces a traceback by the places it went through: values in it might be a patient's."""
    failure = event.pop("exc_info", None)
    if failure is True:
        failure = sys.exc_info()[1]
    if isinstance(failure, BaseException):
        event["failure"] = type(failure).__name__
        places = []
        trace = failure.__traceback__
        while trace is not None:
            code = trace.tb_frame.f_code
            places.append(f"{code.co_filename.rpartition('anamnesis/')[2]}:{trace.tb_lineno}")
            trace = trace.tb_next
        event["where"] = places[-12:]
    return event
