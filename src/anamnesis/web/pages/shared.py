"""What a patient sees of sharing: the page that asks for the code, and the document itself."""

from typing import Any
from urllib.parse import quote

from litestar import Request, Response, get
from litestar.datastructures import Cookie
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, FromQuery

from anamnesis.web.catalogue import LANGUAGES
from anamnesis.web.desk import Desk
from anamnesis.web.identity import LANGUAGE_COOKIE
from anamnesis.web.pages.public import LANGUAGE_SECONDS
from anamnesis.web.shared_documents import (
    SharedDocument,
    file_of,
    page_of,
    pages_of,
    shared_document,
)

REFUSALS = ("share-refused", "share-limited")


def routes(desk: Desk) -> list[HTTPRouteHandler]:
    """`/share`, `/share/{token}`, and `/shared` with its `/page` and `/file`.

    The keeper lets `/shared` pass only for a share that stands, which it names in its headers.
    """

    @get("/share", sync_to_thread=False)
    def closed(request: Request[Any, Any, Any], language: FromQuery[str] = "") -> Response[Any]:
        """Nothing is open; why is not said."""
        return _chosen(language, "/share") or desk.page(
            request, "share.html", token=None, refused=None, here_address="/share"
        )

    @get("/share/{token:str}", sync_to_thread=False)
    def ask(
        request: Request[Any, Any, Any],
        token: FromPath[str],
        refused: FromQuery[str] = "",
        language: FromQuery[str] = "",
    ) -> Response[Any]:
        """The same page for every token: nothing is looked up."""
        here = f"/share/{quote(token, safe='')}"
        known = refused if refused in REFUSALS else None
        return _chosen(language, here) or desk.page(
            request, "share.html", token=token, refused=known, here_address=here
        )

    @get("/shared", sync_to_thread=True)
    def show(request: Request[Any, Any, Any], language: FromQuery[str] = "") -> Response[Any]:
        shared = _opened(desk, request)
        return _chosen(language, "/shared") or desk.page(
            request,
            "shared.html",
            shared=shared,
            pages=len(pages_of(desk, shared)),
            here_address="/shared",
        )

    @get("/shared/page", sync_to_thread=True)
    def page(request: Request[Any, Any, Any], number: FromQuery[int] = 1) -> Response[bytes]:
        return page_of(desk, _opened(desk, request), number)

    @get("/shared/file", sync_to_thread=True)
    def file(request: Request[Any, Any, Any]) -> Response[bytes]:
        return file_of(desk, _opened(desk, request))

    return [closed, ask, show, page, file]


def _opened(desk: Desk, request: Request[Any, Any, Any]) -> SharedDocument:
    practice = request.headers.get("x-anamnesis-share-practice", "")
    share = desk.reader.share(practice, request.headers.get("x-anamnesis-share", ""))
    # A colleague's share has no link, so that nothing but a sign-in opens it.
    return shared_document(desk, share if share is not None and share.link else None)


def _chosen(language: str, here: str) -> Response[None] | None:
    """Remembers the language that was asked for, and comes back: the address goes nowhere else."""
    if language not in LANGUAGES:
        return None
    cookie = Cookie(
        key=LANGUAGE_COOKIE, value=language, max_age=LANGUAGE_SECONDS, path="/", samesite="lax"
    )
    return Response(None, status_code=303, headers={"location": here}, cookies=[cookie])
