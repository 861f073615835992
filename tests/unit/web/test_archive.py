"""A patient's archive: everything there is, for people and for programs, and nothing of others."""

import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from litestar.testing import TestClient

from anamnesis.web.archive.packing import zipped
from tests.unit.record.making import ENCOUNTER, OTHER_PRACTICE, PATIENT, text
from tests.unit.web.serving import full_practice, get, headers, serving

_REQUIRED = {
    "Patient": {"name", "gender"},
    "Practitioner": {"name"},
    "Organization": {"name"},
    "Encounter": {"status", "class", "subject", "period"},
    "Composition": {"status", "type", "date", "author", "title", "subject", "encounter"},
    "Provenance": {"target", "recorded", "agent"},
    "Observation": {"status", "code", "subject", "effectiveDateTime"},
    "Appointment": {"status", "participant", "start"},
    "DocumentReference": {"status", "content", "subject"},
    "AllergyIntolerance": {"patient", "code"},
    "Condition": {"subject", "code"},
    "MedicationStatement": {"status", "medicationCodeableConcept", "subject"},
    "Immunization": {"status", "vaccineCode", "patient"},
}
"""What each type must have in FHIR R4, and what this record always knows."""


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient[Any]]:
    writing = full_practice()
    signed = text("Toux grasse", conclusion="Bronchite")
    writing.note("sign", {"digest": signed.digest()})
    with serving(writing) as one:
        yield one


@pytest.fixture(scope="module")
def opened(client: TestClient[Any]) -> zipfile.ZipFile:
    answer = get(client, f"/patients/{PATIENT}/archive")
    assert answer.status_code == 200
    assert answer.headers["content-disposition"].startswith("attachment")
    return zipfile.ZipFile(io.BytesIO(answer.content))


@pytest.fixture(scope="module")
def resources(opened: zipfile.ZipFile) -> list[dict[str, Any]]:
    bundle = json.loads(opened.read("fhir-r4.json"))
    assert (bundle["resourceType"], bundle["type"]) == ("Bundle", "collection")
    assert all(e["fullUrl"] == f"urn:uuid:{e['resource']['id']}" for e in bundle["entry"])
    return [entry["resource"] for entry in bundle["entry"]]


def references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("reference"), str):
            yield node["reference"]
        for value in node.values():
            yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


def empties(node: Any) -> Iterator[Any]:
    if node in (None, "", [], {}):
        yield node
    for value in (
        node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    ):
        yield from empties(value)


def test_the_readable_part_has_every_version_and_needs_nothing_else(
    opened: zipfile.ZipFile,
) -> None:
    assert opened.testzip() is None
    page = opened.read("dossier.html").decode()
    for said in ("Lefèvre", "Toux sèche", "Toux grasse", "Bronchite", "presque 4", "Repos"):
        assert said in page
    assert "<script" not in page
    assert "<link" not in page
    assert "http:" not in page.replace("http://www.w3.org", "")


def test_it_is_read_in_english_too(client: TestClient[Any]) -> None:
    answer = get(client, f"/patients/{PATIENT}/archive", {"cookie": "anamnesis_language=en"})
    page = zipfile.ZipFile(io.BytesIO(answer.content)).read("record.html").decode()
    assert '<html lang="en">' in page
    assert "Who looked at this record" in page


def test_every_type_has_what_fhir_asks_of_it(resources: list[dict[str, Any]]) -> None:
    assert set(_REQUIRED) == {one["resourceType"] for one in resources}
    for one in resources:
        assert _REQUIRED[one["resourceType"]] - one.keys() == set(), one["resourceType"]
        assert list(empties(one)) == []


def test_every_reference_of_the_bundle_leads_to_one_resource_of_it(
    resources: list[dict[str, Any]],
) -> None:
    names = [f"urn:uuid:{one['id']}" for one in resources]
    assert len(names) == len(set(names))
    assert set(references(resources)) - set(names) == set()


def test_every_version_of_a_note_is_a_composition_that_replaces_the_one_before(
    resources: list[dict[str, Any]],
) -> None:
    first, second = [one for one in resources if one["resourceType"] == "Composition"]
    assert "Toux sèche" in first["section"][0]["text"]["div"]
    assert (first["status"], second["status"]) == ("preliminary", "final")
    [replaced] = second["relatesTo"]
    assert replaced["targetReference"]["reference"] == f"urn:uuid:{first['id']}"
    assert second["encounter"]["reference"] == f"urn:uuid:{ENCOUNTER}"
    made = [one["target"][0] for one in resources if one["resourceType"] == "Provenance"]
    assert [one["reference"] for one in made] == [f"urn:uuid:{c['id']}" for c in (first, second)]


def test_a_number_stays_as_it_was_typed_and_what_is_none_is_a_text(
    opened: zipfile.ZipFile, resources: list[dict[str, Any]]
) -> None:
    said = [one for one in resources if one["resourceType"] == "Observation"]
    assert [one.get("valueQuantity", {}).get("value") for one in said] == [3.2, 3400, None]
    assert said[2]["valueString"] == "presque 4 kg"
    assert b'"value":3.2,' in opened.read("fhir-r4.json")


def test_another_practice_gets_nothing(client: TestClient[Any]) -> None:
    answer = client.get(f"/patients/{PATIENT}/archive", headers=headers(OTHER_PRACTICE))
    assert answer.status_code == 404
    assert b"Toux" not in answer.content


def test_an_archive_that_was_broken_off_does_not_open() -> None:
    whole = list(zipped([("a", [b"one", b"two"]), ("b", [b"three"])]))
    assert zipfile.ZipFile(io.BytesIO(b"".join(whole))).read("a") == b"onetwo"
    with pytest.raises(zipfile.BadZipFile):
        zipfile.ZipFile(io.BytesIO(b"".join(whole[:-1])))
