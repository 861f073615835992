"""Makes the record again beside the one in use, proves them the same, and swaps them."""

from collections.abc import Callable
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path

import apsw

from anamnesis.bootstrap.keys import load_signer
from anamnesis.bootstrap.refusal import explained
from anamnesis.journal.verification import verify_journal
from anamnesis.receipt.checkpoint import VerificationKey
from anamnesis.record.comparison import Comparison
from anamnesis.record.store import RecordDamaged, RecordOutdated
from anamnesis.settings import Settings
from anamnesis.storage.lock import hold
from anamnesis.storage.sqlite.connection import FormatRefused
from anamnesis.storage.sqlite.journal import SqliteJournalReader
from anamnesis.storage.sqlite.record_rebuild import put_in_place, rebuild_beside

UNREADABLE = (RecordDamaged, RecordOutdated, FormatRefused, apsw.Error, FileNotFoundError)

Stage = Callable[[str, int, int], None]
"""Told the name of a stage (`journal`, `record`), how many are done, of how many."""


@dataclass(frozen=True)
class Rebuilt:
    """What became of it. `compared` is None when there was no record that could be read."""

    applied: int
    fingerprint: str
    compared: Comparison | None
    compared_at: int
    set_aside: Path | None


def rebuild_record(settings: Settings, stage: Stage) -> Rebuilt:
    """Verifies the journal, folds it into a new record, compares, and puts the new one in place.

    A record that differed is kept beside it. Nothing may run meanwhile. Raises `StartRefused`.
    """
    with ExitStack() as stack:
        with explained():
            key = VerificationKey.of(load_signer(settings))
            stack.enter_context(hold(settings.lock))
            journal = stack.enter_context(closing(SqliteJournalReader(settings.journal)))
            verify_journal(journal, key, lambda done, total: stage("journal", done, total))

        def advance(done: int, total: int) -> None:
            stage("record", done, max(total, journal.size()))

        made = rebuild_beside(settings.record, journal, advance)
        compared = made.comparison
        aside = None if compared is None or compared.identical else settings.record_differed
        put_in_place(settings.record, aside)
    return Rebuilt(made.applied, made.fingerprint, compared, made.compared_at, aside)
