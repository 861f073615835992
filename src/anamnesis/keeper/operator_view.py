"""What an operator sees of a running keeper: sections, each told by the part it is about.

Parts register a section by name; what they tell is ids, names, counts and instants, never a text.
Asked often and by several, it is put together at most once in `SHOWN_EVERY_SECONDS`, on a thread
of its own, so that nobody who saves waits for it.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import msgspec
import structlog

from anamnesis.keeper.checks import Checks, invariants
from anamnesis.keeper.http import Refused
from anamnesis.seams import Clock, instant

SHOWN_EVERY_SECONDS = 0.5
SHOWN_SECONDS_MAX = 5.0
"""Whoever asks is told to come again if some part takes longer than this to answer."""

_log = structlog.get_logger()


class OperatorView:
    """Sections by name, and the checks. Registering is for the start, before anybody asks."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._sections: dict[str, Callable[[], object]] = {}
        self._failing: set[str] = set()
        self._thread = ThreadPoolExecutor(1, "operator-view")
        self._asked: asyncio.Future[bytes] | None = None
        self._asked_at = 0.0
        self.checks = Checks(clock)

    def register(self, section: str, shown: Callable[[], object]) -> None:
        """One more section. `shown` gives what JSON can say, at once, from any thread."""
        self._sections[section] = shown

    async def current(self) -> bytes:
        """The whole as JSON, at most `SHOWN_EVERY_SECONDS` old; raises `Refused` 503."""
        now = self._clock.monotonic()
        asked = self._asked
        if asked is None or (asked.done() and now - self._asked_at >= SHOWN_EVERY_SECONDS):
            loop = asyncio.get_running_loop()
            asked = self._asked = loop.run_in_executor(self._thread, self.encoded)
            self._asked_at = now
        try:
            async with asyncio.timeout(SHOWN_SECONDS_MAX):
                return await asyncio.shield(asked)
        except TimeoutError:
            raise Refused(503, "keeper-busy") from None

    def encoded(self) -> bytes:
        """The whole, put together now."""
        lines = self.checks.lines()
        shown: dict[str, object] = {
            "at": instant(self._clock.now()),
            "invariants": invariants(lines),
            "checks": lines,
        }
        for section, tell in self._sections.items():
            shown[section] = self._told(section, tell)
        return msgspec.json.encode(shown)

    def close(self) -> None:
        """Ends the thread."""
        self._thread.shutdown(wait=True)

    def _told(self, section: str, tell: Callable[[], object]) -> object:
        """What the part says; that it cannot say anything is shown as such, and the rest stays."""
        try:
            told = tell()
        except Exception as failure:  # noqa: BLE001 - shown to the operator
            if section not in self._failing:
                _log.error("section-not-shown", section=section, failure=type(failure).__name__)
            self._failing.add(section)
            return {"failed": type(failure).__name__}
        self._failing.discard(section)
        return told
