"""The product itself, started as a user starts it, in a folder that goes away afterwards."""

import contextlib
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.pages import Session, counts, sign_in

LOGIN = "bench"
PASSWORD = "only for the benchmark"
START_SECONDS_MAX = 30.0
STOP_SECONDS_MAX = 30.0

_ADDRESS = re.compile(r"http://([\d.]+):(\d+)")


@contextlib.contextmanager
def running(folder: Path) -> Iterator[Session]:
    """A signed-in session of an `anamnesis serve` whose record follows; stopped at the end."""
    data = folder / "data"
    command = [sys.executable, "-m", "anamnesis.cli"]
    account = ["user", "add", LOGIN, "--family", "Mesure", "--given", "Alix"]
    subprocess.run(
        [*command, *account, "--practice", "Banc", "--password-stdin", "--data", str(data)],
        input=PASSWORD + "\n",
        text=True,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    with (folder / "serve.log").open("w") as log:
        process = subprocess.Popen(
            [*command, "serve", "--data", str(data), "--port", "0"],
            stdout=log,
            stderr=subprocess.STDOUT,
            env=os.environ | {"PYTHONUNBUFFERED": "1", "ANAMNESIS_SENTINELS": "no"},
        )
        try:
            host, port = _address(folder / "serve.log", process)
            session = sign_in(host, port, LOGIN, PASSWORD)
            _follows(session)
            yield session
        finally:
            process.terminate()
            process.wait(STOP_SECONDS_MAX)


def _address(log: Path, process: subprocess.Popen[bytes]) -> tuple[str, int]:
    deadline = time.monotonic() + START_SECONDS_MAX
    while time.monotonic() < deadline and process.poll() is None:
        found = _ADDRESS.search(log.read_text())
        if found:
            with contextlib.suppress(OSError):
                counts(Session(found[1], int(found[2]), "", "", "", ""))
                return found[1], int(found[2])
        time.sleep(0.1)
    raise RuntimeError(f"The server did not start:\n{log.read_text()}")


def _follows(session: Session) -> None:
    deadline = time.monotonic() + START_SECONDS_MAX
    while time.monotonic() < deadline:
        journaled, recorded = counts(session)
        if journaled == recorded:
            return
        time.sleep(0.1)
    raise RuntimeError("The application did not start following the journal.")
