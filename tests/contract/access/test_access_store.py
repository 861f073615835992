"""One suite for every access store; a second connection says what the file really holds."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import apsw
import pytest
from msgspec.structs import replace

from anamnesis.access.account import Account
from anamnesis.access.audit import AuditEvent, AuditKind
from anamnesis.access.session import Session
from anamnesis.access.sharing import LINKS_UNKNOWN_MAX, WRONG_CODES_MAX, ShareSession
from anamnesis.access.store import AccessStore, LoginTaken
from anamnesis.storage.memory import access as memory_access
from anamnesis.storage.memory.access import MemoryAccessStore
from anamnesis.storage.sqlite import access as sqlite_access
from anamnesis.storage.sqlite.access import SqliteAccessStore
from anamnesis.storage.sqlite.connection import bring_up, open_writer
from anamnesis.storage.sqlite.looks import SqliteLookReader

NOON = datetime(2026, 11, 23, 12, 0, 0, 123456, tzinfo=UTC)
TOKEN = b"t" * 32
LINK = "a" * 64
OTHER_LINK = "b" * 64


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


def share_event(kind: AuditKind = "share-refused", share: str = "share-1") -> AuditEvent:
    return AuditEvent(
        "2026-11-23T12:00:00.000Z",
        kind,
        "",
        None,
        "lilas",
        None,
        "192.0.2.7",
        "p1",
        share=share,
    )


def opened(store: AccessStore, link: str = LINK, token: bytes = TOKEN) -> bool:
    session = ShareSession("share-1", "lilas", NOON + timedelta(minutes=30))
    return store.open_share(link, token, session, share_event("share-opened"))


def test_an_account_comes_back_as_it_was_added(store: AccessStore) -> None:
    store.add_account(account())
    assert store.account("claire") == account()
    assert store.account("somebody") is None


def test_a_login_belongs_to_one_account(store: AccessStore) -> None:
    store.add_account(account())
    with pytest.raises(LoginTaken):
        store.add_account(account(practice="roses"))
    assert store.accounts() == store.accounts("lilas") == [account()]
    assert store.accounts("roses") == []


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


def test_who_looked_at_a_patient_is_read_beside_the_writer_of_one_practice_alone(
    tmp_path: Path,
) -> None:
    store = SqliteAccessStore(tmp_path / "access.db")
    inside = replace(look(""), patient=None, encounter="e1")
    store.record([look("p1"), look("p1", practice="roses"), look("p2"), inside])
    reader = SqliteLookReader(tmp_path / "access.db")
    assert reader.looks("lilas", "p1", ["e1", "e2"], 10) == [inside, look("p1")]
    assert reader.looks("lilas", "p1", [], 10) == [look("p1")]
    assert reader.looks("lilas", "p1", ["e1"], 1) == [inside]
    reader.close()
    store.close()


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


def test_a_code_opens_once_and_what_it_opened_comes_back(store: AccessStore) -> None:
    assert opened(store)
    found = store.share_session(TOKEN)
    assert found == ShareSession("share-1", "lilas", NOON + timedelta(minutes=30))
    assert not opened(store, token=b"u" * 32)
    assert store.share_session(b"u" * 32) is None
    assert [event.kind for event in store.share_audit("lilas", "share-1", 9)] == ["share-opened"]


def test_wrong_codes_lock_a_link_for_good_and_no_other(store: AccessStore) -> None:
    counted = [store.count_wrong_code(LINK, share_event()) for _ in range(WRONG_CODES_MAX)]
    assert counted == list(range(1, WRONG_CODES_MAX + 1))
    assert not opened(store)
    assert store.share_session(TOKEN) is None
    assert opened(store, OTHER_LINK)


def test_one_wrong_code_less_still_opens(store: AccessStore) -> None:
    for _ in range(WRONG_CODES_MAX - 1):
        store.count_wrong_code(LINK, share_event())
    assert opened(store)


def test_a_link_tried_while_nobody_had_it_is_counted_on_when_somebody_does(
    store: AccessStore,
) -> None:
    for _ in range(WRONG_CODES_MAX - 1):
        store.count_wrong_code(LINK, None)
    assert store.count_wrong_code(LINK, share_event()) == WRONG_CODES_MAX
    assert not opened(store)


def test_of_links_that_nobody_has_only_so_many_are_kept(
    store: AccessStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert LINKS_UNKNOWN_MAX >= 1_000
    for module in (memory_access, sqlite_access):
        monkeypatch.setattr(module, "LINKS_UNKNOWN_MAX", 3)
    store.count_wrong_code(LINK, share_event())
    links = [f"{number:064x}" for number in range(5)]
    for link in links:
        assert store.count_wrong_code(link, None) == 1
    assert [store.count_wrong_code(link, None) for link in reversed(links[2:])] == [2, 2, 2]
    assert store.count_wrong_code(links[0], None) == 1
    assert store.count_wrong_code(LINK, share_event()) == 2


def test_the_trail_of_a_share_is_its_practices_newest_first(store: AccessStore) -> None:
    store.count_wrong_code(LINK, share_event())
    store.count_wrong_code(OTHER_LINK, share_event(share="share-2"))
    store.record([look("p1")])
    opened(store)
    kinds = [event.kind for event in store.share_audit("lilas", "share-1", 9)]
    assert kinds == ["share-opened", "share-refused"]
    assert store.share_audit("lilas", "share-1", 1) == [share_event("share-opened")]
    assert store.share_audit("roses", "share-1", 9) == []
    assert [event.share for event in store.audit("lilas", 9)] == [
        "share-1",
        None,
        "share-2",
        "share-1",
    ]


def test_counts_used_codes_and_openings_survive_their_process(tmp_path: Path) -> None:
    first = SqliteAccessStore(tmp_path / "access.db")
    for _ in range(WRONG_CODES_MAX):
        first.count_wrong_code(LINK, share_event())
    assert opened(first, OTHER_LINK)
    first.close()
    again = SqliteAccessStore(tmp_path / "access.db")
    assert not opened(again, LINK, b"u" * 32)
    assert not opened(again, OTHER_LINK, b"u" * 32)
    assert again.share_session(TOKEN) is not None
    again.close()


def test_the_file_refuses_to_unlock_a_link(tmp_path: Path) -> None:
    store = SqliteAccessStore(tmp_path / "access.db")
    assert opened(store)
    store.count_wrong_code(LINK, share_event())
    second = apsw.Connection(str(tmp_path / "access.db"))
    for statement in (
        "UPDATE share_link SET used = 0",
        "UPDATE share_link SET wrong = 0",
        "DELETE FROM share_link",
    ):
        with pytest.raises(apsw.ConstraintError):
            second.execute(statement)
    store.close()


def test_a_file_from_before_sharing_is_brought_up_with_its_trail(tmp_path: Path) -> None:
    connection = open_writer(tmp_path / "access.db", "access")
    bring_up(connection, sqlite_access._APPLICATION, [sqlite_access._SCHEMA])
    connection.execute(
        "INSERT INTO audit (at, kind, login, practice, address, patient)"
        " VALUES ('2026-11-23T12:00:00.000Z', 'look', 'claire', 'lilas', '::1', 'p1')"
    )
    connection.close()
    store = SqliteAccessStore(tmp_path / "access.db")
    [event] = store.audit("lilas", 9)
    assert (event.patient, event.share) == ("p1", None)
    assert opened(store)
    store.close()
