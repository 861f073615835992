"""Resources: what is written whole under an id of its own, with all its versions."""

from collections.abc import Sequence
from typing import Any, Generic, TypeAlias, TypeVar

import msgspec
from litestar.handlers import HTTPRouteHandler

from anamnesis.clinical.resources import (
    Allergy,
    AppointmentType,
    Condition,
    DocumentTemplate,
    Immunization,
    Letterhead,
    Medication,
    Snippet,
    Template,
)
from anamnesis.record.resource_model import Resource as RecordResource
from anamnesis.web.api.questions import (
    Asking,
    Digest,
    Id,
    Instant,
    Page,
    PatientId,
    ResourceId,
    Version,
    every,
    question,
    shown,
)
from anamnesis.web.api.refusals import ApiRefused
from anamnesis.web.desk import Desk

Content = TypeVar("Content")
Shape: TypeAlias = Any  # a `Resource` of one content


class Written(msgspec.Struct, frozen=True):
    """Who wrote one version of a resource, and when.

    `withdrawn` is the reason it was entered in error, empty when it was retired, null while it
    stands.
    """

    resource: Id
    patient: Id | None
    encounter: Id | None
    version: Version
    digest: Digest
    entry: Id
    author: Id
    author_name: str
    typed_at: Instant
    recorded_at: Instant
    withdrawn: str | None


class Resource(Written, Generic[Content], frozen=True):
    """One version of a resource, whole: what the next writing of it would carry, if unchanged."""

    content: Content


_OF_PATIENTS: tuple[tuple[str, str, type[msgspec.Struct], str], ...] = (
    ("condition", "conditions", Condition, "Problems and antecedents"),
    ("allergy", "allergies", Allergy, "Allergies and intolerances"),
    ("medication", "medications", Medication, "Current treatments"),
    ("immunization", "immunizations", Immunization, "Immunisations"),
)
_OF_PRACTICES: tuple[tuple[str, str, type[msgspec.Struct], str], ...] = (
    ("template", "templates", Template, "Section templates"),
    ("snippet", "snippets", Snippet, "Snippets"),
    ("document-template", "document-templates", DocumentTemplate, "Document templates"),
    ("appointment-type", "appointment-types", AppointmentType, "Appointment types"),
    ("letterhead", "letterheads", Letterhead, "Letterheads"),
)


def routes(desk: Desk) -> list[HTTPRouteHandler]:
    """`/patients/{id}/{plural}` and `/{plural}`, and below each one `/{resource}/versions`."""
    made: list[HTTPRouteHandler] = []
    for type_, plural, shape, words in _OF_PATIENTS:
        made += _of_patient(desk, type_, plural, Resource[shape], words)  # type: ignore[valid-type]
    for type_, plural, shape, words in _OF_PRACTICES:
        made += _of_practice(desk, type_, plural, Resource[shape], words)  # type: ignore[valid-type]
    return made


def visible(found: Sequence[RecordResource], practitioner: str) -> list[RecordResource]:
    """What a practitioner sees of a practice's own: what is theirs, and what is shared."""
    return [one for one in found if one.author == practitioner or one.content.get("shared", True)]


def one_of(
    desk: Desk, request: Asking, resource: str, type_: str, patient: str | None
) -> RecordResource:
    """The resource as it is now; raises ApiRefused unless it is of this type and patient."""
    identity = desk.signed_in(request)
    found = desk.reader.resource(identity.practice, resource)
    if found is None or (found.type, found.patient) != (type_, patient):
        raise ApiRefused("resource-unknown")
    if patient is None and not visible([found], identity.practitioner):
        raise ApiRefused("resource-unknown")
    return found


def _of_patient(
    desk: Desk, type_: str, plural: str, shape: Shape, words: str
) -> list[HTTPRouteHandler]:
    path = f"/patients/{{patient:str}}/{plural}"

    @question(path, words, words, ["patient-unknown"], name=plural, returns=Page[shape])
    def listed(request: Asking, patient: PatientId) -> object:
        """Each as it is now, oldest first, those entered in error too (`withdrawn`)."""
        practice = desk.signed_in(request).practice
        if desk.reader.patient(practice, patient) is None:
            raise ApiRefused("patient-unknown")
        return every(desk.reader.resources(practice, patient, type_), shape)

    one = f"{path}/{{resource:str}}"
    unknown = ["resource-unknown"]

    @question(one, words, "One of them", unknown, name=type_, returns=shape)
    def current(request: Asking, patient: PatientId, resource: ResourceId) -> object:
        """As it is now."""
        return shown(one_of(desk, request, resource, type_, patient), shape)

    @question(
        f"{one}/versions",
        words,
        "Its versions",
        unknown,
        name=f"{type_}-versions",
        returns=Page[shape],
    )
    def versions(request: Asking, patient: PatientId, resource: ResourceId) -> object:
        """Every version, oldest first."""
        found = one_of(desk, request, resource, type_, patient)
        return every(desk.reader.resource_versions(found.practice, resource), shape)

    return [listed, current, versions]


def _of_practice(
    desk: Desk, type_: str, plural: str, shape: Shape, words: str
) -> list[HTTPRouteHandler]:
    path = f"/{plural}"

    @question(path, words, words, name=plural, returns=Page[shape])
    def listed(request: Asking) -> object:
        """Those in use, oldest first: one's own, and what colleagues share with the practice."""
        identity = desk.signed_in(request)
        found = desk.reader.practice_resources(identity.practice, type_)
        return every(visible(found, identity.practitioner), shape)

    one = f"{path}/{{resource:str}}"
    unknown = ["resource-unknown"]

    @question(one, words, "One of them", unknown, name=type_, returns=shape)
    def current(request: Asking, resource: ResourceId) -> object:
        """As it is now, also when it was retired (`withdrawn`)."""
        return shown(one_of(desk, request, resource, type_, None), shape)

    @question(
        f"{one}/versions",
        words,
        "Its versions",
        unknown,
        name=f"{type_}-versions",
        returns=Page[shape],
    )
    def versions(request: Asking, resource: ResourceId) -> object:
        """Every version, oldest first."""
        found = one_of(desk, request, resource, type_, None)
        return every(desk.reader.resource_versions(found.practice, resource), shape)

    return [listed, current, versions]
