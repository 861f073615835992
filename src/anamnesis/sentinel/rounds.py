"""Walks round after round until stopped, and tells the keeper of each path."""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

import httpx
import msgspec
import structlog

from anamnesis.receipt.checkpoint import VerificationKey
from anamnesis.rollout.rollout import Rollout
from anamnesis.rollout.walked import FINDINGS_MAX, READING, Finding, Result, Walked, watched
from anamnesis.sentinel.door import Door, Interrupted, Seat, Unwalked, now
from anamnesis.sentinel.matrix import Cell, cells
from anamnesis.sentinel.memory import Kept, Memory
from anamnesis.sentinel.reading import Reading, finding
from anamnesis.sentinel.walks import Walker, Written

WALK_SECONDS_MAX: Final = 40.0
"""A path that takes longer, with everything read back, cannot be walked."""
TRIES: Final = 2
"""A path counts as not walkable if it was not in so many tries, one right after another."""
TOGETHER_MAX: Final = 4
"""Sentinels that walk at the same time."""
LOOKED_EVERY_SECONDS: Final = 0.5
"""How soon a feature that was just deployed is walked for, and how often what is wrong is read."""
INTERRUPTED: Final = "interrupted"
REPORTS_MAX: Final = 1_024
"""Reports that wait for a keeper to hear them; beyond, the oldest is forgotten."""

TakeSeat = Callable[[str], Awaitable[Seat]]
Report = Callable[[Walked], Awaitable[None]]

_log = structlog.get_logger()


class Sentinel:
    """One of them: its seat, its way in, and how it reads."""

    def __init__(self, client: httpx.AsyncClient, seat: Seat, feature: str, key: str) -> None:
        door = Door(client, seat, [feature] if feature else [])
        self.walker = Walker(door)
        self.reading = Reading(door, VerificationKey.parse(key))


class Rounds:
    """Everything that sentinels do.

    `rollout` reads what is published. Seats and reports go by the keeper's own socket: while it is
    away, `take_seat` raises Interrupted, and `report` OSError.
    """

    def __init__(
        self,
        client: httpx.AsyncClient,
        rollout: Callable[[], Rollout],
        take_seat: TakeSeat,
        report: Report,
        memory: Memory,
        remember: Callable[[Memory], None],
        period_seconds: float,
    ) -> None:
        self._client = client
        self._rollout = rollout
        self._take_seat = take_seat
        self._report = report
        self._memory = memory
        self._remember = remember
        self._period = period_seconds
        self._sentinels: dict[str, Sentinel] = {}
        self._reports: deque[Walked] = deque(maxlen=REPORTS_MAX)
        self._telling = asyncio.Lock()
        self._walked: set[tuple[str, int]] = set()

    async def run(self) -> None:
        """Until cancelled."""
        following = 0.0
        while True:
            rollout = self._rollout()
            if time.monotonic() >= following:
                following = time.monotonic() + self._period
                await self._round(watched(rollout), rollout)
            new = [feature for feature in watched(rollout) if not self._known(feature, rollout)]
            if new:
                await self._round(new, rollout)
            await self._read_wrong()
            await self._tell()
            await asyncio.sleep(LOOKED_EVERY_SECONDS)

    def _known(self, feature: str, rollout: Rollout) -> bool:
        return (feature, _number(rollout, feature)) in self._walked

    async def _round(self, features: Sequence[str], rollout: Rollout) -> None:
        """All paths for these, some sentinels at a time, the paths of each one by one."""
        number = int(time.time() // self._period)
        free = asyncio.Semaphore(TOGETHER_MAX)

        async def one(feature: str) -> None:
            async with free:
                for cell in cells([feature], number):
                    await self._cell(cell, rollout)
                    await self._tell()
                await self._read_again(feature, rollout)

        await asyncio.gather(*(one(feature) for feature in features))
        self._walked |= {(feature, _number(rollout, feature)) for feature in features}
        self._memory.forget(time.time())
        self._remember(self._memory)

    async def _cell(self, cell: Cell, rollout: Rollout) -> None:
        begun, at = time.monotonic(), now()
        wrong, why = await self._tried(cell)
        if _number(self._rollout(), cell.feature) != _number(rollout, cell.feature):
            wrong, why = [], INTERRUPTED  # its feature was suspended or withdrawn meanwhile
        self._reports.append(
            Walked(
                feature=cell.feature,
                deployment=_number(rollout, cell.feature),
                path=cell.path,
                section=cell.section,
                writing=cell.writing,
                at=at,
                milliseconds=round((time.monotonic() - begun) * 1000),
                result=_result(wrong, why),
                why=why,
                wrong=tuple(wrong[:FINDINGS_MAX]),
            )
        )

    async def _tried(self, cell: Cell) -> tuple[list[Finding], str]:
        """What was wrong; and why it could not be walked, if it could not."""
        why = ""
        for _ in range(TRIES):
            try:
                async with asyncio.timeout(WALK_SECONDS_MAX):
                    return await self._walk(cell), ""
            except Interrupted:
                self._sentinels.pop(cell.feature, None)
                return [], INTERRUPTED
            except TimeoutError:
                why = "walk-too-long"
            except Unwalked as unwalked:
                why = unwalked.code
            self._sentinels.pop(cell.feature, None)
        return [], why

    async def _walk(self, cell: Cell) -> list[Finding]:
        sentinel = await self._sentinel(cell.feature)
        written = await sentinel.walker.walk(cell)
        found = await sentinel.reading.read_back(written)
        self._memory.keep(_kept(cell, written, found))
        return found

    async def _sentinel(self, feature: str) -> Sentinel:
        known = self._sentinels.get(feature)
        if known is None:
            seat = await self._take_seat(feature)
            try:
                key = (await self._client.get("/keep/key")).text.strip()
            except httpx.HTTPError:
                raise Interrupted from None
            known = self._sentinels[feature] = Sentinel(self._client, seat, feature, key)
        return known

    async def _read_again(self, feature: str, rollout: Rollout) -> None:
        """Some of what it wrote before: a job of the night spoils what was right by day."""
        wrong: list[Finding] = []
        for one in self._memory.due(feature):
            code = await self._read(one)
            if code:
                one.wrong = (msgspec.structs.replace(one.entry, code=code),)
                wrong += one.wrong
        if wrong:
            self._say_of_old(feature, _number(rollout, feature), wrong=tuple(wrong))

    async def _read_wrong(self) -> None:
        """What is wrong, until it is right."""
        for one in self._memory.wrong()[:FINDINGS_MAX]:
            if await self._read(one) == "":
                righted, one.wrong = one.wrong, ()
                self._say_of_old(one.feature, 0, righted=righted)

    async def _read(self, one: Kept) -> str | None:
        """What became of it, "" if it is as it was written, None if that cannot be known now."""
        entry = one.entry
        try:
            async with asyncio.timeout(WALK_SECONDS_MAX):
                reading = (await self._sentinel(one.feature)).reading
                code = await reading.changed(entry.encounter, one.digest, entry.entry)
        except (Interrupted, Unwalked, TimeoutError):
            self._sentinels.pop(one.feature, None)
            return None
        one.read_at = time.time()
        return code

    def _say_of_old(
        self,
        feature: str,
        number: int,
        wrong: tuple[Finding, ...] = (),
        righted: tuple[Finding, ...] = (),
    ) -> None:
        result: Result = "wrong" if wrong else "good"
        self._reports.append(
            Walked(feature, number, READING, "", "", now(), 0, result, "", wrong, righted)
        )

    async def _tell(self) -> None:
        """Tells the keeper what it has not heard yet, in order, each once."""
        async with self._telling:
            while self._reports:
                report = self._reports.popleft()
                try:
                    await self._report(report)
                except OSError as failure:
                    _log.warning("report-not-heard", failure=type(failure).__name__)
                    self._reports.appendleft(report)
                    return


def _number(rollout: Rollout, feature: str) -> int:
    """The number of its deployment while it runs, 0 otherwise."""
    running = {one.feature: one.number for one in rollout.active()}
    return running.get(feature, 0)


def _kept(cell: Cell, written: Written, found: Sequence[Finding]) -> Kept:
    at = time.time()
    entry = finding("", "", written.text, written.encounter)
    digest = written.sections.digest()
    return Kept(cell.feature, cell.path, entry, digest, at, at, tuple(found))


def _result(wrong: Sequence[Finding], why: str) -> Result:
    if why == INTERRUPTED:
        return "interrupted"
    if wrong:
        return "wrong"
    return "unwalked" if why else "good"
