"""Pages without incidents: what a test, or a page before the first start, has."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from anamnesis.reconcile.discrepancy import Discrepancy, Incident, IncidentCounts, Step
from anamnesis.reconcile.store import IncidentReader

OpenIncidents = Callable[[], AbstractContextManager[IncidentReader]]


class _NoIncidents:
    def incidents(self, limit: int) -> list[Incident]:
        del limit
        return []

    def incident(self, number: int) -> Incident | None:
        del number
        return None

    def counts(self, number: int, practice: str | None, author: str | None) -> IncidentCounts:
        del number, practice, author
        return IncidentCounts(0, 0, 0, 0, 0)

    def steps(self, number: int) -> list[Step]:
        del number
        return []

    def discrepancies(
        self, number: int, practice: str | None, author: str | None, after: int, limit: int
    ) -> list[Discrepancy]:
        del number, practice, author, after, limit
        return []


@contextmanager
def no_incidents() -> Iterator[IncidentReader]:
    """None."""
    yield _NoIncidents()
