"""Who was told of a breach, by the papers that were sent, and when that ends the 72 hours."""

from collections.abc import Iterable
from typing import Final

from anamnesis.clinical.breach import Breach, BreachPaper, PaperType, Role

NOTIFYING: Final[dict[Role, PaperType]] = {
    "controller": "authority-initial",
    "processor": "processor-to-controller",
}
"""What a controller owes the authority (GDPR art. 33(1)), a processor each controller (33(2))."""


def told_at(breach: Breach, papers: Iterable[BreachPaper]) -> dict[str, str]:
    """When each receiver of the paper that is owed was first told."""
    told: dict[str, str] = {}
    for paper in papers:
        if paper.type == NOTIFYING[breach.role]:
            told[paper.receiver] = min(paper.sent_at, told.get(paper.receiver, paper.sent_at))
    return told


def notified_at(breach: Breach, papers: Iterable[BreachPaper]) -> str | None:
    """When the authority was told; of a processor, when the last of its controllers was."""
    told = told_at(breach, papers)
    if breach.role == "controller":
        return min(told.values(), default=None)
    owed = breach.extent.practices
    return max(told.values()) if told and owed is not None and len(told) >= owed else None
