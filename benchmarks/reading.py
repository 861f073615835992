"""How long a patient's page and a search take, in a record of many notes."""

import asyncio
import random
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx

from anamnesis.journal.entry import Entry, JournaledEntry
from anamnesis.receipt.canonical import canonical, digest_bytes
from anamnesis.record.fold import apply
from anamnesis.record.search import Filter, Indexer
from anamnesis.record.search_words import read_query
from anamnesis.storage.sqlite.record import SqliteRecordReader, SqliteRecordWriter
from anamnesis.storage.sqlite.search import SqliteSearchIndex
from anamnesis.web.application import WebSettings, create
from benchmarks.text import note

LONG_ENCOUNTERS = 1_000
"""Encounters of the patient whose page is opened."""
ENCOUNTERS_EACH = 20
"""Encounters of everybody else."""
TIMES = 100
BATCH = 2_000
FOUND_MAX = 20
WORDS = ("toux", "hypertension", "paracétamol bilan", '"toux sèche"', "adénopathie fièvre")


@dataclass(frozen=True, slots=True)
class Reading:
    """Seconds, medians and 99th percentiles, for one size of record."""

    notes: int
    page: tuple[float, float]
    search: tuple[float, float]
    indexed_per_second: float
    record_bytes: int
    index_bytes: int


def measure(notes: int, say: Callable[[str], None]) -> Reading:
    """Makes a record of so many notes in a temporary folder, and reads in it."""
    with tempfile.TemporaryDirectory(prefix="anamnesis-reading-") as folder, ExitStack() as stack:
        home = Path(folder)
        writing = _Writing()
        with closing(SqliteRecordWriter(home / "record.db")) as writer:
            for done, batch in _batches(writing.entries(notes)):
                with writer.transaction() as transaction:
                    apply(batch, transaction)
                if done % (BATCH * 50) == 0:
                    say(f"{notes:,} notes: {done:,} entries folded")
        reader = stack.enter_context(closing(SqliteRecordReader(home / "record.db")))
        index = stack.enter_context(closing(SqliteSearchIndex(home / "search.db")))
        indexer = Indexer(reader, index)
        begun, done = time.perf_counter(), 0
        while step := indexer.step(BATCH):
            done += step
            if done % (BATCH * 50) == 0:
                say(f"{notes:,} notes: {done:,} entries indexed")
        rate = done / (time.perf_counter() - begun)
        application = create(reader, WebSettings(), index)
        page = asyncio.run(_pages(application, writing.long_patient))
        return Reading(
            notes,
            page,
            _searches(index, writing.practice),
            rate,
            (home / "record.db").stat().st_size,
            (home / "search.db").stat().st_size,
        )


def _searches(index: SqliteSearchIndex, practice: str) -> tuple[float, float]:
    times = []
    for number in range(TIMES):
        query = read_query(WORDS[number % len(WORDS)])
        begun = time.perf_counter()
        index.find(practice, query, Filter(), FOUND_MAX, None)
        times.append(time.perf_counter() - begun)
    return _percentiles(times)


async def _pages(application: Any, patient: str) -> tuple[float, float]:  # noqa: ANN401 -- ASGI
    transport = httpx.ASGITransport(app=application)
    headers = {
        "x-anamnesis-practitioner": _id(2),
        "x-anamnesis-practice": _id(1),
        "x-anamnesis-name": "Dr%20Banc",
        "x-anamnesis-login": "banc",
    }
    times = []
    async with httpx.AsyncClient(transport=transport, base_url="http://bench") as client:
        for _ in range(TIMES):
            begun = time.perf_counter()
            answer = await client.get(f"/patients/{patient}", headers=headers)
            times.append(time.perf_counter() - begun)
            if answer.status_code != 200:
                raise RuntimeError(f"The patient's page was answered with {answer.status_code}.")
    return _percentiles(times)


def _percentiles(times: Sequence[float]) -> tuple[float, float]:
    ordered = sorted(times)
    return ordered[len(ordered) // 2], ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]


def _batches(entries: Iterator[JournaledEntry]) -> Iterator[tuple[int, list[JournaledEntry]]]:
    batch: list[JournaledEntry] = []
    done = 0
    for entry in entries:
        batch.append(entry)
        if len(batch) == BATCH:
            done += len(batch)
            yield done, batch
            batch = []
    if batch:
        yield done + len(batch), batch


class _Writing:
    """One practice: a patient with LONG_ENCOUNTERS, and as many others as the notes need."""

    def __init__(self) -> None:
        self.practice, self.author = _id(1), _id(2)
        self.long_patient = _id(3)
        self._chance = random.Random(20230426)
        self._position = 0
        self._ids = 1_000

    def entries(self, notes: int) -> Iterator[JournaledEntry]:
        """The entries that make `notes` notes."""
        yield self._entry("practice.create", _PRACTICE | {"id": self.practice})
        yield self._entry("practitioner.create", _PRACTITIONER | {"id": self.author})
        yield from self._patient(self.long_patient, LONG_ENCOUNTERS)
        left = notes - LONG_ENCOUNTERS
        while left > 0:
            each = min(ENCOUNTERS_EACH, left)
            yield from self._patient(self._new(), each)
            left -= each

    def _patient(self, patient: str, encounters: int) -> Iterator[JournaledEntry]:
        family = f"Banc{self._position}"
        yield self._entry("patient.create", _TRAITS | {"birth_name": family}, patient)
        for number in range(encounters):
            encounter = self._new()
            at = f"20{10 + number % 16:02}-{1 + number % 12:02}-{1 + number % 28:02}T09:00:00.000Z"
            started = {"started_at": at, "appointment": None}
            yield self._entry("encounter.start", started, patient, encounter)
            text = {"sections": note(self._chance)}
            yield self._entry("note.write", text, patient, encounter)
            if encounters == LONG_ENCOUNTERS and number % 2 == 0:
                weight = {"code": "weight", "value": "70", "unit": "kg", "effective_at": at}
                yield self._entry("observation.record", weight, patient, encounter)

    def _new(self) -> str:
        self._ids += 1
        return _id(self._ids)

    def _entry(
        self,
        kind: str,
        content: dict[str, Any],
        patient: str | None = None,
        encounter: str | None = None,
    ) -> JournaledEntry:
        position = self._position
        self._position += 1
        data = canonical(content)
        entry = Entry(
            id=_id(2**64 + position),
            kind=kind,
            practice=self.practice,
            author=self.author,
            patient=patient,
            encounter=encounter,
            device=_id(4),
            sequence=position + 1,
            base=None,
            build="0.1.0",
            features=(),
            typed_at="2026-01-01T00:00:00.000Z",
            digest=digest_bytes(data),
            content=data,
        )
        return JournaledEntry(position, "2026-01-01T00:00:00.000Z", "bench", entry)


def _id(number: int) -> str:
    return str(UUID(int=0x0193_0000_0000_7000_8000_0000_0000_0000 + number))


_PRACTICE = {"name": "Banc", "address": "", "telephone": ""}
_PRACTITIONER = {"family": "Banc", "given": "", "title": "Dr", "specialty": "", "rpps": ""}
_TRAITS = {
    "used_name": "",
    "first_names": "Essai",
    "birth_date": "1980-05-17",
    "sex": "unknown",
    "birth_place": "",
    "telephone": "",
    "address": "",
}
