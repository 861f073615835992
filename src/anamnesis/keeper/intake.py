"""Intake: what arrives while one commit runs is made durable by the next one.

One thread owns the journal. It takes whatever is waiting, hands it to `Journal.append` as one
group (one transaction, one fsync, one signature), and only then wakes those who wait. There is
no artificial delay: an idle journal commits the first entry at once.
"""

import asyncio
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any, Literal, TypeVar

import structlog

from anamnesis.journal.journal import Accepted, Journal, Outcome, Submission
from anamnesis.journal.store import StoreFull, StorePoisoned
from anamnesis.keeper.exits import EXIT_JOURNAL_POISONED
from anamnesis.keeper.http import Refused

WAITING_ENTRIES_MAX = 4_096
WAITING_BYTES_MAX = 64 * 1_048_576
GROUP_ENTRIES_MAX = 512
"""Entries in one commit; more only makes everyone in the group wait longer."""
CLOSE_SECONDS_MAX = 10.0
STALLED_AFTER_SECONDS = 5.0
"""A commit that takes longer is reported: a disk that hangs says nothing by itself."""

_log = structlog.get_logger()
_T = TypeVar("_T")


class _Parcel:
    """Entries of one request, or a question to the journal, and who waits for the answer."""

    __slots__ = ("future", "loop", "question", "size", "submissions")

    def __init__(
        self,
        submissions: Sequence[Submission],
        size: int,
        question: Callable[[Journal], Any] | None = None,
    ) -> None:
        self.submissions = submissions
        self.size = size
        self.question = question
        self.loop = asyncio.get_running_loop()
        self.future: asyncio.Future[Any] = self.loop.create_future()


class Intake:
    """The bounded queue in front of the journal, and the thread that empties it.

    `journaled` is called on that thread after each commit, with what was new in it; `stop` is
    called with an exit code when the journal may no longer be trusted to acknowledge anything.
    """

    def __init__(
        self,
        journal: Journal,
        journaled: Callable[[Sequence[Accepted]], None],
        stop: Callable[[int], None],
    ) -> None:
        self._journal = journal
        self._journaled = journaled
        self._stop = stop
        self._parcels: deque[_Parcel] = deque()
        self._entries = 0
        self._bytes = 0
        self._arrived = threading.Condition()
        self._closing = False
        self._available = True
        self._begun_at: float | None = None
        self._thread = threading.Thread(target=self._run, name="journal", daemon=True)

    @property
    def state(self) -> Literal["up", "unavailable", "stalled"]:
        """Whether the last commit succeeded, and whether one has been under way for too long."""
        begun_at = self._begun_at
        if begun_at is not None and time.monotonic() - begun_at > STALLED_AFTER_SECONDS:
            return "stalled"
        return "up" if self._available else "unavailable"

    def start(self) -> None:
        """Starts the thread."""
        self._thread.start()

    def close(self) -> None:
        """Commits what is waiting, then ends the thread; later submissions are refused."""
        with self._arrived:
            self._closing = True
            self._arrived.notify()
        self._thread.join(CLOSE_SECONDS_MAX)

    async def submit(self, submissions: Sequence[Submission], size: int) -> list[Outcome]:
        """What became of each entry, in order; `size` is their bytes as sent.

        Accepted means durable. Raises `Refused` 503: the outcome is unknown, send them again.
        """
        if (
            self._entries + len(submissions) > WAITING_ENTRIES_MAX
            or self._bytes + size > WAITING_BYTES_MAX
        ):
            raise Refused(503, "keeper-busy")
        outcomes: list[Outcome] = await self._hand_over(_Parcel(submissions, size))
        return outcomes

    async def ask(self, question: Callable[[Journal], _T]) -> _T:
        """What `question` finds in the journal, asked between two commits."""
        if len(self._parcels) >= WAITING_ENTRIES_MAX:
            raise Refused(503, "keeper-busy")
        answer: _T = await self._hand_over(_Parcel((), 0, question))
        return answer

    def _hand_over(self, parcel: _Parcel) -> asyncio.Future[Any]:
        with self._arrived:
            if self._closing:
                raise Refused(503, "journal-unavailable")
            self._parcels.append(parcel)
            self._entries += len(parcel.submissions)
            self._bytes += parcel.size
            self._arrived.notify()
        return parcel.future

    def _take(self) -> list[_Parcel]:
        """Whatever waits, up to a full group; empty when the thread should end."""
        with self._arrived:
            while not self._parcels and not self._closing:
                self._arrived.wait()
            group: list[_Parcel] = []
            entries = 0
            while self._parcels:
                parcel = self._parcels[0]
                if group and entries + len(parcel.submissions) > GROUP_ENTRIES_MAX:
                    break
                group.append(self._parcels.popleft())
                entries += len(parcel.submissions)
                self._bytes -= parcel.size
            self._entries -= entries
            return group

    def _run(self) -> None:
        try:
            while self.step():
                pass
        except BaseException as failure:
            # Whatever this was, nobody knows any more what the disk holds: recovery at the next
            # start finds out, and the devices send again what has no receipt.
            _log.critical("journal-stopped", failure=type(failure).__name__)
            self._available = False
            self._stop(EXIT_JOURNAL_POISONED)
            if not isinstance(failure, StorePoisoned):
                raise

    def step(self) -> bool:
        """Commits and answers what waits, and first waits until something does; False: no more."""
        group = self._take()
        self._commit([parcel for parcel in group if parcel.question is None])
        self._answer([parcel for parcel in group if parcel.question is not None])
        return bool(group)

    def _commit(self, group: list[_Parcel]) -> None:
        if not group:
            return
        submissions = [one for parcel in group for one in parcel.submissions]
        self._begun_at = time.monotonic()
        try:
            outcomes = self._journal.append(submissions)
        except StoreFull:
            if self._available:
                _log.error("journal-unavailable", entries=len(submissions))
            self._available = False
            _resolve([(p, Refused(503, "journal-unavailable")) for p in group])
            return
        finally:
            self._begun_at = None
        self._available = True
        # The commit point is behind us: from here on these entries cannot be lost.
        self._journaled([one for one in outcomes if isinstance(one, Accepted)])
        answers: list[tuple[_Parcel, object]] = []
        start = 0
        for parcel in group:
            end = start + len(parcel.submissions)
            answers.append((parcel, outcomes[start:end]))
            start = end
        _resolve(answers)

    def _answer(self, group: list[_Parcel]) -> None:
        answers: list[tuple[_Parcel, object]] = []
        for parcel in group:
            if parcel.question is None:
                continue
            try:
                answers.append((parcel, parcel.question(self._journal)))
            except StorePoisoned:
                raise
            except Exception as failure:  # noqa: BLE001 - it is the asker's, who gets it
                answers.append((parcel, failure))
        _resolve(answers)


def _resolve(answers: Sequence[tuple[_Parcel, object]]) -> None:
    """Wakes everyone in one call onto the loop: a wake-up costs more than an answer."""
    if answers:
        answers[0][0].loop.call_soon_threadsafe(_settle, answers)


def _settle(answers: Sequence[tuple[_Parcel, object]]) -> None:
    for parcel, answer in answers:
        if parcel.future.done():
            continue
        if isinstance(answer, Exception):
            parcel.future.set_exception(answer)
        else:
            parcel.future.set_result(answer)
