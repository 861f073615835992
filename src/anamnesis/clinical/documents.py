"""Documents: what is prescribed, written to colleagues, certified, or came as a file; sharing."""

from typing import Annotated, Final, Literal, TypeAlias, get_args

import msgspec

from anamnesis.clinical.files import PARTS_MAX, FileBytes, MediaType
from anamnesis.clinical.shapes import Day, Digest, Instant, Some, Uuid

DocumentType: TypeAlias = Literal["prescription", "letter", "certificate"]
DOCUMENT_TYPES: Final[tuple[DocumentType, ...]] = get_args(DocumentType)

LINES_MAX: Final = 50
RENEWALS_MAX: Final = 99

_Version: TypeAlias = Annotated[int, msgspec.Meta(ge=1)]


class Line(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One drug of a prescription; `ald` says that it goes into the zone of the long illness."""

    drug: Some
    dose: str
    frequency: str
    duration: str
    renewals: Annotated[int, msgspec.Meta(ge=0, le=RENEWALS_MAX)]
    ald: bool
    note: str


Lines: TypeAlias = Annotated[tuple[Line, ...], msgspec.Meta(max_length=LINES_MAX)]


class File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An uploaded file, by the id of its parts and the digest of its bytes."""

    id: Uuid
    name: Some
    media_type: MediaType
    bytes: FileBytes
    sha256: Digest
    parts: Annotated[int, msgspec.Meta(ge=1, le=PARTS_MAX)]


class Document(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`document.write`: every version is the whole document."""

    id: Uuid
    type: DocumentType | Literal["upload"]
    title: str
    date: Day
    recipient: str
    body: str
    lines: Lines
    file: File | None


class DocumentIssued(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`document.issue`: the version that its author stands for."""

    document: Uuid
    version: _Version
    digest: Digest


class DocumentShared(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`document.share`: with whoever has the link and the code, or with a colleague."""

    id: Uuid
    document: Uuid
    version: _Version
    audience: Literal["patient", "colleague"]
    to_practice: Uuid | None
    to_practitioner: Uuid | None
    link: Digest | None
    secret: Digest | None
    expires_at: Instant
    message: str

    @property
    def is_addressed(self) -> bool:
        """Whether it has what its audience needs, and nothing of the other's."""
        patient = (self.link is None, self.secret is None)
        colleague = (self.to_practice is None, self.to_practitioner is None)
        if self.audience == "patient":
            return not any(patient) and all(colleague)
        return all(patient) and not any(colleague)


class ShareRevoked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`share.revoke`."""

    share: Uuid
    reason: str
