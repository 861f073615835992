"""Time that passes only when everybody waits: a day takes as long as what happens in it."""

import asyncio
from asyncio.base_events import BaseEventLoop
from datetime import UTC, datetime, timedelta

BEGUN = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


class VirtualLoop(BaseEventLoop):
    """An event loop without any input or output. The same calls always run in the same order."""

    def __init__(self) -> None:
        super().__init__()
        self._selector = self
        self._seconds = 0.0

    def time(self) -> float:
        return self._seconds

    def select(self, timeout: float | None) -> list[object]:
        """What the loop calls to wait: goes on to the next instant at which something is due."""
        if timeout is None:
            raise RuntimeError("Nobody waits for anything that could still happen.")
        self._seconds += timeout
        return []

    def _process_events(self, events: list[object]) -> None:
        """There are none."""

    def _write_to_self(self) -> None:
        """Nobody sleeps."""


class VirtualClock:
    """The loop's time (a `seams.Clock`); the time of day may be set wrongly by `skew` seconds."""

    def __init__(self) -> None:
        self.skew = 0.0

    def now(self) -> datetime:
        return BEGUN + timedelta(seconds=self.monotonic() + self.skew)

    def monotonic(self) -> float:
        return asyncio.get_running_loop().time()
