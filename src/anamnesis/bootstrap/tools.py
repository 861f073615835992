"""Read-only ways in for the operator's tools: verify, rebuild, export, doctor."""

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass

from anamnesis.bootstrap.keys import load_signer
from anamnesis.bootstrap.refusal import explained
from anamnesis.journal.store import JournalReader
from anamnesis.receipt.checkpoint import VerificationKey
from anamnesis.record.store import RecordReader
from anamnesis.settings import Settings
from anamnesis.storage.sqlite.journal import SqliteJournalReader
from anamnesis.storage.sqlite.record import SqliteRecordReader


@dataclass(frozen=True)
class Tools:
    """The journal, and the key its checkpoints are signed with."""

    journal: JournalReader
    verification_key: VerificationKey


@contextmanager
def open_journal_tools(settings: Settings) -> Iterator[Tools]:
    """The journal for reading, also beside a running keeper.

    Raises `StartRefused`, and FileNotFoundError when there is no journal yet.
    """
    with ExitStack() as stack:
        with explained():
            signer = load_signer(settings)
            journal = stack.enter_context(closing(SqliteJournalReader(settings.journal)))
        yield Tools(journal, VerificationKey.of(signer))


@contextmanager
def open_record_reader(settings: Settings) -> Iterator[RecordReader]:
    """The record for reading, as a page gets it. Raises `StartRefused`, FileNotFoundError."""
    with ExitStack() as stack:
        with explained():
            reader = stack.enter_context(closing(SqliteRecordReader(settings.record)))
        yield reader
