"""What is served to anybody: the way in, the files pages are made of, the page without network."""

import hashlib
import mimetypes
from typing import Any

from litestar import Request, Response, get
from litestar.datastructures import Cookie
from litestar.exceptions import NotFoundException
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from anamnesis.web.addresses import local
from anamnesis.web.desk import STATIC, Desk
from anamnesis.web.identity import LANGUAGE_COOKIE

LANGUAGE_SECONDS = 365 * 24 * 3600
_TYPES = {".js": "text/javascript", ".webmanifest": "application/manifest+json"}
_KEPT = "no-cache"
"""A browser asks each time whether its copy is still the one: a release is seen at once."""


def routes(desk: Desk) -> list[HTTPRouteHandler]:
    """The public routes; the keeper lets them pass without a session."""
    files = {path.name: path.read_bytes() for path in STATIC.iterdir() if path.is_file()}
    vendored = {path.name: path.read_bytes() for path in (STATIC / "vendor").iterdir()}

    @get("/sign-in", sync_to_thread=False)
    def sign_in(request: Request[Any, Any, Any]) -> Response[str]:
        refused = request.query_params.get("refused")
        known = "sign-in-limited" if refused == "sign-in-limited" else "sign-in-refused"
        return desk.page(
            request, "sign-in.html", next=_next(request), refused=known if refused else None
        )

    @get("/language/{language:str}", sync_to_thread=False)
    def language(request: Request[Any, Any, Any], language: FromPath[str]) -> Response[None]:
        chosen = "en" if language == "en" else "fr"
        cookie = Cookie(
            key=LANGUAGE_COOKIE, value=chosen, max_age=LANGUAGE_SECONDS, path="/", samesite="lax"
        )
        return Response(
            None, status_code=303, headers={"location": _next(request)}, cookies=[cookie]
        )

    @get("/offline", sync_to_thread=False)
    def offline(request: Request[Any, Any, Any]) -> Response[str]:
        return desk.page(request, "offline.html")

    @get("/static/{name:str}", sync_to_thread=False)
    def static(request: Request[Any, Any, Any], name: FromPath[str]) -> Response[bytes]:
        return _file(request, files, name)

    @get("/static/vendor/{name:str}", sync_to_thread=False)
    def vendor(request: Request[Any, Any, Any], name: FromPath[str]) -> Response[bytes]:
        return _file(request, vendored, name)

    @get(["/service-worker.js", "/manifest.webmanifest", "/favicon.ico"], sync_to_thread=False)
    def at_root(request: Request[Any, Any, Any]) -> Response[bytes]:
        name = request.url.path[1:]
        return _file(request, files, "icon.svg" if name == "favicon.ico" else name)

    return [sign_in, language, offline, static, vendor, at_root]


def _next(request: Request[Any, Any, Any]) -> str:
    return local(request.query_params.get("next", "/"))


def _file(request: Request[Any, Any, Any], files: dict[str, bytes], name: str) -> Response[bytes]:
    content = files.get(name)
    if content is None:
        raise NotFoundException
    tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    headers = {"etag": tag, "cache-control": _KEPT}
    if request.headers.get("if-none-match") == tag:
        return Response(b"", status_code=304, headers=headers)
    suffix = "." + name.rsplit(".", 1)[-1]
    kind = _TYPES.get(suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    return Response(content, media_type=kind, headers=headers)
