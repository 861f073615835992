"""The interface's document: valid, complete, and true of what is answered and taken."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import jsonschema_rs
import msgspec
import pytest
from litestar.testing import TestClient
from schemathesis.specs.openapi.definitions import OPENAPI_31_VALIDATOR

from anamnesis.clinical.kinds import KINDS
from anamnesis.demonstration.life import Life, Setting
from anamnesis.web.api.application import BEGINNING
from anamnesis.web.api.contents import contents_of, spans
from anamnesis.web.api.kind_schemas import ENTRIES_MAX, entry_title
from anamnesis.web.catalogue import read_catalogues
from tests.architecture.tree import ROOT
from tests.unit.web.api.asking import OURS
from tests.unit.web.api.test_questions import PATTERNS, WRITING, ask, path_of
from tests.unit.web.serving import parsed, serving

WORDS = read_catalogues()["fr"].messages
KEPT_ROUTE = re.compile(r"^\| `(GET|POST|DELETE) (/keep/[^`?]+)", re.MULTILINE)
OTHERWISE_SAID = re.compile(r"`((?:GET|POST) /keep/share[^`]*)`")
CODE = re.compile(r"`([a-z]+(?:-[a-z]+)+|malformed)`")


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient[Any]]:
    with serving(WRITING) as one:
        yield one


@pytest.fixture(scope="module")
def document(client: TestClient[Any]) -> dict[str, Any]:
    found: dict[str, Any] = ask(client, f"{BEGINNING}/openapi.json").json()
    return found


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield method.upper(), path, operation


def validator(document: dict[str, Any], schema: dict[str, Any]) -> Any:
    return jsonschema_rs.Draft202012Validator(
        schema | {"components": document["components"]}, validate_formats=True
    )


def nodes(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
        for value in node.values():
            yield from nodes(value)
    elif isinstance(node, list):
        for value in node:
            yield from nodes(value)


def test_the_document_is_openapi_3_1(document: dict[str, Any]) -> None:
    OPENAPI_31_VALIDATOR.validate(document)
    assert document["openapi"].startswith("3.1.")
    with pytest.raises(jsonschema_rs.ValidationError):
        OPENAPI_31_VALIDATOR.validate(document | {"paths": {"no-slash": {}}})


def test_every_schema_is_one(document: dict[str, Any]) -> None:
    for name in document["components"]["schemas"]:
        validator(document, {"$ref": f"#/components/schemas/{name}"})


def test_every_reference_leads_somewhere_and_every_schema_is_spoken_of(
    document: dict[str, Any],
) -> None:
    schemas = set(document["components"]["schemas"])
    named = {node["$ref"] for node in nodes(document) if isinstance(node.get("$ref"), str)}
    assert {one.rpartition("/")[2] for one in named} == schemas


def test_every_question_is_in_the_document_and_nothing_else(document: dict[str, Any]) -> None:
    asked = {re.sub(r":str", "", pattern) for pattern in PATTERNS}
    assert {path for path in document["paths"] if path.startswith(BEGINNING)} == asked
    names = [operation["operationId"] for _, _, operation in operations(document)]
    assert len(names) == len(set(names))


def test_the_keepers_routes_are_those_of_the_protocol(document: dict[str, Any]) -> None:
    protocol = (ROOT / "docs" / "protocol.md").read_text(encoding="utf-8")
    written = set(KEPT_ROUTE.findall(protocol))
    written |= {tuple(one.split(" ", 1)) for one in OTHERWISE_SAID.findall(protocol)}
    described = {
        (method, path) for method, path, _ in operations(document) if path.startswith("/keep/")
    }
    assert described == written
    assert len(written) >= 15


def test_whatever_is_not_public_names_the_session_and_what_writes_the_token(
    document: dict[str, Any],
) -> None:
    schemes = document["components"]["securitySchemes"]
    assert (schemes["session"]["in"], schemes["csrf"]["in"]) == ("cookie", "header")
    for method, path, operation in operations(document):
        security = operation.get("security", document["security"])
        if not security:
            assert path.startswith("/keep/")
            continue
        assert security == [{"session": []} | ({} if method == "GET" else {"csrf": []})]
        assert "401" in operation["responses"]


def test_every_kind_of_entry_has_a_schema(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    assert set(schemas["Entry"]["discriminator"]["mapping"]) == set(KINDS)
    assert len(schemas["Entry"]["oneOf"]) == len(KINDS)
    for kind in KINDS:
        assert schemas[entry_title(kind)]["properties"]["kind"]["const"] == kind
    assert schemas["Entries"]["properties"]["entries"]["maxItems"] == ENTRIES_MAX


def test_what_is_sent_conforms_to_the_schema_of_its_kind(document: dict[str, Any]) -> None:
    practitioners = tuple(f"0e3f8c1c-0000-8000-8000-00000000000{number}" for number in (2, 3, 4))
    practice = "0e3f8c1c-0000-8000-8000-000000000001"
    first_day = date(2026, 11, 23)
    life = Life(Setting(practice, practitioners, first_day, UTC, "0.1.0", "test", 60))
    valid = {kind: validator(document, _entry(kind)) for kind in KINDS}
    told: set[str] = set()
    for entry in life.until(datetime(2026, 11, 23, 12, tzinfo=UTC)):
        told.add(entry.kind)
        sent = msgspec.to_builtins(entry) | {"content": json.loads(entry.content)}
        valid[entry.kind].validate(sent)
        assert not valid[entry.kind].is_valid(sent | {"sequence": 0})
        assert not valid[entry.kind].is_valid(sent | {"content": {}})
        assert not valid[entry.kind].is_valid(sent | {"more": 1})
    assert len(told) >= 15


def _entry(kind: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{entry_title(kind)}"}


@pytest.mark.parametrize("pattern", PATTERNS)
def test_what_is_answered_conforms_to_its_schema(
    client: TestClient[Any], document: dict[str, Any], pattern: str
) -> None:
    responses = document["paths"][pattern.replace(":str", "")]["get"]["responses"]
    answer = ask(client, path_of(pattern, OURS))
    content = responses["200"]["content"]
    media = content[answer.headers["content-type"]]
    if answer.headers["content-type"] == "application/json":
        validator(document, media["schema"]).validate(answer.json())
        validator(document, media["schema"]).validate(media["example"])
    refused = client.get(path_of(pattern, OURS))
    failure = responses[str(refused.status_code)]["content"]["application/json"]
    validator(document, failure["schema"]).validate(refused.json())


def test_every_example_conforms_to_its_schema(document: dict[str, Any]) -> None:
    seen = 0
    for _, path, operation in operations(document):
        holders = [*operation["responses"].values(), operation.get("requestBody", {})]
        for holder in holders:
            media = holder.get("content", {}).get("application/json")
            if media is not None:
                seen += 1
                assert validator(document, media["schema"]).is_valid(media["example"]), path
    assert seen > 200


def test_every_member_and_parameter_is_described(document: dict[str, Any]) -> None:
    missing = [
        f"{name}.{member}"
        for name, schema in document["components"]["schemas"].items()
        for member, one in schema.get("properties", {}).items()
        if "description" not in one and "$ref" not in one and one != {"type": "null"}
    ]
    assert missing == []
    for _, path, operation in operations(document):
        assert operation["summary"], path
        assert operation["description"], path
        assert all(one["description"] for one in operation.get("parameters", []))


def test_every_tag_is_explained_and_used(document: dict[str, Any]) -> None:
    used = {tag for _, _, operation in operations(document) for tag in operation["tags"]}
    assert used == {tag["name"] for tag in document["tags"]}


def test_every_pattern_is_one_that_javascript_reads_alike(document: dict[str, Any]) -> None:
    patterns = {node["pattern"] for node in nodes(document) if isinstance(node.get("pattern"), str)}
    assert len(patterns) > 5
    assert [one for one in patterns if "\\Z" in one or "\\A" in one or "(?" in one] == []
    assert all(one.startswith("^") and one.endswith("$") for one in patterns)


def test_every_code_of_a_question_has_its_sentence(document: dict[str, Any]) -> None:
    codes = {
        code
        for _, path, operation in operations(document)
        if path.startswith(BEGINNING)
        for status, answer in operation["responses"].items()
        if status != "503"
        for code in CODE.findall(answer["description"])
        if status != "200"
    }
    assert len(codes) >= 8
    assert {code for code in codes if f"api-{code}" not in WORDS} == set()


def test_the_page_shows_every_route_and_every_schema(
    client: TestClient[Any], document: dict[str, Any]
) -> None:
    page = parsed(ask(client, "/api"))
    named = {attributes["id"] for _, attributes in page.elements if "id" in attributes}
    for _, path, operation in operations(document):
        assert f"route-{operation['operationId']}" in named
        assert path in page.words()
    assert {f"schema-{name}" for name in document["components"]["schemas"]} <= named
    inside = [a["href"][1:] for a in page.all("a") if a.get("href", "").startswith("#")]
    assert len(inside) > 200
    assert set(inside) <= named
    assert [a for a in page.all("script") if a.get("src", "").startswith("http")] == []


def test_text_with_marks_is_taken_apart() -> None:
    assert spans("a `b` **c**.") == (
        ("plain", "a "),
        ("code", "b"),
        ("plain", " "),
        ("strong", "c"),
        ("plain", "."),
    )


def test_the_contents_have_an_area_for_each_tag(document: dict[str, Any]) -> None:
    contents = contents_of(document)
    assert [area.name for area in contents.areas] == [tag["name"] for tag in document["tags"]]
    routes = [route for area in contents.areas for route in area.routes]
    assert len(routes) == len(list(operations(document)))
    assert contents.paragraphs
    assert len(contents.items) >= 6
