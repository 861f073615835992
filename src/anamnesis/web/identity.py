"""Who asks: what the keeper says in its headers, which nobody outside can send."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from litestar import Request
from litestar.exceptions import NotAuthorizedException

from anamnesis.web.catalogue import Language

LANGUAGE_COOKIE = "anamnesis_language"


@dataclass(frozen=True, slots=True)
class Identity:
    """A signed-in practitioner, and the practice whose records are theirs to see."""

    practitioner: str
    practice: str
    name: str
    login: str


def identity_of(request: Request[Any, Any, Any]) -> Identity:
    """The practitioner behind the request; raises NotAuthorizedException (401) without one."""
    headers = request.headers
    practitioner = headers.get("x-anamnesis-practitioner", "")
    practice = headers.get("x-anamnesis-practice", "")
    if not practitioner or not practice:
        raise NotAuthorizedException
    return Identity(
        practitioner=practitioner,
        practice=practice,
        name=unquote(headers.get("x-anamnesis-name", "")),
        login=unquote(headers.get("x-anamnesis-login", "")),
    )


def language_of(request: Request[Any, Any, Any], default: Language) -> Language:
    """The language this person chose, or the practice's own."""
    chosen = request.cookies.get(LANGUAGE_COOKIE)
    return "en" if chosen == "en" else "fr" if chosen == "fr" else default
