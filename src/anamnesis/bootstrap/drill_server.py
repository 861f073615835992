"""The server of a drill: `anamnesis serve` in processes of its own, and what is done to them."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Final, Literal

import httpx

from anamnesis.bootstrap.refusal import StartRefused
from anamnesis.keeper.exits import EXIT_UNEXPECTED
from anamnesis.settings import Settings

START_SECONDS_MAX: Final = 60.0
STOP_SECONDS_MAX: Final = 30.0
LOOKED_EVERY_SECONDS: Final = 0.05

Child = Literal["keeper", "application"]


class Server:
    """Keeper, application and their supervision, at an address that stays the same."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._port = _free_port()
        self.address = f"http://127.0.0.1:{self._port}"
        self._printed = tempfile.TemporaryFile("w+b")  # noqa: SIM115 -- closed by stop
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts it and does not wait."""
        environment = os.environ | replace(self.settings, port=self._port).environment()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "anamnesis.cli", "serve"],
            env=environment,
            stdout=self._printed,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def wait_until_up(self) -> None:
        """Until keeper and application answer; raises StartRefused."""
        until = time.monotonic() + START_SECONDS_MAX
        while time.monotonic() < until and self.running:
            with suppress(httpx.HTTPError):
                health = httpx.get(f"{self.address}/keep/health", timeout=5.0).json()
                if health["application"] == "up":
                    return
            time.sleep(LOOKED_EVERY_SECONDS)
        raise StartRefused(
            "drill-not-started", "The drill's own server did not start.", EXIT_UNEXPECTED
        )

    @property
    def running(self) -> bool:
        """Whether supervision lives."""
        return self._process is not None and self._process.poll() is None

    def child(self, name: Child) -> int | None:
        """The process id of one of the two; None while there is none."""
        if self._process is None:
            return None
        pid = self._process.pid
        with suppress(FileNotFoundError, ProcessLookupError):
            children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
            for one in children.split():
                command = Path(f"/proc/{one}/cmdline").read_bytes()
                if f"anamnesis.bootstrap.{name}".encode() in command:
                    return int(one)
        return None

    def kill(self, name: Child) -> None:
        """Kill -9, if there is one to kill."""
        pid = self.child(name)
        if pid is not None:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def kill_all(self) -> None:
        """Kill -9 to supervision and both: the machine goes away."""
        for name in ("keeper", "application"):
            self.kill(name)
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def stop(self) -> None:
        """Asks it to stop, and ends whatever is left of it."""
        process = self._process
        if process is not None and process.poll() is None:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(STOP_SECONDS_MAX)
        if process is not None and process.poll() is None:
            self.kill_all()
        self._process = None

    def close(self) -> None:
        """Stops it for good."""
        self.stop()
        self._printed.close()

    def printed(self) -> str:
        """What the processes printed so far."""
        self._printed.seek(0)
        return self._printed.read().decode(errors="replace")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])
