"""One suite for every access store; a second connection says what the file really holds."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import apsw
import pytest

from anamnesis.access.account import Account
from anamnesis.access.audit import AuditEvent
from anamnesis.access.session import Session
from anamnesis.access.store import AccessStore, LoginTaken
from anamnesis.storage.memory.access import MemoryAccessStore
from anamnesis.storage.sqlite.access import SqliteAccessStore

NOON = datetime(2026, 11, 23, 12, 0, 0, 123456, tzinfo=UTC)
TOKEN = b"t" * 32


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[AccessStore]:
    made: AccessStore
    if request.param == "memory":
        made = MemoryAccessStore()
    else:
        made = SqliteAccessStore(tmp_path / "access.db")
    yield made
    made.close()


def account(login: str = "claire", practice: str = "lilas") -> Account:
    return Account(login, f"p-{login}", practice, "Dr Claire Aubry", "$argon2id$x", "2026-11-23")


def session(login: str = "claire", identifier: str = "s-1") -> Session:
    return Session(identifier, login, f"p-{login}", "lilas", "Dr Claire Aubry", NOON, NOON)


def look(patient: str, practice: str = "lilas") -> AuditEvent:
    return AuditEvent(
        "2026-11-23T12:00:00.000Z", "look", "claire", "p-claire", practice, "s-1", "::1", patient
    )


def test_an_account_comes_back_as_it_was_added(store: AccessStore) -> None:
    store.add_account(account())
    assert store.account("claire") == account()
    assert store.account("somebody") is None


def test_a_login_belongs_to_one_account(store: AccessStore) -> None:
    store.add_account(account())
    with pytest.raises(LoginTaken):
        store.add_account(account(practice="roses"))
    assert store.accounts() == [account()]


def test_a_session_comes_back_with_its_instants(store: AccessStore) -> None:
    store.add_account(account())
    store.start_session(TOKEN, session())
    assert store.session(TOKEN) == session()
    assert store.session(b"u" * 32) is None


def test_an_ended_session_is_gone_and_ending_it_again_changes_nothing(store: AccessStore) -> None:
    store.add_account(account())
    store.start_session(TOKEN, session())
    store.end_session(TOKEN, NOON)
    store.end_session(TOKEN, NOON + timedelta(hours=1))
    assert store.session(TOKEN) is None


def test_a_disabled_account_has_no_sessions(store: AccessStore) -> None:
    store.add_account(account())
    store.start_session(TOKEN, session())
    assert store.disable_account("claire")
    assert not store.disable_account("somebody")
    assert store.session(TOKEN) is None
    found = store.account("claire")
    assert found is not None
    assert found.disabled


def test_seen_at_moves_forward_only(store: AccessStore) -> None:
    store.add_account(account())
    store.start_session(TOKEN, session())
    later = NOON + timedelta(minutes=5)
    store.seen([("s-1", later)])
    store.seen([("s-1", NOON)])
    found = store.session(TOKEN)
    assert found is not None
    assert found.seen_at == later


def test_the_audit_trail_is_read_newest_first_and_by_practice(store: AccessStore) -> None:
    store.record([look("p1"), look("p2", practice="roses"), look("p3")])
    assert [event.patient for event in store.audit("lilas", 10)] == ["p3", "p1"]
    assert store.audit("lilas", 1) == [look("p3")]


def test_the_file_refuses_to_rewrite_or_remove_an_audit_event(tmp_path: Path) -> None:
    SqliteAccessStore(tmp_path / "access.db").record([look("p1")])
    second = apsw.Connection(str(tmp_path / "access.db"))
    for statement in ("UPDATE audit SET patient = 'p9'", "DELETE FROM audit"):
        with pytest.raises(apsw.ConstraintError):
            second.execute(statement)
    assert second.execute("SELECT patient FROM audit").get == "p1"


def test_the_file_survives_its_process(tmp_path: Path) -> None:
    first = SqliteAccessStore(tmp_path / "access.db")
    first.add_account(account())
    first.start_session(TOKEN, session())
    first.close()
    again = SqliteAccessStore(tmp_path / "access.db")
    assert again.session(TOKEN) == session()
    again.close()
