"""Watches the application from outside: whether it answers, and whether the record moves."""

import asyncio
import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import msgspec
import structlog

from anamnesis.seams import Clock

State = Literal["up", "starting", "down", "hung"]

PROBED_EVERY_SECONDS = 0.5
PROBE_SECONDS_MAX = 1.0
"""One question without an answer for so long counts as silence."""
HUNG_AFTER_SECONDS = 3.0
"""An application that accepts connections and answers nothing for so long is killed."""
STUCK_AFTER_SECONDS = 15.0
"""One that answers while the record stands still and the journal is ahead for so long, too."""
STARTING_SECONDS_MAX = 20.0
"""An application that has not answered for so long after its start is called down."""
ABSENT_SECONDS_MAX = 60.0
"""One that has not even listened for so long is killed, in case it hangs in its start."""

ANSWER_BYTES_MAX = 65_536

_PROBE = b"GET /health HTTP/1.1\r\nhost: application\r\nconnection: close\r\n\r\n"
_log = structlog.get_logger()


class Vitals(msgspec.Struct, frozen=True):
    """What the application says of itself: the rollout it obeys, features that failed."""

    revision: int = 0
    failed: list[str] = []


class Progress:
    """Whether the record follows the journal: fed with counts, judged by the clock."""

    def __init__(self) -> None:
        self._applied = -1
        self._moved_at = 0.0

    def stuck(self, journaled: int, applied: int, now: float) -> bool:
        """Whether the journal has been ahead for `STUCK_AFTER_SECONDS` without any progress."""
        if applied != self._applied or applied >= journaled:
            self._applied = applied
            self._moved_at = now
        return now - self._moved_at >= STUCK_AFTER_SECONDS

    def forgive(self, now: float) -> None:
        """Starts counting again: the application was just replaced."""
        self._moved_at = now


class Watch:
    """Knows the application's state and has a hung one replaced.

    `counts` gives entries journaled and recorded; `changed` hears of each new state; `replace`
    asks supervision to kill the application and start another.
    """

    def __init__(
        self,
        socket_path: Path,
        counts: Callable[[], tuple[int, int]],
        changed: Callable[[State], None],
        replace: Callable[[str], None],
        clock: Clock,
    ) -> None:
        self._socket_path = socket_path
        self._counts = counts
        self._changed = changed
        self._replace = replace
        self._clock = clock
        self._progress = Progress()
        self._silent_since: float | None = None
        self._gone_since = clock.monotonic()
        self._absent_since = clock.monotonic()
        self.state: State = "starting"
        self.vitals = Vitals()

    async def run(self) -> None:
        """Probes until cancelled."""
        while True:
            await self.step()
            await asyncio.sleep(PROBED_EVERY_SECONDS)

    async def step(self) -> None:
        """One probe and its consequences."""
        asked_at = self._clock.monotonic()
        found = await self._probe()
        now = self._clock.monotonic()
        if found == "answered":
            self._silent_since = None
            journaled, applied = self._counts()
            if self._progress.stuck(journaled, applied, now):
                self._progress.forgive(now)
                self._hung("stuck")
            else:
                self._become("up")
        elif found == "silent":
            self._silent_since = asked_at if self._silent_since is None else self._silent_since
            if now - self._silent_since >= HUNG_AFTER_SECONDS:
                self._silent_since = None
                self._progress.forgive(now)
                self._hung("hung")
        else:
            self._silent_since = None
            self._progress.forgive(now)
            if self.state in ("up", "hung"):
                self._gone_since = self._absent_since = now
            if now - self._absent_since >= ABSENT_SECONDS_MAX:
                self._absent_since = now
                self._replace("absent")
            late = now - self._gone_since >= STARTING_SECONDS_MAX
            self._become("down" if late else "starting")

    def _hung(self, why: str) -> None:
        self._become("hung")
        _log.error("application-replaced", why=why)
        self._replace(why)

    def _become(self, state: State) -> None:
        if state != self.state:
            self.state = state
            self._changed(state)

    async def _probe(self) -> Literal["answered", "silent", "gone"]:
        writer: asyncio.StreamWriter | None = None
        try:
            async with asyncio.timeout(PROBE_SECONDS_MAX):
                reader, writer = await asyncio.open_unix_connection(str(self._socket_path))
                writer.write(_PROBE)
                head, _, body = (await _whole(reader)).partition(b"\r\n\r\n")
                if not head.startswith(b"HTTP/1.1 200 "):
                    return "silent"
                self.vitals = msgspec.json.decode(body, type=Vitals)
                return "answered"
        except (TimeoutError, msgspec.DecodeError):
            return "silent"
        except OSError:
            return "gone"
        finally:
            if writer is not None:
                writer.close()
                with contextlib.suppress(OSError):
                    await writer.wait_closed()


async def _whole(reader: asyncio.StreamReader) -> bytes:
    """Everything until the other side closes; an answer that is too long is cut, and refused."""
    parts = bytearray()
    while len(parts) < ANSWER_BYTES_MAX and (part := await reader.read(ANSWER_BYTES_MAX)):
        parts += part
    return bytes(parts)
