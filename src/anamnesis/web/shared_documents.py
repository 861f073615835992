"""A document as it was shared: the version that was opened to somebody, its pages, its file."""

from dataclasses import dataclass
from typing import Any

from litestar import Response
from litestar.exceptions import NotFoundException

from anamnesis.access.sharing import stands
from anamnesis.clinical.documents import DOCUMENT_TYPES
from anamnesis.clinical.unpacking import Danger, danger_of
from anamnesis.record.resource_model import Resource, Share
from anamnesis.web.api.documents import PDF, attached
from anamnesis.web.desk import Desk
from anamnesis.web.printing.press import PrintingRefused


@dataclass(frozen=True, slots=True)
class SharedDocument:
    """A share that stands, with the version it opens; `practice_name` is of who shares."""

    share: Share
    version: Resource
    practice_name: str

    @property
    def is_printed(self) -> bool:
        """Whether it was written here, rather than come as a file."""
        return self.version.content["type"] in DOCUMENT_TYPES


def shared_document(desk: Desk, share: Share | None) -> SharedDocument:
    """What a share opens now; raises NotFoundException, always the same, if it opens nothing."""
    if share is None or not stands(desk.reader, share, desk.settings.now()):
        raise NotFoundException
    for one in desk.reader.resource_versions(share.practice, share.document):
        if one.version == share.version:
            return SharedDocument(share, one, _practice_name(desk, share))
    raise NotFoundException


def pages_of(desk: Desk, shared: SharedDocument) -> list[bytes]:
    """Its pages as SVG; none of a file or of what cannot be printed."""
    try:
        return desk.printing.pages(shared.version) if shared.is_printed else []
    except PrintingRefused:
        return []


def page_of(desk: Desk, shared: SharedDocument, number: int) -> Response[bytes]:
    """One page as SVG; raises NotFoundException."""
    pages = pages_of(desk, shared)
    if not 1 <= number <= len(pages):
        raise NotFoundException
    return Response(pages[number - 1], media_type="image/svg+xml")


def file_of(desk: Desk, shared: SharedDocument) -> Response[bytes]:
    """The document to be kept: as PDF, or the file as it came, never shown by the browser."""
    version = shared.version
    if shared.is_printed:
        try:
            data = desk.printing.pdf(version)
        except PrintingRefused:
            raise NotFoundException from None
        return attached(data, PDF, f"{desk.printing.name(version)}.pdf")
    file: dict[str, Any] = version.content["file"] or {}
    content = desk.reader.file(version.practice, file.get("id", ""))
    if content is None or danger_of(content, file["media_type"]) == "bomb":
        raise NotFoundException
    return attached(content, file["media_type"], file["name"])


def danger_in(desk: Desk, document: Resource) -> Danger | None:
    """What is dangerous about the file of a document; None if it has none, or all of it is well."""
    file: dict[str, Any] | None = document.content["file"]
    content = None if file is None else desk.reader.file(document.practice, file["id"])
    return None if file is None or content is None else danger_of(content, file["media_type"])


def _practice_name(desk: Desk, share: Share) -> str:
    for one in desk.reader.directory():
        if (one.practice, one.practitioner) == (share.practice, share.author):
            return one.practice_name
    return ""
