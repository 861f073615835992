"""The machine is lost; a copy taken beside the running server is made into another one."""

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from anamnesis.storage.sqlite.journal import SqliteJournalReader
from tests.running import Running, wait_until

COMMAND_SECONDS_MAX = 120


def anamnesis(*arguments: str, data: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if "ANAMNESIS" not in k}
    return subprocess.run(
        [sys.executable, "-m", "anamnesis.cli", *arguments],
        env=environment | {"ANAMNESIS_DATA": str(data)} | variables,
        capture_output=True,
        text=True,
        timeout=COMMAND_SECONDS_MAX,
        check=False,
    )


def key(folder: Path) -> tuple[Path, str]:
    """An identity kept apart, and its recipient."""
    made = anamnesis("backup", "key", str(folder / "identity"), data=folder)
    assert made.returncode == 0, made.stderr
    return folder / "identity", made.stdout.strip()


class Writer(threading.Thread):
    """Saves notes until told to stop, and keeps what was receipted."""

    def __init__(self, running: Running) -> None:
        super().__init__()
        self.claire = running.sign_in("claire")
        self.receipted: dict[int, str] = {}
        self.stopping = threading.Event()

    def run(self) -> None:
        patient = self.claire.create_patient()
        while not self.stopping.is_set():
            encounter = self.claire.start_encounter(patient)
            result = self.claire.write_note(patient, encounter, f"≥ 38,5 °C {len(self.receipted)}")
            header = result["receipt"]["header"]
            self.receipted[header["position"]] = header["digest"]


def test_everything_receipted_before_the_backup_is_there_when_the_machine_is_lost(
    tmp_path: Path,
) -> None:
    identity, recipient = key(tmp_path)
    copies = tmp_path / "copies"
    told = {"ANAMNESIS_BACKUP_TO": str(copies), "ANAMNESIS_BACKUP_RECIPIENT": recipient}
    with Running.started() as running:
        writer = Writer(running)
        writer.start()
        wait_until(lambda: len(writer.receipted) > 20, "some notes")
        for _ in range(2):
            taken = anamnesis("backup", "now", data=running.data, **told)
            assert taken.returncode == 0, taken.stderr
        known = json.loads((running.data / "backups.json").read_bytes())
        seen = len(writer.receipted)
        wait_until(lambda: len(writer.receipted) > seen + 5, "notes after the backup")
        compared = anamnesis("backup", "compare", str(identity), data=running.data, **told)
        assert compared.returncode == 0, compared.stderr + compared.stdout
        writer.stopping.set()
        writer.join()
        running.signal("keeper", signal.SIGKILL)
        shutil.copy(running.data / "signing.key", tmp_path / "signing.key")
    new = tmp_path / "new"
    back = anamnesis("restore", str(copies), str(identity), data=new)
    assert back.returncode == 0, back.stderr
    assert f"{known['size']:,} entries are back" in back.stdout
    assert "Not in it: what was received after that." in back.stdout
    with closing(SqliteJournalReader(new / "journal.db")) as journal:
        assert journal.size() == known["size"]
        for position, digest in writer.receipted.items():
            if position < known["size"]:
                assert journal.at([position])[0].entry.digest == digest
    covered = [position for position in writer.receipted if position < known["size"]]
    assert len(covered) > 20
    assert len(covered) < len(writer.receipted)
    shutil.copy(tmp_path / "signing.key", new / "signing.key")
    goes_on(new)


def goes_on(data: Path) -> None:
    """The restored practice signs in with the same password, and writes."""
    running = Running(data)
    try:
        running.start()
        claire = running.sign_in("claire")
        patient = claire.create_patient()
        result = claire.write_note(patient, claire.start_encounter(patient), "On continue.")
        assert result["outcome"] == "receipt"
        running.wait_recorded()
    finally:
        running.close()


def test_what_is_newer_is_never_replaced_without_saying_what_would_go(tmp_path: Path) -> None:
    identity, recipient = key(tmp_path)
    copies = str(tmp_path / "copies")
    with Running.started() as running:
        claire = running.sign_in("claire")
        patient = claire.create_patient()
        told = {"ANAMNESIS_BACKUP_TO": copies, "ANAMNESIS_BACKUP_RECIPIENT": recipient}
        assert anamnesis("backup", "now", data=running.data, **told).returncode == 0
        claire.write_note(patient, claire.start_encounter(patient), "Après la copie.")
        running.stop()
        size = size_of(running.data)
        refused = anamnesis("restore", copies, str(identity), data=running.data)
        assert refused.returncode != 0
        assert "it has 2 entries that would go" in refused.stderr
        assert size_of(running.data) == size
        done = anamnesis("restore", copies, str(identity), "--replace", data=running.data)
        assert done.returncode == 0, done.stderr
        assert size_of(running.data) == size - 2
        [aside] = running.data.glob("replaced-*")
        assert size_of(aside) == size
        goes_on(running.data)


def size_of(data: Path) -> int:
    with closing(SqliteJournalReader(data / "journal.db")) as journal:
        return journal.size()


def test_the_server_takes_and_compares_copies_by_itself_and_the_operator_sees_them(
    tmp_path: Path,
) -> None:
    identity, recipient = key(tmp_path)
    told = {
        "ANAMNESIS_BACKUP_TO": str(tmp_path / "copies"),
        "ANAMNESIS_BACKUP_RECIPIENT": recipient,
        "ANAMNESIS_BACKUP_IDENTITY": str(identity),
    }
    with Running.started(environment=told) as running:
        odile = running.sign_in("odile")

        def backups() -> dict[str, Any]:
            shown: dict[str, Any] = odile.client.get("/keep/operator").json()["backups"]
            return shown

        wait_until(lambda: backups()["result"] == "equal", "a compared backup", 60)
        assert backups()["size"] == backups()["compared"] > 0
        assert backups()["failure"] == ""


def test_copies_that_nobody_could_open_are_not_taken(tmp_path: Path) -> None:
    without = anamnesis("serve", data=tmp_path / "d", ANAMNESIS_BACKUP_TO=str(tmp_path / "copies"))
    assert without.returncode != 0
    assert "ANAMNESIS_BACKUP_RECIPIENT" in without.stderr


@pytest.mark.parametrize("wrong", ["identity", "place"])
def test_a_restore_that_cannot_be_done_leaves_nothing_behind(tmp_path: Path, wrong: str) -> None:
    identity, _ = key(tmp_path)
    origin = tmp_path / "copies"
    if wrong == "identity":
        identity = tmp_path / "nowhere"
    done = anamnesis("restore", str(origin), str(identity), data=tmp_path / "d")
    assert done.returncode != 0
    assert done.stderr.startswith("anamnesis: ")
    assert not (tmp_path / "d" / "journal.db").exists()
