"""Where incidents and marks are kept; implemented in storage/. The keeper writes, others read."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from anamnesis.reconcile.discrepancy import (
    Concerned,
    Discrepancy,
    Incident,
    IncidentCounts,
    Step,
)


class MarkStore(Protocol):
    """Remembers how far comparing has come. Safe between threads."""

    def read(self, name: str) -> bytes | None:
        """What was last written under this name."""
        ...

    def read_all(self, beginning: str) -> dict[str, bytes]:
        """Every mark whose name begins so, by name."""
        ...

    def write(self, marks: Mapping[str, bytes | None]) -> None:
        """Keeps them over a crash, all or none; None drops one.

        Raises MarkNotKept: they are known in memory only.
        """
        ...

    def close(self) -> None:
        """Lets go of the store."""
        ...


class MarkNotKept(Exception):
    """The disk did not take a mark; what it stands for is compared once more after a restart."""

    code = "mark-not-kept"


class IncidentReader(Protocol):
    """Reads incidents, also while they are written. Newest first, unless it says otherwise."""

    def incidents(self, limit: int) -> list[Incident]:
        """The newest incidents."""
        ...

    def incident(self, number: int) -> Incident | None:
        """One of them."""
        ...

    def counts(self, number: int, practice: str | None, author: str | None) -> IncidentCounts:
        """What it amounts to, in all, in one practice, or for one practitioner."""
        ...

    def steps(self, number: int) -> list[Step]:
        """Its timeline, oldest first."""
        ...

    def discrepancies(
        self, number: int, practice: str | None, author: str | None, after: int, limit: int
    ) -> list[Discrepancy]:
        """Those beyond position `after`, in order of position; of everybody for None."""
        ...


class IncidentSurvey(IncidentReader, Protocol):
    """Reads what only an operator sees."""

    def concerned(self, number: int, limit: int) -> list[Concerned]:
        """Whom it concerns, sentinels apart: most entries first."""
        ...


class IncidentStore(IncidentReader, Protocol):
    """Writes them. One thread."""

    def open(self, at: str, endangered_at: str) -> int:
        """A new incident's number."""
        ...

    def add(self, number: int, found: Sequence[Discrepancy]) -> None:
        """Adds discrepancies; one entry is in an incident once."""
        ...

    def reopen(self, number: int) -> None:
        """More was found of it: it is not closed any more."""
        ...

    def righted(self, number: int, entries: Sequence[str], at: str) -> None:
        """These entries were read back right."""
        ...

    def righted_before(self, number: int | None, entries: Sequence[str], at: str) -> list[int]:
        """The other incidents that these entries were still wrong in, and are not any more."""
        ...

    def without(self, entries: Sequence[str]) -> int | None:
        """Takes out what was wrong by these names; the newest incident that had any of it."""
        ...

    def step(self, number: int, step: Step) -> None:
        """One more line of the timeline."""
        ...

    def close_incident(self, number: int, at: str) -> None:
        """Nothing of it is wrong any more."""
        ...

    def close(self) -> None:
        """Lets go of the store."""
        ...
