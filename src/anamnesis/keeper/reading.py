"""Reads the record and the journal for the keeper's own routes, away from the event loop."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from anamnesis.journal.store import JournalReader
from anamnesis.keeper.http import Refused
from anamnesis.keeper.record_door import RecordDoor, RecordUnavailable
from anamnesis.record.store import RecordReader

READ_SECONDS_MAX = 5.0
WAITING_MAX = 1_000
"""Reads waiting for their turn; beyond, the answer is 503."""

_T = TypeVar("_T")


class Reading:
    """One thread with read-only connections of its own, for questions from pages."""

    def __init__(self, door: RecordDoor, journal: JournalReader) -> None:
        self._door = door
        self._journal = journal
        self._thread = ThreadPoolExecutor(1, "reading")
        self._waiting = 0

    async def record(self, question: Callable[[RecordReader], _T]) -> _T:
        """What `question` finds in the record; raises `Refused` 503 `record-unavailable`."""
        try:
            return await self._run(lambda: self._door.read(question))
        except (RecordUnavailable, TimeoutError):
            raise Refused(503, "record-unavailable") from None

    async def both(self, question: Callable[[RecordReader, JournalReader], _T]) -> _T:
        """What `question` finds in record and journal; raises as `record` does."""
        return await self.record(lambda reader: question(reader, self._journal))

    async def journal(self, question: Callable[[JournalReader], _T]) -> _T:
        """What `question` finds in the journal; raises `Refused` 503 `journal-unavailable`."""
        try:
            return await self._run(lambda: question(self._journal))
        except TimeoutError:
            raise Refused(503, "journal-unavailable") from None

    async def _run(self, work: Callable[[], _T]) -> _T:
        if self._waiting >= WAITING_MAX:
            raise Refused(503, "keeper-busy")
        self._waiting += 1
        try:
            loop = asyncio.get_running_loop()
            async with asyncio.timeout(READ_SECONDS_MAX):
                return await loop.run_in_executor(self._thread, work)
        finally:
            self._waiting -= 1

    def close(self) -> None:
        """Ends the thread and lets the record go."""
        self._thread.submit(self._door.close)
        self._thread.shutdown(wait=True)
