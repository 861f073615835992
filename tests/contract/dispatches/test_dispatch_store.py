"""Every queue of dispatches keeps what is to be sent, once, and what became of it."""

import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import apsw
import pytest

from anamnesis.incident.dispatch import (
    Attachment,
    Dispatch,
    DispatchRefused,
    DispatchStore,
    QueueState,
    Waiting,
    mails,
)
from anamnesis.storage.memory.dispatches import MemoryDispatchStore
from anamnesis.storage.sqlite import dispatches as sqlite
from anamnesis.storage.sqlite.dispatches import SqliteDispatchStore

AT = "2026-11-26T12:00:00.000Z"
LATER = "2026-11-26T12:00:10.000Z"
LATEST = "2026-11-26T12:00:30.000Z"
PAPER = Attachment("Déclaration.pdf", "application/pdf", b"%PDF-\x00\xff")
TOGETHER = 4
[ODILE, PAUL] = mails("k-1", "paper", ["odile@here.fr", "paul@here.fr"], "Objet", "Texte", [PAPER])


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[DispatchStore]:
    made: DispatchStore = (
        MemoryDispatchStore()
        if request.param == "memory"
        else SqliteDispatchStore(tmp_path / "dispatches.db")
    )
    with closing(made):
        yield made


def test_what_is_enqueued_waits_whole_and_in_order(store: DispatchStore) -> None:
    assert store.enqueue([ODILE, PAUL], AT) == 2
    first, second = store.waiting(10)
    assert first == Waiting(first.number, "mail", AT, 0, None)
    assert store.dispatch(first.number) == ODILE
    assert store.dispatch(second.number) == PAUL
    assert store.waiting(1) == [first]
    with pytest.raises(KeyError):
        store.dispatch(99)


def test_the_same_key_goes_to_the_same_address_once_also_after_it_was_sent(
    store: DispatchStore,
) -> None:
    assert store.enqueue([ODILE, ODILE], AT) == 1
    store.sent(store.waiting(1)[0].number, LATER)
    again = Dispatch("k-1", "paper", "mail", "odile@here.fr", "Autre", "Autre")
    assert store.enqueue([again, PAUL], LATER) == 1
    assert [one.to for one in store.standings("k-1")] == ["odile@here.fr", "paul@here.fr"]
    assert store.dispatch(1) == ODILE
    assert store.standings("k-2") == []


def test_a_failure_is_kept_with_when_it_began_until_it_is_sent(store: DispatchStore) -> None:
    store.enqueue([ODILE, PAUL], AT)
    first, second = (one.number for one in store.waiting(10))
    for at in (LATER, LATEST):
        store.attempted(first, at)
        store.failed(first, at, "smtp-unreachable")
    assert store.waiting(10)[0] == Waiting(first, "mail", AT, 2, LATEST)
    assert store.state() == QueueState(2, AT, "smtp-unreachable", LATER, 0, None, 0, None)
    store.sent(first, LATEST)
    assert store.state() == QueueState(1, AT, None, None, 1, LATEST, 0, None)
    assert store.standings("k-1")[0].sent_at == LATEST
    store.given_up(second, LATEST)
    assert store.state() == QueueState(0, None, None, None, 1, LATEST, 1, LATEST)
    assert store.waiting(10) == []


def test_what_is_told_moves_with_what_is_enqueued_or_not_at_all(store: DispatchStore) -> None:
    assert store.told("incident") is None
    store.tell([ODILE], {"incident": 2}, AT)
    assert store.told("incident") == 2
    wrong = Dispatch("k-2", "paper", "mail", "nobody", "Objet", "Texte")
    with pytest.raises(DispatchRefused) as refused:
        store.tell([PAUL, wrong], {"incident": 3}, AT)
    assert refused.value.code == "mail-address-invalid"
    assert store.told("incident") == 2
    assert len(store.waiting(10)) == 1


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"key": "Une clé"}, "dispatch-malformed"),
        ({"to": "a@b.fr, c@d.fr"}, "mail-address-invalid"),
        ({"to": "a@b.fr\r\nBcc: c@d.fr"}, "mail-address-invalid"),
        ({"subject": "Objet\r\nBcc: c@d.fr"}, "dispatch-malformed"),
        ({"subject": " "}, "dispatch-malformed"),
        ({"body": "x" * 1_000_001}, "dispatch-too-large"),
        (
            {"attachments": (Attachment("a", "a/b", bytes(16 * 1024 * 1024)),)},
            "dispatch-too-large",
        ),
    ],
)
def test_what_could_never_be_sent_is_refused(
    store: DispatchStore, change: dict[str, object], code: str
) -> None:
    content = {name: getattr(ODILE, name) for name in ODILE.__struct_fields__}
    with pytest.raises(DispatchRefused) as refused:
        store.enqueue([Dispatch(**(content | change))], AT)
    assert refused.value.code == code
    assert store.waiting(10) == []


def test_a_queue_that_is_full_takes_nothing_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "WAITING_MAX", 1)
    with closing(SqliteDispatchStore(tmp_path / "d.db")) as store:
        with pytest.raises(DispatchRefused, match="Too many"):
            store.enqueue([ODILE, PAUL], AT)
        assert store.waiting(10) == []


def test_what_was_enqueued_is_there_after_a_restart_and_for_another_process(tmp_path: Path) -> None:
    path = tmp_path / "d.db"
    with closing(SqliteDispatchStore(path)) as one, closing(SqliteDispatchStore(path)) as other:
        one.enqueue([ODILE], AT)
        assert other.enqueue([ODILE, PAUL], AT) == 1
    with closing(SqliteDispatchStore(path)) as again:
        assert [again.dispatch(one.number) for one in again.waiting(10)] == [ODILE, PAUL]


def test_several_that_make_the_file_at_once_all_have_it(tmp_path: Path) -> None:
    together = threading.Barrier(TOGETHER)
    failures: list[BaseException] = []

    def open_it() -> None:
        together.wait()
        try:
            SqliteDispatchStore(tmp_path / "d.db").close()
        except BaseException as failure:  # noqa: BLE001 - told below
            failures.append(failure)

    threads = [threading.Thread(target=open_it) for _ in range(TOGETHER)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE dispatch SET body = ''",
        "UPDATE dispatch SET address = 'x@y.fr'",
        "UPDATE dispatch SET sent_at = NULL",
        "DELETE FROM dispatch",
        "UPDATE attachment SET data = x''",
        "DELETE FROM attachment",
    ],
)
def test_what_was_sent_is_kept_as_it_was_sent(tmp_path: Path, change: str) -> None:
    path = tmp_path / "d.db"
    with closing(SqliteDispatchStore(path)) as store:
        store.enqueue([ODILE], AT)
        store.sent(1, LATER)
        with (
            closing(apsw.Connection(str(path))) as somebody,
            pytest.raises(apsw.ConstraintError, match="a dispatch is"),
        ):
            somebody.execute(change)
        assert store.dispatch(1) == ODILE
