"""The keeper's process: everything joined, started in order, and stopped in order."""

import asyncio
import gc
import signal
import socket
from collections.abc import Sequence

import structlog
import uvicorn
import uvloop

from anamnesis.journal.journal import Accepted
from anamnesis.keeper.audit import AuditTrail
from anamnesis.keeper.comparing import Comparing
from anamnesis.keeper.control import Control
from anamnesis.keeper.exits import EXIT_OK, exit_now
from anamnesis.keeper.forward import Forward
from anamnesis.keeper.intake import Intake
from anamnesis.keeper.operator_view import OperatorView
from anamnesis.keeper.parts import Parts
from anamnesis.keeper.passwords import Passwords
from anamnesis.keeper.push import Event, Push
from anamnesis.keeper.readback import ReadBackLoop
from anamnesis.keeper.reading import Reading
from anamnesis.keeper.received import Expected, Received
from anamnesis.keeper.report import Report
from anamnesis.keeper.routing import front_of
from anamnesis.keeper.screens import Screens
from anamnesis.keeper.sentinel_seats import SentinelSeats
from anamnesis.keeper.serving import Server
from anamnesis.keeper.sessions import AccessThread, Sessions
from anamnesis.keeper.vigilance import Vigilance
from anamnesis.keeper.wake import Wakened, Waker
from anamnesis.keeper.watch import State, Watch
from anamnesis.seams import instant

ALIVE_EVERY_SECONDS = 1.0
"""How often the keeper tells supervision that its loop turns."""
STOP_SECONDS_MAX = 5
"""How long answers under way may take when the keeper is asked to stop."""
BACKLOG_MAX = 1_024
CONNECTIONS_MAX = 4_096
"""Open connections, event streams included; beyond, a request is answered with 503."""

_log = structlog.get_logger()


class Keeper:
    """All parts of the running keeper."""

    def __init__(self, parts: Parts, report: Report) -> None:
        settings = parts.settings
        self._report = report
        self._settings = settings
        self._loop = asyncio.get_running_loop()
        self._stopped = asyncio.Event()
        self._exit = EXIT_OK
        self._journal = parts.journal
        self.access = AccessThread(parts.access)
        self.passwords = Passwords()
        self.sessions = Sessions(self.access, self.passwords, parts.clock, parts.ids)
        self.audit = AuditTrail(self.access, parts.clock)
        self.push = Push()
        self.received = Received()
        self.reading = Reading(parts.reading_door, parts.reader)
        self.wakened = Wakened(settings.keeper_wake)
        self.waker = Waker(settings.application_wake)
        self.intake = Intake(parts.journal, self._journaled, exit_now)
        self.vigilance = Vigilance(
            parts,
            self._publish,
            lambda why: report.say(f"replace {why}"),
            self.waker.wake,
            exit_now,
        )
        self.read_back = ReadBackLoop(
            parts.read_back_door,
            parts.read_back_reader,
            self.wakened,
            self.received,
            parts.signer,
            parts.clock,
            self._publish,
            lambda: len(self.push) > 0,
            exit_now,
            self.vigilance.disagreements,
            self.vigilance.sweep.hurry,
            self.vigilance.repair,
            self.vigilance.rows,
        )
        self.watch = Watch(
            settings.application_socket,
            lambda: (parts.journal.size, self.read_back.applied),
            self._application_changed,
            self._replace,
            parts.clock,
        )
        self.control = Control(
            settings.control_socket,
            self.intake,
            self.reading,
            self.access,
            self.passwords,
            parts.clock,
            settings.origin,
            settings.build,
            self.vigilance.guarding,
            settings.nightly_order,
            SentinelSeats(
                self.intake, self.reading, self.access, parts.clock, parts.ids, settings.build
            ),
            self.vigilance.sentinels,
        )
        self.forward = Forward(settings.application_socket)
        self.screens = Screens(parts.clock, self.vigilance.guarding.screen_differs)
        self.comparing = Comparing(parts, self.vigilance.findings, self.received, self.intake)
        self.operator_view = OperatorView(parts.clock)
        self.started_at = instant(parts.clock.now())
        self.front = front_of(self, parts)

    async def run(self, listening: socket.socket) -> int:
        """Serves until asked to stop; the exit code."""
        self.intake.start()
        self.vigilance.start()
        self.read_back.start()
        self.comparing.start()
        await self.control.start()
        server = Server(
            uvicorn.Config(
                self.front,
                http="httptools",
                ws="none",
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
                # Behind a proxy on this machine only (docs/guide/operator/reverse-proxy.md).
                proxy_headers=bool(self._settings.public_url),
                backlog=BACKLOG_MAX,
                limit_concurrency=CONNECTIONS_MAX,
                timeout_graceful_shutdown=STOP_SECONDS_MAX,
            )
        )
        for number in (signal.SIGTERM, signal.SIGINT):
            self._loop.add_signal_handler(number, self._stopped.set)
        tasks = [
            asyncio.create_task(work)
            for work in (self.audit.run(), self.watch.run(), self._guard(), self._say_alive())
        ]
        serving = asyncio.create_task(server.serve([listening]))
        # Everything made so far lives as long as the process: later collections may skip it.
        gc.freeze()
        self._report.say("ready")
        stopped = asyncio.create_task(self._stopped.wait())
        await asyncio.wait([stopped, serving, *tasks], return_when=asyncio.FIRST_COMPLETED)
        for task in (serving, *tasks):
            if task.done() and not self._stopped.is_set():
                task.result()
        await self._stop(server, serving, tasks)
        return self._exit

    async def _stop(
        self,
        server: uvicorn.Server,
        serving: "asyncio.Task[None]",
        tasks: "Sequence[asyncio.Task[None]]",
    ) -> None:
        """Answers what is under way, commits what is queued, writes the audit trail."""
        self.push.close()
        self.control.close()
        server.should_exit = True
        await serving
        for task in tasks:
            task.cancel()
        await asyncio.to_thread(self.intake.close)
        await asyncio.to_thread(self.comparing.close)
        await asyncio.to_thread(self.read_back.close)
        await asyncio.to_thread(self.vigilance.close)
        self.operator_view.close()
        await self.audit.flush()
        await self.forward.close()
        await asyncio.to_thread(self.reading.close)
        self.passwords.close()
        await asyncio.to_thread(self.access.close)

    async def _say_alive(self) -> None:
        while True:
            self._report.say("alive")
            await asyncio.sleep(ALIVE_EVERY_SECONDS)

    async def _guard(self) -> None:
        await self.vigilance.run(
            lambda: (self.watch.state, self.watch.vitals),
            lambda: self.read_back.available,
            lambda: (self._journal.size, self.read_back.applied),
        )

    def _journaled(self, accepted: Sequence[Accepted]) -> None:
        """On the journal's thread, after a commit."""
        journaled = [one.journaled for one in accepted if not one.duplicate]
        new = [Expected.of(one) for one in journaled]
        if new:
            self.received.add(new)
            self.waker.wake()
            self.vigilance.guarding.journaled(new)
            self.vigilance.sentinels.journaled(new)
            self.comparing.journaled(journaled)
            self.vigilance.weighing.journaled(journaled)

    def _replace(self, why: str) -> None:
        """The application does not do, whoever is to blame."""
        self.vigilance.weighing.excuse()
        self._report.say(f"replace {why}")

    def _publish(self, events: list[Event]) -> None:
        """From any thread."""
        if events:
            self._loop.call_soon_threadsafe(self.push.publish, events)

    def _application_changed(self, state: State) -> None:
        _log.info("application", state=state)
        self._report.say(f"application {state}")
        self.push.publish([Event("application", {"state": state})])


def run(parts: Parts, listening: socket.socket, report: Report) -> int:
    """Runs the keeper until it is asked to stop; the exit code."""

    async def main() -> int:
        return await Keeper(parts, report).run(listening)

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(main())
