"""`anamnesis serve`: refuses early and in a sentence, then supervises."""

import errno
import functools
import os
import socket
import sys
import time
from collections.abc import Callable, Iterator
from typing import TypeVar

from anamnesis.bootstrap.refusal import StartRefused, explained
from anamnesis.keeper.exits import EXIT_PORT_TAKEN, EXIT_STORE_REFUSED
from anamnesis.keeper.supervise import supervise
from anamnesis.settings import Settings, secret
from anamnesis.storage.lock import hold
from anamnesis.storage.sqlite.connection import make_directory

_T = TypeVar("_T")

FREED_SECONDS_MAX = 3.0
"""How long a predecessor that was just killed may take to let go of its lock and its port."""
TRIED_EVERY_SECONDS = 0.1
BACKLOG_MAX = 1_024
"""Connections the kernel holds while the keeper starts again."""


def serve(settings: Settings, say: Callable[[str], None]) -> int:
    """Runs every process until stopped; the exit code. Raises `StartRefused`."""
    deadline = time.monotonic() + FREED_SECONDS_MAX
    _until(deadline, functools.partial(_prepare, settings))
    with _until(deadline, functools.partial(_listen, settings)) as listening:
        port = listening.getsockname()[1]
        host = f"[{settings.host}]" if ":" in settings.host else settings.host
        address = settings.public_origin or f"http://{host}:{port}/"
        environment = os.environ | settings.environment()
        besides = list(_besides(settings, port))
        return supervise(_program, environment, listening.fileno(), address, say, besides)


def _besides(settings: Settings, port: int) -> Iterator[list[str]]:
    if settings.sentinels:
        yield ["sentinels", _door(settings.host, port)]
    if settings.backup_to:
        yield ["backups"]
    if settings.sends:
        yield ["dispatches"]


def _door(host: str, port: int) -> str:
    """The address at which this machine reaches its own front door."""
    reached = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 -- any, not bound
    return f"http://[{reached}]:{port}" if ":" in reached else f"http://{reached}:{port}"


def _until(deadline: float, attempt: Callable[[], _T]) -> _T:
    """What `attempt` gives, tried again until `deadline` while another process is in the way."""
    while True:
        try:
            return attempt()
        except StartRefused as refused:
            in_the_way = refused.code in ("journal-in-use", "port-taken")
            if not in_the_way or time.monotonic() >= deadline:
                raise
        time.sleep(TRIED_EVERY_SECONDS)


def _prepare(settings: Settings) -> None:
    """Makes the data directory, and finds out now whether another process works in it."""
    try:
        make_directory(settings.data)
    except OSError as refused:
        raise StartRefused(
            "data-directory-refused",
            f"The data directory {settings.data} cannot be made or written: {refused.strerror}.",
            EXIT_STORE_REFUSED,
        ) from refused
    with explained(), hold(settings.lock):
        pass
    for path in (settings.smtp_password_file, settings.webhook_secret_file):
        if path:
            secret(path)


def _listen(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((settings.host, settings.port))
        listening.listen(BACKLOG_MAX)
    except OSError as refused:
        listening.close()
        if refused.errno == errno.EADDRINUSE:
            raise StartRefused(
                "port-taken",
                f"Port {settings.port} is taken by another program; choose one with --port.",
                EXIT_PORT_TAKEN,
            ) from refused
        raise StartRefused(
            "address-refused",
            f"{settings.host}:{settings.port} cannot be listened on: {refused.strerror}.",
            EXIT_PORT_TAKEN,
        ) from refused
    return listening


def _program(name: str) -> list[str]:
    """How each process is started: the same interpreter, the same code."""
    tied = [sys.executable, "-m", "anamnesis.keeper.lifeline", str(os.getpid())]
    return [*tied, f"anamnesis.bootstrap.{name}"]
