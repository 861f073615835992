"""A document as it is printed: the PDF, and its pages as pictures beside the form."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from litestar import Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, FromQuery

from anamnesis.clinical.documents import DOCUMENT_TYPES
from anamnesis.record.resource_model import Resource
from anamnesis.web.desk import Desk
from anamnesis.web.identity import Identity
from anamnesis.web.pages.documents import document_of
from anamnesis.web.printing.press import PrintingRefused

_Found = Callable[[Identity, str, str, int | None], Resource]


def routes(desk: Desk) -> list[HTTPRouteHandler]:
    """`…/{document}/pdf`, `…/{document}/preview` and its `…/page`, each of `?version=`."""

    def version_of(
        identity: Identity, patient: str, document: str, version: int | None
    ) -> Resource:
        current = document_of(desk, identity, patient, document)
        if current.content["type"] not in DOCUMENT_TYPES:
            raise NotFoundException
        wanted = version or (current.issued.version if current.issued else current.version)
        kept = desk.reader.resource_versions(identity.practice, document)
        for one in kept:
            if one.version == wanted:
                return one
        raise NotFoundException

    return [_pdf(desk, version_of), _preview(desk, version_of), _page(desk, version_of)]


def _pdf(desk: Desk, version_of: _Found) -> HTTPRouteHandler:
    @get("/patients/{patient:str}/documents/{document:str}/pdf", sync_to_thread=True)
    def pdf(
        request: Request[Any, Any, Any],
        patient: FromPath[str],
        document: FromPath[str],
        version: FromQuery[int | None] = None,
    ) -> Response[Any]:
        identity = desk.signed_in(request)
        found = version_of(identity, patient, document, version)
        try:
            content = desk.printing.pdf(found)
        except PrintingRefused as refused:
            return desk.page(
                request,
                "document-unprintable.html",
                identity,
                status_code=422,
                address_back=f"/patients/{patient}/documents/{document}",
                refused=refused,
            )
        name = quote(f"{desk.printing.name(found)}.pdf")
        disposition = f"inline; filename*=UTF-8''{name}"
        return _alone(content, "application/pdf", {"content-disposition": disposition})

    return pdf


def _preview(desk: Desk, version_of: _Found) -> HTTPRouteHandler:
    @get("/patients/{patient:str}/documents/{document:str}/preview", sync_to_thread=True)
    def preview(
        request: Request[Any, Any, Any],
        patient: FromPath[str],
        document: FromPath[str],
        version: FromQuery[int | None] = None,
    ) -> Response[str]:
        identity = desk.signed_in(request)
        current = document_of(desk, identity, patient, document)
        found = version_of(identity, patient, document, version)
        refused: PrintingRefused | None = None
        pages = 0
        try:
            pages = len(desk.printing.pages(found))
        except PrintingRefused as why:
            refused = why
        return desk.page(
            request,
            "document-preview.html",
            identity,
            document=found,
            current=current,
            pages=pages,
            refused=refused,
        )

    return preview


def _page(desk: Desk, version_of: _Found) -> HTTPRouteHandler:
    @get("/patients/{patient:str}/documents/{document:str}/page", sync_to_thread=True)
    def page(
        request: Request[Any, Any, Any],
        patient: FromPath[str],
        document: FromPath[str],
        version: FromQuery[int | None] = None,
        number: FromQuery[int] = 1,
    ) -> Response[bytes]:
        identity = desk.signed_in(request)
        found = version_of(identity, patient, document, version)
        try:
            pages = desk.printing.pages(found)
        except PrintingRefused:
            raise NotFoundException from None
        if not 1 <= number <= len(pages):
            raise NotFoundException
        return _alone(pages[number - 1], "image/svg+xml", {})

    return page


def _alone(content: bytes, media_type: str, headers: dict[str, str]) -> Response[bytes]:
    # What is no page gets a policy of its own from the keeper: it runs nothing.
    always = {"x-content-type-options": "nosniff"}
    return Response(content, media_type=media_type, headers=headers | always)
