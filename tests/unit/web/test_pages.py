"""Every page: who may see it, that it is made of the record, and of nothing that runs by itself."""

from collections.abc import Iterator
from typing import Any

import pytest
from litestar.testing import TestClient

from anamnesis.web.api.application import is_asked
from tests.unit.record.making import (
    DOCTOR,
    ENCOUNTER,
    LOCUM,
    OTHER_ENCOUNTER,
    OTHER_PATIENT,
    OTHER_PRACTICE,
    PATIENT,
    PRACTICE,
    uuid,
)
from tests.unit.web.serving import (
    ALLERGY,
    DOCUMENT,
    ENTERED,
    SENT,
    TEMPLATE,
    Parsed,
    full_practice,
    get,
    headers,
    parsed,
    serving,
)

WAITING = uuid(0xB0099)
PAGES = [
    "/",
    "/?day=2026-11-24&all=yes",
    "/agenda",
    f"/agenda?day=2026-11-23&view=week&practitioner=all&patient={PATIENT}",
    "/patients",
    "/patients?q=lefevre&part=rows",
    "/patients/new",
    f"/patients/{PATIENT}",
    f"/patients/{PATIENT}?part=timeline",
    f"/patients/{PATIENT}/edit",
    f"/patients/{PATIENT}/record/new?type=allergy",
    f"/patients/{PATIENT}/record/{ALLERGY}",
    f"/patients/{PATIENT}/restriction",
    f"/patients/{PATIENT}/erasure",
    f"/encounters/{ENCOUNTER}",
    f"/encounters/{ENCOUNTER}/history",
    f"/encounters/{ENCOUNTER}/history?every=yes",
    "/receipts",
    "/incidents",
    "/settings",
    "/settings/new?type=letterhead",
    "/settings/new?type=template",
    f"/settings/{uuid(0xD0012)}",
    f"/settings/{uuid(0xD0013)}",
    f"/settings/{TEMPLATE}",
    "/register",
    "/retention",
    "/devices",
    "/register/new",
    f"/register/{ENTERED}",
    f"/register/{ENTERED}/papers/authority-initial",
    f"/register/{ENTERED}/papers/patients?language=en",
    f"/register/{ENTERED}/rewriting",
    f"/register/{ENTERED}/rewriting/{ENCOUNTER}",
    "/search",
    f"/search?q=toux&place=motif&from=2026-01-01&patient={PATIENT}",
    "/search?q=repos&part=rows",
    "/api",
    f"/patients/{PATIENT}/documents",
    f"/patients/{PATIENT}/documents/{DOCUMENT}",
    f"/patients/{PATIENT}/documents/{DOCUMENT}/versions",
    f"/patients/{PATIENT}/documents/{WAITING}?type=letter",
    "/received",
]
FILES = [
    f"/patients/{PATIENT}/documents/{DOCUMENT}/pdf",
    f"/patients/{PATIENT}/documents/{DOCUMENT}/page",
    f"/patients/{PATIENT}/documents/{DOCUMENT}/preview",
    f"/patients/{PATIENT}/documents/new?type=letter",
    f"/patients/{PATIENT}/documents/{DOCUMENT}/sharing",
    f"/register/{ENTERED}/content",
    f"/register/{ENTERED}/papers/authority-initial/pdf",
    f"/register/{ENTERED}/papers/health-report/data?language=en",
    f"/register/{ENTERED}/sent/{SENT}",
    f"/patients/{PATIENT}/archive",
    "/colleagues?q=martin",
    "/agenda/grid?view=week&practitioner=all",
]
"""No pages either: a file, a picture, a part of a page, a way to one."""
PUBLIC = [
    "/sign-in",
    "/sign-in?refused=sign-in-limited&next=/patients",
    "/offline",
    "/static/anamnesis.css",
    "/service-worker.js",
    "/manifest.webmanifest",
    "/favicon.ico",
    "/share",
    "/share/q0Yk3l?refused=share-refused",
    "/static/vendor/uqr.js",
]
SHARED = {
    f"{place}{what}" for place in ("/shared", "/received/x") for what in ("", "/page", "/file")
}
"""Opened by a share and by nothing else: tests/unit/web/test_sharing_pages.py."""


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient[Any]]:
    with serving(full_practice()) as one:
        yield one


@pytest.mark.parametrize("path", PAGES)
def test_a_page_needs_an_identity(client: TestClient[Any], path: str) -> None:
    assert client.get(path).status_code == 401
    assert get(client, path).status_code == 200


@pytest.mark.parametrize("path", FILES)
def test_a_file_needs_an_identity(client: TestClient[Any], path: str) -> None:
    assert client.get(path).status_code == 401
    assert get(client, path).status_code < 400


@pytest.mark.parametrize("path", PUBLIC)
def test_what_is_public_needs_none(client: TestClient[Any], path: str) -> None:
    assert client.get(path).status_code == 200


def test_every_route_is_a_page_or_public(client: TestClient[Any]) -> None:
    asked = {path.split("?")[0] for path in PAGES + FILES + PUBLIC} | {"/language/en"}
    asked |= SHARED | {"/features/of-nobody.js"}  # tests/unit/web/test_feature_pages.py
    asked |= {"/operator"}  # tests/integration/test_operator_role.py, with an operator's sign-in
    entry = f"/operator/register/{ENTERED}"  # tests/unit/web/test_operator_register.py
    paper = f"{entry}/papers/health-report"
    asked |= {"/operator/register", entry, paper, f"{paper}/pdf", f"{paper}/data"}
    asked |= {f"{entry}/sent/{SENT}", f"{entry}/content"}
    # What is below /api/v1 is no page: tests/unit/web/api asks every route of it.
    patterns = {route.path for route in client.app.routes if not is_asked(route.path)}
    met = {
        pattern
        for pattern in patterns
        for path in asked
        if len(pattern.split("/")) == len(path.split("/"))
        and all(
            one == other or one.startswith("{")
            for one, other in zip(pattern.split("/"), path.split("/"), strict=True)
        )
    }
    assert patterns - met == set()


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("path", [*PAGES, *PUBLIC[:3], "/nothing", f"/patients/{WAITING}?new=yes"])
def test_nothing_on_a_page_runs_or_is_styled_inline(
    client: TestClient[Any], path: str, language: str
) -> None:
    page = Parsed(get(client, path, {"cookie": f"anamnesis_language={language}"}).text)
    scripts = page.all("script")
    assert all("src" in script or script["type"] == "application/json" for script in scripts)
    assert page.all("style") == []
    assert [
        (tag, name)
        for tag, attributes in page.elements
        for name in attributes
        if name == "style" or name.startswith("on")
    ] == []
    addresses = [a.get("href", a.get("src", "")) for _, a in page.elements]
    assert all(not address.startswith(("http:", "https:", "//")) for address in addresses)


@pytest.mark.parametrize("path", [*PAGES, *PUBLIC[:3]])
def test_every_script_and_style_of_a_page_is_served(client: TestClient[Any], path: str) -> None:
    page = Parsed(get(client, path).text)
    wanted = [a["src"] for a in page.all("script") if "src" in a]
    wanted += [a["href"] for a in page.all("link")] + [a["src"] for a in page.all("img")]
    assert [one for one in wanted if client.get(one).status_code != 200] == []


@pytest.mark.parametrize("path", [p for p in PAGES if "part=" not in p] + PUBLIC[:2])
def test_a_page_has_a_title_one_heading_landmarks_and_its_language(
    client: TestClient[Any], path: str
) -> None:
    page = parsed(get(client, path, {"cookie": "anamnesis_language=en"}))
    assert page.all("html") == [{"lang": "en"}]
    assert len(page.all("h1")) == len(page.all("main")) == 1
    assert [t for stack, t in page.texts if stack[-1] == "title"]
    labelled = {a["for"] for a in page.all("label") if "for" in a}
    for tag in ("input", "select", "textarea"):
        fields = [a for a in page.all(tag) if a.get("type") not in ("hidden", "radio")]
        assert all(a in page.in_labels or a["id"] in labelled for a in fields)
    identifiers = [a["id"] for _, a in page.elements if "id" in a]
    assert len(identifiers) == len(set(identifiers))


@pytest.mark.parametrize(
    "path", [p for p in PAGES if PATIENT in p or ENCOUNTER in p or ENTERED in p]
)
def test_another_practice_finds_nothing_there(client: TestClient[Any], path: str) -> None:
    answer = client.get(path, headers=headers(OTHER_PRACTICE))
    assert answer.status_code == 404
    assert "Lefèvre" not in answer.text
    assert "Toux" not in answer.text


@pytest.mark.parametrize("path", ["/", "/?all=yes", "/patients", "/receipts"])
def test_another_practice_lists_nobody(client: TestClient[Any], path: str) -> None:
    assert "Lefèvre" not in parsed(client.get(path, headers=headers(OTHER_PRACTICE))).words()


@pytest.mark.parametrize(
    "path",
    [
        f"/patients/{OTHER_PATIENT}",
        f"/patients/{OTHER_PATIENT}/edit",
        f"/encounters/{OTHER_ENCOUNTER}",
        f"/encounters/{OTHER_ENCOUNTER}/history",
        "/encounters/new?patient=" + PATIENT,
        f"/encounters/{OTHER_ENCOUNTER}?patient=nobody",
        "/patients/nobody?new=yes",
        "/?day=yesterday",
        "/nothing",
        "/static/nothing.js",
        "/static/..%2Fdesk.py",
    ],
)
def test_what_does_not_exist_is_a_page_that_says_so(client: TestClient[Any], path: str) -> None:
    answer = get(client, path)
    assert answer.status_code == 404
    assert "Il n'y a rien ici" in Parsed(answer.text).words()


def test_an_encounter_of_which_the_record_knows_nothing_opens_blank(
    client: TestClient[Any],
) -> None:
    page = parsed(get(client, f"/encounters/{OTHER_ENCOUNTER}?patient={PATIENT}"))
    [note] = [a for tag, a in page.elements if a.get("id") == "note"]
    assert (note["data-version"], note["data-known"]) == ("0", "no")


def test_a_patient_on_the_way_into_the_record_has_a_page_that_says_so(
    client: TestClient[Any],
) -> None:
    page = parsed(get(client, f"/patients/{WAITING}?new=yes"))
    assert "en cours d'enregistrement" in page.words()
    assert page.all("button", data_start_for=WAITING)


def test_the_body_says_to_scripts_who_is_there(client: TestClient[Any]) -> None:
    [body] = parsed(get(client, "/")).all("body")
    assert body["data-practitioner"] == DOCTOR
    assert body["data-practice"] == PRACTICE
    assert body["data-name"] == "Dr Clémence <Martin>"
    assert body["data-language"] == "fr"
    assert body["data-build"]


def test_a_signed_in_page_carries_no_identity_of_somebody_else(client: TestClient[Any]) -> None:
    [body] = parsed(client.get("/", headers=headers(practitioner=LOCUM))).all("body")
    assert body["data-practitioner"] == LOCUM
