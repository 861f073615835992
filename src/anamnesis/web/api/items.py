"""The parts that the description of a route is made of (OpenAPI 3.1)."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from anamnesis.web.api.kind_schemas import REFERENCE
from anamnesis.web.api.questions import UUID

SECURITY: Final[list[dict[str, list[str]]]] = [{"session": []}]
SECURITY_UNSAFE: Final[list[dict[str, list[str]]]] = [{"session": [], "csrf": []}]

Item = dict[str, Any]


def route(
    name: str,
    tag: str,
    summary: str,
    description: str,
    answers: Item,
    refusals: Mapping[int, str],
    *,
    parameters: Sequence[Item] = (),
    body: str = "",
    security: list[dict[str, list[str]]] = SECURITY,
) -> Item:
    """An operation: its answers, how it may be refused, and who may ask."""
    refused = {status: refusals[status] for status in sorted(refusals)}
    refused |= {500: "`internal-error`: unknown."}
    item: Item = {
        "operationId": name,
        "tags": [tag],
        "summary": summary,
        "description": description,
        "parameters": list(parameters),
        "responses": answers | {str(s): answer("Failure", text) for s, text in refused.items()},
        "security": security,
    }
    if body:
        content = {"application/json": {"schema": {"$ref": REFERENCE.format(name=body)}}}
        item["requestBody"] = {"required": True, "content": content}
    return item


def answer(schema: str, description: str) -> Item:
    """An answer whose JSON is of this schema."""
    content = {"application/json": {"schema": {"$ref": REFERENCE.format(name=schema)}}}
    return {"description": description, "content": content}


def json_of(schema: str, description: str = "What was asked for.") -> Item:
    """200, with JSON of this schema."""
    return {"200": answer(schema, description)}


def text() -> Item:
    """200, with plain text."""
    plain = {"text/plain": {"schema": {"type": "string"}}}
    return {"200": {"description": "What was asked for.", "content": plain}}


def in_path(name: str, description: str) -> Item:
    """An identifier in the path."""
    schema = {"type": "string", "pattern": UUID}
    return {
        "name": name,
        "in": "path",
        "required": True,
        "description": description,
        "schema": schema,
    }


def in_query(name: str, description: str, low: int, high: int, *, required: bool = False) -> Item:
    """A whole number in the query."""
    schema = {"type": "integer", "minimum": low, "maximum": high}
    return {
        "name": name,
        "in": "query",
        "required": required,
        "description": description,
        "schema": schema,
    }
