import asyncio
import threading
from collections.abc import Awaitable, Callable, Sequence

import pytest

from anamnesis.journal.journal import Accepted, Journal, Outcome, Submission
from anamnesis.keeper import intake as intake_module
from anamnesis.keeper.exits import EXIT_JOURNAL_POISONED
from anamnesis.keeper.http import Refused
from anamnesis.keeper.intake import Intake
from anamnesis.storage.memory.journal import Fault, MemoryJournal
from tests.unit.journal.making import journal_over, submission


class SlowJournal(Journal):
    """Holds the first commit until it is let go, so that others arrive meanwhile."""

    def __init__(self, journal: Journal) -> None:
        self.__dict__ = journal.__dict__
        self.let_go = threading.Event()
        self.begun = threading.Event()
        self.groups: list[int] = []

    def append(self, group: Sequence[Submission]) -> list[Outcome]:
        self.groups.append(len(group))
        self.begun.set()
        assert self.let_go.wait(10)
        return super().append(group)


class World:
    def __init__(self) -> None:
        self.store = MemoryJournal()
        self.journal = SlowJournal(journal_over(self.store))
        self.journal.let_go.set()
        self.journaled: list[Accepted] = []
        self.stops: list[int] = []
        self.stopped = threading.Event()
        self.intake = Intake(self.journal, self.journaled.extend, self._stop)
        self.intake.start()

    def _stop(self, code: int) -> None:
        self.stops.append(code)
        self.stopped.set()

    async def submit(self, *numbers: int) -> list[Outcome]:
        return await self.intake.submit([submission(number) for number in numbers], 100)

    async def begun(self) -> None:
        """Returns once a commit is under way."""
        assert await asyncio.to_thread(self.journal.begun.wait, 10)


def play(story: Callable[[World], Awaitable[None]]) -> World:
    async def playing() -> World:
        world = World()
        try:
            await story(world)
        finally:
            world.journal.let_go.set()
            await asyncio.to_thread(world.intake.close)
        return world

    return asyncio.run(playing())


def test_what_is_accepted_is_in_the_journal() -> None:
    async def story(world: World) -> None:
        [first, second] = await world.submit(1, 2)
        assert isinstance(first, Accepted)
        assert isinstance(second, Accepted)
        assert world.store.size() == 2
        assert [one.journaled.position for one in world.journaled] == [0, 1]

    play(story)


def test_what_arrives_during_a_commit_shares_the_next_one() -> None:
    async def story(world: World) -> None:
        world.journal.let_go.clear()
        first = asyncio.ensure_future(world.submit(1))
        await world.begun()
        others = [asyncio.ensure_future(world.submit(number)) for number in (2, 3, 4)]
        await asyncio.sleep(0)
        world.journal.let_go.set()
        outcomes = [await waiting for waiting in (first, *others)]
        positions = [one.journaled.position for [one] in outcomes if isinstance(one, Accepted)]
        assert positions == [0, 1, 2, 3]
        assert world.journal.groups == [1, 3]

    play(story)


def test_each_request_gets_its_own_outcomes() -> None:
    async def story(world: World) -> None:
        both = await asyncio.gather(world.submit(1, 2), world.submit(3))
        ids = [[o.journaled.entry.sequence for o in one if isinstance(o, Accepted)] for one in both]
        assert ids == [[1, 2], [3]]

    play(story)


def test_a_full_disk_is_unknown_to_those_who_wait_and_later_ones_are_tried_again() -> None:
    async def story(world: World) -> None:
        world.store.disk.fault = Fault.FULL
        with pytest.raises(Refused) as refused:
            await world.submit(1)
        assert (refused.value.status, refused.value.code) == (503, "journal-unavailable")
        assert (world.intake.state, world.stops) == ("unavailable", [])
        [again] = await world.submit(1)
        assert isinstance(again, Accepted)
        assert not again.duplicate
        assert world.intake.state == "up"
        assert world.stops == []

    play(story)


@pytest.mark.parametrize("fault", [Fault.LOST, Fault.KEPT])
def test_an_unknown_commit_stops_the_process_and_acknowledges_nothing(fault: Fault) -> None:
    async def story(world: World) -> None:
        world.store.disk.fault = fault
        waiting = asyncio.ensure_future(world.submit(1))
        assert await asyncio.to_thread(world.stopped.wait, 10)
        await asyncio.sleep(0)
        assert not waiting.done()
        waiting.cancel()

    world = play(story)
    assert world.stops == [EXIT_JOURNAL_POISONED]
    assert world.journaled == []


def test_too_much_waiting_is_refused_before_it_is_queued(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake_module, "WAITING_ENTRIES_MAX", 2)

    async def story(world: World) -> None:
        world.journal.let_go.clear()
        first = asyncio.ensure_future(world.submit(1))
        await world.begun()
        second = asyncio.ensure_future(world.submit(2, 3))
        await asyncio.sleep(0)
        with pytest.raises(Refused) as refused:
            await world.submit(4)
        assert (refused.value.status, refused.value.code) == (503, "keeper-busy")
        world.journal.let_go.set()
        assert len(await first) + len(await second) == 3

    play(story)


def test_too_many_bytes_waiting_are_refused_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake_module, "WAITING_BYTES_MAX", 99)

    async def story(world: World) -> None:
        with pytest.raises(Refused):
            await world.submit(1)

    assert play(story).store.size() == 0


def test_closing_commits_what_waits_and_refuses_what_comes_after() -> None:
    async def story(world: World) -> None:
        world.journal.let_go.clear()
        first = asyncio.ensure_future(world.submit(1))
        await world.begun()
        second = asyncio.ensure_future(world.submit(2))
        await asyncio.sleep(0)
        closing = asyncio.ensure_future(asyncio.to_thread(world.intake.close))
        world.journal.let_go.set()
        await closing
        assert len(await first) + len(await second) == 2
        with pytest.raises(Refused):
            await world.submit(3)

    assert play(story).store.size() == 2


def test_a_question_is_answered_between_two_commits() -> None:
    async def story(world: World) -> None:
        await world.submit(1)
        assert await world.intake.ask(lambda journal: journal.size) == 1

    play(story)


def test_a_question_that_fails_is_its_askers_trouble() -> None:
    async def story(world: World) -> None:
        with pytest.raises(ValueError, match="leaves"):
            await world.intake.ask(lambda journal: journal.consistency(5, 9))
        await world.submit(1)

    assert play(story).stops == []


def test_somebody_who_no_longer_waits_does_not_hurt_the_others() -> None:
    async def story(world: World) -> None:
        world.journal.let_go.clear()
        first = asyncio.ensure_future(world.submit(1))
        await world.begun()
        second = asyncio.ensure_future(world.submit(2))
        await asyncio.sleep(0)
        first.cancel()
        world.journal.let_go.set()
        [outcome] = await second
        assert isinstance(outcome, Accepted)

    assert play(story).store.size() == 2
