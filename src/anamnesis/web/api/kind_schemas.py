"""The schema of an entry on the wire, one for each kind, made from the kinds themselves."""

from typing import Any, Final

import msgspec

from anamnesis.access.rights import KEEPER_ONLY_KINDS
from anamnesis.clinical.composition import NOTE_TEXT_KINDS
from anamnesis.clinical.kinds import KINDS, SEQUENCE_MAX, Kind
from anamnesis.web.api.questions import DIGEST, INSTANT, UUID

REFERENCE: Final = "#/components/schemas/{name}"
ENTRIES_MAX: Final = 64  # of one request
FEATURES_MAX: Final = 64  # names in one entry

Schema = dict[str, Any]

_ID: Schema = {"type": "string", "pattern": UUID}
_NOBODY: Schema = {"type": "null"}
_DIGEST: Schema = {"type": "string", "pattern": DIGEST}
_LABEL: Schema = {"type": "string", "pattern": "^[!-~]{1,64}$"}
_INSTANT: Schema = {
    "type": "string",
    "pattern": INSTANT,
    "format": "date-time",
}


def entry_schemas() -> dict[str, Schema]:
    """`Entry`, what it is one of, and the contents, by name."""
    contents = [kind.content for kind in KINDS.values()]
    _, found = msgspec.json.schema_components(contents, ref_template=REFERENCE)
    schemas: dict[str, Schema] = dict(found)
    mapping: dict[str, str] = {}
    for name, kind in sorted(KINDS.items(), key=lambda named: named[0] in KEEPER_ONLY_KINDS):
        title = entry_title(name)
        schemas[title] = _entry(name, kind)
        mapping[name] = REFERENCE.format(name=title)
    schemas["Entry"] = {
        "title": "Entry",
        "description": "One thing a practitioner did. `kind` says what its content is.",
        "oneOf": [{"$ref": reference} for reference in mapping.values()],
        "discriminator": {"propertyName": "kind", "mapping": mapping},
    }
    schemas["Entries"] = {
        "title": "Entries",
        "description": "What one request sends.",
        "type": "object",
        "properties": {
            "entries": {
                "type": "array",
                "items": {"$ref": REFERENCE.format(name="Entry")},
                "maxItems": ENTRIES_MAX,
            }
        },
        "required": ["entries"],
    }
    return schemas


def entry_title(kind: str) -> str:
    """What the schema of this kind is called: `note.write` is `NoteWriteEntry`."""
    return "".join(part.capitalize() for part in kind.replace(".", "-").split("-")) + "Entry"


def _entry(name: str, kind: Kind) -> Schema:
    properties: dict[str, Schema] = {
        "id": _ID,
        "kind": {"const": name},
        "practice": _ID,
        "author": _ID,
        "patient": _ID if kind.patient == "yes" else _NOBODY,
        "encounter": _about(kind),
        "device": _ID,
        "sequence": {"type": "integer", "minimum": 1, "maximum": SEQUENCE_MAX},
        "base": {"anyOf": [_DIGEST, _NOBODY]} if name in NOTE_TEXT_KINDS else _NOBODY,
        "build": _LABEL,
        "features": {"type": "array", "items": _LABEL, "maxItems": FEATURES_MAX},
        "typed_at": _INSTANT,
        "content": {"$ref": REFERENCE.format(name=kind.content.__name__)},
        "digest": _DIGEST,
    }
    only = " Only the operator's commands write it." if name in KEEPER_ONLY_KINDS else ""
    return {
        "title": entry_title(name),
        "description": f"`{name}`.{only}",
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _about(kind: Kind) -> Schema:
    if kind.encounter == "either":
        return {"anyOf": [_ID, _NOBODY]}
    return _ID if kind.encounter == "yes" else _NOBODY
