"""`demo` makes a practice once, and touches nobody else's data."""

from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from anamnesis.access.account import check_password
from anamnesis.bootstrap.demonstration import (
    COLLEAGUE,
    OPERATOR,
    PRACTITIONERS,
    plant_demonstration,
)
from anamnesis.bootstrap.refusal import StartRefused
from anamnesis.keeper.accounts import practice_id
from anamnesis.settings import Settings
from anamnesis.storage.lock import hold
from anamnesis.storage.sqlite.access import SqliteAccessStore
from anamnesis.storage.sqlite.record import SqliteRecordReader
from tests.unit.commands.conftest import ENCOUNTERS, NOW


def quiet(name: str, done: int, total: int) -> None:
    assert 0 < done <= total


def test_everything_journaled_is_recorded_and_nothing_is_outstanding(settings: Settings) -> None:
    planted = plant_demonstration(settings, NOW, quiet, ENCOUNTERS)
    assert (planted.added, planted.journaled) == (0, planted.recorded)
    with closing(SqliteRecordReader(settings.record)) as record:
        assert record.applied() == planted.journaled > 400
        assert record.outstanding(None) == []


def test_everybody_can_sign_in_with_passwords_long_enough(settings: Settings) -> None:
    access = SqliteAccessStore(settings.access)
    try:
        assert [account.login for account in access.accounts()] == sorted(
            new.login for new in (*PRACTITIONERS, COLLEAGUE, OPERATOR)
        )
    finally:
        access.close()
    for new in (*PRACTITIONERS, COLLEAGUE, OPERATOR):
        check_password(new.login, new.password)


def test_the_day_has_forty_appointments(settings: Settings) -> None:
    practice = practice_id(settings.origin, PRACTITIONERS[0].practice)
    with closing(SqliteRecordReader(settings.record)) as record:
        assert len(record.day(practice, None, NOW.date().isoformat())) == 40


def test_a_later_day_adds_its_appointments_once(settings: Settings) -> None:
    later = NOW + timedelta(days=2)
    first = plant_demonstration(settings, later, quiet, ENCOUNTERS)
    assert first.added > 0
    assert plant_demonstration(settings, later, quiet, ENCOUNTERS).added == 0


def test_another_practices_data_are_refused_and_left_alone(
    settings: Settings, tmp_path: Path
) -> None:
    from anamnesis.bootstrap.accounts import add_account
    from anamnesis.keeper.accounts import NewAccount

    other = Settings(data=tmp_path / "other").checked()
    add_account(other, NewAccount("rose", "un mot de passe assez long", "Colin", "Rose", "Roses"))
    before = other.journal.read_bytes()
    with pytest.raises(StartRefused) as refused:
        plant_demonstration(other, NOW, quiet, ENCOUNTERS)
    assert refused.value.code == "data-not-demonstration"
    assert other.journal.read_bytes() == before


def test_a_running_keeper_is_not_disturbed(settings: Settings) -> None:
    with hold(settings.lock), pytest.raises(StartRefused) as refused:
        plant_demonstration(settings, NOW, quiet, ENCOUNTERS)
    assert refused.value.code == "journal-in-use"
