"""Documents: prescriptions, letters, certificates and uploaded files, and who may open them."""

from typing import Annotated, Final, Literal
from urllib.parse import quote

import msgspec
from litestar import Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import QueryParameter

from anamnesis.clinical.documents import DOCUMENT_TYPES, Document
from anamnesis.clinical.files import MEDIA_TYPES
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
from anamnesis.web.api.resources import Written, one_of
from anamnesis.web.desk import Desk
from anamnesis.web.printing.press import PrintingRefused

TAG: Final = "Documents"
PDF: Final = "application/pdf"
UNPRINTABLE: Final = {
    422: "`document-too-long`, `document-character-unprintable`, `document-too-slow`, "
    "`document-unprintable`: this version cannot be set on paper; `document-restricted`: a letter "
    "of a record that is only kept."
}


class Issue(msgspec.Struct, frozen=True):
    """The version of a document that its author stands for: signed, printable, shareable."""

    version: Version
    digest: Digest
    issued_at: Instant
    author: Id
    author_name: str


class DocumentVersion(Written, frozen=True):
    """One version of a document; `issued` says which version its author stands for, if any."""

    content: Document
    issued: Issue | None


class Share(msgspec.Struct, frozen=True):
    """A version of a document opened to somebody, until `expires_at` or `revoked_at`.

    `to_name` and `to_practice_name` are a colleague's, empty for a patient.
    """

    share: Id
    patient: Id
    document: Id
    version: Version
    audience: Literal["patient", "colleague"]
    to_practice: Id | None
    to_practitioner: Id | None
    to_name: str
    to_practice_name: str
    expires_at: Instant
    message: str
    author: Id
    author_name: str
    shared_at: Instant
    revoked_at: Instant | None
    revoked_reason: str | None


PATH: Final = "/patients/{patient:str}/documents"
ONE: Final = f"{PATH}/{{resource:str}}"
UNKNOWN: Final = ["resource-unknown"]


def routes(desk: Desk) -> list[HTTPRouteHandler]:
    """`/patients/{id}/documents`, and below each one versions, shares, file and PDF."""

    @question(PATH, TAG, "A patient’s documents", ["patient-unknown"])
    def documents(request: Asking, patient: PatientId) -> Page[DocumentVersion]:
        """Each as it is now, oldest first, those entered in error too (`withdrawn`)."""
        practice = desk.signed_in(request).practice
        if desk.reader.patient(practice, patient) is None:
            raise ApiRefused("patient-unknown")
        return every(desk.reader.resources(practice, patient, "document"), DocumentVersion)

    @question(ONE, TAG, "A document", UNKNOWN)
    def document(request: Asking, patient: PatientId, resource: ResourceId) -> DocumentVersion:
        """As it is now, and which version was issued."""
        return shown(_found(desk, request, patient, resource), DocumentVersion)

    @question(f"{ONE}/versions", TAG, "A document’s versions", UNKNOWN)
    def document_versions(
        request: Asking, patient: PatientId, resource: ResourceId
    ) -> Page[DocumentVersion]:
        """Every version, oldest first."""
        practice = _found(desk, request, patient, resource).practice
        return every(desk.reader.resource_versions(practice, resource), DocumentVersion)

    @question(f"{ONE}/shares", TAG, "A document’s shares", UNKNOWN)
    def document_shares(request: Asking, patient: PatientId, resource: ResourceId) -> Page[Share]:
        """With whom it was shared, oldest first, ended ones too."""
        practice = _found(desk, request, patient, resource).practice
        return every(desk.reader.shares(practice, resource), Share)

    return [documents, document, document_versions, document_shares, *_as_files(desk)]


def _as_files(desk: Desk) -> list[HTTPRouteHandler]:
    """A document's bytes: as it came, or as it is printed."""

    @question(
        f"{ONE}/file",
        TAG,
        "An uploaded file",
        [*UNKNOWN, "file-unknown"],
        media_types=MEDIA_TYPES,
    )
    def document_file(request: Asking, patient: PatientId, resource: ResourceId) -> Response[bytes]:
        """The file itself, always as an attachment: nothing of it is shown in a browser."""
        return file_of(desk, _found(desk, request, patient, resource))

    @question(
        f"{ONE}/pdf",
        TAG,
        "A document on paper",
        [*UNKNOWN, "print-unknown"],
        media_types=[PDF],
        also=UNPRINTABLE,
    )
    def document_pdf(
        request: Asking,
        patient: PatientId,
        resource: ResourceId,
        version: Annotated[
            int | None,
            QueryParameter(ge=1, description="Which version; the issued one when left out."),
        ] = None,
    ) -> Response[bytes]:
        """PDF/A-2b of a prescription, a letter or a certificate; a draft says that it is one."""
        current = _found(desk, request, patient, resource)
        issued = current.issued.version if current.issued else current.version
        wanted = issued if version is None else version
        for kept in desk.reader.resource_versions(current.practice, resource):
            if kept.version == wanted:
                return printed(desk, kept)
        raise ApiRefused("resource-unknown")

    return [document_file, document_pdf]


def _found(desk: Desk, request: Asking, patient: str, document: str) -> RecordResource:
    return one_of(desk, request, document, "document", patient)


def file_of(desk: Desk, document: RecordResource) -> Response[bytes]:
    """The uploaded file of this version of a document; raises ApiRefused if it has none."""
    file = msgspec.convert(document.content, Document).file
    data = None if file is None else desk.reader.file(document.practice, file.id)
    if file is None or data is None:
        raise ApiRefused("file-unknown")
    return attached(data, file.media_type, file.name)


def printed(desk: Desk, version: RecordResource) -> Response[bytes]:
    """This version of a document as PDF; raises ApiRefused if it came as a file or does not fit."""
    if version.content["type"] not in DOCUMENT_TYPES:
        raise ApiRefused("print-unknown")
    try:
        data = desk.printing.pdf(version)
    except PrintingRefused as refused:
        raise ApiRefused(refused.code, 422) from None
    return attached(data, PDF, f"{desk.printing.name(version)}.pdf")


def attached(data: bytes, media_type: str, name: str) -> Response[bytes]:
    """`data` to be kept as a file called `name` (RFC 6266, RFC 8187), and shown by nobody."""
    headers = {
        "content-disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
        "content-security-policy": "default-src 'none'; sandbox",
    }
    return Response(data, media_type=media_type, headers=headers)
