"""The one page the keeper shows by itself: the application is starting again."""

from anamnesis.keeper.http import HTML, Answer
from anamnesis.settings import Language

RETRY_SECONDS = 2

_TEXTS: dict[Language, tuple[str, str, str]] = {
    "fr": (
        "L'application redémarre",
        "Les saisies sont conservées. Cette page se recharge toute seule.",
        "Recharger maintenant",
    ),
    "en": (
        "The application is starting again",
        "What was typed is kept. This page loads again by itself.",
        "Load it now",
    ),
}


def unavailable_page(language: Language) -> Answer:
    """503 with a page that tries again every `RETRY_SECONDS`. It needs nothing else to load."""
    title, text, again = _TEXTS[language]
    body = (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta http-equiv="refresh" content="{RETRY_SECONDS}"><title>{title}</title></head>'
        f'<body><main><h1>{title}</h1><p role="status">{text}</p>'
        f'<p><a href="">{again}</a></p></main></body></html>\n'
    )
    return Answer(503, body.encode(), HTML, [(b"retry-after", str(RETRY_SECONDS).encode())])
