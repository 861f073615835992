"""The server of a drill: everybody who works there, and the processes."""

import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final
from uuid import NAMESPACE_URL, uuid5

import httpx

from anamnesis.access.account import Account
from anamnesis.access.session import Session
from anamnesis.bootstrap.keeper import open_keeper
from anamnesis.bootstrap.refusal import StartRefused
from anamnesis.drill.plan import Plan
from anamnesis.drill.practitioners import Seat
from anamnesis.keeper.accounts import NewAccount, founding_entries, practice_id, practitioner_id
from anamnesis.keeper.exits import EXIT_UNEXPECTED
from anamnesis.keeper.sessions import csrf_of, digest_of
from anamnesis.seams import instant
from anamnesis.settings import Settings

START_SECONDS_MAX: Final = 60.0
STOP_SECONDS_MAX: Final = 30.0
LOOKED_EVERY_SECONDS: Final = 0.1
PRACTICE_OF: Final = 5
"""Practitioners in one practice."""
BATCH: Final = 500
NO_PASSWORD: Final = "!"  # noqa: S105 -- no hash is ever like it: nobody signs in with one

Tell = Callable[[str, int, int], None]
"""Told the stage, how much of it is done, of how much."""


def make_seats(settings: Settings, plan: Plan, tell: Tell) -> list[Seat]:
    """Makes everybody: their practices, themselves, and a session each, without a password."""
    seats: list[Seat] = []
    now = datetime.now(UTC)
    with open_keeper(settings) as parts:
        for number in range(plan.practitioners):
            login = f"p{number}"
            new = NewAccount(
                login, "", "Exercice", f"N° {number}", f"Cabinet {number // PRACTICE_OF}"
            )
            founding = founding_entries(new, settings.origin, settings.build, now, parts.reader)
            parts.journal.append(founding)
            practice = practice_id(settings.origin, new.practice)
            practitioner = practitioner_id(practice, login)
            token = secrets.token_urlsafe(32)
            name = str(uuid5(NAMESPACE_URL, login))
            account = Account(login, practitioner, practice, login, NO_PASSWORD, instant(now))
            parts.access.add_account(account)
            session = Session(name, login, practitioner, practice, login, now, now)
            parts.access.start_session(digest_of(token), session)
            seats.append(Seat(practitioner, practice, token, csrf_of(token), number < plan.cohort))
            if number % BATCH == 0:
                tell("accounts", number, plan.practitioners)
    tell("accounts", plan.practitioners, plan.practitioners)
    return seats


@contextmanager
def serving(settings: Settings) -> Iterator[str]:
    """`anamnesis serve` in a process of its own; its address."""
    port = _free_port()
    address = f"http://127.0.0.1:{port}"
    environment = os.environ | replace(settings, port=port).environment()
    with tempfile.TemporaryFile("w+b") as printed:
        process = subprocess.Popen(
            [sys.executable, "-m", "anamnesis.cli", "serve"],
            env=environment,
            stdout=printed,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            _wait_until_up(process, address)
            yield address
        finally:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(STOP_SECONDS_MAX)
            if process.poll() is None:
                process.kill()
                process.wait()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


def _wait_until_up(process: "subprocess.Popen[bytes]", address: str) -> None:
    until = time.monotonic() + START_SECONDS_MAX
    while time.monotonic() < until and process.poll() is None:
        with suppress(httpx.HTTPError):
            if httpx.get(f"{address}/keep/health", timeout=5.0).json()["application"] == "up":
                return
        time.sleep(LOOKED_EVERY_SECONDS)
    raise StartRefused(
        "drill-not-started", "The drill's own server did not start.", EXIT_UNEXPECTED
    )
