"""Joins the application's process: follows the journal into the record, and serves pages."""

import asyncio
import contextlib
from collections.abc import Iterator

import structlog
import uvicorn
import uvloop

from anamnesis.bootstrap.logs import log_to_stderr
from anamnesis.keeper.lifeline import die_with, leave_interrupts_to_parent
from anamnesis.settings import Settings

STOP_SECONDS_MAX = 5
BACKLOG_MAX = 256

_log = structlog.get_logger()


class _Server(uvicorn.Server):
    """uvicorn without its signal handling: the batch under way is finished first."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def run_application(settings: Settings, parent: int) -> int:
    """The application's process under supervision; the exit code."""
    die_with(parent)
    leave_interrupts_to_parent()
    log_to_stderr("application")
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(_run(settings))
