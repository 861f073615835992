import asyncio
from collections.abc import Callable, Sequence

import pytest

from anamnesis.access.audit import AuditEvent
from anamnesis.access.session import Session
from anamnesis.keeper import audit
from anamnesis.keeper.audit import AuditTrail
from anamnesis.keeper.http import Refused
from anamnesis.keeper.sessions import AccessThread
from anamnesis.storage.memory.access import MemoryAccessStore
from tests.unit.keeper.fakes import NOON, FakeClock, request

PATIENT = "/patients/01932f5e-0000-7000-8000-000000000001"
CLAIRE = Session("s-1", "claire", "p-claire", "lilas", "Dr Claire Aubry", NOON, NOON)


class Store(MemoryAccessStore):
    def __init__(self) -> None:
        super().__init__()
        self.failing = False
        self.batches: list[int] = []

    def record(self, events: Sequence[AuditEvent]) -> None:
        if self.failing:
            raise OSError
        self.batches.append(len(events))
        super().record(events)


async def until(true: Callable[[], bool]) -> None:
    while not true():
        await asyncio.sleep(0)


def test_looks_are_written_together_and_once() -> None:
    async def story() -> None:
        store = Store()
        trail = AuditTrail(AccessThread(store), FakeClock())
        for _ in range(3):
            trail.look(request(path=PATIENT), CLAIRE, 200)
        trail.look(request(path="/patients"), CLAIRE, 200)
        trail.look(request("POST", PATIENT), CLAIRE, 200)
        await trail.flush()
        await trail.flush()
        assert store.batches == [3]
        assert {event.patient for event in store.audit("lilas", 9)} == {PATIENT.split("/")[2]}

    asyncio.run(story())


def test_while_looks_cannot_be_written_records_stay_closed_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(audit, "FLUSHED_EVERY_SECONDS", 0.0)

    async def story() -> None:
        store = Store()
        store.failing = True
        trail = AuditTrail(AccessThread(store), FakeClock())
        trail.look(request(path=PATIENT), CLAIRE, 200)
        running = asyncio.ensure_future(trail.run())
        await until(lambda: trail.failing)
        with pytest.raises(Refused) as refused:
            trail.require_room(request(path=PATIENT))
        assert (refused.value.status, refused.value.code) == (503, "audit-unavailable")
        trail.require_room(request(path="/keep/entries"))
        store.failing = False
        await until(lambda: not trail.failing)
        trail.require_room(request(path=PATIENT))
        running.cancel()
        assert store.batches == [1]

    asyncio.run(story())


def test_too_many_waiting_looks_close_records_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "WAITING_MAX", 2)

    async def story() -> None:
        trail = AuditTrail(AccessThread(Store()), FakeClock())
        for _ in range(2):
            trail.require_room(request(path=PATIENT))
            trail.look(request(path=PATIENT), CLAIRE, 200)
        with pytest.raises(Refused):
            trail.require_room(request(path=PATIENT))
        await trail.flush()
        trail.require_room(request(path=PATIENT))

    asyncio.run(story())
