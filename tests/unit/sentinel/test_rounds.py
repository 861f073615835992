"""Rounds with nobody at the door: what is told of each path, and what is not."""

import asyncio
from collections.abc import Callable

import pytest

from anamnesis.rollout.cohort import Cohort
from anamnesis.rollout.rollout import SENTINEL_PATHS, Rollout
from anamnesis.rollout.sentinels import BASELINE
from anamnesis.rollout.walked import Finding, Walked
from anamnesis.sentinel.door import Interrupted, Unwalked
from anamnesis.sentinel.matrix import Cell
from anamnesis.sentinel.memory import Memory
from anamnesis.sentinel.rounds import TRIES, Rounds

AT = "2026-11-23T12:00:00.000Z"
FOUND = Finding("sentinel-altered", "page", "e", 1, "note.write", "d", "enc", "0" * 64, AT)
WITH_LETTERS = Rollout().deployed("letters", "entry-point", ("typing",), Cohort(share=1.0), AT)

Walk = Callable[[Cell], list[Finding]]


class World:
    def __init__(self, walk: Walk, rollout: Rollout = WITH_LETTERS) -> None:
        self.rollout = rollout
        self.heard: list[Walked] = []
        self.walked: list[Cell] = []
        self.remembered = 0
        self.keeper_is_away = False
        self._does = walk
        self.rounds = Rounds(
            None,  # type: ignore[arg-type]
            lambda: self.rollout,
            None,  # type: ignore[arg-type]
            self._report,
            Memory(),
            self._remember,
            60.0,
        )
        self.rounds._walk = self._walk  # type: ignore[method-assign]

    def round(self, *features: str) -> None:
        asyncio.run(self.rounds._round(features, self.rollout))

    def tell(self) -> None:
        asyncio.run(self.rounds._tell())

    async def _walk(self, cell: Cell) -> list[Finding]:
        await asyncio.sleep(0)
        self.walked.append(cell)
        return self._does(cell)

    async def _report(self, walked: Walked) -> None:
        await asyncio.sleep(0)
        if self.keeper_is_away:
            raise ConnectionRefusedError
        self.heard.append(walked)

    def _remember(self, memory: Memory) -> None:
        self.remembered += 1


def good(_cell: Cell) -> list[Finding]:
    return []


def told(world: World) -> list[tuple[str, str]]:
    return sorted((one.feature, one.path) for one in world.heard)


def test_sentinels_that_walk_at_the_same_time_are_each_told_of_once() -> None:
    world = World(good)
    world.round(BASELINE, "letters")
    assert told(world) == sorted(
        (f, path) for f in (BASELINE, "letters") for path in SENTINEL_PATHS
    )
    assert {one.result for one in world.heard} == {"good"}
    assert {one.deployment for one in world.heard if one.feature == "letters"} == {1}
    assert world.remembered == 1


def test_what_a_keeper_that_was_away_has_not_heard_is_told_later_in_order() -> None:
    world = World(good)
    world.keeper_is_away = True
    world.round(BASELINE)
    assert world.heard == []
    world.keeper_is_away = False
    world.tell()
    assert [one.path for one in world.heard] == list(SENTINEL_PATHS)


def test_what_is_wrong_is_told_with_its_path() -> None:
    world = World(lambda cell: [FOUND] if cell.path == "sharing" else [])
    world.round("letters")
    assert [(one.path, one.wrong) for one in world.heard if one.result == "wrong"] == [
        ("sharing", (FOUND,))
    ]


@pytest.mark.parametrize("failure", [Unwalked("answer-503"), TimeoutError()])
def test_a_path_is_unwalked_only_after_it_was_tried_again(failure: Exception) -> None:
    failures = [failure] * TRIES

    def walk(cell: Cell) -> list[Finding]:
        if cell.path == "signing" and failures:
            raise failures.pop()
        return []

    world = World(walk)
    world.round("letters")
    [one] = [one for one in world.heard if one.result != "good"]
    assert (one.path, one.result) == ("signing", "unwalked")
    assert one.why in ("answer-503", "walk-too-long")
    failures[:] = [failure]
    world.heard.clear()
    world.round("letters")
    assert {one.result for one in world.heard} == {"good"}


def test_where_the_door_is_away_nothing_is_said_of_the_feature() -> None:
    def walk(cell: Cell) -> list[Finding]:
        raise Interrupted

    world = World(walk)
    world.round("letters")
    assert {one.result for one in world.heard} == {"interrupted"}
    assert len(world.walked) == len(SENTINEL_PATHS)


def test_what_is_found_after_the_feature_was_suspended_is_not_held_against_it() -> None:
    def walk(cell: Cell) -> list[Finding]:
        world.rollout = WITH_LETTERS.suspended("letters", AT, "hook-failed")
        return [FOUND]

    world = World(walk)
    world.round("letters")
    assert {one.result for one in world.heard} == {"interrupted"}
    assert {one.wrong for one in world.heard} == {()}
