"""What the application answers to somebody who opens an encounter's page, held against the record.

A page that says "there is no such encounter" shows no text that a witness could compare.
"""

from collections.abc import Callable
from contextlib import suppress
from typing import Final

from anamnesis.access.session import Session
from anamnesis.keeper.findings import Findings
from anamnesis.keeper.http import Refused
from anamnesis.keeper.reading import Reading
from anamnesis.reconcile.finding import Finding

ABSENT: Final = frozenset({404, 410})


class PageAnswers:
    """Hears how each request for such a page was answered."""

    def __init__(
        self, reading: Reading, findings: Findings, opened: Callable[[str, str, str], object]
    ) -> None:
        self._reading = reading
        self._findings = findings
        self._opened = opened

    async def heard(self, session: Session, encounter: str, status: int | None) -> None:
        """A page of a note that the record has, answered as if there were none, is a finding."""
        practice = session.practice
        subject = f"page/{practice}/{encounter}"
        if status == 200:
            self._opened(practice, session.practitioner, encounter)
            if subject in self._findings:
                self._findings.cleared([subject])
        elif status in ABSENT:
            with suppress(Refused):  # where the record cannot be read, that itself is noticed
                there = await self._reading.record(
                    lambda reader: reader.note_positions(practice, encounter)
                )
                if there:
                    found = Finding(
                        subject, "page-absent", practice, session.practitioner, encounter
                    )
                    self._findings.found(found, of_page=True)
