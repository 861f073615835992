import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anamnesis.access.sharing import (
    CODE_ALPHABET,
    CODE_CHARACTERS,
    NETWORKS_MAX,
    SHARE_SESSION_AGE_MAX,
    TRIES_PER_NETWORK_MAX,
    WINDOW_SECONDS,
    ShareLimits,
    link_of,
    network_of,
    secret_of,
    share_session,
    stands,
    typed_code,
)
from tests.unit.access.shares import record_of, share

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
TOKEN = "q0Yk3lZ0Yk3lZ0Yk3lZ0Yk3lZ0Yk3lZ0Yk3lZ0Yk3lQ"


@pytest.mark.parametrize(
    "typed", ["7K3MQ2WX", "7K3M-Q2WX", " 7k3m q2wx\n", "7K3M – Q2WX", "7k3m\u2011q2wx"]
)
def test_a_code_is_the_same_however_it_is_written_down(typed: str) -> None:
    assert typed_code(typed) == "7K3MQ2WX"


def test_a_code_has_nothing_that_is_taken_for_something_else() -> None:
    assert not set("01ILO") & set(CODE_ALPHABET)
    assert len(set(CODE_ALPHABET)) == len(CODE_ALPHABET)
    assert len(CODE_ALPHABET) ** CODE_CHARACTERS > 10**11


def test_the_digests_are_those_of_the_protocol() -> None:
    assert link_of(TOKEN) == hashlib.sha256(TOKEN.encode()).hexdigest()
    joined = f"{TOKEN}:7K3MQ2WX".encode()
    assert secret_of(TOKEN, "7k3m-q2wx") == hashlib.sha256(joined).hexdigest()


@given(st.text(alphabet=st.characters(exclude_categories=())), st.text())
def test_whatever_is_typed_has_digests(token: str, code: str) -> None:
    assert len(link_of(token)) == len(secret_of(token, code)) == 64


def test_an_opening_lasts_half_an_hour_and_never_longer_than_its_share() -> None:
    week = share_session(share(), NOON)
    assert week.expires_at == NOON + SHARE_SESSION_AGE_MAX == NOON + timedelta(minutes=30)
    assert not week.expired(NOON + timedelta(minutes=29))
    assert week.expired(NOON + timedelta(minutes=30))
    soon = share_session(share(expires_at="2026-11-23T12:05:00.000Z"), NOON)
    assert not soon.expired(NOON + timedelta(minutes=4))
    assert soon.expired(NOON + timedelta(minutes=5))


def test_a_share_stands_until_it_expires() -> None:
    one = share(expires_at="2026-11-23T12:00:00.000Z")
    assert stands(record_of(one), one, NOON - timedelta(milliseconds=1))
    assert not stands(record_of(one), one, NOON)


def test_a_revoked_share_does_not_stand() -> None:
    one = share(revoked_at="2026-11-23T11:00:00.000Z", revoked_reason="")
    assert not stands(record_of(one), one, NOON)


def test_the_share_of_a_document_entered_in_error_does_not_stand() -> None:
    one = share()
    assert stands(record_of(one), one, NOON)
    assert not stands(record_of(one, withdrawn="Mauvais patient"), one, NOON)
    assert not stands(record_of(), one, NOON)


def test_no_share_of_a_restricted_record_stands_until_that_is_lifted() -> None:
    one = share()
    assert not stands(record_of(one, restricted=True), one, NOON)
    assert stands(record_of(one, restricted=False), one, NOON)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
    ],
)
def test_an_address_counts_for_its_network(address: str, network: str) -> None:
    assert network_of(address) == network


def test_too_many_refused_tries_from_one_network_have_to_wait() -> None:
    limits = ShareLimits()
    for number in range(TRIES_PER_NETWORK_MAX):
        address = f"2001:db8::{number:x}"
        assert limits.wait(address, 100.0) == 0.0
        limits.tried(address, 100.0)
    assert limits.wait("2001:db8::ffff", 100.0) == WINDOW_SECONDS
    assert limits.wait("2001:db8:0:1::1", 100.0) == 0.0
    assert limits.wait("2001:db8::1", 100.0 + WINDOW_SECONDS) == 0.0


def test_an_opening_takes_back_its_own_try_only() -> None:
    limits = ShareLimits()
    for _ in range(TRIES_PER_NETWORK_MAX - 1):
        limits.tried("192.0.2.7", 0.0)
    for _ in range(5):
        limits.tried("192.0.2.7", 1.0)
        limits.opened("192.0.2.7")
    assert limits.wait("192.0.2.7", 1.0) == 0.0
    limits.tried("192.0.2.7", 2.0)
    assert limits.wait("192.0.2.7", 2.0) > 0.0


def test_only_so_many_networks_are_remembered() -> None:
    limits = ShareLimits()
    for _ in range(TRIES_PER_NETWORK_MAX):
        limits.tried("first", 0.0)
    for number in range(NETWORKS_MAX):
        limits.tried(f"n{number}", 1.0)
    assert limits.wait("first", 1.0) == 0.0
