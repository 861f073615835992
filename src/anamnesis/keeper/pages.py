"""What the keeper shows by itself, and where it sends people: they see the rest there."""

from html import escape
from urllib.parse import quote

from anamnesis.keeper.http import HTML, Answer, Request
from anamnesis.keeper.messages import message
from anamnesis.settings import Language

RETRY_SECONDS = 2
SHARE_CLOSED = "/share?refused=share-refused"
"""Says that nothing is open here, whatever was asked for, and why is not said."""

_TEXTS: dict[Language, tuple[str, str, str, str]] = {
    "fr": (
        "L'application redémarre",
        "Les saisies sont conservées. Cette page se recharge toute seule.",
        "Recharger maintenant",
        "Continuer à écrire sans attendre",
    ),
    "en": (
        "The application is starting again",
        "What was typed is kept. This page loads again by itself.",
        "Load it now",
        "Go on writing without waiting",
    ),
}

_REFUSED: dict[Language, tuple[str, str]] = {
    "fr": ("Accès refusé", "Retour à l'accueil"),
    "en": ("Not for this account", "Back to the start"),
}


def unavailable_page(language: Language, way: str | None) -> Answer:
    """503 with a page that tries again every `RETRY_SECONDS`. It needs nothing else to load.

    `way` leads to where one can go on writing meanwhile.
    """
    title, text, again, writing = _TEXTS[language]
    write = "" if way is None else f'<p><a href="{escape(way)}">{writing}</a></p>'
    body = (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta http-equiv="refresh" content="{RETRY_SECONDS}"><title>{title}</title></head>'
        f'<body><main><h1>{title}</h1><p role="status">{text}</p>'
        f'<p><a href="">{again}</a></p>{write}</main></body></html>\n'
    )
    return Answer(503, body.encode(), HTML, [(b"retry-after", str(RETRY_SECONDS).encode())])


def refused_page(code: str, language: Language) -> Answer:
    """403 with a page that says why, and leads back."""
    title, back = _REFUSED[language]
    body = (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}'
        f'</title></head><body><main><h1>{title}</h1><p role="status">{message(code, language)}'
        f'</p><p><a href="/">{back}</a></p></main></body></html>\n'
    )
    return Answer(403, body.encode(), HTML)


def see_other(location: str) -> Answer:
    """303 to a path of this host."""
    return Answer.empty(303, [(b"location", location.encode())])


def to_sign_in(request: Request) -> Answer:
    """303 to the sign-in page, which comes back to what was asked for."""
    query = request.scope.get("query_string", b"").decode("latin-1")
    target = request.path + (f"?{query}" if query else "")
    if request.method not in ("GET", "HEAD"):
        target = "/"
    return see_other("/sign-in?next=" + quote(target, safe="/"))
