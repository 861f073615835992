"""What stands in a patient's record beside the notes, in the order a practitioner reads it."""

from dataclasses import dataclass
from typing import Any, Final, Literal

from anamnesis.clinical.resources import COLOURS
from anamnesis.clinical.sections import SECTIONS
from anamnesis.record.resource_model import Resource
from anamnesis.record.store import RecordReader

Widget = Literal["line", "text", "choice", "day", "number"]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form: how it is filled in, and what it may be; `digits` exactly, or none.

    `label` is what it is called where the name alone says too little.
    """

    name: str
    widget: Widget
    needed: bool = False
    choices: tuple[str, ...] = ()
    digits: int = 0
    label: str = ""

    @property
    def called(self) -> str:
        """Under which word it stands."""
        return self.label or self.name


def _choice(name: str, *choices: str) -> Field:
    return Field(name, "choice", choices=choices)


FORMS: Final[dict[str, tuple[Field, ...]]] = {
    "allergy": (
        Field("substance", "line", needed=True),
        _choice("category", "allergy", "intolerance"),
        _choice("severity", "unknown", "mild", "moderate", "severe"),
        Field("reaction", "line"),
        Field("onset", "day"),
        _choice("status", "active", "inactive", "refuted"),
        Field("note", "text"),
    ),
    "condition": (
        Field("text", "line", needed=True),
        _choice("category", "problem", "personal", "surgical", "family"),
        Field("relative", "line"),
        Field("onset", "day"),
        _choice("status", "active", "inactive", "resolved"),
        Field("code", "line"),
        Field("note", "text"),
    ),
    "medication": (
        Field("name", "line", needed=True, label="medication"),
        Field("dosage", "line"),
        Field("reason", "line"),
        Field("started", "day"),
        Field("stopped", "day"),
        _choice("status", "active", "completed", "stopped"),
        Field("note", "text"),
    ),
    "immunization": (
        Field("vaccine", "line", needed=True),
        Field("date", "day"),
        Field("dose", "line"),
        Field("lot", "line"),
        Field("site", "line"),
        Field("note", "text"),
    ),
}
"""The fields of each type, in the order of its form; their names are those of the content."""

SETTINGS: Final[dict[str, tuple[Field, ...]]] = {
    "letterhead": (
        Field("name", "line", needed=True),
        Field("qualifications", "text"),
        Field("rpps", "line", digits=11),
        Field("am", "line", digits=9),
        Field("practice", "line"),
        Field("address", "text"),
        Field("telephone", "line"),
        Field("email", "line"),
    ),
    "template": (
        Field("name", "line", needed=True),
        *(Field(f"sections.{name}", "text") for name in SECTIONS),
        _choice("shared", "no", "yes"),
    ),
    "snippet": (
        Field("abbreviation", "line", needed=True),
        Field("text", "text", needed=True),
        _choice("shared", "no", "yes"),
    ),
    "document-template": (
        Field("name", "line", needed=True),
        _choice("type", "letter", "certificate", "prescription"),
        Field("title", "line"),
        Field("body", "text"),
        _choice("shared", "no", "yes"),
    ),
    "appointment-type": (
        Field("name", "line", needed=True),
        Field("minutes", "number", needed=True),
        _choice("colour", *COLOURS),
    ),
}
"""The same for what a practitioner chooses for themselves; `shared` with the practice."""

_SEVERITIES: Final = ("severe", "moderate", "mild", "unknown")


@dataclass(frozen=True, slots=True)
class Group:
    """What stands under one heading; `past` is folded away."""

    name: str
    type: str
    current: list[Resource]
    past: list[Resource]
    preset: str = ""


@dataclass(frozen=True, slots=True)
class RecordView:
    """Everything that stands, allergies first."""

    allergies: list[Resource]
    groups: list[Group]


def record_view(resources: list[Resource]) -> RecordView:
    """Sorts a patient's resources; what was entered in error is on its own page only."""
    standing = [one for one in resources if one.withdrawn is None]
    allergies = _active(standing, "allergy")
    allergies.sort(key=lambda one: _SEVERITIES.index(one.content["severity"]))
    of_type = {type_: [one for one in standing if one.type == type_] for type_ in FORMS}
    groups = [_group("allergy", "allergy", of_type["allergy"])]
    groups += [
        _group(name, "condition", _of_category(of_type["condition"], name), name)
        for name in ("problem", "personal", "surgical", "family")
    ]
    groups += [_group(type_, type_, of_type[type_]) for type_ in ("medication", "immunization")]
    return RecordView(allergies, groups)


def _group(name: str, type_: str, members: list[Resource], preset: str = "") -> Group:
    by_day = sorted(members, key=lambda one: _day(one.content), reverse=True)
    # What somebody once had stays in sight: only a problem or a treatment comes to an end.
    ends = name not in ("personal", "surgical", "family")
    current = [one for one in by_day if not ends or one.content.get("status", "active") == "active"]
    return Group(name, type_, current, [one for one in by_day if one not in current], preset)


def _of_category(conditions: list[Resource], category: str) -> list[Resource]:
    return [one for one in conditions if one.content["category"] == category]


def _active(resources: list[Resource], type_: str) -> list[Resource]:
    return [one for one in resources if one.type == type_ and one.content["status"] == "active"]


def _day(content: dict[str, Any]) -> str:
    return str(content.get("date") or content.get("started") or content.get("onset") or "")


def fields_of(type: str) -> tuple[Field, ...]:
    """The fields of a type's form; none if it has no form."""
    return FORMS.get(type) or SETTINGS.get(type) or ()


def value_of(content: dict[str, Any], name: str) -> Any:  # noqa: ANN401 -- a content's member
    """The member of a content that a field is called by; `a.b` is b inside of a."""
    found: Any = content
    for part in name.split("."):
        found = found[part]
    return found


def flat(content: dict[str, Any], fields: tuple[Field, ...]) -> dict[str, Any]:
    """A content's members by the names of the fields of its form."""
    return {field.name: value_of(content, field.name) for field in fields}


def title_of(resource: Resource) -> str:
    """How a resource is called in one line."""
    first = fields_of(resource.type)[0].name
    return str(resource.content[first])


@dataclass(frozen=True, slots=True)
class Change:
    """One version of a resource: which fields it changed, from and to."""

    version: Resource
    fields: list[tuple[str, str, str]]


def changes_of(versions: list[Resource]) -> list[Change]:
    """Each version with what it changed, the newest first; the first one changes nothing."""
    found: list[Change] = []
    before: dict[str, Any] = {}
    for version in versions:
        fields = [
            (
                field.called,
                str(value_of(before, field.name)),
                str(value_of(version.content, field.name)),
            )
            for field in fields_of(version.type)
            if before and value_of(before, field.name) != value_of(version.content, field.name)
        ]
        found.append(Change(version, fields))
        before = version.content
    return found[::-1]


def models_of(
    reader: RecordReader, practice: str, practitioner: str
) -> dict[str, list[dict[str, Any]]]:
    """The contents of the templates and snippets that a practitioner may use."""
    return {
        f"{type_}s": [
            one.content
            for one in reader.practice_resources(practice, type_)
            if one.author == practitioner or one.content["shared"]
        ]
        for type_ in ("template", "snippet")
    }
