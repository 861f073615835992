"""The save path stage by stage, in one process and one thread: what each costs in processor time.

The stages are the product's own functions on its own stores, called as its threads call them. What
is missing is what lies between them: HTTP, threads that wake one another, and the machine's disk.
"""

import random
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import msgspec
import uuid_utils

from anamnesis.access.session import Session
from anamnesis.journal.journal import Accepted, Journal, Submission
from anamnesis.keeper.clock import MachineClock
from anamnesis.keeper.demands import Demands
from anamnesis.keeper.entries import accepted_result, admit
from anamnesis.keeper.http import Answer
from anamnesis.keeper.judgement import Agreed, judged
from anamnesis.keeper.readback import Recorded
from anamnesis.keeper.received import Expected
from anamnesis.receipt.canonical import digest
from anamnesis.receipt.receipt import Statement, sign_statements
from anamnesis.receipt.signer import Ed25519Signer
from anamnesis.record.follow import Follower
from anamnesis.record.search import Indexer
from anamnesis.seams import instant
from anamnesis.storage.sqlite.journal import SqliteJournal, SqliteJournalReader
from anamnesis.storage.sqlite.record import SqliteRecordReader, SqliteRecordWriter
from anamnesis.storage.sqlite.search import SqliteSearchIndex
from benchmarks.text import note

STAGES = ("admit", "journal", "record", "read back", "sign", "answer", "index")
SECONDS = 1_000_000  # in microseconds
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Stages:
    """Microseconds of processor for one save in a group of so many, by stage; medians."""

    group: int
    cost: dict[str, float]


def measure(group: int, rounds: int) -> Stages:
    """Takes `rounds` groups of `group` saves, each of another note, through every stage."""
    with tempfile.TemporaryDirectory(prefix="anamnesis-stages-") as folder, ExitStack() as stack:
        path = _Path(Path(folder), stack)
        pages = [_Page(path.session, number) for number in range(group)]
        path.take([page.opening for page in pages])
        found = [path.take([[page.save()] for page in pages]) for _ in range(rounds)]
        middle = len(found) // 2
        cost = {
            name: sorted(one[name] for one in found)[middle] / group * SECONDS for name in STAGES
        }
        return Stages(group, cost)


class _Path:
    """Everything a save goes through, opened once."""

    def __init__(self, home: Path, stack: ExitStack) -> None:
        now = datetime.now(UTC)
        practice, author = str(uuid_utils.uuid7()), str(uuid_utils.uuid7())
        self.session = Session("s", "banc", author, practice, "Dr Banc", now, now, "practitioner")
        self._signer = Ed25519Signer("bench.example/journal", bytes(32))
        store = stack.enter_context(closing(SqliteJournal(home / "journal.db")))
        self._journal = Journal(store, self._signer, MachineClock())
        self._read_back_journal = stack.enter_context(
            closing(SqliteJournalReader(home / "journal.db"))
        )
        following = stack.enter_context(closing(SqliteJournalReader(home / "journal.db")))
        writer = stack.enter_context(closing(SqliteRecordWriter(home / "record.db")))
        self._follower = Follower(following, writer)
        self._reader = stack.enter_context(closing(SqliteRecordReader(home / "record.db")))
        index = stack.enter_context(closing(SqliteSearchIndex(home / "search.db")))
        self._indexer = Indexer(
            stack.enter_context(closing(SqliteRecordReader(home / "record.db"))), index
        )
        self._demands = Demands()

    def take(self, requests: Sequence[Sequence[bytes]]) -> dict[str, float]:
        """Seconds of processor for each stage, for all these requests together."""
        cost: dict[str, float] = {}
        told = self._journal.size
        entries = _timed(
            cost, "admit", lambda: [[admit(raw, self.session) for raw in one] for one in requests]
        )
        submissions = [Submission(entry, "session") for one in entries for entry in one]
        outcomes = _timed(cost, "journal", lambda: self._journal.append(submissions))
        accepted = [one for one in outcomes if isinstance(one, Accepted)]
        expected = [Expected.of(one.journaled) for one in accepted]
        _timed(cost, "record", lambda: [*iter(self._follower.step, 0)])
        agreed = _timed(cost, "read back", lambda: self._judge(told, expected))
        recorded = _timed(cost, "sign", lambda: self._sign(agreed))
        _timed(
            cost,
            "answer",
            lambda: [
                Answer.json({"results": [accepted_result(one, two)]})
                for one, two in zip(accepted, recorded, strict=True)
            ],
        )
        _timed(cost, "index", lambda: [*iter(lambda: self._indexer.step(500), 0)])
        return cost

    def _judge(self, told: int, expected: Sequence[Expected]) -> list[Agreed]:
        self._reader.applied()
        positions = frozenset(one.position for one in self._reader.changes(told, 1_000))
        verdicts = judged(self._reader, self._read_back_journal, self._demands, expected, positions)
        agreed = [one for one in verdicts.values() if isinstance(one, Agreed)]
        if len(agreed) != len(expected):
            raise RuntimeError("A save was not recorded as it was journaled.")
        return agreed

    def _sign(self, agreed: Sequence[Agreed]) -> list[Recorded]:
        read_at = instant(datetime.now(UTC))
        statements = [
            Statement(
                one.digest,
                one.expected.id,
                one.expected.position,
                read_at,
                one.typed_digest,
                one.version,
            )
            for one in agreed
        ]
        return [
            Recorded(proof, one.shown_version, one.shown_digest)
            for one, proof in zip(agreed, sign_statements(statements, self._signer), strict=True)
        ]


class _Page:
    """One device in one encounter, and what it sends next."""

    def __init__(self, session: Session, number: int) -> None:
        self._session = session
        self._chance = random.Random(number)
        self._device = str(uuid_utils.uuid4())
        self._patient, self._encounter = str(uuid_utils.uuid7()), str(uuid_utils.uuid7())
        self._sequence = 0
        self._base: str | None = None
        started: dict[str, object] = {"started_at": "2026-01-05T09:00:00.000Z", "appointment": None}
        self.opening = [
            self._entry("patient.create", {**_TRAITS}, None),
            self._entry("encounter.start", started, self._encounter),
        ]

    def save(self) -> bytes:
        """The next text, as a page sends it."""
        raw = self._entry("note.write", {"sections": note(self._chance)}, self._encounter)
        with suppress(KeyError):
            self._base = msgspec.json.decode(raw)["digest"]
        return raw

    def _entry(self, kind: str, content: dict[str, object], encounter: str | None) -> bytes:
        self._sequence += 1
        return msgspec.json.encode(
            {
                "id": str(uuid_utils.uuid7()),
                "kind": kind,
                "practice": self._session.practice,
                "author": self._session.practitioner,
                "patient": self._patient,
                "encounter": encounter,
                "device": self._device,
                "sequence": self._sequence,
                "base": self._base,
                "build": "benchmark",
                "features": [],
                "typed_at": "2026-01-05T09:00:00.000Z",
                "content": content,
                "digest": digest(content),  # type: ignore[arg-type]
            }
        )


_TRAITS = {
    "birth_name": "MESURE",
    "used_name": "",
    "first_names": "Essai",
    "birth_date": "1980-01-01",
    "sex": "unknown",
    "birth_place": "",
    "telephone": "",
    "address": "",
}


def _timed(cost: dict[str, float], name: str, work: Callable[[], _T]) -> _T:
    before = time.process_time()
    answer = work()
    cost[name] = time.process_time() - before
    return answer
