"""The thread that folds the journal into the record, batch after batch."""

import threading
from collections.abc import Callable

import structlog

from anamnesis.bootstrap.recording import Recording
from anamnesis.keeper.wake import Wakened, Waker
from anamnesis.seams import Clock

TRIED_AGAIN_AFTER_SECONDS = 1.0
"""After a batch that the disk refused."""
SILENT_SECONDS_MAX = 10.0
"""A batch that takes longer counts as hung; the keeper then has the process replaced."""
PROGRESS_EVERY_SECONDS = 2.0
FAR_BEHIND = 1_000
"""Entries behind the journal from which on progress is logged."""

_log = structlog.get_logger()


class Following:
    """Steps the follower whenever the keeper says that there is more, or after the poll interval.

    `damaged` decides whether a failure means that the record must be made again; `abandon` then
    ends the process, and the next start makes it again from the journal.
    """

    def __init__(
        self,
        recording: Recording,
        wakened: Wakened,
        keeper: Waker,
        clock: Clock,
        damaged: Callable[[Exception], bool],
        abandon: Callable[[Exception], None],
    ) -> None:
        self._recording = recording
        self._wakened = wakened
        self._keeper = keeper
        self._clock = clock
        self._damaged = damaged
        self._abandon = abandon
        self._turned_at = clock.monotonic()
        self._told_at = clock.monotonic()
        self._failing = False
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="following", daemon=True)

    @property
    def alive(self) -> bool:
        """Whether the thread turns: also while the disk refuses, but not inside a hung batch."""
        return self._clock.monotonic() - self._turned_at < SILENT_SECONDS_MAX

    def start(self) -> None:
        """Starts the thread."""
        self._thread.start()

    def close(self) -> None:
        """Finishes the batch under way and ends the thread."""
        self._closing = True
        self._wakened.nudge()
        self._thread.join(SILENT_SECONDS_MAX)

    def _run(self) -> None:
        while not self._closing:
            try:
                if self._recording.make_anew_if_asked(self._breathe):
                    self._keeper.wake()
                if self._recording.run_nightly_if_asked():
                    self._keeper.wake()
                self._catch_up()
            except Exception as failure:  # noqa: BLE001 - reported, and tried again
                if self._damaged(failure):
                    self._abandon(failure)
                self._report(failure)
                self._turned_at = self._clock.monotonic()
                self._wakened.wait(TRIED_AGAIN_AFTER_SECONDS)
            else:
                self._failing = False
                self._wakened.wait()
            self._turned_at = self._clock.monotonic()

    def _catch_up(self) -> None:
        total = 0
        while not self._closing and (applied := self._recording.step()):
            self._keeper.wake()
            self._turned_at = self._clock.monotonic()
            total += applied
            if total >= FAR_BEHIND and self._turned_at - self._told_at >= PROGRESS_EVERY_SECONDS:
                self._told_at = self._turned_at
                _log.info("record-catching-up", applied_so_far=total)
        if total >= FAR_BEHIND:
            _log.info("record-caught-up", applied=total)

    def _breathe(self) -> None:
        """Between two batches of a record made anew: saves go on reaching the one in use."""
        if self._recording.step():
            self._keeper.wake()
        self._turned_at = self._clock.monotonic()

    def _report(self, failure: Exception) -> None:
        """Once, until a batch succeeds again: nothing is lost, the journal has the entries."""
        if not self._failing:
            self._failing = True
            _log.error("record-not-written", exc_info=failure)
