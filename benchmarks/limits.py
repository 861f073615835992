"""What the machine can do at best: bytes flushed to its disk, and rows committed by SQLite.

Both write the same bytes as a save does and nothing else: no server, no signature, no proof,
no record, no read-back. They are the ceilings the product is held against.
"""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import apsw

HEADER_BYTES = 620
"""The canonical header of a note entry, as the journal stores it."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One run: durable rows in a second, and how long each commit took (milliseconds)."""

    rate: float
    waits: list[float]


def append_and_flush(folder: Path, content: bytes, group: int, seconds: float) -> Figure:
    """Appends `group` records to a file and flushes them (fdatasync), again and again."""
    record = (b"h" * HEADER_BYTES + content) * group
    descriptor = os.open(folder / f"raw-{group}", os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)
    try:

        def commit(_: int) -> None:
            os.write(descriptor, record)
            os.fdatasync(descriptor)

        return _measure(commit, group, seconds)
    finally:
        os.close(descriptor)


def group_commit(folder: Path, content: bytes, group: int, seconds: float) -> Figure:
    """Inserts `group` rows in one SQLite transaction (WAL, synchronous FULL), again and again."""
    connection = apsw.Connection(str(folder / f"ceiling-{group}.db"))
    connection.execute("PRAGMA page_size = 8192; PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL; PRAGMA mmap_size = 0")
    connection.execute(
        "CREATE TABLE entry (position INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE,"
        " header BLOB NOT NULL, content BLOB NOT NULL) STRICT"
    )
    header = b"h" * HEADER_BYTES
    try:

        def commit(start: int) -> None:
            rows = [
                (start + place, _ordered_id(start + place), header, content)
                for place in range(group)
            ]
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany("INSERT INTO entry VALUES (?, ?, ?, ?)", rows)
            connection.execute("COMMIT")

        return _measure(commit, group, seconds)
    finally:
        connection.close()


def _measure(commit: Callable[[int], None], group: int, seconds: float) -> Figure:
    waits: list[float] = []
    written = 0
    started = time.perf_counter()
    while (before := time.perf_counter()) - started < seconds:
        commit(written)
        written += group
        waits.append((time.perf_counter() - before) * 1_000)
    return Figure(written / (time.perf_counter() - started), waits)


def _ordered_id(number: int) -> bytes:
    """Sixteen bytes that sort by number, as UUIDv7 do by time."""
    return number.to_bytes(8, "big") + os.urandom(8)
