"""What sentinels send is small, and known."""

import asyncio
from typing import Any

from anamnesis.receipt.canonical import canonical
from anamnesis.rollout.sentinels import SENTINEL_PRACTICE, sentinel_of
from anamnesis.sentinel.door import Act, Device, Door, Seat, Sent
from anamnesis.sentinel.matrix import CYCLE, cells
from anamnesis.sentinel.walks import SENT_BYTES_PER_DAY_MAX, Walker
from anamnesis.settings import SENTINELS_DEFAULT


class Counting(Device):
    """Sends nowhere, and counts the bytes of what would have been sent."""

    def __init__(self, door: Door) -> None:
        super().__init__(door, "first")
        self.bytes = 0

    async def send(self, *acts: Act) -> list[Sent]:
        sent = []
        for act in acts:
            entry: dict[str, Any] = self._door.entry(self.id, 1, act)
            self.bytes += len(canonical(entry))
            sent.append(Sent(entry["id"], entry["kind"], {}, canonical(entry["content"])))
        return sent


class Walking(Walker):
    async def _opened(self, token: str, code: str) -> None:
        return


def test_a_sentinel_stays_within_its_bytes_of_a_day() -> None:
    seat = Seat(sentinel_of("a-feature"), SENTINEL_PRACTICE, "t", "c")
    door = Door(None, seat, ["a-feature"])  # type: ignore[arg-type]
    walker, device = Walking(door), Counting(door)
    walker._first = walker._second = device

    async def cycle() -> None:
        for number in range(CYCLE):
            for cell in cells(["a-feature"], number):
                await walker.walk(cell)

    asyncio.run(cycle())
    each_day = device.bytes / CYCLE * 86_400 / SENTINELS_DEFAULT
    assert SENT_BYTES_PER_DAY_MAX / 2 < each_day <= SENT_BYTES_PER_DAY_MAX
