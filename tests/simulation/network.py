"""Between pages and server: what is sent may be lost, late, or arrive twice."""

import asyncio
import random
from contextlib import suppress
from typing import Any

import msgspec

from anamnesis.access.session import Session
from tests.simulation.server import NoAnswer, Server

LATE_SECONDS_MAX = 12.0


class Network:
    """`loss` is the chance that a request, an answer or an event is lost, or arrives twice."""

    def __init__(self, server: Server, draw: random.Random) -> None:
        self._server = server
        self._draw = draw
        self.loss = 0.0
        self.delay = 0.02
        self.late: set[asyncio.Task[None]] = set()

    async def ask(self, entries: list[dict[str, Any]], session: Session) -> list[dict[str, Any]]:
        """The results of `POST /keep/entries`; raises NoAnswer."""
        body = msgspec.json.encode({"entries": entries})
        await self._under_way()
        if self._draw.random() < self.loss:
            task = asyncio.get_running_loop().create_task(self._arrive_late(body, session))
            self.late.add(task)
            task.add_done_callback(self.late.discard)
        answer = await self._arrive(body, session)
        await self._under_way()
        results: list[dict[str, Any]] = msgspec.json.decode(answer)["results"]
        return results

    def loses(self) -> bool:
        return self._draw.random() < self.loss

    async def _arrive(self, body: bytes, session: Session) -> bytes:
        keeper = self._server.keeper
        if keeper is None:
            raise NoAnswer
        return await keeper.handle(body, session)

    async def _arrive_late(self, body: bytes, session: Session) -> None:
        """The same request once more, long after."""
        await asyncio.sleep(self._draw.uniform(0, LATE_SECONDS_MAX))
        with suppress(NoAnswer):
            await self._arrive(body, session)

    async def _under_way(self) -> None:
        await asyncio.sleep(self._draw.expovariate(1 / self.delay))
        if self.loses():
            raise NoAnswer
