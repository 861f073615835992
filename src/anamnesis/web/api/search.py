"""Search over the practice's notes, documents and the rest of the record."""

from typing import Annotated

import msgspec
from litestar.handlers import HTTPRouteHandler
from litestar.params import QueryParameter

from anamnesis.record.paging import mark, marked
from anamnesis.record.search import PLACES, Filter, IndexDamaged, Place
from anamnesis.record.search_words import QUERY_CHARACTERS_MAX, read_query
from anamnesis.web.api.questions import (
    DAY,
    LIMIT_DEFAULT,
    UUID,
    After,
    Asking,
    Id,
    Limit,
    Page,
    checked_mark,
    question,
)
from anamnesis.web.api.refusals import ApiRefused, malformed
from anamnesis.web.desk import Desk
from anamnesis.web.searching import Result, search

TAG = "Search"
RANK_DIGITS_MAX = 18

Day = Annotated[str | None, QueryParameter(pattern=DAY, description="`YYYY-MM-DD`, included.")]
Name = Annotated[str | None, QueryParameter(pattern=UUID, description="An id.")]


class Segment(msgspec.Struct, frozen=True):
    """A run of the excerpt; `marked` where it is what was asked for."""

    text: str
    marked: bool


class Finding(msgspec.Struct, frozen=True):
    """One text that has the words. `subject` is its encounter or what is written whole."""

    patient: Id
    patient_name: str
    subject: Id
    place: Place
    day: str
    author_name: str
    title: str
    excerpt: list[Segment]


def routes(desk: Desk) -> list[HTTPRouteHandler]:
    """`/search`."""

    @question("/search", TAG, "Search", also={503: "`search-unavailable`: ask again in a moment."})
    def find_texts(
        request: Asking,
        q: Annotated[
            str,
            QueryParameter(
                max_length=QUERY_CHARACTERS_MAX,
                description="Words, in any form and accent; those in quotes stand together. "
                "Without any, nothing is found.",
            ),
        ] = "",
        patient: Name = None,
        author: Name = None,
        first_day: Day = None,
        last_day: Day = None,
        place: Annotated[
            Place | None, QueryParameter(description=f"Where it stands: {', '.join(PLACES)}.")
        ] = None,
        limit: Limit = LIMIT_DEFAULT,
        after: After = None,
    ) -> Page[Finding]:
        """Texts with all these words, the newest first. Recorded texts are found within 2 s."""
        identity = desk.signed_in(request)
        query = read_query(q)
        if query.is_empty:
            return Page([], None)
        if desk.index is None:
            raise ApiRefused("search-unavailable", 503)
        places = () if place is None else (place,)
        only = Filter(patient, author, first_day, last_day, places)
        below = _rank(checked_mark(after))
        try:
            found = search(desk.reader, desk.index, identity.practice, query, only, limit, below)
        except IndexDamaged:
            raise ApiRefused("search-unavailable", 503) from None
        rows = [_finding(one) for one in found.results]
        return Page(rows, None if found.next is None else mark(str(found.next), ""))

    return [find_texts]


def _rank(after: str | None) -> int | None:
    place = marked(after)
    if place is None:
        return None
    rank, _ = place
    if not rank.isdecimal() or len(rank) > RANK_DIGITS_MAX:
        raise malformed("after")
    return int(rank)


def _finding(one: Result) -> Finding:
    return Finding(
        patient=one.patient.patient,
        patient_name=f"{one.patient.name} {one.patient.first_names}".strip(),
        subject=one.subject,
        place=one.place,
        day=one.day[:10],
        author_name=one.author_name,
        title=one.title,
        excerpt=[Segment(part.text, part.is_marked) for part in one.excerpt],
    )
