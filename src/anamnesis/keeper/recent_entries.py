"""Keeps at hand what the journal's end is about, for as long as somebody asks: never on a save."""

import asyncio
import functools

from anamnesis.journal.entry import Header
from anamnesis.journal.store import JournalReader
from anamnesis.keeper.reading import Reading
from anamnesis.record.recent import Recent

SCANNED_MAX = 50_000
"""Entries looked back on: weeks of a practice, and less than a second the first time."""
KEPT_MAX = 2 * SCANNED_MAX
"""Once so many are known, it is begun again from the end."""
SCANNED_AT_ONCE = 1_000
"""After so many, others who read get their turn."""


class RecentEntries:
    """Scans when it is asked, from where it stopped."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._lock = asyncio.Lock()
        self._recent = Recent()
        self._start = self._end = 0

    async def now(self) -> Recent:
        """What the journal's newest entries are about; raises `Refused` 503."""
        async with self._lock:
            size = await self._reading.journal(lambda journal: journal.size())
            if self._end == 0 or size - self._start > KEPT_MAX:
                self._recent = Recent()
                self._start = self._end = max(0, size - SCANNED_MAX)
            while self._end < size:
                await self._scan(self._end, min(SCANNED_AT_ONCE, size - self._end))
            return self._recent

    @property
    def whole(self) -> bool:
        """Whether it is all of the journal."""
        return self._start == 0

    async def _scan(self, start: int, limit: int) -> None:
        headers = await self._reading.journal(functools.partial(_headers, start=start, limit=limit))
        self._recent.take(headers)
        self._end = start + limit


def _headers(journal: JournalReader, start: int, limit: int) -> list[Header]:
    return journal.headers(start, limit)
