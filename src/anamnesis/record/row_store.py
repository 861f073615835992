"""What is asked of the record's rows themselves, whoever wrote them; a part of `RecordReader`."""

from collections.abc import Sequence
from typing import Protocol

from anamnesis.journal.entry import JournaledEntry
from anamnesis.record.row_model import DerivedRow, TouchedRow


class RowReader(Protocol):
    """Questions about rows, of every practice."""

    def touched_rows(self, after: int, limit: int) -> list[TouchedRow]:
        """Rows that were written otherwise than entries usually do, since change `after`."""
        ...

    def last_touched_row(self) -> int:
        """The newest such change there is; 0 if there never was one."""
        ...

    def watched(self) -> bool:
        """Whether everything that watches the tables is there as it was made."""
        ...

    def strays(self, first: int, end: int | None) -> list[TouchedRow]:
        """Rows that no entry made, at positions from `first` up to `end`.

        Without an end: beyond the entries applied. An entry's own row may be one there only.
        """
        ...

    def row_there(self, place: str, position: int) -> bool:
        """Whether a table has a row at a position."""
        ...

    def has_twin(self, place: str, position: int) -> bool:
        """Whether another row of the table, about the same, says the same."""
        ...

    def derived_stands(self, place: str, practice: str, subject: str) -> bool:
        """Whether a derived row says what the rows that entries made add up to."""
        ...

    def note_stands(
        self, practice: str, encounter: str, entries: Sequence[JournaledEntry]
    ) -> bool | None:
        """Whether a note and its divergences are what these, all of its entries, make of it.

        None if the record has other entries for it by now.
        """
        ...

    def entries_stand(self, entries: Sequence[JournaledEntry]) -> list[int]:
        """Positions of those whose provenance is not kept as the journal has it."""
        ...

    def derived(self, place: str, after: tuple[str, str], limit: int) -> list[DerivedRow]:
        """The derived rows of a table, in order, from beyond `after` (practice and subject)."""
        ...
