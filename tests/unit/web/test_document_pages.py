"""The pages of documents: what each shows, to whom, and what it never gives away."""

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pypdf
import pytest
from litestar.testing import TestClient

from tests.unit.clinical.contents import PART, PDF, UPLOAD
from tests.unit.record.making import (
    DOCTOR,
    ENCOUNTER,
    LOCUM,
    OTHER_PATIENT,
    OTHER_PRACTICE,
    PATIENT,
    Writing,
    uuid,
)
from tests.unit.web.printing.papers import DOCUMENT, document, line
from tests.unit.web.serving import get, headers, parsed, serving

HERE = f"/patients/{PATIENT}/documents"
ONE = f"{HERE}/{DOCUMENT}"
TEMPLATE, COLLEAGUES_TEMPLATE = uuid(0xD0002), uuid(0xD0003)
UNWRITTEN = uuid(0xD0009)
ALLERGY, TREATMENT = uuid(0xD000A), uuid(0xD000B)


def issued(writing: Writing, version: int, digest: str) -> None:
    content = {"document": DOCUMENT, "version": version, "digest": digest}
    writing.send("document.issue", content, patient=PATIENT)


def written() -> Writing:
    """A prescription in three versions, the second one issued."""
    writing = Writing().begun()
    lines = [line("Amoxicilline 1 g", dose="1 comprimé"), line("Metformine", ald=True, renewals=2)]
    for number, body in enumerate(("Repos.", "Repos, hydratation.", "<b>Repos</b>"), 1):
        sent = writing.send(
            "document.write", document(lines=lines, body=body), patient=PATIENT, encounter=ENCOUNTER
        )
        if number == 2:
            issued(writing, 2, sent.entry.digest)
    return writing


@contextmanager
def served(writing: Writing | None = None) -> Iterator[TestClient[Any]]:
    with serving(writing or written()) as client:
        yield client


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient[Any]]:
    with served() as one:
        yield one


def fields(page: Any) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for attributes in page.all("input"):
        found.setdefault(attributes.get("name", ""), []).append(attributes.get("value", ""))
    return found


def test_a_document_is_shown_as_it_is_now_and_says_which_version_is_issued(
    client: TestClient[Any],
) -> None:
    page = parsed(get(client, ONE))
    [root] = page.all("div", id="note")
    assert (root["data-version"], root["data-issued"]) == ("3", "2")
    # A blank model of a line comes after them.
    assert fields(page)["drug"] == ["Amoxicilline 1 g", "Metformine", ""]
    assert "<b>Repos</b>" in page.words()
    assert "Corrigé depuis" in page.words()
    assert [a["href"] for a in page.all("a") if "/pdf" in a["href"]] == [f"{ONE}/pdf?version=2"]


def test_an_issued_version_is_not_typed_over_by_accident() -> None:
    writing = Writing().begun()
    sent = writing.send("document.write", document(body="Repos."), patient=PATIENT)
    issued(writing, 1, sent.entry.digest)
    with served(writing) as client:
        page = parsed(get(client, ONE))
    fields = [
        one for one in page.all("fieldset") if one["class"] in {"document-fields", "lines-set"}
    ]
    assert fields != []
    assert all("disabled" in one for one in fields)
    assert page.all("button", data_do="correct") != []


def test_what_was_entered_in_error_says_why_and_takes_nothing_more() -> None:
    writing = written()
    error = {"resource": DOCUMENT, "reason": "mauvais patient"}
    writing.send("resource.enter-in-error", error, patient=PATIENT)
    with served(writing) as client:
        page, listed = parsed(get(client, ONE)), parsed(get(client, HERE))
        versions = parsed(get(client, f"{ONE}/versions"))
    assert "mauvais patient" in page.words()
    assert page.all("script", src="/static/document-form.js") == []
    assert [button for button in page.all("button") if "data-do" in button] == []
    assert "saisie par erreur" in listed.words().lower()
    assert versions.all("button", data_restore="1") == []


def test_a_new_document_gets_an_address_that_a_reload_comes_back_to(
    client: TestClient[Any],
) -> None:
    answer = get(client, f"{HERE}/new?type=letter&encounter={ENCOUNTER}")
    assert answer.status_code in (302, 303)
    address = answer.headers["location"]
    assert re.fullmatch(rf"{HERE}/[0-9a-f-]{{36}}\?type=letter&encounter={ENCOUNTER}", address)
    page = parsed(get(client, address))
    [root] = page.all("div", id="note")
    assert (root["data-version"], root["data-digest"]) == ("0", "")
    assert (root["data-encounter"], root["data-known"]) == (ENCOUNTER, "yes")
    assert page.all("textarea", name="recipient") != []
    assert all("hidden" in one for one in page.all("button", data_do="enter-in-error"))


def test_a_document_of_an_encounter_not_yet_begun_knows_it(client: TestClient[Any]) -> None:
    address = f"{HERE}/{UNWRITTEN}?type=prescription&encounter={UNWRITTEN}"
    [root] = parsed(get(client, address)).all("div", id="note")
    assert root["data-known"] == "no"


@pytest.mark.parametrize(
    "path",
    [
        f"{HERE}/new",
        f"{HERE}/new?type=upload",
        f"{HERE}/new?type=anything",
        f"{HERE}/{UNWRITTEN}",
        f"{HERE}/{UNWRITTEN}?type=upload",
        f"{HERE}/nothing?type=letter",
        f"{HERE}/{UNWRITTEN}/pdf",
        f"{HERE}/{UNWRITTEN}/versions",
        f"{ONE}/pdf?version=4",
        f"{ONE}/page?version=3&number=0",
        f"{ONE}/page?version=3&number=2",
        f"/patients/{OTHER_PATIENT}/documents",
        f"/patients/{OTHER_PATIENT}/documents/{DOCUMENT}",
        f"/patients/{OTHER_PATIENT}/documents/{DOCUMENT}/pdf",
    ],
)
def test_what_there_is_not_is_not_found(client: TestClient[Any], path: str) -> None:
    assert get(client, path).status_code == 404


@pytest.mark.parametrize("part", ["", "/pdf", "/preview", "/page", "/versions"])
def test_nobody_of_another_practice_sees_a_document(client: TestClient[Any], part: str) -> None:
    stranger = headers(OTHER_PRACTICE, LOCUM)
    assert client.get(ONE + part, headers=stranger).status_code == 404
    assert client.get(ONE + part).status_code == 401
    assert get(client, ONE + part).status_code == 200


def test_another_patients_document_is_not_this_ones() -> None:
    writing = written()
    writing.patient(OTHER_PATIENT)
    with served(writing) as client:
        for part in ("", "/pdf", "/preview", "/page", "/versions"):
            path = f"/patients/{OTHER_PATIENT}/documents/{DOCUMENT}{part}"
            assert get(client, path).status_code == 404


def test_the_pdf_is_the_issued_version_unless_another_is_asked_for(
    client: TestClient[Any],
) -> None:
    answer = get(client, f"{ONE}/pdf")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-disposition"] == (
        "inline; filename*=UTF-8''Ordonnance%20du%2023%20novembre%202026.pdf"
    )
    assert "hydratation" in _text(answer.content)
    assert "Brouillon" not in _text(answer.content)
    assert "Brouillon" in _text(get(client, f"{ONE}/pdf?version=3").content)


def test_what_cannot_be_printed_is_said_in_a_sentence() -> None:
    writing = Writing().begun()
    writing.send("document.write", document(body="Merci 😀"), patient=PATIENT)
    with served(writing) as client:
        page, preview = get(client, f"{ONE}/pdf"), get(client, f"{ONE}/preview")
        assert get(client, f"{ONE}/page").status_code == 404
    assert page.status_code == 422
    assert "😀" in page.text
    assert 'data-printable="no"' in preview.text
    assert "😀" in preview.text


def test_the_preview_shows_each_page_and_what_the_record_has_now(client: TestClient[Any]) -> None:
    page = parsed(get(client, f"{ONE}/preview?version=1"))
    [facts] = page.all("div", data_printable="yes")
    assert facts["data-current-version"] == "3"
    [image] = page.all("img")
    picture = get(client, image["src"])
    assert picture.headers["content-type"] == "image/svg+xml"
    assert "Une version plus récente (3)" in page.words()


def test_the_list_has_every_document_newest_first_and_its_shares() -> None:
    writing = written()
    older = document("certificate", title="Certificat d’avant", date="2024-01-01", body="x")
    writing.send("document.write", older | {"id": UNWRITTEN}, patient=PATIENT)
    share = {
        "id": uuid(0xD000C),
        "document": DOCUMENT,
        "version": 2,
        "audience": "patient",
        "to_practice": None,
        "to_practitioner": None,
        "link": "a" * 64,
        "secret": "b" * 64,
        "expires_at": "2026-12-23T15:00:00.000Z",
        "message": "",
    }
    writing.send("document.share", share, patient=PATIENT)
    late = share | {"id": uuid(0xD000D), "expires_at": "2026-11-20T15:00:00.000Z"}
    writing.send("document.share", late, patient=PATIENT)
    with served(writing) as client:
        said = parsed(get(client, HERE)).words()
    assert said.index("23/11/2026") < said.index("Certificat d’avant")
    assert "1 partage" in said
    assert "3 versions" in said


def test_versions_say_what_changed_and_can_be_brought_back(client: TestClient[Any]) -> None:
    page = parsed(get(client, f"{ONE}/versions?every=yes"))
    assert [one["id"] for one in page.all("li", **{"class": "card sitting"})] == [
        "version-3",
        "version-2",
        "version-1",
    ]
    assert "ajouté hydratation" in page.words() or "hydratation" in page.words()
    assert "Metformine · À renouveler 2 fois · ALD" in page.words()
    assert [b["data-restore"] for b in page.all("button") if "data-restore" in b] == ["2", "1"]


def test_versions_written_in_one_go_stand_together_up_to_the_one_issued(
    client: TestClient[Any],
) -> None:
    page = parsed(get(client, f"{ONE}/versions"))
    assert [one["id"] for one in page.all("li", **{"class": "card sitting"})] == [
        "version-3",
        "version-2",
    ]


def with_templates() -> Writing:
    writing = written()
    shown = {
        "name": "Angine",
        "shared": False,
        "type": "prescription",
        "title": "Ordonnance",
        "body": "Repos.",
        "lines": [line("Amoxicilline 1 g")],
    }
    writing.send("document-template.write", {"id": TEMPLATE, **shown})
    writing.send(
        "document-template.write",
        {"id": COLLEAGUES_TEMPLATE, **shown, "name": "Du confrère"},
        author=LOCUM,
    )
    return writing


def test_a_template_is_offered_and_inserted_only_when_chosen() -> None:
    with served(with_templates()) as client:
        offered = parsed(get(client, f"{HERE}/{UNWRITTEN}?type=prescription"))
        chosen = parsed(get(client, f"{HERE}/{UNWRITTEN}?type=prescription&template={TEMPLATE}"))
        letter = parsed(get(client, f"{HERE}/{UNWRITTEN}?type=letter&template={TEMPLATE}"))
    assert "Angine" in offered.words()
    assert "Du confrère" not in offered.words()
    assert fields(offered)["drug"] == ["", ""]
    assert fields(chosen)["drug"] == ["Amoxicilline 1 g", ""]
    assert "Angine" not in letter.words()


def test_allergies_are_in_sight_and_treatments_at_hand_while_prescribing() -> None:
    writing = written()
    allergy = {
        "id": ALLERGY,
        "category": "allergy",
        "substance": "Pénicilline",
        "severity": "severe",
        "reaction": "Choc",
        "onset": "",
        "status": "active",
        "note": "",
    }
    treatment = {
        "id": TREATMENT,
        "name": "Metformine 1000 mg",
        "dosage": "",
        "reason": "",
        "started": "",
        "stopped": "",
        "status": "active",
        "note": "",
    }
    writing.send("allergy.write", allergy, patient=PATIENT)
    writing.send("medication.write", treatment, patient=PATIENT)
    with served(writing) as client:
        page = parsed(get(client, ONE))
    assert "Pénicilline (Choc)" in page.words()
    assert page.all("option", value="Metformine 1000 mg") != []


def test_the_encounters_page_leads_to_a_new_document(client: TestClient[Any]) -> None:
    page = parsed(get(client, f"/encounters/{ENCOUNTER}"))
    wanted = f"/patients/{PATIENT}/documents/new?type=prescription&encounter={ENCOUNTER}"
    assert page.all("a", href=wanted) != []


def test_a_drug_not_yet_named_is_shown_as_blank() -> None:
    writing = Writing().begun()
    lines = [line("—", dose="1 comprimé")]
    writing.send("document.write", document(lines=lines), patient=PATIENT, author=DOCTOR)
    with served(writing) as client:
        assert fields(parsed(get(client, ONE)))["drug"] == ["", ""]


def _text(pdf: bytes) -> str:
    return " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)


def test_an_uploaded_file_is_named_and_downloaded_never_opened_in_the_page() -> None:
    writing = Writing().begun()
    writing.send("file.part", PART, patient=PATIENT)
    writing.send("document.write", UPLOAD | {"id": DOCUMENT}, patient=PATIENT)
    with served(writing) as client:
        page = parsed(get(client, ONE))
        address = f"/api/v1{ONE}/file"
        file = get(client, address)
    assert "Radio du thorax.pdf" in page.words()
    assert page.all("a", href=address) != []
    assert page.all("iframe") + page.all("embed") + page.all("object") == []
    assert file.content == PDF
    assert file.headers["content-disposition"].startswith("attachment")
