"""`rebuild` proves the record, or says that it was wrong and puts a right one in its place."""

import json
from contextlib import closing

import apsw
import pytest

from anamnesis.bootstrap.refusal import StartRefused
from anamnesis.commands.rebuild import EXIT_DIFFERED, rebuild
from anamnesis.settings import Settings
from anamnesis.storage.lock import hold
from anamnesis.storage.sqlite.record import SqliteRecordReader


def fingerprint(settings: Settings) -> str:
    with closing(SqliteRecordReader(settings.record)) as record:
        return record.fingerprint()


def test_a_sound_record_is_rebuilt_identically(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    before = fingerprint(settings)
    assert rebuild(json=True) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["identical"], said["fingerprint"]) == (True, before)
    assert fingerprint(settings) == before


def test_a_record_changed_by_hand_is_found_replaced_and_kept(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    before = fingerprint(settings)
    changed_by_hand(settings)
    assert fingerprint(settings) != before
    assert rebuild(json=True) == EXIT_DIFFERED
    said = json.loads(capsys.readouterr().out)
    assert (said["identical"], said["differing"]) == (False, 1)
    assert fingerprint(settings) == before
    assert settings.record.with_suffix(".db.differed").exists()


def without_triggers(connection: apsw.Connection) -> None:
    """What the record does by itself against being changed, taken away."""
    for (name,) in connection.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'trigger'"
    ).fetchall():
        connection.execute(f"DROP TRIGGER {name}")


def changed_by_hand(settings: Settings) -> None:
    """Alters one patient's name behind the program's back."""
    connection = apsw.Connection(str(settings.record))
    without_triggers(connection)
    connection.execute(
        "UPDATE patient_identity SET birth_name = 'CHANGED'"
        " WHERE rowid = (SELECT min(rowid) FROM patient_identity)"
    )
    assert connection.changes() == 1
    connection.close()


def test_a_record_that_is_gone_or_unreadable_is_made_again(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    before = fingerprint(settings)
    settings.record.unlink()
    assert rebuild() == 0
    assert fingerprint(settings) == before
    settings.record.write_bytes(b"not a database" * 1000)
    assert rebuild() == 0
    assert fingerprint(settings) == before


def test_nothing_is_rebuilt_under_a_running_keeper(settings: Settings) -> None:
    with hold(settings.lock), pytest.raises(StartRefused) as refused:
        rebuild()
    assert refused.value.code == "journal-in-use"
