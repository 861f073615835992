"""What the record asks of whoever keeps it; implemented in storage/.

Every question of a reader is about one practice: what belongs to another does not exist for it.
"""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from anamnesis.record.model import (
    Change,
    Divergence,
    Encounter,
    EncounterRow,
    Note,
    NoteVersion,
    Observation,
    Outstanding,
    Page,
    Patient,
    PatientRow,
    Practice,
    Practitioner,
    Provenance,
    ReadBack,
    Retirement,
    Signature,
    Touched,
    TypedText,
)
from anamnesis.record.resource_store import ZONE, AppointmentReader, ResourceReader
from anamnesis.record.row import Kept, Table, Value
from anamnesis.record.row_store import RowReader

__all__ = [
    "ZONE",
    "RecordAhead",
    "RecordDamaged",
    "RecordOutdated",
    "RecordReader",
    "RecordTransaction",
    "RecordUnwritable",
    "RecordView",
    "RecordWriter",
]


class RecordOutdated(Exception):
    """The file is not in the form this program writes: make it again from the journal."""

    code = "record-outdated"


class RecordAhead(Exception):
    """The record has entries that the journal does not: it belongs to another journal."""

    code = "record-ahead"


class RecordDamaged(Exception):
    """The record contradicts itself or cannot be read: make it again from the journal."""

    code = "record-damaged"


class RecordUnwritable(Exception):
    """The disk did not take a batch. Nothing is lost: the same entries are applied again."""

    code = "record-unwritable"


class RecordReader(AppointmentReader, ResourceReader, RowReader, Protocol):
    """Reads the record, also while its writer works; may be shared between threads.

    An unknown name gives None or nothing, never an error. Raises RecordDamaged.
    """

    def applied(self) -> int:
        """The number of journal entries applied."""
        ...

    def read_back(self, practice: str, entry_ids: Sequence[str]) -> dict[str, ReadBack]:
        """What the record holds of each of these entries.

        Left out are those not applied, and those of which something is gone that was kept.
        """
        ...

    def outstanding(
        self, practice: str | None, entry_ids: Sequence[str] | None = None
    ) -> list[Outstanding]:
        """The entries that could not be taken, in order; of all practices for None."""
        ...

    def changes(self, after_applied: int, limit: int | None = None) -> list[Change]:
        """What was applied from position `after_applied` on, in order."""
        ...

    def entries_of(
        self, practice: str, author: str, before: int | None, limit: int
    ) -> list[Provenance]:
        """The applied entries of an author, newest first, from below position `before`."""
        ...

    def note(self, practice: str, encounter: str) -> Note | None:
        """The note as it is now."""
        ...

    def text_known(self, practice: str, encounter: str, digest: str) -> bool:
        """Whether a version or a typed text of this note has this digest; blank always has."""
        ...

    def versions(self, practice: str, encounter: str) -> list[NoteVersion]:
        """Every version of the note, oldest first."""
        ...

    def divergences(self, practice: str, encounter: str) -> list[Divergence]:
        """Every divergence of the note, decided ones too, oldest first."""
        ...

    def typed_texts(self, practice: str, encounter: str) -> list[TypedText]:
        """What was typed for this note and is no version as it stands, oldest first.

        Texts of outstanding entries are left out: they may be about somebody else.
        """
        ...

    def typed_text(self, practice: str, entry: str) -> TypedText | None:
        """What was typed in one entry, outstanding ones too, if it is kept beside the versions."""
        ...

    def signatures(self, practice: str, encounter: str) -> list[Signature]:
        """Who signed which version, oldest first."""
        ...

    def note_positions(self, practice: str, encounter: str) -> list[int]:
        """Where in the journal the applied `note.*` entries of this encounter are, in order."""
        ...

    def touched(self, after: int, limit: int) -> list[Touched]:
        """Notes of every practice some row of which was written since change `after`, in order.

        Also when it was written past this program: the record's own triggers tell.
        """
        ...

    def last_touched(self) -> int:
        """The newest change there is; 0 if there never was one."""
        ...

    def form(self) -> int:
        """A number that changes whenever somebody alters the tables or what watches them."""
        ...

    def practice(self, practice: str) -> Practice | None:
        """The practice itself."""
        ...

    def practitioners(self, practice: str) -> list[Practitioner]:
        """Its practitioners, by family name."""
        ...

    def retirements(self, practice: str) -> list[Retirement]:
        """The outboxes that were given up, with the sequences they lost."""
        ...

    def patient(self, practice: str, patient: str) -> Patient | None:
        """A patient's identity as it is now."""
        ...

    def patient_versions(self, practice: str, patient: str) -> list[Patient]:
        """Every version of a patient's identity, oldest first."""
        ...

    def patients(
        self, practice: str, query: str, limit: int, after: str | None = None
    ) -> Page[PatientRow]:
        """Patients by name; `query` is beginnings of words, accents or not, and dd/mm/yyyy.

        An empty query lists everybody. `after` is the `next` of the page before.
        """
        ...

    def encounters(
        self, practice: str, patient: str, limit: int, before: str | None = None
    ) -> Page[EncounterRow]:
        """A patient's encounters, newest first. `before` is the `next` of the page before."""
        ...

    def encounter(self, practice: str, encounter: str) -> Encounter | None:
        """One encounter."""
        ...

    def open_encounters(self, practice: str, practitioner: str) -> list[EncounterRow]:
        """Encounters of this practitioner's whose note awaits a signature, newest first."""
        ...

    def observations(
        self, practice: str, patient: str, code: str | None = None
    ) -> list[Observation]:
        """A patient's measurements, oldest first, those entered in error too."""
        ...

    def dump(self) -> Iterator[tuple[str, list[tuple[Value, ...]]]]:
        """Every table's name and rows, in an order that the content alone decides."""
        ...

    def fingerprint(self) -> str:
        """SHA-256 of the whole content: two records are the same if it is."""
        ...

    def close(self) -> None:
        """Lets go of the file."""
        ...


class RecordView(Protocol):
    """What folding may look at: the record with what this transaction wrote so far."""

    def get(self, table: type[Table], *key: Value) -> Table | None:
        """The row with this key."""
        ...

    def find(self, table: type[Table], **equal: Value) -> list[Table]:
        """The rows with these columns, one of the table's `LOOKUPS`, in the order of their key."""
        ...


class RecordTransaction(RecordView, Protocol):
    """What folding may do. Everything of it is kept together, or nothing."""

    def applied(self) -> int:
        """The number of journal entries applied, these included."""
        ...

    def put(self, row: Kept) -> None:
        """Keeps the row; a row of a `Made` table must be new, another replaces its like."""
        ...

    def remove(self, row: Kept) -> None:
        """Takes out a row that is derived from others."""
        ...

    def advance(self, applied: int) -> None:
        """Moves the number of entries applied on."""
        ...


class RecordWriter(Protocol):
    """Keeps the record: one of it per file, used by one thread."""

    def applied(self) -> int:
        """The number of journal entries applied."""
        ...

    def transaction(self) -> AbstractContextManager[RecordTransaction]:
        """Durable when the block ends; an exception in it undoes all of it.

        Raises RecordUnwritable, RecordDamaged.
        """
        ...

    def close(self) -> None:
        """Lets go of the file."""
        ...
