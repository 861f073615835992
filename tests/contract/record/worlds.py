"""The record over each store: what writes it, what reads it, and a second reader for the truth."""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from anamnesis.record.store import RecordReader, RecordWriter
from anamnesis.storage.memory.record import MemoryRecord
from anamnesis.storage.sqlite.record import SqliteRecordReader, SqliteRecordWriter


class World(Protocol):
    writer: RecordWriter
    reader: RecordReader

    def end(self) -> None: ...


class MemoryWorld:
    def __init__(self, _: Path) -> None:
        record = MemoryRecord()
        self.writer: RecordWriter = record
        self.reader: RecordReader = record

    def end(self) -> None:
        self.writer.close()


class SqliteWorld:
    def __init__(self, folder: Path) -> None:
        self.path = folder / "record.db"
        self.writer: RecordWriter = SqliteRecordWriter(self.path)
        self.reader: RecordReader = SqliteRecordReader(self.path)

    def end(self) -> None:
        self.reader.close()
        self.writer.close()


WORLDS: dict[str, Callable[[Path], World]] = {"memory": MemoryWorld, "sqlite": SqliteWorld}
