"""The pages of sharing: what a link shows, to whom, and that no other page opens with it."""

import base64
import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest
from litestar.testing import TestClient

from tests.unit.record.making import (
    DOCTOR,
    LOCUM,
    OTHER_PATIENT,
    OTHER_PRACTICE,
    PATIENT,
    PRACTICE,
    Writing,
    uuid,
)
from tests.unit.web.printing.papers import DOCUMENT, document, line
from tests.unit.web.serving import Parsed, get, headers, parsed, serving

SHARE, WITH_LOCUM, ENDED, UPLOADED = uuid(0xE01), uuid(0xE02), uuid(0xE03), uuid(0xE04)
FILE, UPLOAD = uuid(0xE05), uuid(0xE06)
TOKEN = "q0Yk3lZ0Yk3lZ0Yk3lZ0Yk3lZ0Yk3lZ0Yk3lZ0Yk3lQ"
SOON, LONG_AGO = "2026-11-30T12:00:00.000Z", "2026-11-01T12:00:00.000Z"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
HERE = f"/patients/{PATIENT}/documents/{DOCUMENT}/sharing"


def share(id_: str, **changed: Any) -> dict[str, Any]:
    return {
        "id": id_,
        "document": DOCUMENT,
        "version": 1,
        "audience": "patient",
        "to_practice": None,
        "to_practitioner": None,
        "link": hashlib.sha256(id_.encode()).hexdigest(),
        "secret": "0" * 64,
        "expires_at": SOON,
        "message": "<b>À lire</b>",
    } | changed


def with_locum(id_: str, **changed: Any) -> dict[str, Any]:
    to = {"to_practice": PRACTICE, "to_practitioner": LOCUM, "link": None, "secret": None}
    return share(id_, audience="colleague", **(to | changed))


def uploaded(writing: Writing) -> None:
    part = {"file": FILE, "index": 0, "parts": 1, "media_type": "image/png"}
    data = base64.b64encode(PNG).decode()
    writing.send("file.part", part | {"data": data}, patient=PATIENT)
    file = {
        "id": FILE,
        "name": "radio <1>.png",
        "media_type": "image/png",
        "bytes": len(PNG),
        "sha256": hashlib.sha256(PNG).hexdigest(),
        "parts": 1,
    }
    content = document(id=UPLOAD, type="upload", file=file)
    writing.send("document.write", content, patient=PATIENT)


def written() -> Writing:
    """A prescription issued and then corrected; shared with a patient and with a colleague."""
    writing = Writing().begun()
    first = document(lines=[line("Amoxicilline 1 g")], body="Repos.", title="<i>Angine</i>")
    sent = writing.send("document.write", first, patient=PATIENT)
    issue = {"document": DOCUMENT, "version": 1, "digest": sent.entry.digest}
    writing.send("document.issue", issue, patient=PATIENT)
    corrected = first | {"title": "Corrigée en secret"}
    writing.send("document.write", corrected, patient=PATIENT)
    uploaded(writing)
    writing.send("document.share", share(SHARE), patient=PATIENT)
    writing.send("document.share", with_locum(WITH_LOCUM), patient=PATIENT)
    writing.send("document.share", with_locum(ENDED, expires_at=LONG_AGO), patient=PATIENT)
    of_file = share(UPLOADED, document=UPLOAD)
    writing.send("document.share", of_file, patient=PATIENT)
    return writing


@contextmanager
def served(writing: Writing | None = None) -> Iterator[TestClient[Any]]:
    with serving(writing or written()) as client:
        yield client


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient[Any]]:
    with served() as one:
        yield one


def by_link(share: str = SHARE, practice: str = PRACTICE) -> Mapping[str, str]:
    """What the keeper says of a share that somebody opened with its link and code."""
    return {"x-anamnesis-share": share, "x-anamnesis-share-practice": practice}


def test_the_page_that_asks_for_the_code_is_the_same_for_every_token(
    client: TestClient[Any],
) -> None:
    pages = [client.get(f"/share/{token}").text.replace(token, "") for token in (TOKEN, "0000")]
    assert pages[0] == pages[1]
    form = Parsed(client.get(f"/share/{TOKEN}").text)
    assert form.all("form", method="post", action="/keep/share")
    assert form.all("input", name="link", value=TOKEN)
    assert form.all("input", name="code")


def test_it_works_without_a_script_and_says_what_was_refused(client: TestClient[Any]) -> None:
    page = parsed(client.get(f"/share/{TOKEN}?refused=share-refused"))
    assert "n’ouvrent aucun document" in page.words()
    assert [one["src"] for one in page.all("script")] == ["/static/theme.js"]
    assert "n’ouvrent" not in parsed(client.get(f"/share/{TOKEN}?refused=<b>")).words()


def test_the_language_is_changed_at_the_links_own_address() -> None:
    with served() as client:
        [switch] = parsed(client.get(f"/share/{TOKEN}")).all("a", lang="en")
        assert switch["href"] == f"/share/{TOKEN}?language=en"
        answer = client.get(switch["href"])
        assert (answer.status_code, answer.headers["location"]) == (303, f"/share/{TOKEN}")
        assert "anamnesis_language=en" in answer.headers["set-cookie"]
        assert "Open the document" in parsed(client.get(f"/share/{TOKEN}")).words()


def test_a_link_shows_the_shared_version_and_who_sends_it(client: TestClient[Any]) -> None:
    page = parsed(client.get("/shared", headers=by_link()))
    words = page.words()
    assert "<i>Angine</i>" in words
    assert "<b>À lire</b>" in words
    assert "Corrigée en secret" not in words
    assert "Envoyé par" in words
    assert [one["src"] for one in page.all("img")][1:] == ["/shared/page?number=1"]
    assert page.all("a", href="/shared/file")
    assert not [a for a in page.all("a") if "patients" in a.get("href", "")]


def test_the_document_of_a_link_is_kept_as_a_file(client: TestClient[Any]) -> None:
    answer = client.get("/shared/file", headers=by_link())
    assert answer.content.startswith(b"%PDF-")
    assert answer.headers["content-disposition"].startswith("attachment;")
    picture = client.get("/shared/page?number=1", headers=by_link())
    assert picture.headers["content-type"].startswith("image/svg+xml")
    assert b"Corrig" not in picture.content
    assert client.get("/shared/page?number=2", headers=by_link()).status_code == 404


def test_an_uploaded_file_is_never_shown_by_the_browser(client: TestClient[Any]) -> None:
    page = parsed(client.get("/shared", headers=by_link(UPLOADED)))
    assert "radio <1>.png" in page.words()
    assert [one["src"] for one in page.all("img")] == ["/static/icon.svg"]
    answer = client.get("/shared/file", headers=by_link(UPLOADED))
    assert answer.content == PNG
    assert answer.headers["content-disposition"].startswith("attachment;")


@pytest.mark.parametrize("path", ["/shared", "/shared/file", "/shared/page"])
@pytest.mark.parametrize(
    "extra",
    [
        {},
        by_link(practice=OTHER_PRACTICE),
        by_link(uuid(0xEFF)),
        by_link(ENDED),
        by_link(WITH_LOCUM),
        headers(),
    ],
    ids=["nothing", "another practice", "unknown", "ended", "a colleague's", "signed in"],
)
def test_nothing_else_opens_it_and_the_answer_is_the_same(
    client: TestClient[Any], path: str, extra: Mapping[str, str]
) -> None:
    answer = client.get(path, headers=dict(extra))
    assert answer.status_code == 404
    assert "Angine" not in answer.text


def test_a_link_opens_no_page_but_its_own(client: TestClient[Any]) -> None:
    for path in ("/", f"/patients/{PATIENT}", HERE, "/received", f"/received/{WITH_LOCUM}"):
        assert client.get(path, headers=dict(by_link())).status_code == 401


@pytest.mark.parametrize("ending", ["revoked", "withdrawn"])
def test_an_ended_share_opens_nothing(ending: str) -> None:
    writing = written()
    if ending == "revoked":
        for one in (SHARE, WITH_LOCUM):
            writing.send("share.revoke", {"share": one, "reason": "Erreur"}, patient=PATIENT)
    else:
        error = {"resource": DOCUMENT, "reason": "Mauvais patient"}
        writing.send("resource.enter-in-error", error, patient=PATIENT)
    with served(writing) as client:
        assert client.get("/shared", headers=dict(by_link())).status_code == 404
        for path in (f"/received/{WITH_LOCUM}", f"/api/v1/received/{WITH_LOCUM}"):
            assert client.get(path, headers=as_locum()).status_code == 404
        page = parsed(client.get("/received", headers=as_locum()))
        assert "Document qui n’est plus partagé" in page.words()
        assert "Angine" not in page.words()
        said = {"revoked": "Révoqué", "withdrawn": "Document annulé"}[ending]
        assert said in parsed(get(client, HERE)).words()


def as_locum() -> dict[str, str]:
    return headers(practitioner=LOCUM)


def test_a_colleague_reads_what_was_shared_with_them(client: TestClient[Any]) -> None:
    page = parsed(client.get("/received", headers=as_locum()))
    links = [a["href"] for a in page.all("a") if a["href"].startswith("/received/")]
    assert links == [f"/received/{WITH_LOCUM}"]
    assert "Expiré" in page.words()
    shown = parsed(client.get(links[0], headers=as_locum()))
    assert "<i>Angine</i>" in shown.words()
    file = client.get(f"{links[0]}/file", headers=as_locum())
    assert file.content.startswith(b"%PDF-")
    assert client.get(f"{links[0]}/page", headers=as_locum()).status_code == 200


@pytest.mark.parametrize("what", ["", "/page", "/file"])
def test_nobody_else_reads_it(client: TestClient[Any], what: str) -> None:
    for share_ in (WITH_LOCUM, SHARE, ENDED):
        assert get(client, f"/received/{share_}{what}").status_code == 404
    assert client.get(f"/received/{WITH_LOCUM}{what}").status_code == 401
    other = headers(practice=OTHER_PRACTICE, practitioner=LOCUM)
    assert client.get(f"/received/{WITH_LOCUM}{what}", headers=other).status_code == 404
    assert client.get(f"/received/{SHARE}{what}", headers=as_locum()).status_code == 404


def test_who_shared_sees_with_whom_and_until_when(client: TestClient[Any]) -> None:
    page = parsed(get(client, HERE))
    rows = page.all("li", **{"class": "share-row"})
    assert [row["data-share"] for row in rows] == [ENDED, WITH_LOCUM, SHARE]
    assert [row["data-state"] for row in rows] == ["expired", "open", "open"]
    revoked = [one["data-revoke"] for one in page.all("button") if "data-revoke" in one]
    assert revoked == [WITH_LOCUM, SHARE]
    assert "Patient (lien et code)" in page.words()


def test_the_shares_of_a_document_are_its_practices(client: TestClient[Any]) -> None:
    other = headers(practice=OTHER_PRACTICE)
    assert client.get(HERE, headers=other).status_code == 404
    elsewhere = f"/patients/{OTHER_PATIENT}/documents/{DOCUMENT}/sharing"
    assert get(client, elsewhere).status_code == 404


def test_the_directory_is_searched_by_name_practice_and_specialty(client: TestClient[Any]) -> None:
    everybody = parsed(get(client, "/colleagues")).all("input")
    assert everybody
    assert DOCTOR not in {one["value"] for one in everybody}, "nobody shares with themselves"
    assert all(one["data-practice"] for one in everybody)
    assert parsed(get(client, "/colleagues?q=zzz")).all("input") == []
    assert client.get("/colleagues").status_code == 401


def test_the_documents_page_offers_to_share_the_issued_version(client: TestClient[Any]) -> None:
    page = parsed(get(client, f"/patients/{PATIENT}/documents/{DOCUMENT}"))
    [place] = [one for one in page.all("div") if "data-sharing" in one]
    assert (place["data-document"], place["data-version"]) == (DOCUMENT, "1")
    assert {one["data-share-with"] for one in page.all("button") if "data-share-with" in one} == {
        "patient",
        "colleague",
    }


def test_a_draft_is_not_offered() -> None:
    writing = Writing().begun()
    writing.send("document.write", document(body="Brouillon"), patient=PATIENT)
    with served(writing) as client:
        page = parsed(get(client, f"/patients/{PATIENT}/documents/{DOCUMENT}"))
        assert "Validez le document pour pouvoir le partager" in page.words()
        assert [one for one in page.all("button") if "data-share-with" in one] == []
