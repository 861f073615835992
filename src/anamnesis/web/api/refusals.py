"""A definite no of the programming interface: the shape of docs/protocol.md, section 2."""

from typing import Final

import msgspec
from litestar import MediaType, Response
from litestar.exceptions import HTTPException, ValidationException

from anamnesis.web.catalogue import Catalogue

CODES: Final[dict[int, str]] = {
    400: "malformed",
    401: "not-signed-in",
    404: "not-found",
    405: "method-not-allowed",
    500: "internal-error",
}
"""What a refusal is called when nobody named it more closely, by status."""


class Failure(msgspec.Struct, frozen=True, omit_defaults=True):
    """Why not: `code` is stable and for programs, `message` a sentence for a reader.

    `field` names the parameter that is not of its form, for `malformed` only.
    """

    code: str
    message: str
    field: str = ""


class ApiRefused(HTTPException):
    """A refusal by name; answered with 404 unless it says otherwise."""

    def __init__(self, code: str, status_code: int = 404, field: str = "") -> None:
        super().__init__(status_code=status_code)
        self.code = code
        self.field = field


def malformed(field: str) -> ApiRefused:
    """The refusal of a parameter that is not of its form."""
    return ApiRefused("malformed", 400, field)


def refusal(failure: Exception, words: Catalogue) -> Response[Failure]:
    """The answer that says why not, in the language of who asks."""
    status = failure.status_code if isinstance(failure, HTTPException) else 500
    code, field = CODES.get(status, "not-found" if status < 500 else "internal-error"), ""
    if isinstance(failure, ApiRefused):
        code, field = failure.code, failure.field
    elif isinstance(failure, ValidationException):
        field = _field(failure)
    headers = {"allow": "GET, OPTIONS"} if status == 405 else None
    return Response(
        Failure(code, words(f"api-{code}"), field),
        status_code=status,
        media_type=MediaType.JSON,
        headers=headers,
    )


def _field(failure: ValidationException) -> str:
    """The parameter that Litestar names, and only that: a message could quote what was typed."""
    extra = failure.extra
    if isinstance(extra, list) and extra and isinstance(extra[0], dict):
        return str(extra[0].get("key", ""))
    return ""
