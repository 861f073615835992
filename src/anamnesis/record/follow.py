"""Follows the journal: reads what is new and folds it, batch by batch. The rim does the waiting."""

from collections.abc import Callable, Sequence
from typing import Final

from anamnesis.journal.damage import JournalDamaged
from anamnesis.journal.entry import JournaledEntry
from anamnesis.journal.store import JournalReader
from anamnesis.record.fold import apply, apply_failed
from anamnesis.record.store import (
    RecordAhead,
    RecordDamaged,
    RecordTransaction,
    RecordUnwritable,
    RecordWriter,
)

BATCH_ENTRIES_MAX: Final = 256

_NOT_AN_ENTRYS_FAULT = (JournalDamaged, RecordAhead, RecordDamaged, RecordUnwritable)

Fold = Callable[[Sequence[JournaledEntry], RecordTransaction], None]
"""Folds a batch and moves the number applied, as `apply` does."""


class Follower:
    """Brings the record up to the journal, one step at a time.

    `fold` may be one that lets features take part: where it fails, `apply` does without them.
    """

    def __init__(self, journal: JournalReader, record: RecordWriter, fold: Fold = apply) -> None:
        self._journal = journal
        self._record = record
        self._fold = fold

    def step(self, limit: int = BATCH_ENTRIES_MAX) -> int:
        """Applies at most `limit` entries (at most BATCH_ENTRIES_MAX); 0 means it is up to date.

        An entry that makes this program fail is listed as outstanding, and holds up no other.
        Raises RecordUnwritable (try again), RecordAhead or RecordDamaged (make the record again).
        """
        applied = self._record.applied()
        size = self._journal.size()
        if applied > size:
            raise RecordAhead(f"The record has {applied} entries and the journal {size}.")
        batch = self._journal.read(applied, min(limit, BATCH_ENTRIES_MAX))
        if batch:
            self._apply(batch)
        return len(batch)

    def _apply(self, batch: Sequence[JournaledEntry]) -> None:
        try:
            with self._record.transaction() as transaction:
                self._fold(batch, transaction)
        except _NOT_AN_ENTRYS_FAULT:
            raise
        except Exception:  # noqa: BLE001 -- a fault in one entry's rule must not lose the others
            for journaled in batch:
                self._apply_alone(journaled)

    def _apply_alone(self, journaled: JournaledEntry) -> None:
        if self._fold is not apply and self._tried(self._fold, journaled) is None:
            return
        failure = self._tried(apply, journaled)
        if failure is not None:
            with self._record.transaction() as transaction:
                apply_failed(journaled, failure, transaction)

    def _tried(self, fold: Fold, journaled: JournaledEntry) -> Exception | None:
        try:
            with self._record.transaction() as transaction:
                fold([journaled], transaction)
        except _NOT_AN_ENTRYS_FAULT:
            raise
        except Exception as failure:  # noqa: BLE001 -- likewise; it is listed, not dropped
            return failure
        return None
