"""Makes the record again beside the one in use, proves them the same, and swaps them."""

from collections.abc import Callable
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass
from pathlib import Path

import apsw

from anamnesis.bootstrap.keys import load_signer
from anamnesis.bootstrap.refusal import explained
from anamnesis.journal.verification import verify_journal
from anamnesis.receipt.checkpoint import VerificationKey
from anamnesis.record.comparison import Comparison, compare
from anamnesis.record.rebuild import rebuild
from anamnesis.record.store import RecordDamaged, RecordOutdated
from anamnesis.settings import Settings
from anamnesis.storage.lock import hold
from anamnesis.storage.sqlite.connection import FormatRefused, sync_directory
from anamnesis.storage.sqlite.journal import SqliteJournalReader
from anamnesis.storage.sqlite.record import SqliteRecordReader, SqliteRecordWriter

SIDE_FILES = ("", "-wal", "-shm")
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
    beside = settings.record.with_name("record.rebuilt.db")
    with ExitStack() as stack:
        with explained():
            key = VerificationKey.of(load_signer(settings))
            stack.enter_context(hold(settings.lock))
            journal = stack.enter_context(closing(SqliteJournalReader(settings.journal)))
            verify_journal(journal, key, lambda done, total: stage("journal", done, total))
        remove(beside)
        with closing(SqliteRecordWriter(beside)) as fresh:

            def advance(done: int, total: int) -> None:
                stage("record", done, max(total, journal.size()))

            compared_at = min(_applied(settings.record), journal.size())
            rebuild(journal, fresh, advance, compared_at)
            compared = _compared(settings.record, beside)
            applied = rebuild(journal, fresh, advance)
        with closing(SqliteRecordReader(beside)) as reader:
            fingerprint = reader.fingerprint()
        set_aside = _swap(settings, beside, keep=compared is not None and not compared.identical)
    return Rebuilt(applied, fingerprint, compared, compared_at, set_aside)


def remove(record: Path) -> None:
    """Removes a record's file and the two that SQLite keeps beside it."""
    for suffix in SIDE_FILES:
        with suppress(FileNotFoundError):
            record.with_name(record.name + suffix).unlink()


def _applied(record: Path) -> int:
    try:
        with closing(SqliteRecordReader(record)) as reader:
            return reader.applied()
    except UNREADABLE:
        return 0


def _compared(record: Path, beside: Path) -> Comparison | None:
    try:
        with (
            closing(SqliteRecordReader(record)) as old,
            closing(SqliteRecordReader(beside)) as new,
        ):
            return compare(old, new)
    except UNREADABLE:
        return None


def _swap(settings: Settings, beside: Path, *, keep: bool) -> Path | None:
    """Puts the new record in the old one's place; returns where the old one is kept."""
    aside = settings.record.with_suffix(".db.differed")
    if keep:
        remove(aside)
        for suffix in SIDE_FILES:
            with suppress(FileNotFoundError):
                settings.record.with_name(settings.record.name + suffix).rename(
                    aside.with_name(aside.name + suffix)
                )
    else:
        remove(settings.record)
    for suffix in SIDE_FILES:
        with suppress(FileNotFoundError):
            beside.with_name(beside.name + suffix).rename(
                settings.record.with_name(settings.record.name + suffix)
            )
    sync_directory(settings.data)
    return aside if keep else None
