"""The operator's view: put together from what the parts tell, and whole when one of them fails."""

import asyncio

import msgspec

from anamnesis.keeper.operator_view import SHOWN_EVERY_SECONDS, OperatorView
from tests.unit.keeper.fakes import FakeClock


def fails() -> object:
    raise OSError("a sentence with a path")


def test_a_part_that_cannot_tell_is_shown_as_failed_without_its_message() -> None:
    view = OperatorView(FakeClock())
    view.register("disk", lambda: {"free_bytes": 7})
    view.register("sweep", fails)
    shown = msgspec.json.decode(view.encoded())
    assert shown["disk"] == {"free_bytes": 7}
    assert shown["sweep"] == {"failed": "OSError"}
    assert [one["invariant"] for one in shown["invariants"]][:2] == ["I1", "I2"]
    view.close()


def test_many_who_ask_at_once_cost_one_answer() -> None:
    clock = FakeClock()
    view = OperatorView(clock)
    asked = 0

    def count() -> int:
        nonlocal asked
        asked += 1
        return asked

    view.register("count", count)

    async def story() -> None:
        await asyncio.gather(*(view.current() for _ in range(20)))
        await view.current()
        assert asked == 1
        clock.move(SHOWN_EVERY_SECONDS)
        await view.current()
        assert asked == 2

    asyncio.run(story())
    view.close()
