"""What became of a paper that went by e-mail, address by address."""

from collections.abc import Callable
from typing import Any, Literal

from litestar import Request

from anamnesis.clinical.breach import BreachPaper
from anamnesis.incident.dispatch import Standing
from anamnesis.incident.telling import paper_key
from anamnesis.web.catalogue import Catalogue
from anamnesis.web.dates import Dates
from anamnesis.web.desk import Desk

Colour = Literal["green", "amber", "red"]


def mailed_told(
    desk: Desk, request: Request[Any, Any, Any]
) -> Callable[[BreachPaper], list[tuple[str, Colour, str]]]:
    """A template's function: each address of a paper, a colour, and what is said of it."""
    words, dates = desk.words(request), desk.dates(request)

    def told(paper: BreachPaper) -> list[tuple[str, Colour, str]]:
        known = {one.to: one for one in _standings(desk, paper)}
        return [(to, *_said(words, dates, known.get(to))) for to in paper.mail]

    return told


def _standings(desk: Desk, paper: BreachPaper) -> list[Standing]:
    if not paper.mail or desk.dispatches is None:
        return []
    with desk.dispatches() as queue:
        return queue.standings(paper_key(paper.id))


def _said(words: Catalogue, dates: Dates, one: Standing | None) -> tuple[Colour, str]:
    if one is None:
        return "amber", words("mailed-waiting")
    if one.sent_at is not None:
        return "green", words("mailed-sent", at=dates.minute(one.sent_at))
    if one.given_up_at is not None:
        return "red", words("mailed-given-up", code=one.failure or "")
    if one.failure is not None:
        return "amber", words("mailed-failing", code=one.failure, attempts=one.attempts)
    return "amber", words("mailed-waiting")
