"""A PostgreSQL of our own for the peers: durable as it comes, with memory enough."""

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

ACCOUNT = "bench"
SYSTEM_ACCOUNT = "postgres"
"""PostgreSQL does not run as root; where the benchmark does, this account runs it."""
CONNECTIONS_MAX = 200
STOP_SECONDS_MAX = 30
_PLACES = Path("/usr/lib/postgresql")


class NotInstalled(Exception):
    """What a peer needs is not on this machine; the text says what."""


@contextlib.contextmanager
def postgresql() -> Iterator[int]:
    """The port of a new server that stops, and whose data goes away, at the end.

    Raises NotInstalled.
    """
    programs = sorted(_PLACES.glob("*/bin/initdb"))
    if not programs:
        raise NotInstalled("PostgreSQL is not installed here")
    bin_folder = programs[-1].parent
    home = Path(tempfile.mkdtemp(prefix="anamnesis-peers-"))
    account = SYSTEM_ACCOUNT if os.geteuid() == 0 else None
    if account:
        shutil.chown(home, account)
    port = free_port()

    def run(*command: str) -> None:
        subprocess.run(
            command, check=True, user=account, stdout=subprocess.DEVNULL, cwd=home, timeout=120
        )

    data = str(home / "data")
    try:
        run(
            str(bin_folder / "initdb"), "-D", data, "-A", "trust", "-U", ACCOUNT,
            "--no-locale", "-E", "UTF8",
        )  # fmt: skip
        options = (
            f"-p {port} -h 127.0.0.1 -k {home} -c shared_buffers=1GB -c max_wal_size=4GB "
            f"-c max_connections={CONNECTIONS_MAX}"
        )
        control = str(bin_folder / "pg_ctl")
        run(control, "-D", data, "-l", str(home / "log"), "-o", options, "-w", "start")
        try:
            for name in ("fastapi", "django", "gnuhealth"):
                run(str(bin_folder / "createdb"), "-h", str(home), "-p", str(port), "-U", ACCOUNT,
                    name)  # fmt: skip
            yield port
        finally:
            run(control, "-D", data, "-m", "fast", "-w", "stop")
    finally:
        shutil.rmtree(home, ignore_errors=True)


def free_port() -> int:
    """A port on this machine that nobody listens on."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])
