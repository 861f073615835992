"""Every question of the interface: who may ask, what belongs to whom, and what is no question."""

import io
import re
from collections.abc import Iterator
from typing import Any

import pypdf
import pytest
from litestar.testing import TestClient

from anamnesis.access.audit import looked_at
from anamnesis.web.api.application import BEGINNING
from anamnesis.web.api.questions import LIMIT_MAX
from tests.unit.record.making import LOCUM
from tests.unit.web.api.asking import (
    NOBODY,
    OURS,
    PAGE,
    THEIRS,
    Place,
    document,
    two_practices,
)
from tests.unit.web.serving import headers, serving

WRITING, IDS = two_practices()
SINGULAR = {
    "conditions": "condition",
    "allergies": "allergy",
    "medications": "medication",
    "immunizations": "immunization",
    "documents": "document",
    "templates": "template",
    "snippets": "snippet",
    "document-templates": "document-template",
    "appointment-types": "appointment-type",
    "letterheads": "letterhead",
}
NAMED = re.compile(r"\{(\w+)[^}]*\}")


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient[Any]]:
    with serving(WRITING) as one:
        yield one


def patterns() -> list[str]:
    """Every path of the interface, as Litestar has it."""
    with serving(WRITING) as client:
        return sorted(
            {
                route.path
                for route in client.app.routes
                if route.path.startswith(BEGINNING) and "GET" in route.methods
            }
        )


PATTERNS = patterns()
WITH_IDS = [pattern for pattern in PATTERNS if "{" in pattern]


def path_of(pattern: str, place: Place, **other: str) -> str:
    """The pattern with the place's ids in it, or with others."""
    folders = [part for part in pattern.split("/") if part in SINGULAR]
    ids = dict(IDS[place])
    ids["resource"] = ids[SINGULAR[folders[-1]]] if folders else ""
    if pattern.endswith("/file"):
        ids["resource"] = ids["upload"]
    if pattern.endswith("received/{share:str}/pdf"):
        ids["share"] = ids["share-of-text"]
    return NAMED.sub(lambda found: other.get(found[1], ids[found[1]]), pattern)


def ask(client: TestClient[Any], path: str, place: Place = OURS) -> Any:
    return client.get(path, headers=headers(place.practice, place.doctor))


def names(pattern: str) -> list[str]:
    return NAMED.findall(pattern)


def test_there_are_questions_about_everything() -> None:
    assert len(PATTERNS) >= 50
    assert len(WITH_IDS) >= 35


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_question_needs_an_identity_and_then_has_an_answer(
    client: TestClient[Any], pattern: str
) -> None:
    path = path_of(pattern, OURS)
    refused = client.get(path)
    assert (refused.status_code, refused.json()["code"]) == (401, "not-signed-in")
    answer = ask(client, path)
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("pattern", WITH_IDS)
def test_what_is_another_practices_does_not_exist(client: TestClient[Any], pattern: str) -> None:
    there = ask(client, path_of(pattern, THEIRS), THEIRS)
    assert there.status_code == 200
    answer = ask(client, path_of(pattern, THEIRS), OURS)
    assert answer.status_code == 404
    assert answer.json().keys() == {"code", "message"}


@pytest.mark.parametrize("pattern", WITH_IDS)
def test_an_unknown_id_is_answered_like_another_practices(
    client: TestClient[Any], pattern: str
) -> None:
    for name in names(pattern):
        unknown = ask(client, path_of(pattern, OURS, **{name: NOBODY}))
        assert unknown.status_code == 404
    for name in names(pattern):
        theirs = ask(client, path_of(pattern, OURS, **{name: _theirs(pattern, name)}))
        assert theirs.status_code == 404
        assert theirs.json() == ask(client, path_of(pattern, OURS, **{name: NOBODY})).json()


def _theirs(pattern: str, name: str) -> str:
    folders = [part for part in pattern.split("/") if part in SINGULAR]
    if name == "resource":
        return IDS[THEIRS]["upload" if pattern.endswith("/file") else SINGULAR[folders[-1]]]
    return IDS[THEIRS]["share-of-text" if pattern.endswith("/pdf") else name]


@pytest.mark.parametrize("pattern", WITH_IDS)
def test_what_is_no_id_is_malformed(client: TestClient[Any], pattern: str) -> None:
    for name in names(pattern):
        for wrong in ("x", "01930000-0000-7000-8000-0000000C0000", "%C3%A9", "1" * 300):
            answer = ask(client, path_of(pattern, OURS, **{name: wrong}))
            assert answer.status_code == 400
            assert (answer.json()["code"], answer.json()["field"]) == ("malformed", name)


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_parameter_that_is_unknown_is_refused_and_not_passed_over(
    client: TestClient[Any], pattern: str
) -> None:
    path = path_of(pattern, OURS)
    for query, field in (("nothing=1", "nothing"), ("request=1", "request"), ("P%20x=1", "")):
        answer = ask(client, f"{path}?{query}")
        assert answer.status_code == 400
        assert answer.json().get("field", "") == field


@pytest.mark.parametrize("pattern", PATTERNS)
def test_nothing_can_be_written_here(client: TestClient[Any], pattern: str) -> None:
    path = path_of(pattern, OURS)
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        answer = client.request(method, path, headers=headers(OURS.practice, OURS.doctor))
        assert (answer.status_code, answer.json()["code"]) == (405, "method-not-allowed")
        assert "GET" in answer.headers["allow"]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_look_at_somebody_is_seen_by_the_audit_trail(pattern: str) -> None:
    path = path_of(pattern, OURS)
    about = {"patient", "encounter"} & set(names(pattern))
    looked = looked_at(path)
    assert (about != set() or pattern.endswith("/search")) == (looked is not None)


def test_a_resource_is_no_resource_of_another_type(client: TestClient[Any]) -> None:
    patient = IDS[OURS]["patient"]
    for folder in ("conditions", "allergies", "medications", "immunizations", "documents"):
        for other, type_ in SINGULAR.items():
            if other != folder:
                path = f"{BEGINNING}/patients/{patient}/{folder}/{IDS[OURS][type_]}"
                assert ask(client, path).status_code == 404


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"),
        (f"limit={LIMIT_MAX + 1}", "limit"),
        ("limit=ten", "limit"),
        ("limit=5&limit=6", "limit"),
        ("limit=", "limit"),
        ("after=", "after"),
        ("after=nothing", "after"),
        ("after=" + "A" * 10_000, "after"),
        ("q=" + "a" * 101, "q"),
    ],
)
def test_a_parameter_out_of_bounds_is_named(
    client: TestClient[Any], query: str, field: str
) -> None:
    answer = ask(client, f"{BEGINNING}/patients?{query}")
    assert answer.status_code == 400
    assert (answer.json()["code"], answer.json()["field"]) == ("malformed", field)


@pytest.mark.parametrize(
    "query",
    [
        "first_day=2026-02-30",
        "first_day=today",
        "days=0",
        "days=43",
        "practitioner=x",
    ],
)
def test_an_agenda_of_no_day_is_malformed(client: TestClient[Any], query: str) -> None:
    answer = ask(client, f"{BEGINNING}/agenda?{query}")
    assert answer.status_code == 400
    assert answer.json()["field"] == query.split("=", maxsplit=1)[0]


def test_an_agenda_is_of_today_unless_it_is_asked_for_another_day(
    client: TestClient[Any],
) -> None:
    path = f"{BEGINNING}/agenda"
    assert len(ask(client, path).json()["rows"]) == 1
    assert len(ask(client, f"{path}?first_day=2026-11-20&days=4").json()["rows"]) == 1
    for day in ("2026-11-24", "0001-01-01", "9999-12-31"):
        assert ask(client, f"{path}?first_day={day}").json()["rows"] == []
    assert ask(client, f"{path}?practitioner={LOCUM}").json()["rows"] == []


def test_a_list_goes_on_where_the_page_before_ended() -> None:
    writing, _ = two_practices()
    for number in range(5):
        writing.patient(f"01930000-0000-7000-8000-00000000f00{number}", birth_name=f"Aa{number}")
    with serving(writing) as client:
        seen: list[str] = []
        after = ""
        while True:
            page = ask(client, f"{BEGINNING}/patients?limit=2{after}").json()
            assert len(page["rows"]) <= 2
            seen += [row["birth_name"] for row in page["rows"]]
            if page["next"] is None:
                break
            after = f"&after={page['next']}"
    assert seen == ["Aa0", "Aa1", "Aa2", "Aa3", "Aa4", "Lefèvre"]


def test_what_a_colleague_keeps_to_himself_is_nobody_elses(client: TestClient[Any]) -> None:
    path = f"{BEGINNING}/snippets"
    content = {"id": OURS.id("private"), "abbreviation": "moi", "text": "À moi", "shared": False}
    writing, _ = two_practices()
    writing.send("snippet.write", content, author=LOCUM)
    with serving(writing) as client_now:
        seen = [row["resource"] for row in ask(client_now, path).json()["rows"]]
        assert OURS.id("private") not in seen
        assert ask(client_now, f"{path}/{OURS.id('private')}").status_code == 404
        assert ask(client_now, f"{path}/{OURS.id('private')}/versions").status_code == 404
        his = client_now.get(path, headers=headers(OURS.practice, LOCUM)).json()
        assert OURS.id("private") in [row["resource"] for row in his["rows"]]


def test_a_file_is_given_as_an_attachment_that_no_browser_runs(client: TestClient[Any]) -> None:
    pattern = f"{BEGINNING}/patients/{{patient:str}}/documents/{{resource:str}}/file"
    for path in (path_of(pattern, OURS), f"{BEGINNING}/received/{IDS[OURS]['share']}/file"):
        answer = ask(client, path)
        assert answer.content == PAGE
        assert answer.headers["content-type"] == "application/pdf"
        disposition = answer.headers["content-disposition"]
        assert disposition.startswith("attachment; filename*=UTF-8''r%C3%A9sultats")
        assert '"' not in disposition
        assert "sandbox" in answer.headers["content-security-policy"]


def test_a_document_without_a_file_says_so(client: TestClient[Any]) -> None:
    ids = IDS[OURS]
    path = f"{BEGINNING}/patients/{ids['patient']}/documents/{ids['document']}/file"
    answer = ask(client, path)
    assert (answer.status_code, answer.json()["code"]) == (404, "file-unknown")


def test_a_document_is_given_on_paper_in_the_version_asked_for(client: TestClient[Any]) -> None:
    ids = IDS[OURS]
    path = f"{BEGINNING}/patients/{ids['patient']}/documents"
    answer = ask(client, f"{path}/{ids['document']}/pdf")
    assert answer.headers["content-type"] == "application/pdf"
    [sheet] = pypdf.PdfReader(io.BytesIO(answer.content)).pages
    assert "Amoxicilline" in sheet.extract_text()
    assert answer.headers["content-disposition"].startswith("attachment; filename*=UTF-8''Ordonn")
    same = ask(client, f"{path}/{ids['document']}/pdf?version=1")
    assert same.content == answer.content
    assert ask(client, f"{path}/{ids['document']}/pdf?version=2").status_code == 404
    uploaded = ask(client, f"{path}/{ids['upload']}/pdf")
    assert (uploaded.status_code, uploaded.json()["code"]) == (404, "print-unknown")


def test_what_cannot_be_printed_is_named() -> None:
    writing, ids = two_practices()
    path = f"{BEGINNING}/patients/{ids[OURS]['patient']}/documents/{NOBODY}/pdf"
    long = document(NOBODY, "letter") | {"body": "Long. " * 30_000}
    writing.send("document.write", long, patient=ids[OURS]["patient"], author=OURS.doctor)
    with serving(writing) as client:
        answer = ask(client, path)
    assert (answer.status_code, answer.json()["code"]) == (422, "document-too-long")


def test_a_share_that_ended_is_listed_and_not_opened(client: TestClient[Any]) -> None:
    listed = ask(client, f"{BEGINNING}/received").json()["rows"]
    assert {row["share"] for row in listed} == {
        THEIRS.id(name) for name in ("share", "share-of-text", "old")
    }
    ended = ask(client, f"{BEGINNING}/received/{THEIRS.id('old')}")
    unknown = ask(client, f"{BEGINNING}/received/{NOBODY}")
    assert (ended.status_code, ended.json()) == (404, unknown.json())


def test_a_revoked_share_is_not_opened_any_more() -> None:
    writing, _ = two_practices()
    path = f"{BEGINNING}/received/{THEIRS.id('share')}"
    writing.send(
        "share.revoke",
        {"share": THEIRS.id("share"), "reason": ""},
        patient=THEIRS.id("patient"),
        practice=THEIRS.practice,
        author=THEIRS.doctor,
    )
    with serving(writing) as client:
        assert ask(client, path).status_code == 404
        assert ask(client, f"{path}/file").status_code == 404


def test_a_share_tells_nothing_of_its_link(client: TestClient[Any]) -> None:
    shares = ask(client, f"{BEGINNING}/shares").json()["rows"]
    assert len(shares) == 3
    assert all({"link", "secret"} & set(share) == set() for share in shares)


def test_a_note_shows_its_versions_and_what_collided(client: TestClient[Any]) -> None:
    note = f"{BEGINNING}/encounters/{IDS[OURS]['encounter']}/note"
    now = ask(client, note).json()
    assert (now["version"], len(now["divergences"])) == (3, 1)
    versions = ask(client, f"{note}/versions").json()["rows"]
    assert [one["version"] for one in versions] == [1, 2, 3]
    assert versions[0]["sections"]["motif"] == "Toux sèche"
    assert len(ask(client, f"{note}/divergences").json()["rows"]) == 1
    assert len(ask(client, f"{note}/typed-texts").json()["rows"]) == 1


def test_a_refusal_is_in_the_readers_language(client: TestClient[Any]) -> None:
    path = f"{BEGINNING}/patients/{NOBODY}"
    french = ask(client, path).json()["message"]
    named = headers(OURS.practice, OURS.doctor) | {"cookie": "anamnesis_language=en"}
    assert french != client.get(path, headers=named).json()["message"]


def test_what_is_no_address_of_the_interface_is_refused_in_json(client: TestClient[Any]) -> None:
    for path in (BEGINNING, f"{BEGINNING}/", f"{BEGINNING}/nothing", f"{BEGINNING}/patients/a/b"):
        answer = ask(client, path)
        assert (answer.status_code, answer.json()["code"]) == (404, "not-found")
