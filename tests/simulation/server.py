"""The server in one thread: the keeper's own intake, journal, read-back and route; the follower.

What runs on threads in a real one is stepped here when the seed says so, and may be killed between
any two steps.
"""

import asyncio
import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from anamnesis.access.session import Session
from anamnesis.journal.damage import JournalDamaged
from anamnesis.journal.entry import JournaledEntry
from anamnesis.journal.journal import Accepted, Journal, Outcome, Submission
from anamnesis.journal.store import StorePoisoned
from anamnesis.keeper.disagreements import Disagreements
from anamnesis.keeper.entries import EntryRoute
from anamnesis.keeper.http import Answer, Message, Refused, Request
from anamnesis.keeper.intake import Intake
from anamnesis.keeper.push import Event
from anamnesis.keeper.readback import ReadBackLoop
from anamnesis.keeper.received import Expected, Received
from anamnesis.keeper.record_door import RecordDoor
from anamnesis.keeper.repair import Repair
from anamnesis.keeper.rows import Rows
from anamnesis.keeper.wake import Wakened
from anamnesis.record.fold import apply, apply_one
from anamnesis.record.follow import Follower
from anamnesis.record.store import RecordReader, RecordTransaction, RecordUnwritable
from anamnesis.storage.memory.journal import MemoryJournal
from tests.simulation.disk import (
    AckBeforeFlush,
    AppliedApart,
    FlushingJournal,
    JournalDisk,
    Killed,
    SeenJournal,
    SimulatedRecord,
)
from tests.simulation.time import VirtualClock
from tests.unit.journal.making import SIGNER
from tests.unit.keeper.fakes import scope

_T = TypeVar("_T")
STEP_SECONDS_MAX = 0.03
"""How long a thread may take until it has done its next step."""
RESTART_SECONDS = (0.05, 3.0)
TRIED_AGAIN_AFTER_SECONDS = 1.0


class NoAnswer(Exception):
    """The connection ended before an answer came."""


class _Door(RecordDoor):
    """Straight into the record, whatever file there is or not."""

    def __init__(self, record: RecordReader) -> None:
        super().__init__(Path(), lambda: record)
        self._record = record

    def read(self, question: Callable[[RecordReader], _T]) -> _T:
        return question(self._record)


class _Nudged(Wakened):
    """Wakes whom it is told to, without sockets."""

    def __init__(self, woken: Callable[[], None]) -> None:
        self.nudge = woken  # type: ignore[method-assign]


class _Intake(Intake):
    """Without its thread."""

    soon: Callable[[], None]

    async def submit(self, submissions: Sequence[Submission], size: int) -> list[Outcome]:
        self.soon()
        return await super().submit(submissions, size)

    @property
    def is_waited_for(self) -> bool:
        return bool(self._parcels)


class Keeper:
    """One life of the keeper's process."""

    def __init__(self, server: "Server") -> None:
        self._server = server
        self._in_flight: dict[asyncio.Task[Answer], asyncio.Future[bytes]] = {}
        self.alive = True
        disk, record = server.disk, server.record
        self._journal = Journal(_store(disk, server.planted), SIGNER, server.clock)
        self._received = Received()
        self._intake = _Intake(self._journal, self._journaled, lambda _code: None)
        self._intake.soon = lambda: server.soon(self._commit)
        wrong = Disagreements()
        self._read_back = ReadBackLoop(
            _Door(record),
            SeenJournal(disk),
            _Nudged(self.look_soon),
            self._received,
            SIGNER,
            server.clock,
            self._publish,
            lambda: True,
            lambda _code: None,
            wrong,
            lambda: None,
            Repair(Path(), wrong, server.clock, lambda: None, armed=False),
            Rows(),
        )
        self._route = EntryRoute(
            self._intake, self._read_back, lambda *_told: None, lambda _request: "en"
        )

    async def handle(self, body: bytes, session: Session) -> bytes:
        """The body of the answer to one request; raises NoAnswer if the process ends first."""
        loop = asyncio.get_running_loop()
        answered: asyncio.Future[bytes] = loop.create_future()

        async def receive() -> Message:
            return {"type": "http.request", "body": body}

        request = Request(scope("POST", "/keep/entries"), receive)
        task = loop.create_task(self._route.post(request, session))
        self._in_flight[task] = answered
        task.add_done_callback(self._answer)
        return await answered

    def look_soon(self) -> None:
        self._server.soon(self._look)

    def wrong(self) -> int:
        """How many entries the record is known to show wrongly."""
        return len(self._read_back.disagreements)

    def end(self) -> None:
        """The process is gone, and nobody gets an answer any more."""
        self.alive = False
        for task, answered in self._in_flight.items():
            task.cancel()
            if not answered.done():
                answered.set_exception(NoAnswer())
        self._in_flight.clear()

    def _answer(self, task: asyncio.Task[Answer]) -> None:
        answered = self._in_flight.pop(task, None)
        failure = NoAnswer() if task.cancelled() else task.exception()
        if answered is None or answered.done():
            return
        if failure is None:
            answered.set_result(task.result().body)
        else:
            answered.set_exception(NoAnswer() if isinstance(failure, Refused) else failure)

    def _commit(self) -> None:
        if not self.alive or not self._intake.is_waited_for:
            return
        try:
            self._intake.step()
        except (StorePoisoned, JournalDamaged, Killed):
            self._server.keeper_ends()

    def _journaled(self, accepted: Sequence[Accepted]) -> None:
        self._received.add(Expected.of(one.journaled) for one in accepted if not one.duplicate)
        self._server.wake_application()
        if self._server.dies_after_commit():
            raise Killed

    def _look(self) -> None:
        if self.alive:
            self._read_back.step()
            self._server.stepped()

    def _publish(self, events: list[Event]) -> None:
        for event in events:
            self._server.publish(event)


class Application:
    """One life of the application's process, as far as it follows the journal."""

    def __init__(self, server: "Server") -> None:
        self._server = server
        self.alive = True
        fold = server.skipping if server.planted == "skipped-entry" else apply
        self._follower = Follower(SeenJournal(server.disk), server.record, fold)

    def step(self) -> None:
        """Folds a batch; what is left is folded at the next step."""
        if not self.alive or self._server.hanging:
            return
        try:
            folded = self._follower.step(self._server.draw.choice([1, 4, 256]))
        except RecordUnwritable:
            self._server.after(TRIED_AGAIN_AFTER_SECONDS, self.step)
            return
        except Killed:
            self._server.application_ends()
            return
        self._server.stepped()
        if folded:
            self._server.keeper_looks()
            self._server.soon(self.step)


def _store(disk: JournalDisk, planted: str) -> MemoryJournal:
    if planted == "ack-before-flush":
        return AckBeforeFlush(disk)
    return FlushingJournal(disk, flushed_when_opened=planted != "opened-without-flush")


class Server:
    """Disk, record and the two processes on them, started again whenever they end."""

    def __init__(
        self,
        disk: JournalDisk,
        draw: random.Random,
        clock: VirtualClock,
        planted: str,
        stepped: Callable[[], None],
        publish: Callable[[Event], None],
    ) -> None:
        self.disk = disk
        self.draw = draw
        self.clock = clock
        self.planted = planted
        self.stepped = stepped
        self.publish = publish
        self.record = AppliedApart() if planted == "applied-apart" else SimulatedRecord()
        self._dies_after_commit = False
        self.hanging = False
        self.keeper: Keeper | None = None
        self.application: Application | None = None

    def after(self, seconds: float, doing: Callable[[], None]) -> None:
        asyncio.get_running_loop().call_later(seconds, doing)

    def soon(self, doing: Callable[[], None]) -> None:
        """After as long as a thread may take."""
        self.after(self.draw.uniform(0, STEP_SECONDS_MAX), doing)

    def begin(self) -> None:
        self._keeper_begins()
        self._application_begins()

    def heal(self) -> None:
        """Nothing of what has been set to fail will."""
        self.disk.fault = self.record.fault = None
        self._dies_after_commit = False
        if self.hanging:
            self.application_hangs_or_goes_on()

    def keeper_dies_after_the_next_commit(self) -> None:
        """Before anybody gets an answer."""
        self._dies_after_commit = True

    def dies_after_commit(self) -> bool:
        dies, self._dies_after_commit = self._dies_after_commit, False
        return dies

    def application_hangs_or_goes_on(self) -> None:
        self.hanging = not self.hanging
        self.wake_application()

    def wake_application(self) -> None:
        if self.application:
            self.soon(self.application.step)

    def keeper_looks(self) -> None:
        if self.keeper:
            self.keeper.look_soon()

    def keeper_ends(self) -> None:
        """Supervision starts another, which recovers."""
        if self.keeper:
            self.keeper.end()
            self.keeper = None
            self.after(self.draw.uniform(*RESTART_SECONDS), self._keeper_begins)

    def application_ends(self) -> None:
        if self.application:
            self.application.alive = False
            self.application = None
            self.after(self.draw.uniform(*RESTART_SECONDS), self._application_begins)

    def power_cut(self) -> None:
        self.keeper_ends()
        self.application_ends()
        self.disk.power_cut()
        self.stepped()

    def skipping(self, batch: Sequence[JournaledEntry], transaction: RecordTransaction) -> None:
        """Planted fault: now and then an entry is passed over."""
        for journaled in batch:
            if self.draw.random() < 0.9:
                apply_one(journaled, transaction)
        transaction.advance(transaction.applied() + len(batch))

    def _keeper_begins(self) -> None:
        self.keeper = Keeper(self)
        self.keeper.look_soon()
        self.stepped()

    def _application_begins(self) -> None:
        self.application = Application(self)
        self.soon(self.application.step)
