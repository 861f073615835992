"""Examples of whole objects, made from the examples of their members."""

from typing import Any

Schema = dict[str, Any]

_BY_TYPE: dict[str, Any] = {
    "string": "",
    "integer": 1,
    "number": 1,
    "boolean": False,
    "null": None,
    "object": {},
}


def example_of(schema: Schema, schemas: dict[str, Schema]) -> Any:  # noqa: ANN401 -- any JSON
    """Something that `schema` describes; null where it may be that and nobody said otherwise."""
    if "$ref" in schema:
        return example_of(schemas[schema["$ref"].rpartition("/")[2]], schemas)
    for given in ("const", "examples", "enum"):
        if schema.get(given):
            return schema[given] if given == "const" else schema[given][0]
    for several in ("oneOf", "anyOf", "allOf"):
        choices: list[Schema] = schema.get(several, [])
        if choices:
            return None if {"type": "null"} in choices else example_of(choices[0], schemas)
    return _of_members(schema, schemas)


def _of_members(schema: Schema, schemas: dict[str, Schema]) -> Any:  # noqa: ANN401 -- any JSON
    if "properties" in schema:
        wanted: list[str] = schema.get("required", [])
        return {
            name: example_of(member, schemas)
            for name, member in schema["properties"].items()
            if name in wanted
        }
    if schema.get("type") == "array":
        one = example_of(schema.get("items", {}), schemas)
        return [one] if isinstance(one, dict) else []
    return _BY_TYPE.get(str(schema.get("type")))
