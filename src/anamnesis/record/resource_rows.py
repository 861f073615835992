"""The record's tables of what is written whole under an id of its own, of files and of shares."""

from typing import Any

import msgspec

from anamnesis.record.row import Content, Kept, Made


class KeptResourceVersion(Made, frozen=True):
    """A `….write` of a resource: one version of it; `json` is the content as canonical JSON."""

    TABLE = "resource_version"
    LOOKUPS = (("practice", "resource"),)

    practice: str
    resource: str
    type: str
    patient: str | None
    encounter: str | None
    version: int
    json: str

    def content(self) -> Content:
        """The content of the entry."""
        found: dict[str, Any] = msgspec.json.decode(self.json)
        return found


class KeptResource(Kept, frozen=True):
    """Which version of a resource is the current one; `first` is the position of the first one.

    `withdrawn` is the reason it was entered in error, empty when it was retired, None while it
    stands.
    """

    TABLE = "resource"
    KEY = ("practice", "resource")
    LOOKUPS = (("practice", "patient"), ("practice", "type"), ("type",))

    practice: str
    resource: str
    type: str
    patient: str | None
    version: int
    position: int
    first: int
    withdrawn: str | None


class KeptResourceWithdrawal(Made, frozen=True):
    """`resource.enter-in-error`, and `resource.retire` with no `reason`."""

    TABLE = "resource_withdrawal"
    LOOKUPS = (("practice", "resource"),)

    practice: str
    resource: str
    reason: str | None

    def content(self) -> Content:
        """The content of the entry."""
        found: Content = {"resource": self.resource}
        return found if self.reason is None else found | {"reason": self.reason}


class KeptIssue(Made, frozen=True):
    """`document.issue`; the last one of a document says which version stands."""

    TABLE = "document_issue"
    LOOKUPS = (("practice", "document"),)
    COLUMNS = ("document", "version", "digest")

    practice: str
    document: str
    version: int
    digest: str


class KeptFilePart(Made, frozen=True):
    """`file.part`; `data` is Base64, and `part` its index."""

    TABLE = "file_part"
    LOOKUPS = (("practice", "file"),)

    practice: str
    file: str
    patient: str
    part: int
    parts: int
    media_type: str
    data: str

    def content(self) -> Content:
        """The content of the entry."""
        names = ("file", "parts", "media_type", "data")
        return {"index": self.part} | {name: getattr(self, name) for name in names}


class KeptShare(Made, frozen=True):
    """`document.share`."""

    TABLE = "document_share"
    LOOKUPS = (
        ("practice", "share"),
        ("practice", "document"),
        ("practice", "author"),
        ("link",),
        ("to_practice", "to_practitioner"),
    )

    practice: str
    share: str
    author: str
    patient: str
    document: str
    version: int
    audience: str
    to_practice: str | None
    to_practitioner: str | None
    link: str | None
    secret: str | None
    expires_at: str
    message: str

    def content(self) -> Content:
        """The content of the entry."""
        mine = {"position", "practice", "share", "author", "patient"}
        names = (name for name in self.__struct_fields__ if name not in mine)
        return {"id": self.share} | {name: getattr(self, name) for name in names}


class KeptRevocation(Made, frozen=True):
    """`share.revoke`."""

    TABLE = "share_revocation"
    LOOKUPS = (("practice", "share"),)
    COLUMNS = ("share", "reason")

    practice: str
    share: str
    reason: str


RESOURCE_TABLES: tuple[type[Kept], ...] = (
    KeptResourceVersion,
    KeptResource,
    KeptResourceWithdrawal,
    KeptIssue,
    KeptFilePart,
    KeptShare,
    KeptRevocation,
)
