"""`doctor` finds what is wrong and says what to do; a sound directory is called sound."""

import json
import os
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import apsw
import pytest

from anamnesis.bootstrap.checkup import Finding, look_over
from anamnesis.bootstrap.keys import load_signer
from anamnesis.commands.doctor import EXIT_PROBLEM, doctor
from anamnesis.journal.journal import Journal
from anamnesis.keeper.clock import MachineClock
from anamnesis.keeper.registering import ForRegister, registering
from anamnesis.record.follow import Follower
from anamnesis.settings import Settings
from anamnesis.storage.lock import hold
from anamnesis.storage.sqlite.journal import SqliteJournal, SqliteJournalReader
from anamnesis.storage.sqlite.record import SqliteRecordWriter
from tests.unit.clinical.contents import BREACH
from tests.unit.commands.conftest import NOW
from tests.unit.commands.test_rebuild import changed_by_hand, without_triggers

TAMPERED = {
    "changed": "UPDATE resource_version SET json = replace(json, 'Régression', 'Incident')"
    " WHERE type = 'breach'",
    "removed": "DELETE FROM resource_version WHERE type = 'breach'",
    "added": "INSERT INTO resource_version SELECT position + 100000, practice, resource, type,"
    " patient, encounter, version + 1, json FROM resource_version WHERE type = 'breach'",
}


def in_the_register(settings: Settings) -> None:
    """An entry of the register, journaled and recorded as the program writes one."""
    with (
        closing(SqliteJournal(settings.journal)) as store,
        closing(SqliteJournalReader(settings.journal)) as reader,
        closing(SqliteRecordWriter(settings.record)) as writer,
    ):
        journal = Journal(store, load_signer(settings), MachineClock())
        practice = reader.at([0])[0].entry.practice
        asked = ForRegister(practice, 0, BREACH)
        assert journal.append(registering(asked, "0.1.0", NOW, reader))
        assert Follower(reader, writer).step() == 1


def tampered_with(settings: Settings, act: str) -> None:
    """Past the program, by whoever may write the file."""
    connection = apsw.Connection(str(settings.record))
    without_triggers(connection)
    connection.execute(TAMPERED[act])
    assert connection.changes() == 1
    connection.close()


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


@pytest.mark.parametrize("act", ["changed", "removed", "added"])
def test_an_entry_of_the_breach_register_that_was_tampered_with(
    settings: Settings, act: str
) -> None:
    # GDPR art. 33(5): the register has to enable the authority to verify compliance.
    in_the_register(settings)
    assert problems(settings) == set()
    tampered_with(settings, act)
    found = findings(settings)["record"]
    assert (found.state, "differ from a fold of the journal" in found.found) == ("problem", True)


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
