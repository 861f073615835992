"""What the record is known to show wrongly, kept by whoever reads it back or sweeps it."""

import threading
from collections.abc import Iterable

import structlog

from anamnesis.keeper.judgement import Agreed, Disagreement, Verdict
from anamnesis.keeper.news import disagreement_event, recorded_event
from anamnesis.keeper.push import Event

LISTED_MAX = 10_000
"""Disagreements listed; beyond, they are counted only."""

_log = structlog.get_logger()


class Disagreements:
    """By entry; each is reported once, until the record comes right. Safe between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._listed: dict[str, Disagreement] = {}
        self._uncounted = 0

    def __len__(self) -> int:
        return len(self._listed) + self._uncounted

    def all(self) -> list[Disagreement]:
        """Those listed, in the order in which they were found."""
        with self._lock:
            return list(self._listed.values())

    def take(self, verdicts: Iterable[Verdict]) -> list[Event]:
        """Takes notice of what was found; what the authors concerned have to be told now."""
        events: list[Event] = []
        for verdict in verdicts:
            if isinstance(verdict, Disagreement):
                if self._is_new(verdict):
                    _report(verdict)
                    events.append(disagreement_event(verdict))
            elif self._was_listed(verdict) and isinstance(verdict, Agreed):
                events.append(recorded_event(verdict))
        return events

    def _is_new(self, wrong: Disagreement) -> bool:
        with self._lock:
            if wrong.expected.id in self._listed:
                return False
            if len(self._listed) < LISTED_MAX:
                self._listed[wrong.expected.id] = wrong
            else:
                self._uncounted += 1
            return True

    def _was_listed(self, verdict: Verdict) -> bool:
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
