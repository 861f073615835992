"""What every question of the interface has alike: parameters, pages of rows, refusals."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Annotated, Any, Final, Generic, TypeAlias, TypeVar

import msgspec
from litestar import Request, get
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler, HTTPRouteHandler
from litestar.openapi import ResponseSpec
from litestar.params import PathParameter, QueryParameter

from anamnesis.record.paging import MARK_BROKEN, MARK_CHARACTERS_MAX, marked
from anamnesis.web.api.refusals import Failure, malformed

LIMIT_DEFAULT: Final = 50
LIMIT_MAX: Final = 200  # rows of one page
MEDIA_TYPES: Final = "media-types"  # the handler's option that names them
UUID: Final = "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
DIGEST: Final = "^[0-9a-f]{64}$"
DAY: Final = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
INSTANT: Final = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z$"

_PARAMETER: Final = re.compile("[a-z_]{1,32}")  # what may be repeated to whoever misspelt it

Asking: TypeAlias = Request[Any, Any, Any]
Row = TypeVar("Row")
Shape = TypeVar("Shape")
Id: TypeAlias = Annotated[str, msgspec.Meta(pattern=UUID)]
Digest: TypeAlias = Annotated[str, msgspec.Meta(pattern=DIGEST)]
Instant: TypeAlias = Annotated[
    str,
    msgspec.Meta(
        pattern=INSTANT,
        extra_json_schema={"format": "date-time"},
    ),
]
Version: TypeAlias = Annotated[int, msgspec.Meta(ge=1)]

Limit: TypeAlias = Annotated[
    int, QueryParameter(ge=1, le=LIMIT_MAX, description="How many rows at most.")
]
After: TypeAlias = Annotated[
    str | None,
    QueryParameter(
        min_length=1,
        max_length=MARK_CHARACTERS_MAX,
        description="The `next` of the page before; left out for the first page.",
    ),
]
PatientId: TypeAlias = Annotated[str, PathParameter(pattern=UUID, description="The patient's id.")]
EncounterId: TypeAlias = Annotated[
    str, PathParameter(pattern=UUID, description="The encounter's id.")
]

ResourceId: TypeAlias = Annotated[
    str, PathParameter(pattern=UUID, description="The id of what is written whole.")
]


class Page(msgspec.Struct, Generic[Row], frozen=True):
    """Some rows of a list; `next` asks for those that follow, null at the end."""

    rows: list[Row]
    next: str | None


def shown(row: object, shape: type[Shape]) -> Shape:
    """What the interface says of `row`: the members that `shape` names, and no other."""
    return msgspec.convert(row, shape, from_attributes=True)


def every(found: Iterable[object], shape: type[Shape]) -> Page[Shape]:
    """A list that comes whole."""
    return Page([shown(row, shape) for row in found], None)


def checked_mark(after: str | None) -> str | None:
    """`after` as it came; raises ApiRefused if no page ever ended with it."""
    if marked(after) is MARK_BROKEN:
        raise malformed("after")
    return after


def question(
    path: str,
    tag: str,
    summary: str,
    refusals: Sequence[str] = (),
    *,
    name: str = "",
    returns: object = None,
    media_types: Sequence[str] = (),
    also: Mapping[int, str] = MappingProxyType({}),
) -> Callable[[Callable[..., Any]], HTTPRouteHandler]:
    """A handler of `GET /api/v1{path}`, documented by the function's docstring.

    `refusals` are the codes of its 404; 400, 401, 500 and 503 go without saying. `name` and
    `returns` are for a function made several times over, which cannot say them itself;
    `media_types` are those of an answer that is no JSON, `also` refusals by other statuses.
    """

    def made(asked: Callable[..., Any]) -> HTTPRouteHandler:
        if returns is not None:
            asked.__annotations__["return"] = returns
        return get(
            path,
            operation_id=name or asked.__name__.replace("_", "-"),
            tags=[tag],
            summary=summary,
            response_description="What was asked for.",
            responses=_refused(refusals, also),
            opt={MEDIA_TYPES: tuple(media_types)},
            raises=[],
            guards=[_only_what_is_known],
            sync_to_thread=True,
        )(asked)

    return made


def _refused(unknown: Sequence[str], also: Mapping[int, str]) -> dict[int, ResponseSpec]:
    """How a question may be refused: by the application, or by the keeper in front of it."""
    said = {
        400: "`malformed`: a parameter is unknown, given twice or not of its form (`field`).",
        401: "`not-signed-in`: no session, or it ended.",
        500: "`internal-error`: it failed here, and nothing was changed.",
        503: "`application-unavailable`, `audit-unavailable`: ask again in a moment.",
    }
    said |= also
    if unknown:
        codes = ", ".join(f"`{code}`" for code in unknown)
        said[404] = f"{codes}: there is no such thing, or not in this practice."
    return {
        status: ResponseSpec(Failure, description=text, generate_examples=False)
        for status, text in sorted(said.items())
    }


def _only_what_is_known(
    asking: ASGIConnection[Any, Any, Any, Any], asked: BaseRouteHandler
) -> None:
    """Raises ApiRefused for a parameter unknown or given twice: a filter misspelt is no filter."""
    given = asking.query_params
    known = set(asked.parsed_fn_signature.parameters) - {"request", *asking.path_params}
    for name in given:
        if name not in known:
            raise malformed(name if _PARAMETER.fullmatch(name) else "")
        if len(given.getall(name)) > 1:
            raise malformed(name)
