"""What the record is known to show wrongly, kept by whoever reads it back or sweeps it."""

import threading
from collections.abc import Callable, Iterable, Sequence

import structlog

from anamnesis.keeper.judgement import Agreed, Disagreement, Outside, RowVerdict
from anamnesis.keeper.news import disagreement_event, recorded_event
from anamnesis.keeper.push import Event
from anamnesis.keeper.received import Expected

REFUSED = "read-back-refused"
LISTED_MAX = 100_000
"""Disagreements listed; beyond, they are counted only."""

_log = structlog.get_logger()


class Disagreements:
    """By entry; each is reported once, until the record comes right. Safe between threads.

    `suspected` says of an entry that the record refused whether it should not have; `wrong` and
    `right` hear of entries as they go on the list and off it.
    """

    def __init__(
        self,
        suspected: Callable[[Outside], bool] = lambda _refused: False,
        wrong: Callable[[Sequence[Disagreement]], object] = lambda _found: None,
        right: Callable[[Sequence[Expected]], object] = lambda _entries: None,
    ) -> None:
        self._suspected = suspected
        self._wrong = wrong
        self._right = right
        self._lock = threading.Lock()
        self._listed: dict[str, Disagreement] = {}
        self._uncounted = 0

    def __len__(self) -> int:
        return len(self._listed) + self._uncounted

    def all(self) -> list[Disagreement]:
        """Those listed, in the order in which they were found."""
        with self._lock:
            return list(self._listed.values())

    def take(self, verdicts: Iterable[RowVerdict]) -> list[Event]:
        """Takes notice of what was found; what the authors concerned have to be told now."""
        events: list[Event] = []
        wrong: list[Disagreement] = []
        right: list[Expected] = []
        for verdict in verdicts:
            found = self._disagreement(verdict)
            if found is not None:
                if self._is_new(found):
                    _report(found)
                    wrong.append(found)
                    events.append(disagreement_event(found))
            elif self._was_listed(verdict):
                right.append(verdict.expected)
                if isinstance(verdict, Agreed):
                    events.append(recorded_event(verdict))
        if wrong:
            self._wrong(wrong)
        if right:
            self._right(right)
        return events

    def _disagreement(self, verdict: RowVerdict) -> Disagreement | None:
        if isinstance(verdict, Outside) and self._suspected(verdict):
            return Disagreement(verdict.expected, REFUSED)
        return verdict if isinstance(verdict, Disagreement) else None

    def _is_new(self, wrong: Disagreement) -> bool:
        with self._lock:
            if wrong.expected.id in self._listed:
                return False
            if len(self._listed) < LISTED_MAX:
                self._listed[wrong.expected.id] = wrong
            else:
                self._uncounted += 1
            return True

    def _was_listed(self, verdict: RowVerdict) -> bool:
        with self._lock:
            return self._listed.pop(verdict.expected.id, None) is not None


def _report(disagreement: Disagreement) -> None:
    expected = disagreement.expected
    _log.error(
        "read-back-disagrees",
        code=disagreement.code,
        entry=expected.id,
        position=expected.position,
        kind=expected.kind,
    )
