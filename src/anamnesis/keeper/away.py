"""What is answered while the application is away: bytes from files, read when the keeper starts.

No template and no page logic runs here. The page on which practitioners go on writing is a file
that was written out beforehand (web/journal_only_page.py), and its scripts are those that every
page has: they need nothing but the keeper's own routes.
"""

import hashlib
import mimetypes
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from anamnesis.keeper.http import HTML, Answer, Refused, Request, is_navigation
from anamnesis.keeper.pages import see_other, unavailable_page
from anamnesis.settings import Language

PAGE = "/keep/journal-only"
WRITTEN_OUT = Path(__file__).parent / "static"
"""The page itself, one file for each language."""
_TYPES = {".js": "text/javascript", ".webmanifest": "application/manifest+json"}
_AT_ROOT = {
    "/service-worker.js": "service-worker.js",
    "/manifest.webmanifest": "manifest.webmanifest",
    "/favicon.ico": "icon.svg",
}
_SHARED = ("/share/", "/shared/")
"""What others were given a link to: none of them has an account here."""


class Away:
    """Holds the files in memory: nothing that happens to them later is served."""

    def __init__(self, static: Path, pages: Mapping[Language, bytes]) -> None:
        self._pages = pages
        self._files = {f"/static/{name}": content for name, content in _read(static).items()}
        self._files |= {
            f"/static/vendor/{name}": content for name, content in _read(static / "vendor").items()
        }
        for path, name in _AT_ROOT.items():
            self._files[path] = self._files[f"/static/{name}"]

    def page(self, language: Language) -> Answer:
        """The page on which practitioners go on writing."""
        return Answer(200, self._pages[language], HTML)

    def instead(self, request: Request, language: Language, given_up: bool) -> Answer:
        """What to answer in the application's place; raises `Refused` 503 for what is no page.

        Where it was given up, a page is not tried again: its reader is sent where writing goes on.
        """
        content = self._files.get(request.path)
        if content is not None and request.method in ("GET", "HEAD"):
            return _file(request, content)
        if not is_navigation(request):
            raise Refused(503, "application-unavailable", retry_after=1)
        if f"{request.path}/".startswith(_SHARED):
            return unavailable_page(language, None)
        way = f"{PAGE}?from={quote(_target(request), safe='/')}"
        return see_other(way) if given_up else unavailable_page(language, way)


def written_out() -> dict[Language, bytes]:
    """The page in each language, as it ships."""
    return {
        "fr": (WRITTEN_OUT / "journal-only.fr.html").read_bytes(),
        "en": (WRITTEN_OUT / "journal-only.en.html").read_bytes(),
    }


def _read(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def _target(request: Request) -> str:
    query = request.scope.get("query_string", b"").decode("latin-1")
    return request.path + (f"?{query}" if query else "")


def _file(request: Request, content: bytes) -> Answer:
    tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    headers = [(b"etag", tag.encode()), (b"cache-control", b"no-cache")]
    if request.header(b"if-none-match") == tag:
        return Answer.empty(304, headers)
    name = _AT_ROOT.get(request.path, request.path)
    kind = _TYPES.get("." + name.rsplit(".", 1)[-1]) or mimetypes.guess_type(name)[0]
    return Answer(200, content, (kind or "application/octet-stream").encode(), headers)
