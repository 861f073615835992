"""Supervision: a small parent that starts the other processes, and starts each again.

It opens no database, parses no request and imports no feature: there is nothing in it that
could fail with them. It holds the listening socket, so that connections made while the keeper
starts again wait in the kernel's queue instead of being refused.
"""

import asyncio
import contextlib
import os
import signal
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from anamnesis.keeper.exits import EXIT_OK, FINAL
from anamnesis.keeper.gate import Gate

RESTART_SECONDS_MIN = 0.2
KEEPER_RESTART_SECONDS_MAX = 1.0
APPLICATION_RESTART_SECONDS_MAX = 10.0
BESIDES_RESTART_SECONDS_MAX = 10.0
"""A process that ends soon after its start is started again after a pause that doubles. The
keeper's stays short: while it is away, nobody can save."""
STEADY_AFTER_SECONDS = 10.0
"""One that lived so long is started again at once, and its pauses are forgotten."""
KEEPER_READY_SECONDS_MAX = 300.0
"""Recovery of a large journal takes its time."""
KEEPER_SILENT_SECONDS_MAX = 10.0
"""A keeper whose loop has not turned for so long is killed and started again."""
STOP_SECONDS_MAX = 15.0
"""How long each process may take to stop when asked."""

_WHY = {
    "hung": "does not answer",
    "stuck": "no longer follows the journal",
    "absent": "does not come up",
    "suspended": "ran a feature that is suspended now",
    "withdrawn": "ran a feature that was withdrawn",
}

ON_PURPOSE = ("suspended", "withdrawn")
"""Reasons to replace a process that is well in itself."""

Say = Callable[[str], None]


@dataclass
class Pauses:
    """How long to wait before a process is started again (pure)."""

    longest_seconds: float
    next_seconds: float = 0.0

    def after(self, lived_seconds: float) -> float:
        """The pause after a process that lived so long."""
        if lived_seconds >= STEADY_AFTER_SECONDS:
            self.next_seconds = 0.0
        pause = self.next_seconds
        self.next_seconds = min(max(pause * 2, RESTART_SECONDS_MIN), self.longest_seconds)
        return pause

    def forget(self) -> None:
        """The process is ended on purpose: the next one need not wait for it."""
        self.next_seconds = 0.0


@dataclass
class Child:
    """One supervised process."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    pauses: Pauses
    descriptors: tuple[int, ...] = ()
    process: asyncio.subprocess.Process | None = None

    async def start(self) -> asyncio.subprocess.Process:
        """Starts it; its output goes where ours goes."""
        self.process = await asyncio.create_subprocess_exec(
            *self.command, env=dict(self.environment), pass_fds=self.descriptors
        )
        return self.process

    def kill(self) -> None:
        """Kills it where it stands; a stopped process dies as well."""
        self._signal(signal.SIGKILL)

    async def stop(self) -> None:
        """Asks it to stop, and kills it if it does not within `STOP_SECONDS_MAX`."""
        process = self.process
        if process is None or process.returncode is not None:
            return
        self._signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(process.wait(), STOP_SECONDS_MAX)
        except TimeoutError:
            self.kill()
            await process.wait()

    def _signal(self, number: signal.Signals) -> None:
        if self.process is not None and self.process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self.process.send_signal(number)


class Supervisor:
    """Runs the processes until asked to stop, or until the keeper says it cannot go on."""

    def __init__(
        self,
        program: Callable[[str], Sequence[str]],
        environment: Mapping[str, str],
        listening: int,
        address: str,
        say: Say,
        besides: Sequence[Sequence[str]],
    ) -> None:
        reading, writing = os.pipe()
        os.set_blocking(reading, False)
        self._reading = reading
        self._address = address
        self._say = say
        self._stopping = asyncio.Event()
        self._keeper_ready = asyncio.Event()
        self._gate = Gate()
        self._announced = False
        self._heard_at = 0.0
        self._pending = b""
        self._keeper = Child(
            "keeper",
            [*program("keeper"), str(listening), str(writing)],
            environment,
            Pauses(KEEPER_RESTART_SECONDS_MAX),
            (listening, writing),
        )
        self._application = Child(
            "application",
            [*program("application"), str(self._gate.descriptor)],
            environment,
            Pauses(APPLICATION_RESTART_SECONDS_MAX),
            (self._gate.descriptor,),
        )
        self._besides = [
            Child(
                name,
                [*program(name), *arguments],
                environment,
                Pauses(BESIDES_RESTART_SECONDS_MAX),
            )
            for name, *arguments in besides
        ]

    async def run(self) -> int:
        """The exit code for the whole."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stopping.set)
        loop.add_reader(self._reading, self._hear)
        keeping = asyncio.create_task(self._keep_running(self._keeper))
        applying = asyncio.create_task(self._keep_running(self._application))
        listening = asyncio.create_task(self._mind_silence())
        stopping = asyncio.create_task(self._stopping.wait())
        work = [keeping, applying, listening, stopping]
        besides = [asyncio.create_task(self._run_beside(one)) for one in self._besides]
        done, _ = await asyncio.wait(work, return_when=asyncio.FIRST_COMPLETED)
        for task in (*work, *besides):
            task.cancel()
        await self._stop()
        loop.remove_reader(self._reading)
        for task in done:
            if task is keeping:
                return keeping.result()
            if task is not stopping:
                task.result()
        return EXIT_OK

    async def _stop(self) -> None:
        """The keeper first: what it still takes in is journaled; then the application."""
        if self._stopping.is_set():
            self._say("Stopping: the keeper finishes what it has taken in.")
        for one in self._besides:
            one.kill()
        await self._keeper.stop()
        await self._application.stop()
        for one in self._besides:
            await one.stop()
        if self._stopping.is_set():
            self._say("Stopped.")

    async def _run_beside(self, one: Child) -> None:
        """Whatever becomes of it is nothing to the others; the keeper minds its silence."""
        await self._keeper_ready.wait()
        while True:
            with contextlib.suppress(OSError):
                await self._keep_running(one)
            await asyncio.sleep(BESIDES_RESTART_SECONDS_MAX)

    async def _keep_running(self, child: Child) -> int:
        """Starts `child` again whenever it ends; returns the code of an end that is final."""
        loop = asyncio.get_running_loop()
        while True:
            started_at = loop.time()
            if child is self._keeper:
                self._heard_at = started_at + KEEPER_READY_SECONDS_MAX
            process = await child.start()
            code = await process.wait()
            if child is self._keeper and code in FINAL:
                return code
            pause = child.pauses.after(loop.time() - started_at)
            when = "at once" if pause == 0 else f"in {pause:.1f} s"
            self._say(f"The {child.name} ended ({_how(code)}); it is started again {when}.")
            await asyncio.sleep(pause)

    async def _mind_silence(self) -> None:
        """Kills a keeper that is alive and does nothing."""
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(1.0)
            if loop.time() - self._heard_at > KEEPER_SILENT_SECONDS_MAX:
                self._say("The keeper does not answer; it is killed and started again.")
                self._heard_at = loop.time() + KEEPER_READY_SECONDS_MAX
                self._keeper.kill()

    def _hear(self) -> None:
        try:
            data = os.read(self._reading, 65_536)
        except BlockingIOError:
            return
        *lines, self._pending = (self._pending + data).split(b"\n")
        for line in lines:
            self._understand(line.decode(errors="replace"))

    def _understand(self, line: str) -> None:
        self._heard_at = asyncio.get_running_loop().time()
        what, _, rest = line.partition(" ")
        if what == "ready":
            self._keeper_ready.set()
            self._gate.open()
            if not self._announced:
                self._announced = True
                self._say(f"Anamnesis listens on {self._address}")
        elif what == "application" and rest == "up":
            self._say("The application answers.")
        elif what == "replace":
            self._say(f"The application {_WHY.get(rest, rest)}; it is killed.")
            if rest in ON_PURPOSE:
                self._application.pauses.forget()
            self._application.kill()


def _how(code: int) -> str:
    if code >= 0:
        return f"exit code {code}"
    try:
        return f"killed by {signal.Signals(-code).name}"
    except ValueError:
        return f"killed by signal {-code}"


def supervise(
    program: Callable[[str], Sequence[str]],
    environment: Mapping[str, str],
    listening: int,
    address: str,
    say: Say,
    besides: Sequence[Sequence[str]] = (),
) -> int:
    """Runs everything until stopped; the exit code. `program` is the command for each name.

    `besides` are processes that nobody who writes needs: each its name, and its arguments.
    """

    async def main() -> int:
        return await Supervisor(program, environment, listening, address, say, besides).run()

    return asyncio.run(main())
