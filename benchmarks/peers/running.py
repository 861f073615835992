"""Starts the peers, each as its own documentation says, and makes their saves."""

import base64
import contextlib
import http.client
import itertools
import json
import os
import random
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from uuid import UUID

from benchmarks.contender import Contender
from benchmarks.load import Check
from benchmarks.peers.database import ACCOUNT, NotInstalled, free_port, postgresql
from benchmarks.text import note

ENVIRONMENT = Path(__file__).parents[2] / ".cache" / "peers"
APPS = Path(__file__).parent / "apps"
START_SECONDS_MAX = 120.0
STOP_SECONDS_MAX = 15.0
SETUP_SECONDS_MAX = 400.0
TEXTS_EACH = 8
"""Different texts that a client sends in turn."""
CLIENTS = (1, 16, 64, 256)
CLIENTS_OF_THE_SLOWEST = (1, 64)
GUNICORN = ("--workers", "3", "--threads", "8", "--keep-alive", "60", "--log-level", "warning")
PASSWORD = "only for the benchmark"


def start_all(stack: ExitStack, say: Callable[[str], None]) -> list[Contender]:
    """Those that can be started here; of the others it is said why not."""
    if not (ENVIRONMENT / "bin" / "python").exists():
        say("Peers are not measured: their environment is not installed.")
        return []
    try:
        port = stack.enter_context(postgresql())
    except (NotInstalled, subprocess.SubprocessError) as why:
        say(f"Peers are not measured: {why}.")
        return []
    found = []
    for start in (_fastapi, _django, _gnuhealth):
        say(f"Starting a peer: {start.__name__[1:]}…")
        try:
            found.append(start(stack, port))
        except (OSError, RuntimeError, subprocess.SubprocessError) as why:
            say(f"{start.__name__[1:]} is not measured: {why}.")
    return found


def _fastapi(stack: ExitStack, database: int) -> Contender:
    environment = {
        "PEER_DATABASE": f"postgresql+asyncpg://{ACCOUNT}@127.0.0.1:{database}/fastapi",
        "PYTHONPATH": str(APPS),
    }
    _set_up([_program("python"), "-m", "fastapi_notes"], environment)
    port = free_port()
    command = [
        _program("uvicorn"), "fastapi_notes:app", "--port", str(port), "--workers", "2",
        "--no-access-log", "--log-level", "warning",
    ]  # fmt: skip
    address = _serve(stack, command, environment, port)
    for number in range(max(CLIENTS)):
        _ask(address, "POST", f"/notes/{_note_id(number)}", note(random.Random(number)))
    return Contender(
        "FastAPI + SQLAlchemy + PostgreSQL",
        address,
        lambda clients, _: _puts(address, clients, "/notes/{}", lambda _, text: text),
        _has(b'"version":'),
        CLIENTS,
    )


def _django(stack: ExitStack, database: int) -> Contender:
    environment = {
        "PEER_PORT": str(database),
        "PYTHONPATH": str(APPS),
        "DJANGO_SETTINGS_MODULE": "django_notes.settings",
    }
    migrate = [_program("django-admin"), "migrate", "-v", "0"]
    _set_up(migrate, environment)  # the accounts first: history refers to them
    _set_up([*migrate, "--run-syncdb"], environment)
    port = free_port()
    application = "django.core.wsgi:get_wsgi_application()"
    command = [_program("gunicorn"), application, "--bind", f"127.0.0.1:{port}", *GUNICORN]
    address = _serve(stack, command, environment, port)
    for number in range(max(CLIENTS)):
        named = {"id": _note_id(number)}
        _ask(address, "POST", "/notes/", named | note(random.Random(number)))
    return Contender(
        "Django REST + history + PostgreSQL",
        address,
        lambda clients, _: _puts(address, clients, "/notes/{}/", lambda _, text: text),
        _has(b'"conclusion":'),
        CLIENTS,
    )


def _gnuhealth(stack: ExitStack, database: int) -> Contender:
    home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="anamnesis-peer-")))
    (home / "trytond.conf").write_text(
        f"[database]\nuri = postgresql://{ACCOUNT}@127.0.0.1:{database}/\npath = {home}\n"
        "[session]\ntimeout = 86400\n"
    )
    (home / "password").write_text(PASSWORD)
    environment = {
        "TRYTOND_CONFIG": str(home / "trytond.conf"),
        "TRYTOND_DATABASE_NAMES": "gnuhealth",
        "TRYTONPASSFILE": str(home / "password"),
        "PYTHONPATH": str(APPS),
        "PYTHONWARNINGS": "ignore",
    }
    install = [_program("trytond-admin"), "-c", environment["TRYTOND_CONFIG"], "-d", "gnuhealth"]
    _set_up(
        [*install, "-u", "health", "--activate-dependencies", "--email", "bench@bench.example"],
        environment,
    )
    made = _set_up([_program("python"), "-m", "gnuhealth_notes", str(max(CLIENTS))], environment)
    evaluations = json.loads(made.splitlines()[-1])
    port = free_port()
    application = "trytond.application:app"
    command = [_program("gunicorn"), application, "--bind", f"127.0.0.1:{port}", *GUNICORN]
    address = _serve(stack, command, environment, port)
    login = {"method": "common.db.login", "params": ["admin", {"password": PASSWORD}, "en"]}
    user, session = _ask(address, "POST", "/gnuhealth/", {"id": 0, **login})["result"][:2]
    named = base64.b64encode(f"admin:{user}:{session}".encode()).decode()

    def call(number: int, text: dict[str, str]) -> Mapping[str, object]:
        values = {"notes": "\n".join(text.values())}
        method = "model.gnuhealth.patient.evaluation.write"
        return {"id": 1, "method": method, "params": [[evaluations[number]], values, {}]}

    return Contender(
        "GNU Health + PostgreSQL",
        address,
        lambda clients, _: _puts(
            address, clients, "/gnuhealth/", call, "POST", f"authorization: Session {named}\r\n"
        ),
        _has(b'"result"'),
        CLIENTS_OF_THE_SLOWEST,
    )


def _puts(
    address: tuple[str, int],
    clients: int,
    path: str,
    body_of: Callable[[int, dict[str, str]], Mapping[str, object]],
    method: str = "PUT",
    headers: str = "",
) -> list[Iterator[bytes]]:
    """For each client its note's next texts, without end."""
    found: list[Iterator[bytes]] = []
    for number in range(clients):
        chance = random.Random(number)
        requests = []
        for _ in range(TEXTS_EACH):
            body = json.dumps(body_of(number, note(chance)), ensure_ascii=False).encode()
            head = (
                f"{method} {path.format(_note_id(number))} HTTP/1.1\r\n"
                f"host: {address[0]}:{address[1]}\r\n{headers}"
                f"content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
            )
            requests.append(head.encode() + body)
        found.append(itertools.cycle(requests))
    return found


def _has(mark: bytes) -> Check:
    def check(body: bytes) -> bool:
        if mark not in body:
            raise RuntimeError(f"A save was answered with {body[:300]!r}")
        return True

    return check


def _note_id(number: int) -> str:
    return str(UUID(int=0x0193_0000_0000_7000_8000_0000_0000_0000 + number))


def _ask(address: tuple[str, int], method: str, path: str, body: Mapping[str, object]) -> Any:  # noqa: ANN401 - JSON
    connection = http.client.HTTPConnection(*address, timeout=START_SECONDS_MAX)
    connection.request(method, path, json.dumps(body), {"content-type": "application/json"})
    answer = connection.getresponse()
    said = answer.read()
    connection.close()
    if answer.status not in (200, 201):
        raise RuntimeError(f"it answered {answer.status} {said[:200]!r}")
    return json.loads(said)


def _program(name: str) -> str:
    return str(ENVIRONMENT / "bin" / name)


def _set_up(command: Sequence[str], environment: Mapping[str, str]) -> str:
    done = subprocess.run(
        command,
        env=os.environ | environment,
        check=False,
        capture_output=True,
        text=True,
        timeout=SETUP_SECONDS_MAX,
    )
    if done.returncode != 0:
        raise RuntimeError(f"its set-up failed: {done.stderr.strip()[-300:]}")
    return done.stdout


def _serve(
    stack: ExitStack, command: Sequence[str], environment: Mapping[str, str], port: int
) -> tuple[str, int]:
    """Starts a server; its address once it accepts connections."""
    process = subprocess.Popen(
        command, env=os.environ | environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    stack.callback(_stop, process)
    address = ("127.0.0.1", port)
    deadline = time.monotonic() + START_SECONDS_MAX
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(address, 1.0):
            return address
        time.sleep(0.1)
    raise RuntimeError("its server did not start")


def _stop(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(STOP_SECONDS_MAX)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
