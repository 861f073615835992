"""Reads every entry of the journal back from the record, over and over, whether or not asked.

What is read back when it is applied, and judged when its note is touched, is judged here once
more: this finds what happened before the process started, to rows that no trigger watches, or
past the triggers. It takes little of the machine, unless something asks it to hurry.
"""

import threading
from collections.abc import Callable, Iterable

import structlog

from anamnesis.journal.store import JournalReader
from anamnesis.keeper.demands import Demands
from anamnesis.keeper.exits import EXIT_UNEXPECTED
from anamnesis.keeper.judgement import Verdict, judged
from anamnesis.keeper.received import Expected
from anamnesis.keeper.record_door import RecordDoor, RecordUnavailable
from anamnesis.seams import Clock, instant

BATCH = 50
"""Entries judged in one go."""
PAUSE_FOR_WORK = 19.0
"""Seconds of rest for each second of work: a twentieth of one core."""
HURRIED_PAUSE_FOR_WORK = 1.0
"""The same when something looks wrong: half a core, and saves go on."""
PAUSE_SECONDS_MIN, PAUSE_SECONDS_MAX = 0.05, 5.0
CLOSE_SECONDS_MAX = 5.0

_log = structlog.get_logger()


class Sweep:
    """One thread with a connection of its own to journal and record."""

    def __init__(
        self,
        door: RecordDoor,
        journal: JournalReader,
        clock: Clock,
        found: Callable[[Iterable[Verdict]], object],
        stop: Callable[[int], None],
    ) -> None:
        self._door = door
        self._journal = journal
        self._clock = clock
        self._found = found
        self._stop = stop
        self._demands = Demands()
        self._woken = threading.Event()
        self._closing = False
        self._hurried = False
        self.position = 0
        """Where this pass is."""
        self.completed_at: str | None = None
        """When a pass last came to the end of what was applied."""
        self._thread = threading.Thread(target=self._run, name="sweep", daemon=True)

    def start(self) -> None:
        """Starts the thread."""
        self._thread.start()

    def hurry(self) -> None:
        """Begins a new pass at once, with short rests: something looks wrong."""
        self._hurried = True
        self._woken.set()

    def close(self) -> None:
        """Ends the thread."""
        self._closing = True
        self._woken.set()
        self._thread.join(CLOSE_SECONDS_MAX)

    def step(self) -> bool:
        """Judges the next few entries; False at the end of a pass, the next one starts anew.

        Raises RecordUnavailable.
        """
        applied = self._door.read(lambda reader: reader.applied())
        entries = self._journal.read(self.position, min(BATCH, max(0, applied - self.position)))
        if not entries:
            self.position = 0
            self._demands = Demands()
            self.completed_at = instant(self._clock.now())
            return False
        expected = [Expected.of(journaled) for journaled in entries]
        leading = frozenset(one.position for one in expected)
        verdicts = self._door.read(
            lambda reader: judged(reader, self._journal, self._demands, expected, leading)
        )
        self._found(verdicts.values())
        self.position += len(entries)
        return True

    def _run(self) -> None:
        in_a_hurry = False
        try:
            while not self._closing:
                begun = self._clock.monotonic()
                if self._hurried:
                    in_a_hurry, self._hurried = True, False
                    self.position, self._demands = 0, Demands()
                rest = PAUSE_SECONDS_MAX
                try:
                    if self.step():
                        rest = self._rest(begun, in_a_hurry=in_a_hurry)
                    else:
                        in_a_hurry = False
                except RecordUnavailable:
                    pass  # being made again: whoever opens the door has said so
                self._woken.wait(rest)
                self._woken.clear()
        except BaseException as failure:  # noqa: BLE001 - it ends the process
            # A record that nobody compares any more would look as if nothing were wrong with it.
            _log.critical("sweep-stopped", failure=type(failure).__name__, exc_info=failure)
            self._stop(EXIT_UNEXPECTED)

    def _rest(self, begun: float, *, in_a_hurry: bool) -> float:
        worked = self._clock.monotonic() - begun
        if in_a_hurry:
            return worked * HURRIED_PAUSE_FOR_WORK
        return min(max(worked * PAUSE_FOR_WORK, PAUSE_SECONDS_MIN), PAUSE_SECONDS_MAX)
