"""A real Anamnesis for tests: `anamnesis serve` in a folder of its own, and clients that sign in.

    with Running.started(tmp_path) as anamnesis:
        claire = anamnesis.sign_in("claire")
        patient = claire.create_patient()
        encounter = claire.start_encounter(patient)
        result = claire.write_note(patient, encounter, "Toux depuis trois jours.")

Everything waits with a limit, and says what the processes printed when it runs out.
"""

import hashlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import msgspec
import rfc8785
import uuid_utils

from anamnesis.bootstrap.accounts import add_accounts_offline
from anamnesis.keeper.accounts import NewAccount
from anamnesis.settings import from_environment

START_SECONDS_MAX = 40.0
WAIT_SECONDS_MAX = 20.0
STOP_SECONDS_MAX = 40.0
PRINTED_MAX = 8_000
PASSWORD = "un mot de passe assez long"
PRACTICE = "Cabinet des Lilas"
OTHER_PRACTICE = "Cabinet des Roses"
SECTIONS = ("motif", "interrogatoire", "examen", "conclusion")

ACCOUNTS = {
    "claire": {"family": "Aubry", "given": "Claire", "title": "Dr", "practice": PRACTICE},
    "paul": {"family": "Berger", "given": "Paul", "title": "Dr", "practice": PRACTICE},
    "rose": {"family": "Colin", "given": "Rose", "title": "Dr", "practice": OTHER_PRACTICE},
    "odile": {"family": "Garde", "given": "Odile", "role": "operator"},
}
"""Two colleagues in one practice, somebody of another, and an operator."""


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def new_id() -> str:
    return str(uuid_utils.uuid7())


def digest(content: Any) -> str:
    return hashlib.sha256(rfc8785.dumps(content)).hexdigest()


def wait_until(
    true: Callable[[], object], what: str, seconds: float = WAIT_SECONDS_MAX, step: float = 0.02
) -> None:
    """Returns once `true` is; fails naming `what` after `seconds`."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, f"after {seconds} s still not: {what}"
        time.sleep(step)


class Running:
    """One `anamnesis serve` and what a test may do to it."""

    def __init__(self, data: Path, environment: Mapping[str, str] | None = None) -> None:
        self.data = data
        self.environment = {
            **{name: value for name, value in os.environ.items() if "ANAMNESIS" not in name},
            "ANAMNESIS_DATA": str(data),
            "ANAMNESIS_PORT": "0",
            "ANAMNESIS_SENTINELS": "no",
            **(environment or {}),
        }
        self.port = 0
        self._printed = tempfile.TemporaryFile("w+b")  # noqa: SIM115 -- closed by close()
        self._process: subprocess.Popen[bytes] | None = None
        self._clients: list[httpx.Client] = []

    @classmethod
    @contextmanager
    def started(
        cls,
        folder: Path | None = None,
        accounts: Mapping[str, Mapping[str, str]] = ACCOUNTS,
        environment: Mapping[str, str] | None = None,
    ) -> Iterator["Running"]:
        """A started one with `accounts`. Its folder is short, because socket paths must be."""
        own = Path(tempfile.mkdtemp(prefix="anm-"))
        running = cls(own if folder is None else folder, environment)
        try:
            running.add_accounts(accounts)
            running.start()
            yield running
        finally:
            running.close()
            shutil.rmtree(own, ignore_errors=True)

    # The processes.

    def start(self) -> None:
        """Starts it and waits until keeper and application both answer."""
        self.spawn()
        wait_until(self._listening, "listening", START_SECONDS_MAX)
        try:
            wait_until(
                lambda: self.health().get("application") == "up", "pages served", START_SECONDS_MAX
            )
        except AssertionError as late:
            raise AssertionError(f"{late}\n{self.printed()[-PRINTED_MAX:]}") from None

    def spawn(self, *arguments: str) -> "subprocess.Popen[bytes]":
        """Starts `anamnesis serve` and does not wait."""
        if self._process is not None:
            self._process.wait(STOP_SECONDS_MAX)
        if self.port:
            # A page that comes back after a restart comes back to the same address.
            self.environment["ANAMNESIS_PORT"] = str(self.port)
        self._printed.seek(0, os.SEEK_END)
        self._from = self._printed.tell()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "anamnesis.cli", "serve", *arguments],
            env=self.environment,
            stdout=self._printed,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        return self._process

    def _listening(self) -> bool:
        process = self._process
        assert process is not None
        assert process.poll() is None, f"ended with {process.returncode}:\n{self.printed()}"
        found = re.search(r"listens on http://[^:]+:(\d+)/", self.printed_since_start())
        if found is None:
            return False
        self.port = int(found[1])
        return True

    def stop(self) -> int:
        """Asks it to stop, as an operator does; the exit code."""
        process = self._process
        assert process is not None
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        try:
            return process.wait(STOP_SECONDS_MAX)
        finally:
            self._process = None

    def close(self) -> None:
        """Ends whatever is left of it."""
        for client in self._clients:
            client.close()
        if self._process is not None and self._process.poll() is None:
            try:
                self.stop()
            except subprocess.TimeoutExpired:
                assert self._process is None
        self._printed.close()

    def printed(self) -> str:
        """Everything the processes printed so far."""
        self._printed.seek(0)
        return self._printed.read().decode(errors="replace")

    def printed_since_start(self) -> str:
        """What was printed since the last start."""
        self._printed.seek(self._from)
        return self._printed.read().decode(errors="replace")

    @property
    def pid(self) -> int:
        """Of the supervisor."""
        assert self._process is not None
        return self._process.pid

    def child(self, name: str) -> int | None:
        """The process id of `keeper` or `application`, None while there is none."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children")
        for pid in children.read_text(encoding="ascii").split():
            try:
                command = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
            except (FileNotFoundError, ProcessLookupError):
                continue
            if f"anamnesis.bootstrap.{name}".encode() in command:
                return int(pid)
        return None

    def replaced(self, name: str, pid: int | None) -> bool:
        """Whether another process than `pid` is `keeper` or `application` by now."""
        return self.child(name) not in (None, pid)

    def signal(self, name: str, number: signal.Signals) -> int:
        """Sends a signal to `keeper` or `application`; its process id."""
        wait_until(lambda: self.child(name), f"a {name} process", START_SECONDS_MAX)
        pid = self.child(name)
        assert pid is not None
        os.kill(pid, number)
        return pid

    def kill(self, name: str) -> int:
        """kill -9."""
        return self.signal(name, signal.SIGKILL)

    # Talking to it.

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def health(self) -> dict[str, Any]:
        """What /keep/health says; empty while nobody answers."""
        try:
            answer: dict[str, Any] = httpx.get(f"{self.url}/keep/health", timeout=5).json()
        except httpx.TransportError:
            return {}
        return answer

    def verification_key(self) -> str:
        return httpx.get(f"{self.url}/keep/key", timeout=10).text.strip()

    def add_accounts(self, accounts: Mapping[str, Mapping[str, str]]) -> None:
        """Makes accounts while nothing runs, in one go."""
        settings = from_environment(self.environment).checked()
        several = [
            msgspec.convert({"login": login, "password": PASSWORD, **named}, NewAccount)
            for login, named in accounts.items()
        ]
        add_accounts_offline(settings, several)

    def add_account(
        self,
        login: str,
        *,
        family: str,
        given: str,
        practice: str,
        title: str = "",
        password: str = PASSWORD,
        operator: bool = False,
    ) -> "subprocess.CompletedProcess[str]":
        """`anamnesis user add`, as an operator types it; what came of it."""
        return subprocess.run(
            [
                *(sys.executable, "-m", "anamnesis.cli", "user", "add", login),
                *("--family", family, "--given", given, "--title", title),
                *("--practice", practice, "--password-stdin"),
                *(["--operator"] if operator else []),
            ],
            env=self.environment,
            input=password + "\n",
            capture_output=True,
            text=True,
            timeout=START_SECONDS_MAX,
            check=False,
        )

    def sign_in(self, login: str, password: str = PASSWORD) -> "Practitioner":
        """A client whose session is `login`'s."""
        client = httpx.Client(base_url=self.url, timeout=15)
        self._clients.append(client)
        answer = client.post("/keep/session", json={"login": login, "password": password})
        assert answer.status_code == 200, answer.text
        client.headers["x-csrf-token"] = client.cookies["anamnesis_csrf"]
        return Practitioner(client, answer.json())

    def wait_recorded(self) -> None:
        """Until the record has everything that is journaled."""

        def caught_up() -> bool:
            health = self.health()
            return health.get("record") == "up" and health["recorded"] >= health["journaled"]

        wait_until(caught_up, "everything recorded")


class Practitioner:
    """Somebody signed in, on one device with an outbox of its own."""

    def __init__(self, client: httpx.Client, session: Mapping[str, str]) -> None:
        self.client = client
        self.id = session["practitioner"]
        self.practice = session["practice"]
        self.device = new_id()
        self.sequence = 0

    def entry(
        self,
        kind: str,
        content: Mapping[str, Any],
        patient: str | None = None,
        encounter: str | None = None,
        base: str | None = None,
        **changed: object,
    ) -> dict[str, Any]:
        """The next entry of this device, as it goes over the wire; `changed` overrides fields."""
        self.sequence += 1
        return {
            "id": new_id(),
            "kind": kind,
            "practice": self.practice,
            "author": self.id,
            "patient": patient,
            "encounter": encounter,
            "device": self.device,
            "sequence": self.sequence,
            "base": base,
            "build": "0.1.0",
            "features": [],
            "typed_at": now(),
            "content": content,
            "digest": digest(content),
        } | changed

    def post(self, *entries: Mapping[str, Any]) -> httpx.Response:
        """One request with these entries."""
        return self.client.post("/keep/entries", json={"entries": entries})

    def send(self, *entries: Mapping[str, Any]) -> list[dict[str, Any]]:
        """One request; the results."""
        answer = self.post(*entries)
        assert answer.status_code == 200, answer.text
        results: list[dict[str, Any]] = answer.json()["results"]
        return results

    def keep(self, entry: Mapping[str, Any]) -> dict[str, Any]:
        """Sends one entry that must be receipted; its result."""
        [result] = self.send(entry)
        assert result["outcome"] == "receipt", result
        return result

    def create_patient(self, birth_name: str = "Essai") -> str:
        """A patient; the id."""
        patient = new_id()
        content = {
            "birth_name": birth_name,
            "used_name": "",
            "first_names": "Camille",
            "birth_date": "1980-05-17",
            "sex": "unknown",
            "birth_place": "",
            "telephone": "",
            "address": "",
        }
        self.keep(self.entry("patient.create", content, patient))
        return patient

    def start_encounter(self, patient: str) -> str:
        """An encounter; the id."""
        encounter = new_id()
        content = {"started_at": now(), "appointment": None}
        self.keep(self.entry("encounter.start", content, patient, encounter))
        return encounter

    def booking(self, starts_at: str, minutes: int = 15, reason: str = "Toux") -> dict[str, Any]:
        """The content of an appointment with this practitioner, whoever else has that time."""
        return {
            "practitioner": self.id,
            "starts_at": starts_at,
            "minutes": minutes,
            "reason": reason,
            "type": None,
            "overlap": True,
        }

    def note_entry(
        self,
        patient: str,
        encounter: str,
        motif: str = "",
        base: str | None = None,
        kind: str = "note.write",
        **sections: str,
    ) -> dict[str, Any]:
        """A note's text as an entry; sections not named are empty."""
        texts = dict.fromkeys(SECTIONS, "") | {"motif": motif} | sections
        return self.entry(kind, {"sections": texts}, patient, encounter, base)

    def write_note(
        self,
        patient: str,
        encounter: str,
        motif: str = "",
        base: str | None = None,
        **sections: str,
    ) -> dict[str, Any]:
        """Sends a note's text; the result with its receipt."""
        return self.keep(self.note_entry(patient, encounter, motif, base, **sections))

    def note(self, encounter: str) -> dict[str, Any]:
        """The note read back through the keeper."""
        answer = self.client.get(f"/keep/encounters/{encounter}/note")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def witnessed(self, encounter: str, shown: str) -> dict[str, Any]:
        """What the page's witness is told of the text with digest `shown`."""
        report = {
            "device": self.device,
            "encounter": encounter,
            "shown": shown,
            "sequence": self.sequence,
            "waiting": 0,
            "oldest_ms": 0,
            "unsaved_ms": None,
        }
        answer = self.client.post("/keep/witness", json=report)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def receipt(self, entry: str) -> dict[str, Any]:
        """The receipt of an entry, in the state it has now."""
        answer = self.client.get(f"/keep/receipts/{entry}")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def state(self, entry: str) -> str:
        """`journaled` or `recorded`."""
        state: str = self.receipt(entry)["state"]
        return state


def random_uuid() -> str:
    """An identifier that nothing has."""
    return str(uuid.uuid4())
