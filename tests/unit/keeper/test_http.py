import asyncio

import pytest

from anamnesis.keeper.http import Gone, Refused, Request, same_origin
from anamnesis.keeper.session_routes import local_path
from tests.unit.keeper.fakes import Client, request, scope


def read(parts: list[bytes], limit: int, leaves: bool = False, **headers: str) -> bytes:
    async def reading() -> bytes:
        client = Client(parts, leaves)
        return await Request(scope("POST", "/", **headers), client.receive).body(limit)

    return asyncio.run(reading())


def test_a_body_arrives_whole_in_one_part_or_many() -> None:
    assert read([b"abc"], 3) == b"abc"
    assert read([b"a", b"", b"bc"], 3) == b"abc"


@pytest.mark.parametrize("parts", [[b"abcd"], [b"ab", b"cd"]])
def test_a_body_beyond_its_limit_is_refused(parts: list[bytes]) -> None:
    with pytest.raises(Refused) as refused:
        read(parts, 3)
    assert (refused.value.status, refused.value.code) == (413, "request-too-large")


def test_a_body_that_says_it_is_too_large_is_not_even_read() -> None:
    with pytest.raises(Refused):
        read([b""], 3, content_length="4")


def test_a_client_that_leaves_in_the_middle_sent_nothing() -> None:
    with pytest.raises(Gone):
        read([b"ab"], 3, leaves=True)


def test_cookies_are_read_plain_and_quoted() -> None:
    assert request(cookie="a=1; b=x=y;c").cookies == {"a": "1", "b": "x=y"}
    assert request(cookie='a="1 2"').cookies == {"a": "1 2"}
    assert request().cookies == {}


def test_the_origin_is_the_hosts_own_or_not_there() -> None:
    assert same_origin(request(host="h:8400", origin="http://h:8400"), "") is True
    assert same_origin(request(host="h:8400", origin="http://evil.example"), "") is False
    assert same_origin(request(host="h:8400", origin="null"), "") is False
    assert same_origin(request(host="", origin="null"), "") is False
    assert same_origin(request(host="h:8400"), "") is None


def test_behind_a_proxy_the_origin_is_the_public_one() -> None:
    public = "https://cabinet.example"
    assert same_origin(request(host="127.0.0.1:8400", origin=public), public) is True
    assert same_origin(
        request(host="cabinet.example", origin="http://cabinet.example"), public
    ) is (False)


@pytest.mark.parametrize("target", ["/", "/patients/1?x=1", "/a#b"])
def test_a_path_of_this_host_may_follow_a_sign_in(target: str) -> None:
    assert local_path(target) == target


@pytest.mark.parametrize(
    "target", ["", "//evil.example", "/\\evil.example", "https://evil.example", "a", "/\r\nx", "/é"]
)
def test_nobody_is_sent_elsewhere_by_a_sign_in(target: str) -> None:
    assert local_path(target) == "/"
