"""A note's history: every version, what changed in it, by whom, when and from where."""

from collections.abc import Sequence
from typing import Any

from litestar import Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from anamnesis.record.model import Signature
from anamnesis.web.desk import Desk
from anamnesis.web.rewriting import written_later
from anamnesis.web.sittings import compared, sittings

SITTINGS = 20
"""On one page."""


def routes(desk: Desk) -> list[HTTPRouteHandler]:
    """`/encounters/{id}/history`; `?every=yes` for each version apart, `?skip=` for older ones."""

    @get("/encounters/{encounter:str}/history", sync_to_thread=True)
    def history(request: Request[Any, Any, Any], encounter: FromPath[str]) -> Response[str]:
        identity = desk.signed_in(request)
        reader, practice = desk.reader, identity.practice
        note = reader.note(practice, encounter)
        found = reader.encounter(practice, encounter)
        if note is None or found is None:
            raise NotFoundException
        every = request.query_params.get("every") == "yes"
        skipped = _count(request.query_params.get("skip"))
        groups = sittings(reader.versions(practice, encounter), every=every)
        more = skipped + SITTINGS if len(groups) > skipped + SITTINGS else None
        return desk.page(
            request,
            "history.html",
            identity,
            note=note,
            encounter=found,
            patient=reader.patient(practice, note.patient),
            sittings=[compared(group) for group in groups[skipped : skipped + SITTINGS]],
            signatures=_by_version(reader.signatures(practice, encounter)),
            divergences=reader.divergences(practice, encounter),
            asides=list(reversed(reader.typed_texts(practice, encounter))),
            later=written_later(reader, practice, note.patient, encounter),
            every=every,
            more=more,
        )

    return [history]


def _by_version(signatures: Sequence[Signature]) -> dict[int, list[Signature]]:
    found: dict[int, list[Signature]] = {}
    for signature in signatures:
        found.setdefault(signature.version, []).append(signature)
    return found


def _count(text: str | None) -> int:
    return int(text) if text is not None and text.isdecimal() and len(text) < 7 else 0
