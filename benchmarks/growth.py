"""A data directory of so many notes, made once with the product's own journal, record and index.

Made without HTTP, in large groups; kept where it is told to be, so that a million notes are made
only once. A run adds its own saves to it, which is why counts are "at least".
"""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from itertools import islice
from pathlib import Path
from typing import Any

import uuid_utils

from anamnesis.bootstrap.keys import make_signer
from anamnesis.journal.entry import Entry
from anamnesis.journal.journal import Accepted, Journal, Submission
from anamnesis.keeper.clock import MachineClock
from anamnesis.receipt.canonical import canonical, digest_bytes
from anamnesis.record.follow import Follower
from anamnesis.record.search import Indexer
from anamnesis.record.store import RecordOutdated
from anamnesis.settings import Settings
from anamnesis.storage.lock import hold
from anamnesis.storage.sqlite.journal import SqliteJournal, SqliteJournalReader
from anamnesis.storage.sqlite.record import SqliteRecordReader, SqliteRecordWriter
from anamnesis.storage.sqlite.search import SqliteSearchIndex
from benchmarks.pages import IDENTITY, Session
from benchmarks.text import note

LONG_ENCOUNTERS = 1_000
"""Encounters of the patient whose page is opened."""
ENCOUNTERS_EACH = 20
"""Encounters of everybody else."""
GROUP = 1_000
INDEXED_TOGETHER = 5_000
SAY_EVERY_SECONDS = 15.0
LONG_PATIENT = "long-patient.txt"
"""Where the kept directory says whose page is opened; it is there once all is made."""


def is_made(data: Path) -> bool:
    """Whether this directory has all its entries."""
    return (data / LONG_PATIENT).exists()


def make(data: Path, session: Session, notes: int, say: Callable[[str], None]) -> None:
    """Fills the data directory that this session's account is in, up to so many notes."""
    settings = Settings(data=data.absolute())
    writing = _Writing(session)
    entries = writing.entries(notes)
    with hold(settings.lock), closing(SqliteJournal(settings.journal)) as store:
        journal = Journal(store, make_signer(settings), MachineClock())
        said = time.monotonic()
        while group := list(islice(entries, GROUP)):
            outcomes = journal.append([Submission(entry, "benchmark") for entry in group])
            if not all(isinstance(one, Accepted) for one in outcomes):
                raise RuntimeError(f"An entry was refused: {outcomes[0]}")
            if time.monotonic() - said > SAY_EVERY_SECONDS:
                said = time.monotonic()
                say(f"{notes:,} notes: {journal.size:,} entries journaled")
    (data / LONG_PATIENT).write_text(writing.long_patient)


def catch_up(data: Path, say: Callable[[str], None]) -> None:
    """Brings record and index up to the journal; a record of an earlier form is made again."""
    settings = Settings(data=data.absolute())
    with ExitStack() as stack:
        stack.enter_context(hold(settings.lock))
        reading = stack.enter_context(closing(SqliteJournalReader(settings.journal)))
        record = stack.enter_context(closing(_record(settings.record)))
        follower = Follower(reading, record)
        _follow("recorded", follower.step, record.applied, say)
        reader = stack.enter_context(closing(SqliteRecordReader(settings.record)))
        index = stack.enter_context(closing(SqliteSearchIndex(settings.search)))
        indexer = Indexer(reader, index)
        _follow("indexed", lambda: indexer.step(INDEXED_TOGETHER), index.applied, say)


def _record(path: Path) -> SqliteRecordWriter:
    try:
        return SqliteRecordWriter(path)
    except RecordOutdated:
        for suffix in ("", "-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
        return SqliteRecordWriter(path)


def _follow(
    done: str, step: Callable[[], int], applied: Callable[[], int], say: Callable[[str], None]
) -> None:
    said = time.monotonic()
    while step():
        if time.monotonic() - said > SAY_EVERY_SECONDS:
            said = time.monotonic()
            say(f"{applied():,} entries {done}")


class _Writing:
    """A patient with LONG_ENCOUNTERS, and as many others as the notes need, typed on one device."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.long_patient = str(uuid_utils.uuid7())
        self._chance = random.Random(20230426)
        self._device = str(uuid_utils.uuid4())
        self._sequence = 0

    def entries(self, notes: int) -> Iterator[Entry]:
        """The entries that make `notes` notes."""
        yield from self._patient(self.long_patient, LONG_ENCOUNTERS)
        for begun in range(LONG_ENCOUNTERS, notes, ENCOUNTERS_EACH):
            each = min(ENCOUNTERS_EACH, notes - begun)
            yield from self._patient(str(uuid_utils.uuid7()), each)

    def _patient(self, patient: str, encounters: int) -> Iterator[Entry]:
        traits = IDENTITY | {"birth_name": f"BANC{self._sequence}"}
        yield self._entry("patient.create", traits, patient)
        for number in range(encounters):
            encounter = str(uuid_utils.uuid7())
            at = f"20{10 + number % 16:02}-{1 + number % 12:02}-{1 + number % 28:02}T09:00:00.000Z"
            started = {"started_at": at, "appointment": None}
            yield self._entry("encounter.start", started, patient, encounter)
            text = {"sections": note(self._chance)}
            yield self._entry("note.write", text, patient, encounter)
            if encounters == LONG_ENCOUNTERS and number % 2 == 0:
                weight = {"code": "weight", "value": "70", "unit": "kg", "effective_at": at}
                yield self._entry("observation.record", weight, patient, encounter)

    def _entry(
        self,
        kind: str,
        content: Any,  # noqa: ANN401 -- any kind.s content
        patient: str,
        encounter: str | None = None,
    ) -> Entry:
        self._sequence += 1
        data = canonical(content)
        return Entry(
            id=str(uuid_utils.uuid7()),
            kind=kind,
            practice=self._session.practice,
            author=self._session.practitioner,
            patient=patient,
            encounter=encounter,
            device=self._device,
            sequence=self._sequence,
            base=None,
            build="benchmark",
            features=(),
            typed_at="2026-01-05T09:00:00.000Z",
            digest=digest_bytes(data),
            content=data,
        )
