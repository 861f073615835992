"""Joins the application's process: follows the journal into the record, and serves pages."""

import asyncio
import contextlib
import functools
import os
import resource
import signal
import socket
import sys
from collections.abc import Awaitable, Callable
from contextlib import ExitStack, closing
from typing import cast

import openfeature.api
import structlog
import uvicorn
import uvloop

from anamnesis.bootstrap.following import Following
from anamnesis.bootstrap.hosting import Host
from anamnesis.bootstrap.indexing import Indexing
from anamnesis.bootstrap.logs import log_to_stderr
from anamnesis.bootstrap.record import abandon_record, is_damage, open_record_writer
from anamnesis.bootstrap.recording import Recording
from anamnesis.bootstrap.refusal import exit_code, explained
from anamnesis.bootstrap.registering import Register, Registering, by_keeper
from anamnesis.features.flags import DOMAIN
from anamnesis.keeper.clock import MachineClock
from anamnesis.keeper.exits import EXIT_OK
from anamnesis.keeper.gate import wait_at
from anamnesis.keeper.http import Answer, Receive, Scope, Send
from anamnesis.keeper.serving import Server
from anamnesis.keeper.wake import Wakened, Waker
from anamnesis.keeper.watch import Vitals
from anamnesis.settings import Settings, chosen
from anamnesis.storage.sqlite.dispatches import SqliteDispatchStore
from anamnesis.storage.sqlite.incidents import SqliteIncidentReader
from anamnesis.storage.sqlite.journal import SqliteJournalReader
from anamnesis.storage.sqlite.looks import SqliteLookReader
from anamnesis.storage.sqlite.record import SqliteRecordReader
from anamnesis.storage.sqlite.search import SqliteSearchIndex
from anamnesis.web import application as web
from anamnesis.web.register_words import RegisterWords

STOP_SECONDS_MAX = 5
MEMORY_BYTES_MAX = 6 * 1_073_741_824
"""Of addresses; whoever asks for more, a feature most likely, is refused and the rest goes on."""
BACKLOG_MAX = 256

_log = structlog.get_logger()


Pages = Callable[[Scope, Receive, Send], Awaitable[None]]


class Healthy:
    """The pages, with `/health` in front: the process is well only if its follower turns.

    It also says which revision of the rollout is in force, and which features failed.
    """

    def __init__(self, pages: Pages, following: Following, host: Host) -> None:
        self._pages = pages
        self._following = following
        self._host = host

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request or the lifespan (ASGI 3)."""
        if scope["type"] != "http" or scope["path"] != "/health":
            await self._pages(scope, receive, send)
            return
        status = 200 if self._following.alive else 503
        answer = Answer.json(
            Vitals(self._host.refresh().revision, sorted(self._host.failures)), status
        )
        await send({"type": "http.response.start", "status": status, "headers": answer.headers})
        await send({"type": "http.response.body", "body": answer.body})


def run_application(settings: Settings) -> int:
    """The application's process under supervision; the exit code. Raises `StartRefused`."""
    log_to_stderr("application")
    _limit_memory()
    with ExitStack() as stack:
        with explained():
            journal = stack.enter_context(closing(SqliteJournalReader(settings.journal)))
            writer = open_record_writer(settings)
            host = stack.enter_context(closing(Host(settings, MachineClock())))
            openfeature.api.set_provider(host.flags, DOMAIN)
            recording = stack.enter_context(closing(Recording(settings, journal, writer, host)))
            reader = stack.enter_context(closing(SqliteRecordReader(settings.record)))
            index = stack.enter_context(closing(SqliteSearchIndex(settings.search)))
        wakened = stack.enter_context(closing(Wakened(settings.application_wake)))
        keeper = stack.enter_context(closing(Waker(settings.keeper_wake)))
        following = Following(
            recording,
            wakened,
            keeper,
            MachineClock(),
            is_damage,
            lambda failure: abandon_record(settings, failure),
        )
        incidents = functools.partial(_incidents, settings)
        shown = web.WebSettings(
            settings.build, settings.language, organisation=settings.organisation
        )
        pages = web.create(
            reader,
            shown,
            index,
            host,
            incidents,
            lambda: closing(SqliteLookReader(settings.access)),
            (lambda: closing(SqliteDispatchStore(settings.dispatches)))
            if settings.smtp_host
            else None,
        )
        indexing = stack.enter_context(closing(Indexing(reader, index)))
        indexing.start()
        register = Register(
            reader,
            incidents,
            by_keeper(settings),
            RegisterWords(settings.language),
            MachineClock(),
            settings.role,
        )
        registering = stack.enter_context(closing(Registering(register)))
        registering.start()
        healthy = Healthy(cast("Pages", pages), following, host)
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return runner.run(_serve(settings, healthy, following))


def _incidents(settings: Settings) -> closing[SqliteIncidentReader]:
    return closing(SqliteIncidentReader(settings.incidents))


async def _serve(settings: Settings, pages: Healthy, following: Following) -> int:
    server = Server(
        uvicorn.Config(
            pages,
            http="httptools",
            ws="none",
            lifespan="auto",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            backlog=BACKLOG_MAX,
            timeout_graceful_shutdown=STOP_SECONDS_MAX,
        )
    )

    def stop() -> None:
        server.should_exit = True

    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop)
    following.start()
    with _listen(settings) as listening:
        await server.serve([listening])
    await asyncio.to_thread(following.close)
    return EXIT_OK


def _limit_memory() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    most = MEMORY_BYTES_MAX if hard == resource.RLIM_INFINITY else min(MEMORY_BYTES_MAX, hard)
    resource.setrlimit(resource.RLIMIT_AS, (most, hard))


def _listen(settings: Settings) -> socket.socket:
    """The application's socket, for this account only; whatever lay there before is replaced."""
    path = settings.application_socket
    with contextlib.suppress(FileNotFoundError):
        path.unlink()
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    umask = os.umask(0o177)
    try:
        listening.bind(str(path))
    finally:
        os.umask(umask)
    listening.listen(BACKLOG_MAX)
    return listening


def main() -> None:
    """`python -m anamnesis.bootstrap.application GATE`, by supervision only."""
    wait_at(int(sys.argv[1]))
    sys.exit(exit_code(lambda: run_application(chosen(os.environ))))


if __name__ == "__main__":
    main()
