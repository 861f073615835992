"""What one entry does to the record: rows, decided before any of them is written."""

from collections.abc import Callable
from typing import Any, TypeAlias

import msgspec

from anamnesis.journal.entry import JournaledEntry
from anamnesis.record.row import Kept
from anamnesis.record.store import RecordView


class Effect(msgspec.Struct, frozen=True):
    """The rows an entry adds or replaces, and the derived ones it takes out.

    `version` is that of what it made; `diverged` says that it collided with another's text.
    """

    rows: tuple[Kept, ...]
    version: int = 1
    removed: tuple[Kept, ...] = ()
    diverged: bool = False


Rule: TypeAlias = Callable[[JournaledEntry, Any, RecordView], Effect]
"""Decides from the entry, its content and the record as it is. Raises NotTaken; writes nothing."""
