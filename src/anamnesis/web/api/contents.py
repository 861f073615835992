"""The document laid out for a reader: areas, routes, and the schemas they speak of."""

import json
import re
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from anamnesis.clinical.kinds import SEQUENCE_MAX
from anamnesis.web.api.questions import DAY, DIGEST, INSTANT, UUID

_NAMED: Final = {UUID: "identifier", DIGEST: "digest", INSTANT: "instant", DAY: "day"}
_MARKED: Final = re.compile(r"`([^`]*)`|\*\*([^*]*)\*\*")

Schema = dict[str, Any]


class Span(NamedTuple):
    """A piece of text: `plain`, `code`, `strong`, or the name of a `schema` to go to."""

    kind: str
    text: str


Spans = tuple[Span, ...]


class Parameter(NamedTuple):
    """A parameter in the path or the query."""

    name: str
    place: str
    required: bool
    type: Spans
    description: Spans


class Answer(NamedTuple):
    """One way a route answers."""

    status: str
    type: Spans
    description: Spans


class Route(NamedTuple):
    """One method of one path."""

    name: str
    method: str
    path: str
    summary: str
    description: Spans
    is_public: bool
    needs_token: bool
    parameters: tuple[Parameter, ...]
    body: Spans
    answers: tuple[Answer, ...]
    example: str


class Area(NamedTuple):
    """The routes of one matter."""

    name: str
    anchor: str
    description: Spans
    routes: tuple[Route, ...]


class Member(NamedTuple):
    """A member of a schema."""

    name: str
    required: bool
    type: Spans
    description: Spans


class Described(NamedTuple):
    """A schema."""

    name: str
    description: Spans
    members: tuple[Member, ...]


class Contents(NamedTuple):
    """Everything that the page shows, in its order."""

    version: str
    paragraphs: tuple[Spans, ...]
    items: tuple[Spans, ...]
    areas: tuple[Area, ...]
    schemas: tuple[Described, ...]


def contents_of(document: Schema) -> Contents:
    """The document laid out."""
    lines = document["info"]["description"].splitlines()
    routes = list(_routes(document))
    areas = [
        Area(
            tag["name"],
            "area-" + tag["name"].lower().replace(" ", "-"),
            spans(tag["description"]),
            tuple(route for name, route in routes if name == tag["name"]),
        )
        for tag in document["tags"]
    ]
    schemas = document["components"]["schemas"]
    return Contents(
        document["info"]["version"],
        tuple(spans(line) for line in lines if line and not line.startswith("- ")),
        tuple(spans(line[2:]) for line in lines if line.startswith("- ")),
        tuple(area for area in areas if area.routes),
        tuple(_described(name, schemas[name]) for name in sorted(schemas)),
    )


def spans(text: str) -> Spans:
    """Text with `code` and **strong** words in it, taken apart."""
    found: list[Span] = []
    end = 0
    for marked in _MARKED.finditer(text):
        found.append(Span("plain", text[end : marked.start()]))
        code, strong = marked.groups()
        found.append(Span("code", code) if code is not None else Span("strong", strong))
        end = marked.end()
    found.append(Span("plain", text[end:]))
    return tuple(span for span in found if span.text)


def type_of(schema: Schema) -> Spans:
    """What a value of `schema` is, in a few words."""
    if "$ref" in schema:
        return (Span("schema", schema["$ref"].rpartition("/")[2]),)
    if "const" in schema:
        return (Span("code", json.dumps(schema["const"])),)
    if "enum" in schema:
        return _joined([(Span("code", str(one)),) for one in schema["enum"]])
    for several in ("oneOf", "anyOf"):
        if several in schema:
            return _joined([type_of(one) for one in schema[several]])
    if schema.get("type") == "array":
        return (Span("plain", "list of "), *type_of(schema.get("items") or {}))
    named = _NAMED.get(schema.get("pattern", "")) or schema.get("type", "anything")
    return (Span("plain", f"{named}{_bounds(schema)}"),)


def _bounds(schema: Schema) -> str:
    low, high = schema.get("minimum"), schema.get("maximum", SEQUENCE_MAX)
    if low is not None:
        return f" from {low}" + (f" to {high}" if high < SEQUENCE_MAX else "")
    return f", at most {schema['maxLength']} characters" if "maxLength" in schema else ""


def _joined(several: list[Spans]) -> Spans:
    joined: list[Span] = []
    for one in several:
        joined += [Span("plain", " or ")] if joined else []
        joined += one
    return tuple(joined)


def _routes(document: Schema) -> Iterator[tuple[str, Route]]:
    for path, item in document["paths"].items():
        for method, asked in item.items():
            security = asked.get("security", document.get("security", []))
            yield (
                asked["tags"][0],
                Route(
                    asked["operationId"],
                    method.upper(),
                    path,
                    asked["summary"],
                    spans(" ".join(asked.get("description", "").split())),
                    security == [],
                    any("csrf" in one for one in security),
                    tuple(_parameter(one) for one in asked.get("parameters", [])),
                    _of_content(asked.get("requestBody", {})),
                    tuple(
                        Answer(status, _of_content(answer), spans(answer["description"]))
                        for status, answer in sorted(asked["responses"].items())
                    ),
                    _example(asked["responses"]),
                ),
            )


def _parameter(parameter: Schema) -> Parameter:
    return Parameter(
        parameter["name"],
        parameter["in"],
        bool(parameter.get("required")),
        type_of(parameter["schema"]),
        spans(parameter.get("description", "")),
    )


def _of_content(holder: Schema) -> Spans:
    content = holder.get("content", {})
    found: list[Spans] = []
    for media_type, media in content.items():
        is_json = media_type == "application/json"
        found.append(type_of(media["schema"]) if is_json else (Span("code", media_type),))
    return _joined(found)


def _example(answers: Schema) -> str:
    media = answers.get("200", {}).get("content", {}).get("application/json", {})
    if not media.get("example"):
        return ""
    return json.dumps(media["example"], ensure_ascii=False, indent=2)


def _described(name: str, schema: Schema) -> Described:
    required = schema.get("required", [])
    members = tuple(
        Member(member, member in required, type_of(one), spans(one.get("description", "")))
        for member, one in schema.get("properties", {}).items()
    )
    words = " ".join(schema.get("description", "").split())
    said = spans(words) if members else (*spans(f"{words} "), *type_of(schema))
    return Described(name, said, members)
