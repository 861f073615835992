"""Reads notes as a reader would, by a connection of its own that can only read."""

import random
from collections.abc import Sequence
from contextlib import suppress
from typing import Final

import apsw
import msgspec

from anamnesis.record.model import Note
from anamnesis.record.store import RecordDamaged, RecordOutdated
from anamnesis.settings import Settings
from anamnesis.storage.sqlite.record import SqliteRecordReader

SAMPLE: Final = 300
"""Notes read at one look, of those in the fault's reach."""
_AWAY = (FileNotFoundError, RecordDamaged, RecordOutdated, apsw.Error)


class Typed(msgspec.Struct, frozen=True):
    """What was typed last into a note."""

    practice: str
    encounter: str
    digest: str


class Looking:
    """One reader, opened when there is a record; used by one thread at a time."""

    def __init__(self, settings: Settings, seed: int) -> None:
        self._path = settings.record
        self._chance = random.Random(seed)  # noqa: S311 -- which notes are looked at
        self._reader: SqliteRecordReader | None = None

    def unreadable(self, notes: Sequence[Typed]) -> int:
        """About how many of these a reader gets otherwise, from a sample of them."""
        if not notes:
            return 0
        chosen = self._chance.sample(notes, min(SAMPLE, len(notes)))
        return round(len(self.wrong(chosen)) * len(notes) / len(chosen))

    def wrong(self, notes: Sequence[Typed]) -> list[Typed]:
        """Those of these notes of which a reader gets another text; all, while nobody can read."""
        return [one for one in notes if self._digest(one) != one.digest]

    def versions(self, practice: str, encounter: str) -> list[tuple[str, str, str]]:
        """Every text that the record has of a note: digest, when it came, all sections."""
        with suppress(*_AWAY):
            reader = self._opened()
            found = [
                (one.digest, one.received_at, one.sections)
                for one in reader.versions(practice, encounter)
            ]
            found += [
                (one.digest, one.typed_at, one.sections)
                for one in reader.typed_texts(practice, encounter)
            ]
            return [
                (digest, at, "\n".join(msgspec.structs.astuple(sections)))
                for digest, at, sections in found
            ]
        return []

    def close(self) -> None:
        """Lets go of the record."""
        if self._reader is not None:
            self._reader.close()

    def _digest(self, one: Typed) -> str | None:
        note: Note | None = None
        with suppress(*_AWAY):
            note = self._opened().note(one.practice, one.encounter)
        return None if note is None else note.digest

    def _opened(self) -> SqliteRecordReader:
        if self._reader is None:
            self._reader = SqliteRecordReader(self._path)
        return self._reader
