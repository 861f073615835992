"""What reading is made of: rows by key, and the few lists that each engine indexes."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol, TypeAlias

from anamnesis.clinical.patient import Search
from anamnesis.record.appointment_rows import KeptSlot
from anamnesis.record.model import Touched
from anamnesis.record.note_rows import KeptNote
from anamnesis.record.row import Kept, Made
from anamnesis.record.row_model import TouchedRow
from anamnesis.record.rows import (
    KeptEncounter,
    KeptEntry,
    KeptObservation,
    KeptPatient,
    KeptPractice,
    KeptPractitioner,
    KeptRetirement,
)
from anamnesis.record.store import RecordView

After: TypeAlias = "tuple[str, str] | None"
"""The last row of the page before: what it is sorted by, and its id."""


class Source(RecordView, Protocol):
    """The record as it was when this was opened; nothing that is written meanwhile shows."""

    def applied(self) -> int:
        """The number of journal entries applied."""
        ...

    def entries_from(self, position: int, limit: int | None) -> list[KeptEntry]:
        """Entries of every practice from `position` on, in order."""
        ...

    def entries_outstanding(self, practice: str | None) -> list[KeptEntry]:
        """Entries with a code, in order."""
        ...

    def entries_by(
        self, practice: str, author: str, before: int | None, limit: int
    ) -> list[KeptEntry]:
        """Entries without a code by this author, newest first."""
        ...

    def note_positions(self, practice: str, encounter: str) -> list[int]:
        """Positions of the `note.*` entries without a code, in order."""
        ...

    def touched(self, after: int, limit: int) -> list[Touched]:
        """Notes written since change `after`, in the order of their last change: names only."""
        ...

    def last_touched(self) -> int:
        """The newest change, 0 if there is none."""
        ...

    def form(self) -> int:
        """Changes with the tables, indexes and triggers."""
        ...

    def touched_rows(self, after: int, limit: int) -> list[TouchedRow]:
        """Rows written otherwise than usual since change `after`, in the order of their change."""
        ...

    def last_touched_row(self) -> int:
        """The newest such change, 0 if there is none."""
        ...

    def watched(self) -> bool:
        """Whether tables, indexes and triggers are exactly those that were made."""
        ...

    def strays(self, table: type[Made], first: int, end: int | None) -> list[tuple[int, str]]:
        """Position and practice of rows in [first, end) that no entry made."""
        ...

    def derived(
        self, table: type[Kept], after: tuple[str, str], limit: int
    ) -> list[tuple[str, str]]:
        """Practice and the rest of the key, separated by slashes, in order, from beyond `after`.

        Rows of one subject are named once.
        """
        ...

    def notes_awaiting(self, practice: str, author: str) -> list[KeptNote]:
        """Notes of this author's encounters that await a signature."""
        ...

    def encounters_of(
        self, practice: str, patient: str, before: After, limit: int
    ) -> list[KeptEncounter]:
        """A patient's encounters by start and id, newest first, from below `before`."""
        ...

    def encounter_for(self, practice: str, appointment: str) -> KeptEncounter | None:
        """The first encounter started for an appointment."""
        ...

    def slots_on(self, practice: str, first: str, days: int, zone: str) -> list[KeptSlot]:
        """Appointments that start on these days, by start and then in order."""
        ...

    def observations_of(self, practice: str, patient: str) -> list[KeptObservation]:
        """A patient's measurements, by when they were taken and then in order."""
        ...

    def practices(self) -> list[KeptPractice]:
        """Every practice, in order."""
        ...

    def practitioners(self) -> list[KeptPractitioner]:
        """Every practitioner of every practice, in order."""
        ...

    def retirements_in(self, practice: str) -> list[KeptRetirement]:
        """The retired devices of a practice, in order."""
        ...

    def patients_matching(
        self, practice: str, search: Search, after: After, limit: int
    ) -> list[KeptPatient]:
        """Patients with all these beginnings of words and one of these dates, by name and id."""
        ...


Open: TypeAlias = Callable[[], AbstractContextManager[Source]]
"""Opens a source that shows one moment, for the length of one question."""
