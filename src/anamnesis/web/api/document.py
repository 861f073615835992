"""The OpenAPI 3.1 document: what Litestar finds in the questions, and the keeper's routes."""

import re
from collections.abc import Callable, Sequence
from typing import Any, Final, TypeAlias, cast

import msgspec
from litestar import Litestar, Router
from litestar.handlers import HTTPRouteHandler
from litestar.openapi import OpenAPIConfig
from litestar.openapi.spec import Components, SecurityScheme

from anamnesis import __version__
from anamnesis.web.api import journal_paths, keeper_paths
from anamnesis.web.api.breach_words import BREACH_PROPERTIES
from anamnesis.web.api.examples import example_of
from anamnesis.web.api.keeper_shapes import SHAPES
from anamnesis.web.api.kind_schemas import REFERENCE, entry_schemas
from anamnesis.web.api.questions import MEDIA_TYPES
from anamnesis.web.api.rights_words import RIGHTS_PROPERTIES
from anamnesis.web.api.words import DESCRIPTION, PROPERTIES, TAGS

TITLE: Final = "Anamnesis"

Document = dict[str, Any]
Node: TypeAlias = Any  # any piece of JSON

_SECURITY = {
    "session": SecurityScheme(
        type="apiKey",
        security_scheme_in="cookie",
        name="anamnesis_session",
        description="The cookie that `POST /keep/session` sets.",
    ),
    "csrf": SecurityScheme(
        type="apiKey",
        security_scheme_in="header",
        name="X-CSRF-Token",
        description="The value of the cookie `anamnesis_csrf`, for everything that is not GET.",
    ),
}
_FAILURE = {"$ref": REFERENCE.format(name="Failure")}
_NAME_PART = re.compile(r"([A-Za-z]+)(?:_|$)")

_WORDS: Final = (
    PROPERTIES | BREACH_PROPERTIES | RIGHTS_PROPERTIES | journal_paths.JOURNAL_PROPERTIES
)


def document(beginning: str, handlers: Sequence[HTTPRouteHandler]) -> Document:
    """The document of these questions, each below `beginning`, and of the keeper's routes."""
    config = OpenAPIConfig(
        title=TITLE,
        version=__version__,
        description=DESCRIPTION,
        components=Components(security_schemes=dict(_SECURITY)),
        security=[{"session": []}],
        use_handler_docstrings=True,
    )
    application = Litestar([Router(beginning, route_handlers=handlers)], openapi_config=config)
    made: Document = application.openapi_schema.to_schema()
    found = _renamed(made)
    _answer_in_bytes(found, handlers)
    schemas = found["components"]["schemas"]
    _, shapes = msgspec.json.schema_components(
        SHAPES + journal_paths.JOURNAL_SHAPES, ref_template=REFERENCE
    )
    schemas |= {name: shape for name, shape in shapes.items() if name not in schemas}
    schemas |= entry_schemas()
    found["paths"] |= keeper_paths.paths() | journal_paths.paths()
    found["tags"] = [{"name": name, "description": text} for name, text in TAGS.items()]
    found = cast("Document", _each(found, _settled))
    for name, schema in found["components"]["schemas"].items():
        _explain(name, schema)
    _exemplify(found)
    return found


def _renamed(found: Document) -> Document:
    """The document with names that a reader would give: `Page_a.b.Patient_` is `PatientPage`."""
    schemas = found["components"]["schemas"]
    names = {key: _name(key) for key in schemas}
    found["components"]["schemas"] = {
        names[key]: schema | {"title": names[key]} for key, schema in sorted(schemas.items())
    }

    def pointed(node: Node) -> Node:
        reference = node.get("$ref", "")
        if not reference.startswith(REFERENCE.format(name="")):
            return node
        return node | {"$ref": REFERENCE.format(name=names[reference.rpartition("/")[2]])}

    return cast("Document", _each(found, pointed))


def _name(key: str) -> str:
    parts = _NAME_PART.findall(key) if "." in key else [key]
    return "".join(reversed(parts))


def _answer_in_bytes(found: Document, handlers: Sequence[HTTPRouteHandler]) -> None:
    """Says of what is no JSON which types it has; an empty schema is any bytes."""
    types = {handler.operation_id: handler.opt.get(MEDIA_TYPES, ()) for handler in handlers}
    for item in found["paths"].values():
        for asked in item.values():
            if types.get(asked["operationId"]):
                asked["responses"]["200"]["content"] = {
                    name: {"schema": {}} for name in types[asked["operationId"]]
                }


def _settled(node: Node) -> Node:
    """What two generators write in two ways, in one: patterns, whole numbers, what may be null."""
    pattern = node.get("pattern")
    if isinstance(pattern, str):
        # ECMA-262 has no \Z, and its $ is the very end.
        node |= {"pattern": pattern.replace(r"\Z", "$")}
    for name in ("minimum", "maximum"):
        if isinstance(node.get(name), float) and node[name].is_integer():
            node |= {name: int(node[name])}
    if node.get("in") in ("query", "path"):
        kept = ("name", "in", "required", "description", "schema")
        node = {name: node[name] for name in kept if name in node}
        node["schema"] = _never_null(node["schema"])
    return node


def _never_null(schema: Document) -> Document:
    """A parameter is left out, and never null."""
    choices = [one for one in schema.get("oneOf", []) if one != {"type": "null"}]
    if len(choices) != 1:
        return schema
    only: Document = choices[0]
    return only | {name: value for name, value in schema.items() if name != "oneOf"}


def _explain(name: str, schema: Document) -> None:
    """Describes the members of a schema: one word means the same wherever it stands."""
    for member, described in schema.get("properties", {}).items():
        said = _WORDS.get(f"{name}.{member}") or _WORDS.get(member)
        if said is None or "$ref" in described or described == {"type": "null"}:
            continue
        described.setdefault("description", said.description)
        if said.example is not None and not {"const", "enum"} & described.keys():
            described.setdefault("examples", [said.example])


def _exemplify(found: Document) -> None:
    """Gives every body and every answer in JSON an example, made from its members'."""
    schemas = found["components"]["schemas"]
    for item in found["paths"].values():
        for asked in item.values():
            bodies = [asked["requestBody"]] if "requestBody" in asked else []
            for holder in [*bodies, *asked["responses"].values()]:
                media = holder.get("content", {}).get("application/json")
                if media is None:
                    continue
                media["example"] = example_of(media["schema"], schemas)
                if media["schema"] == _FAILURE:
                    media["example"] = _failure(holder["description"])


def _failure(description: str) -> Document:
    """A refusal with the first code that the description names."""
    code = description.split("`")[1]
    field = {"field": "limit"} if code == "malformed" else {}
    return {"code": code, "message": "Une phrase pour la personne qui lit."} | field


def _each(node: Node, change: Callable[[Node], Node]) -> Node:
    """`node` with `change` made to every object in it, the innermost first."""
    if isinstance(node, dict):
        return change({name: _each(value, change) for name, value in node.items()})
    if isinstance(node, list):
        return [_each(value, change) for value in node]
    return node
