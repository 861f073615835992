"""What is answered in the application's place."""

from pathlib import Path

import pytest

from anamnesis.bootstrap.keeper import STATIC
from anamnesis.keeper.away import PAGE, Away, written_out
from anamnesis.keeper.headers import secured
from anamnesis.keeper.http import Refused
from tests.unit.keeper.fakes import request


@pytest.fixture(scope="module")
def away() -> Away:
    return Away(STATIC, written_out())


def located(away: Away, path: str, query: str = "") -> str:
    asked = request("GET", path, query, sec_fetch_mode="navigate")
    answer = away.instead(asked, "fr", True)
    return dict(answer.headers).get(b"location", b"").decode()


def test_a_page_of_an_application_that_was_given_up_leads_where_writing_goes_on(
    away: Away,
) -> None:
    assert located(away, "/") == f"{PAGE}?from=/"
    assert located(away, "/encounters/e", "patient=p") == f"{PAGE}?from=/encounters/e%3Fpatient%3Dp"


def test_while_it_only_starts_again_the_page_is_tried_again_and_offers_to_write(
    away: Away,
) -> None:
    answer = away.instead(request("GET", "/encounters/e", sec_fetch_mode="navigate"), "fr", False)
    assert answer.status == 503
    assert f'href="{PAGE}?from=/encounters/e"'.encode() in answer.body


def test_whoever_opens_a_shared_document_is_not_sent_to_a_page_for_accounts(away: Away) -> None:
    for path in ("/share", "/share/token", "/shared"):
        answer = away.instead(request("GET", path, sec_fetch_mode="navigate"), "fr", True)
        assert answer.status == 503
        assert PAGE.encode() not in answer.body


def test_what_is_no_page_is_refused(away: Away) -> None:
    for method, path in (("GET", "/agenda/grid"), ("POST", "/static/outbox.js"), ("GET", "/x.js")):
        with pytest.raises(Refused, match="application-unavailable"):
            away.instead(request(method, path, sec_fetch_mode="cors"), "fr", True)


def test_files_of_pages_are_served_from_memory(away: Away) -> None:
    answer = away.instead(request("GET", "/static/outbox.js"), "fr", True)
    headers = dict(answer.headers)
    assert answer.body == (STATIC / "outbox.js").read_bytes()
    assert headers[b"content-type"] == b"text/javascript"
    tag = headers[b"etag"].decode()
    again = away.instead(request("GET", "/static/outbox.js", if_none_match=tag), "fr", True)
    assert again.status == 304
    for path in ("/service-worker.js", "/favicon.ico", "/static/vendor/uqr.js"):
        assert away.instead(request("GET", path), "fr", False).status == 200
    with pytest.raises(Refused):
        away.instead(request("GET", "/static/../keeper.py"), "fr", True)


def test_the_page_runs_nothing_that_is_written_in_it(away: Away) -> None:
    for language in ("fr", "en"):
        answer = away.page(language)
        html = answer.body.decode()
        assert f'<html lang="{language}">' in html
        assert "<script>" not in html
        assert " style=" not in html
        assert " onclick=" not in html
    policy = dict(secured([], PAGE, False))[b"content-security-policy"]
    assert b"unsafe" not in policy


def test_every_file_that_the_page_names_is_there(away: Away) -> None:
    html = away.page("fr").body.decode()
    named = {part.split('"')[0] for part in html.split('"/static/')[1:]}
    assert "journal-only.js" in named
    assert [name for name in named if not (Path(STATIC) / name).exists()] == []
