import pytest

from anamnesis.keeper.headers import CONTENT_SECURITY_POLICY, FILE_SECURITY_POLICY, secured
from anamnesis.keeper.http import Headers


def names(headers: Headers) -> dict[str, str]:
    return {name.decode(): value.decode() for name, value in headers}


def test_every_response_carries_the_policy_once_whatever_its_maker_said() -> None:
    sent = secured([(b"Content-Security-Policy", b"default-src *"), (b"server", b"x")], "/", False)
    assert [v for n, v in sent if n.lower() == b"content-security-policy"] == [
        CONTENT_SECURITY_POLICY.encode()
    ]
    assert "server" not in names(sent)


def test_a_page_is_never_stored_even_if_it_asks_for_it() -> None:
    assert names(secured([(b"cache-control", b"public")], "/patients", False))["cache-control"] == (
        "no-store"
    )


def test_a_static_file_may_be_stored_if_it_says_so() -> None:
    kept = secured([(b"cache-control", b"max-age=60")], "/static/app.js", False)
    assert names(kept)["cache-control"] == "max-age=60"
    assert names(secured([], "/static/app.js", False))["cache-control"] == "no-store"


def test_https_is_insisted_on_only_where_there_is_https() -> None:
    assert "strict-transport-security" in names(secured([], "/", True))
    assert "strict-transport-security" not in names(secured([], "/", False))


def test_nothing_inline_or_from_elsewhere_is_allowed() -> None:
    assert "unsafe" not in CONTENT_SECURITY_POLICY
    assert "http" not in CONTENT_SECURITY_POLICY
    assert "frame-ancestors 'none'" in CONTENT_SECURITY_POLICY


@pytest.mark.parametrize("media_type", [b"application/pdf", b"image/svg+xml", b"Image/PNG"])
def test_a_file_opened_by_itself_runs_nothing(media_type: bytes) -> None:
    sent = names(secured([(b"content-type", media_type)], "/patients/x/documents/y/pdf", False))
    assert sent["content-security-policy"] == FILE_SECURITY_POLICY
    assert "sandbox" in FILE_SECURITY_POLICY
    assert "default-src 'none'" in FILE_SECURITY_POLICY
    assert "allow-scripts" not in FILE_SECURITY_POLICY
    assert sent["x-content-type-options"] == "nosniff"


def test_the_pages_own_pictures_keep_the_pages_policy() -> None:
    sent = names(secured([(b"content-type", b"image/svg+xml")], "/static/icon.svg", False))
    assert sent["content-security-policy"] == CONTENT_SECURITY_POLICY


@pytest.mark.parametrize(
    "path", ["/share/abc", "/share", "//share/abc", "/shared", "/shared/file", "/keep/share"]
)
def test_the_address_of_a_link_is_told_to_nobody_and_never_indexed(path: str) -> None:
    sent = names(secured([(b"referrer-policy", b"unsafe-url")], path, False))
    assert sent["referrer-policy"] == "no-referrer"
    assert "noindex" in sent["x-robots-tag"]
    assert sent["cache-control"] == "no-store"


def test_other_addresses_are_told_to_this_host_only() -> None:
    for path in ("/", "/sharing", "/keep/shares/x/openings", "/patients/share"):
        sent = secured([], path, False)
        assert [v for n, v in sent if n == b"referrer-policy"] == [b"same-origin"]
        assert "x-robots-tag" not in names(sent)
