"""`doctor` finds what is wrong and says what to do; a sound directory is called sound."""

import json
import os
from datetime import timedelta
from pathlib import Path

import apsw
import pytest

from anamnesis.bootstrap.checkup import Finding, look_over
from anamnesis.commands.doctor import EXIT_PROBLEM, doctor
from anamnesis.settings import Settings
from anamnesis.storage.lock import hold
from tests.unit.commands.conftest import NOW
from tests.unit.commands.test_rebuild import changed_by_hand


def findings(settings: Settings, later: timedelta = timedelta(hours=2)) -> dict[str, Finding]:
    found = look_over(settings, NOW + later, lambda name, done, total: None)
    return {finding.check: finding for finding in found}


def problems(settings: Settings) -> set[str]:
    found = findings(settings)
    for finding in found.values():
        assert finding.state == "ok" or finding.do
    return {check for check, finding in found.items() if finding.state == "problem"}


def test_a_sound_directory_has_no_problem_and_is_left_as_it_was(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    before = sorted(path.name for path in settings.data.iterdir())
    assert doctor(json=True) == 0
    said = json.loads(capsys.readouterr().out)
    assert {finding["state"] for finding in said} <= {"ok", "warning"}
    assert {"journal", "record", "key", "clock", "lock"} <= {finding["check"] for finding in said}
    left = sorted(path.name for path in settings.data.iterdir() if not path.name.endswith("-shm"))
    assert set(left) <= {*before, "record.db-wal", "journal.db-wal"}


def test_a_page_of_the_journal_that_was_altered(settings: Settings) -> None:
    connection = apsw.Connection(str(settings.journal))
    connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)
    connection.close()
    data = bytearray(settings.journal.read_bytes())
    place = data.find("Fièvre".encode()) if "Fièvre".encode() in data else data.find(b"mmHg")
    assert place > 0
    data[place] ^= 1
    settings.journal.write_bytes(bytes(data))
    assert "journal" in problems(settings)


def test_a_record_that_was_altered(settings: Settings) -> None:
    changed_by_hand(settings)
    assert problems(settings) == {"record"}


def test_a_record_that_is_no_database(settings: Settings) -> None:
    settings.record.write_bytes(b"x" * 50_000)
    assert problems(settings) == {"record"}


def test_a_journal_that_is_gone(settings: Settings) -> None:
    for path in settings.data.glob("journal.db*"):
        path.unlink()
    assert "journal" in problems(settings)


def test_a_key_that_is_gone_or_another(settings: Settings) -> None:
    settings.verification_key.write_text("another+00000000+AAAA\n", encoding="ascii")
    assert problems(settings) == {"key"}
    settings.signing_key.unlink()
    assert problems(settings) == {"key"}


def test_a_signing_key_of_another_journal(settings: Settings) -> None:
    settings.signing_key.write_text("0" * 64, encoding="ascii")
    assert "key" in problems(settings)


def test_files_that_others_may_read(settings: Settings) -> None:
    settings.data.chmod(0o755)
    assert "permissions" in problems(settings)


def test_a_clock_that_went_back(settings: Settings) -> None:
    found = findings(settings, later=timedelta(days=-2))
    assert found["clock"].state == "problem"


def test_a_directory_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert doctor(data=tmp_path / "nowhere", json=True) == EXIT_PROBLEM
    [finding] = json.loads(capsys.readouterr().out)
    assert (finding["check"], finding["state"]) == ("data", "problem")


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
def test_a_disk_that_takes_no_writes(settings: Settings) -> None:
    settings.data.chmod(0o500)
    assert "disk-writable" in problems(settings)


@pytest.mark.skipif(not Path("/proc/locks").exists(), reason="the kernel does not say")
def test_a_keeper_that_runs_is_named_and_never_stood_in_the_way_of(settings: Settings) -> None:
    assert "No keeper runs" in findings(settings)["lock"].found
    with hold(settings.lock):
        found = findings(settings)["lock"]
        assert f"process {os.getpid()}" in found.found
        assert settings.lock.read_text(encoding="ascii").strip() == str(os.getpid())
