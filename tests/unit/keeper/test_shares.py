"""Who may see what was shared: right link and code once, and one answer to everything else."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any, cast

import msgspec
import pytest

from anamnesis.access.audit import AuditEvent
from anamnesis.access.session import Session
from anamnesis.access.sharing import (
    TRIES_PER_NETWORK_MAX,
    WINDOW_SECONDS,
    WRONG_CODES_MAX,
    link_of,
    secret_of,
)
from anamnesis.keeper import shares
from anamnesis.keeper.audit import AuditTrail
from anamnesis.keeper.http import Refused, Request
from anamnesis.keeper.reading import Reading
from anamnesis.keeper.sessions import AccessThread
from anamnesis.keeper.share_routes import shown_openings
from anamnesis.keeper.shares import REFUSED_EVERY_SECONDS, Shares
from anamnesis.record.resource_model import Share
from anamnesis.record.store import RecordReader
from anamnesis.storage.memory.access import MemoryAccessStore
from tests.unit.access.shares import (
    CODE,
    PATIENT,
    SHARE,
    TOKEN,
    colleague_share,
    record_of,
    share,
)
from tests.unit.keeper.fakes import NOON, FakeClock, request, scope

ROSE = Session("s-2", "rose", "p-rose", "roses", "Dr Rose Colin", NOON, NOON)
OTHER_TOKEN = TOKEN[::-1]


class FakeReading:
    """Asks a record at once, or is refused."""

    def __init__(self, reader: RecordReader) -> None:
        self.reader = reader
        self.asked = 0
        self.refused: Refused | None = None

    async def record(self, question: Callable[[RecordReader], Any]) -> Any:
        self.asked += 1
        if self.refused is not None:
            raise self.refused
        return question(self.reader)


class FakeAccess:
    """Runs at once, and counts: every refusal has to cost the same."""

    def __init__(self) -> None:
        self.store = MemoryAccessStore()
        self.runs = 0

    async def run(self, work: Callable[[MemoryAccessStore], Any]) -> Any:
        self.runs += 1
        return work(self.store)


class Door:
    """Shares over a record that a test may change."""

    def __init__(self, *known: Share) -> None:
        self.clock = FakeClock()
        self.reading = FakeReading(record_of(*known))
        self.access = FakeAccess()
        self.audit = AuditTrail(cast(AccessThread, self.access), self.clock)
        self.slept: list[float] = []
        self.shares = Shares(
            cast(AccessThread, self.access),
            cast(Reading, self.reading),
            self.audit,
            self.clock,
            self._sleep,
        )

    async def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.clock.move(seconds)

    def know(self, *known: Share, withdrawn: str | None = None) -> None:
        self.reading.reader = record_of(*known, withdrawn=withdrawn)

    def open(self, token: str = TOKEN, code: str = CODE, address: str = "192.0.2.7") -> str:
        return asyncio.run(self.shares.open(asked("POST", "/keep/share", address), token, code))

    def refused(self, token: str = TOKEN, code: str = CODE, address: str = "192.0.2.7") -> Refused:
        with pytest.raises(Refused) as found:
            self.open(token, code, address)
        return found.value

    def opened(self, cookie: str, address: str = "192.0.2.7") -> Share | None:
        return asyncio.run(
            self.shares.opened(asked("GET", "/shared", address, f"anamnesis_share={cookie}"))
        )

    def trail(self) -> list[AuditEvent]:
        asyncio.run(self.audit.flush())
        return self.access.store.audit("lilas", 1_000)


def asked(method: str, path: str, address: str = "192.0.2.7", cookie: str = "") -> Request:
    made = scope(method, path, **({"cookie": cookie} if cookie else {}))
    made["client"] = (address, 40_000)

    async def nothing() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    return Request(made, nothing)


def test_link_and_code_open_the_share_for_half_an_hour() -> None:
    door = Door(share())
    cookie = door.open(code="7k3m-q2wx")
    assert door.opened(cookie) == share()
    door.clock.move(timedelta(minutes=30).total_seconds())
    assert door.opened(cookie) is None


def ends_of_a_share() -> dict[str, Callable[[Door], None]]:
    """Everything that a link and its code are worth nothing after."""

    def used(door: Door) -> None:
        door.open()

    def locked(door: Door) -> None:
        for _ in range(WRONG_CODES_MAX):
            door.refused(code="22222222")

    def revoked(door: Door) -> None:
        door.know(share(revoked_at="2026-11-23T11:30:00.000Z"))

    def expired(door: Door) -> None:
        door.know(share(expires_at="2026-11-23T11:59:59.999Z"))

    def withdrawn(door: Door) -> None:
        door.know(share(), withdrawn="Mauvais patient")

    def unknown(door: Door) -> None:
        door.know()

    return {one.__name__: one for one in (used, locked, revoked, expired, withdrawn, unknown)}


@pytest.mark.parametrize("ended", ends_of_a_share())
def test_whatever_is_wrong_the_answer_is_the_same_and_as_late(ended: str) -> None:
    guessed = Door(share())
    expected = guessed.refused(code="22222222")
    door = Door(share())
    ends_of_a_share()[ended](door)
    door.slept.clear()
    found = door.refused()
    assert (found.status, found.code, found.detail) == (
        expected.status,
        expected.code,
        expected.detail,
    )
    assert (found.status, found.code) == (401, "share-refused")
    assert door.slept == guessed.slept == [REFUSED_EVERY_SECONDS]


@pytest.mark.parametrize(
    ("token", "code"),
    [
        (OTHER_TOKEN, CODE),
        (TOKEN, "22222222"),
        (TOKEN, ""),
        ("", ""),
        ("x" * 5_000, "y" * 5_000),
        ("é\ud800", "\ud800"),
    ],
)
def test_what_nobody_was_given_opens_nothing_and_costs_what_a_wrong_code_costs(
    token: str, code: str
) -> None:
    door = Door(share())
    found = door.refused(token, code)
    assert (found.status, found.code) == (401, "share-refused")
    assert (door.reading.asked, door.access.runs) == (1, 1)


def test_the_code_of_another_link_opens_nothing() -> None:
    other = share(share="01932f5e-0000-7000-8000-00000000000b")
    other = msgspec.structs.replace(
        other, link=link_of(OTHER_TOKEN), secret=secret_of(OTHER_TOKEN, "99999999")
    )
    door = Door(share(), other)
    assert door.refused(OTHER_TOKEN, CODE).code == "share-refused"
    assert door.refused(TOKEN, "99999999").code == "share-refused"
    assert door.opened(door.open()) == share()


def test_ten_wrong_codes_lock_a_link_for_good_from_wherever_they_come() -> None:
    door = Door(share())
    for number in range(WRONG_CODES_MAX):
        door.refused(code="22222222", address=f"192.0.2.{number}")
    assert door.refused(address="198.51.100.1").code == "share-refused"
    door.clock.move(timedelta(days=6).total_seconds())
    assert door.refused(address="198.51.100.1").code == "share-refused"


def test_wrong_codes_at_the_same_time_all_count() -> None:
    door = Door(share())

    async def story() -> list[object]:
        tries = [
            door.shares.open(asked("POST", "/keep/share", f"192.0.2.{n}"), TOKEN, "22222222")
            for n in range(WRONG_CODES_MAX)
        ]
        return await asyncio.gather(*tries, return_exceptions=True)

    assert all(isinstance(one, Refused) for one in asyncio.run(story()))
    assert door.refused(address="198.51.100.1").code == "share-refused"


def test_the_right_code_twice_at_the_same_time_opens_once() -> None:
    door = Door(share())

    async def story() -> list[object]:
        tries = [door.shares.open(asked("POST", "/keep/share"), TOKEN, CODE) for _ in range(5)]
        return await asyncio.gather(*tries, return_exceptions=True)

    found = asyncio.run(story())
    assert len([one for one in found if isinstance(one, str)]) == 1


def test_an_address_that_tries_too_often_waits_whichever_links_it_tries() -> None:
    door = Door(share())
    for number in range(TRIES_PER_NETWORK_MAX):
        assert door.refused(f"{number}" * 43).status == 401
    found = door.refused()
    assert (found.status, found.code) == (429, "share-limited")
    assert door.refused("unknown").code == "share-limited"
    assert door.opened(door.open(address="198.51.100.1")) == share()
    door.clock.move(WINDOW_SECONDS)
    assert door.refused().code == "share-refused"


def test_too_many_tries_at_once_are_put_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shares, "TRIES_AT_ONCE_MAX", 0)
    assert Door(share()).refused().detail == {"retry_after": 1}


def test_openings_and_refused_tries_of_a_share_are_on_its_practices_trail() -> None:
    door = Door(share())
    door.refused(code="22222222")
    door.open()
    door.refused("unknown")
    refused, opened = reversed(door.trail())
    assert (refused.kind, opened.kind) == ("share-refused", "share-opened")
    for event in (refused, opened):
        assert (event.practice, event.share, event.patient) == ("lilas", SHARE, PATIENT)
        assert (event.address, event.practitioner) == ("192.0.2.7", None)
        assert TOKEN not in str(event)
        assert CODE not in str(event)


def test_while_the_trail_cannot_be_written_nothing_opens_and_no_code_is_spent() -> None:
    door = Door(share())
    door.audit._failing = True
    assert door.refused().code == "audit-unavailable"
    door.audit._failing = False
    assert door.open()


def test_without_the_record_nothing_opens_and_no_code_is_spent() -> None:
    door = Door(share())
    door.reading.refused = Refused(503, "record-unavailable")
    assert door.refused().code == "record-unavailable"
    door.reading.refused = None
    assert door.open()


@pytest.mark.parametrize("ended", ["revoked", "expired", "withdrawn", "unknown"])
def test_what_was_open_closes_when_its_share_ends(ended: str) -> None:
    door = Door(share())
    cookie = door.open()
    ends_of_a_share()[ended](door)
    assert door.opened(cookie) is None
    assert door.slept == [REFUSED_EVERY_SECONDS]


@pytest.mark.parametrize("cookie", ["", "guessed", TOKEN, "é"])
def test_another_cookie_opens_nothing(cookie: str) -> None:
    door = Door(share())
    door.open()
    assert door.opened(cookie) is None


def test_a_look_with_an_ended_cookie_is_on_the_trail_and_cannot_fill_it() -> None:
    door = Door(share())
    cookie = door.open()
    door.know(share(revoked_at="2026-11-23T11:30:00.000Z"))
    for _ in range(TRIES_PER_NETWORK_MAX + 5):
        assert door.opened(cookie) is None
    kinds = [event.kind for event in door.trail()]
    assert kinds.count("share-refused") == TRIES_PER_NETWORK_MAX


def test_a_colleague_finds_what_is_theirs_by_its_address_and_nothing_else() -> None:
    door = Door(colleague_share())

    def received(path: str, session: Session) -> Share | None:
        return asyncio.run(door.shares.received(request(path=path), session))

    assert received(f"/received/{SHARE}", ROSE) == colleague_share()
    assert received(f"/api/v1/received/{SHARE}/file", ROSE) == colleague_share()
    assert received("/received", ROSE) is None
    assert received(f"/received/{PATIENT}", ROSE) is None
    paul = msgspec.structs.replace(ROSE, practitioner="p-paul")
    assert received(f"/received/{SHARE}", paul) is None
    door.audit._failing = True
    with pytest.raises(Refused):
        received(f"/received/{SHARE}", ROSE)
    assert received("/received", ROSE) is None


def event(seconds: int, kind: Any = "share-opened", **changed: Any) -> AuditEvent:
    at = (NOON + timedelta(seconds=seconds)).isoformat(timespec="milliseconds")
    made = AuditEvent(
        at.replace("+00:00", "Z"), kind, "", None, "lilas", None, "192.0.2.7", status=200
    )
    return msgspec.structs.replace(made, **changed)


def test_a_page_with_its_pictures_is_one_opening_and_every_refusal_is_shown() -> None:
    events = [
        event(0),
        event(1),
        event(2, address="198.51.100.1"),
        event(3, "share-refused", status=401),
        event(4, "share-refused", status=401),
        event(200),
        event(201, status=503),
        event(400, status=None),
    ]
    found = shown_openings(share(), events[::-1])
    assert [(one["at"][14:19], one["kind"]) for one in found] == [
        ("06:40", "share-opened"),
        ("03:20", "share-opened"),
        ("00:04", "share-refused"),
        ("00:03", "share-refused"),
        ("00:02", "share-opened"),
        ("00:00", "share-opened"),
    ]


def test_a_colleagues_openings_have_their_name() -> None:
    [found] = shown_openings(colleague_share(), [event(0, practitioner="p-rose")])
    assert found["name"] == "Dr Rose Colin"
    assert found.keys() == {"at", "kind", "name", "address"}
