"""Makes the record again from the journal."""

from collections.abc import Callable
from typing import TypeAlias

from anamnesis.journal.store import JournalReader
from anamnesis.record.follow import Follower
from anamnesis.record.store import RecordWriter

Progress: TypeAlias = Callable[[int, int], None]
"""Told after each batch: entries applied, and entries to apply in all."""


def rebuild(
    journal: JournalReader, fresh: RecordWriter, progress: Progress, until: int | None = None
) -> int:
    """Folds the journal from where `fresh` stands to its end, or to `until` entries.

    Returns the number of entries applied. It is the code that follows, so the two cannot differ.
    """
    follower = Follower(journal, fresh)
    total = journal.size() if until is None else until
    applied = fresh.applied()
    while applied < total:
        step = follower.step(total - applied)
        if step == 0:
            break
        applied += step
        progress(applied, total)
    return applied
