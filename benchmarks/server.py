"""The product itself, started as a user starts it, in a folder that goes away afterwards."""

import contextlib
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.pages import Session, counts, settled, sign_in

LOGIN = "bench"
PASSWORD = "only for the benchmark"
COMMAND = (sys.executable, "-m", "anamnesis.cli")
START_SECONDS_MAX = 60.0
STOP_SECONDS_MAX = 30.0

_ADDRESS = re.compile(r"http://([\d.]+):(\d+)")


@dataclass(frozen=True, slots=True)
class Serving:
    """A signed-in session, the processes that serve it, and how long the start took."""

    session: Session
    process: subprocess.Popen[bytes]
    start_seconds: float

    def resident_mebibytes(self) -> float:
        """Memory that all the product's processes have in use, what they share counted once."""
        kibibytes = 0
        for number in _family(self.process.pid):
            text = Path(f"/proc/{number}/smaps_rollup").read_text(encoding="ascii")
            found = re.search(r"^Pss:\s+(\d+) kB", text, re.MULTILINE)
            kibibytes += int(found[1]) if found else 0
        return kibibytes / 1_024

    def crash(self) -> None:
        """Kills every process at once, as a power cut would stop them."""
        for number in _family(self.process.pid):
            with contextlib.suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
        self.process.wait(STOP_SECONDS_MAX)


def add_account(data: Path) -> None:
    """The practitioner who signs in, in a new data directory."""
    account = ["user", "add", LOGIN, "--family", "Mesure", "--given", "Alix"]
    subprocess.run(
        [*COMMAND, *account, "--practice", "Banc", "--password-stdin", "--data", str(data)],
        input=PASSWORD + "\n",
        text=True,
        check=True,
        stdout=subprocess.DEVNULL,
    )


@contextlib.contextmanager
def running(data: Path) -> Iterator[Serving]:
    """An `anamnesis serve` whose record has what its journal has; stopped at the end."""
    said = data.parent / f"{data.name}-serve.log"
    with said.open("w") as log:
        begun = time.perf_counter()
        process = subprocess.Popen(
            [*COMMAND, "serve", "--data", str(data), "--port", "0"],
            stdout=log,
            stderr=subprocess.STDOUT,
            env=os.environ | {"PYTHONUNBUFFERED": "1", "ANAMNESIS_SENTINELS": "no"},
        )
        try:
            host, port = _address(said, process)
            settled(Session(host, port, "", "", "", ""))
            took = time.perf_counter() - begun
            yield Serving(sign_in(host, port, LOGIN, PASSWORD), process, took)
        finally:
            if process.poll() is None:
                process.terminate()
                process.wait(STOP_SECONDS_MAX)


def _family(process: int) -> list[int]:
    """A process and all that it started, themselves and through others."""
    found = [process]
    for number in found:
        path = Path(f"/proc/{number}/task/{number}/children")
        with contextlib.suppress(OSError):
            found += [int(child) for child in path.read_text(encoding="ascii").split()]
    return found


def _address(log: Path, process: subprocess.Popen[bytes]) -> tuple[str, int]:
    deadline = time.monotonic() + START_SECONDS_MAX
    while time.monotonic() < deadline and process.poll() is None:
        found = _ADDRESS.search(log.read_text())
        if found:
            with contextlib.suppress(OSError):
                counts(Session(found[1], int(found[2]), "", "", "", ""))
                return found[1], int(found[2])
        time.sleep(0.02)
    raise RuntimeError(f"The server did not start:\n{log.read_text()}")
