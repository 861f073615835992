"""Reads every entry back from the record, and says `recorded` only of what agrees.

One thread, with a read-only connection of its own, is woken when the application has applied a
batch. It holds what a reader would get against what the journal has, signs the statements of
a batch together, answers those who wait, and tells the pages.
"""

import asyncio
import threading
from collections.abc import Callable, Mapping, Sequence

import msgspec
import structlog

from anamnesis.journal.store import JournalReader
from anamnesis.keeper.demands import Demands
from anamnesis.keeper.disagreements import Disagreements
from anamnesis.keeper.exits import EXIT_UNEXPECTED
from anamnesis.keeper.judgement import Agreed, Verdict, judged
from anamnesis.keeper.news import news_of
from anamnesis.keeper.push import Event
from anamnesis.keeper.received import FINDING, Expected, Received
from anamnesis.keeper.record_door import RecordDoor, RecordUnavailable
from anamnesis.keeper.repair import Repair
from anamnesis.keeper.rows import Rows
from anamnesis.keeper.touched import TouchedNotes
from anamnesis.keeper.touched_rows import TouchedRows
from anamnesis.keeper.wake import Wakened
from anamnesis.receipt.receipt import Attested, Statement, sign_statements
from anamnesis.record.store import RecordReader
from anamnesis.seams import Clock, Signer, instant

RECORDED_SECONDS_MAX = 0.25
"""How long an answer waits for `recorded` before it says `journaled`."""
BATCH_MAX = 1_000
"""Entries judged in one go."""
LOOKED_AGAIN_EVERY_SECONDS = 1.0
"""How often entries that the record shows wrongly are read again: it may have been made anew."""

_log = structlog.get_logger()


class Recorded(msgspec.Struct, frozen=True):
    """An entry read back and found right: the signed statement, and what is shown now."""

    attested: Attested
    shown_version: int
    shown_digest: str


class _Request:
    """Entries of one request, whose answer waits for all of them; lives on the event loop."""

    __slots__ = ("done", "left", "loop", "results")

    def __init__(self, entries: int) -> None:
        self.loop = asyncio.get_running_loop()
        self.results: list[Recorded | None] = [None] * entries
        self.left = entries
        self.done: asyncio.Future[None] = self.loop.create_future()

    def settle(self, index: int, answer: Recorded | None) -> None:
        """Takes notice of one entry; the last one ends the waiting."""
        self.results[index] = answer
        self.left -= 1
        if self.left == 0:
            self.finish()

    def finish(self) -> None:
        """Ends the waiting, with what there is."""
        if not self.done.done():
            self.done.set_result(None)


class _Waiter:
    __slots__ = ("expected", "index", "request")

    def __init__(self, expected: Expected, request: _Request, index: int) -> None:
        self.expected = expected
        self.request = request
        self.index = index


class ReadBackLoop:
    """The read-back thread and those who wait for it."""

    def __init__(
        self,
        door: RecordDoor,
        journal: JournalReader,
        wakened: Wakened,
        received: Received,
        signer: Signer,
        clock: Clock,
        publish: Callable[[list[Event]], None],
        listened: Callable[[], bool],
        stop: Callable[[int], None],
        disagreements: Disagreements,
        hurry: Callable[[], None],
        repair: Repair,
        rows: Rows,
    ) -> None:
        self._door = door
        self._journal = journal
        self._wakened = wakened
        self._received = received
        self._signer = signer
        self._clock = clock
        self._publish = publish
        self._listened = listened
        self._stop = stop
        self._lock = threading.Lock()
        self._waiters: list[_Waiter] = []
        self._applied = 0
        self._told: int | None = None
        self._closing = False
        self._available = False
        self._repair = repair
        self._touched = TouchedNotes(journal, clock, hurry)
        self._rows = rows
        self._touched_rows = TouchedRows(rows, journal, clock, hurry)
        self._looked_again_at = clock.monotonic()
        self.looked_at: str | None = None
        """When everything that was due had last been read back."""
        self.demands = Demands()
        self.disagreements = disagreements
        self._thread = threading.Thread(target=self._run, name="read-back", daemon=True)

    @property
    def applied(self) -> int:
        """Entries the record has, as last read."""
        return self._applied

    @property
    def available(self) -> bool:
        """Whether the record could be read the last time."""
        return self._available

    def start(self) -> None:
        """Starts the thread."""
        self._thread.start()

    def close(self) -> None:
        """Ends the thread."""
        self._closing = True
        self._wakened.nudge()
        self._thread.join(RECORDED_SECONDS_MAX * 8)

    async def recorded(self, entries: Sequence[Expected]) -> list[Recorded | None]:
        """For each entry, what was read back of it within `RECORDED_SECONDS_MAX`, or None."""
        if not entries:
            return []
        request = _Request(len(entries))
        waiters = [_Waiter(expected, request, index) for index, expected in enumerate(entries)]
        with self._lock:
            self._waiters += waiters
            # Applied already, before anyone waited: nothing else would wake the thread for it.
            if any(expected.position < self._applied for expected in entries):
                self._wakened.nudge()
        late = request.loop.call_later(RECORDED_SECONDS_MAX, request.finish)
        try:
            await request.done
        finally:
            late.cancel()
            if request.left:
                with self._lock:
                    self._waiters = [one for one in self._waiters if one.request is not request]
        return request.results

    def _run(self) -> None:
        try:
            while not self._closing:
                self.step()
                self._wakened.wait()
        except BaseException as failure:  # noqa: BLE001 - it ends the process
            # Without read-back nothing would ever turn green again: better to start afresh.
            _log.critical("read-back-stopped", failure=type(failure).__name__, exc_info=failure)
            self._stop(EXIT_UNEXPECTED)

    def step(self) -> None:
        """One look at the record and everything that follows from it."""
        try:
            applied = self._door.read(lambda reader: reader.applied())
            self._available = True
            self._applied = applied
            if self._told is None:
                self._told = applied
            while not self._closing and self._look(applied):
                pass
            self._look_at_touched()
            self._look_again(applied)
            self._repair.consider()
            self.looked_at = instant(self._clock.now())
        except RecordUnavailable:
            self._available = False

    def _look(self, applied: int) -> bool:
        """Judges what is new and what is waited for; True if there is more to judge."""
        told = self._told or 0
        new = self._applied_since(told, applied)
        end = told + len(new)
        waiters = self._due(applied)
        if not new and not waiters:
            return False
        expected = {one.position: one for one in new}
        expected |= {waiter.expected.position: waiter.expected for waiter in waiters}
        entries = list(expected.values())
        verdicts = self._door.read(
            lambda reader: judged(reader, self._journal, self.demands, entries, range(told, end))
        )
        recorded = self._sign([v for v in verdicts.values() if isinstance(v, Agreed)])
        self.disagreements.take(verdicts.values())
        self._settle(waiters, recorded)
        if new and self._listened():
            self._publish(self._door.read(lambda reader: self._news(reader, told, end, verdicts)))
        self._told = end
        return told < end < applied

    @staticmethod
    def _news(
        reader: RecordReader, told: int, end: int, verdicts: Mapping[int, Verdict]
    ) -> list[Event]:
        # A row beyond what was applied is no entry's: it is judged as a row.
        changes = [one for one in reader.changes(told, end - told) if one.position < end]
        return news_of(changes, verdicts, reader)

    def _look_at_touched(self) -> None:
        """Judges notes and rows that changed, whoever changed them."""
        verdicts = self._door.read(
            lambda reader: self._touched.judged(reader, self.demands, self._told or 0)
        )
        self._publish(self.disagreements.take(verdicts))
        rows = self._door.read(lambda reader: self._touched_rows.judged(reader, self.demands))
        self._publish(self.disagreements.take(rows))

    def _look_again(self, applied: int) -> None:
        """Reads disagreeing entries once more; those that agree now are told as recorded."""
        now = self._clock.monotonic()
        if not self.disagreements or now - self._looked_again_at < LOOKED_AGAIN_EVERY_SECONDS:
            return
        self._looked_again_at = now
        rows = self._door.read(lambda reader: self._rows.again(reader, self._journal, self.demands))
        self._publish(self.disagreements.take(rows))
        wrong = [one.expected for one in self.disagreements.all() if one.expected.kind != FINDING]
        entries = [expected for expected in wrong if expected.position < applied][:BATCH_MAX]
        verdicts = self._door.read(
            lambda reader: judged(reader, self._journal, self.demands, entries)
        )
        self._publish(self.disagreements.take(verdicts.values()))

    def _due(self, applied: int) -> list[_Waiter]:
        with self._lock:
            due = [one for one in self._waiters if one.expected.position < applied]
            if due:
                self._waiters = [one for one in self._waiters if one.expected.position >= applied]
            return due

    def _applied_since(self, told: int, applied: int) -> list[Expected]:
        """The next entries that the record says it has; none from where the journal has nothing."""
        found: list[Expected] = []
        for position in range(told, min(applied, told + BATCH_MAX)):
            expected = self._received.at(position)
            if expected is None:
                try:
                    expected = Expected.of(self._journal.at([position])[0])
                except IndexError:
                    break
            found.append(expected)
        return found

    def _sign(self, agreed: Sequence[Agreed]) -> dict[int, Recorded]:
        read_at = instant(self._clock.now())
        statements = [
            Statement(
                digest=one.digest,
                entry=one.expected.id,
                position=one.expected.position,
                read_at=read_at,
                typed_digest=one.typed_digest,
                version=one.version,
            )
            for one in agreed
        ]
        attested = sign_statements(statements, self._signer)
        return {
            one.expected.position: Recorded(proof, one.shown_version, one.shown_digest)
            for one, proof in zip(agreed, attested, strict=True)
        }

    def _settle(self, waiters: Sequence[_Waiter], recorded: dict[int, Recorded]) -> None:
        if waiters:
            answers = [(one, recorded.get(one.expected.position)) for one in waiters]
            waiters[0].request.loop.call_soon_threadsafe(_wake, answers)


def _wake(answers: Sequence[tuple[_Waiter, Recorded | None]]) -> None:
    for waiter, answer in answers:
        waiter.request.settle(waiter.index, answer)
