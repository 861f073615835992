"""What every store of the journal promises, looked at by a second pair of eyes."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from anamnesis.journal.entry import JournaledEntry
from anamnesis.journal.store import StoreFull, StorePoisoned
from anamnesis.receipt.merkle import leaf_hash
from anamnesis.storage.memory.journal import Fault
from tests.contract.journal.worlds import WORLDS, World
from tests.unit.journal.making import AUTHOR, DEVICE, entry, uuid


@pytest.fixture(params=sorted(WORLDS))
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    world = WORLDS[request.param](tmp_path)
    yield world
    world.end()


def journaled(number: int, **changed: object) -> JournaledEntry:
    """Entry `number` (from 1) at the position before it."""
    return JournaledEntry(number - 1, "2026-11-23T14:02:12.000Z", "s", entry(number, **changed))


def kept(world: World, *groups: int) -> list[JournaledEntry]:
    """Commits groups of these sizes; their checkpoints read `to 3`, `to 5` …"""
    everything: list[JournaledEntry] = []
    for size in groups:
        first = len(everything) + 1
        group = [journaled(number) for number in range(first, first + size)]
        everything += group
        world.store.commit(group, f"to {len(everything)}", len(everything))
    return everything


def test_an_empty_journal_has_nothing(world: World) -> None:
    store = world.store
    assert (store.size(), store.read(0, 9), store.leaves(0, 9)) == (0, [], [])
    assert (store.checkpoint(None), store.checkpoint(0)) == (None, None)
    assert (store.find([uuid(1)]), store.last_sequences([DEVICE])) == ({}, {})
    assert store.at_sequence(DEVICE, 1) is None


def test_what_is_committed_is_what_another_reads(world: World) -> None:
    everything = kept(world, 3, 1, 2)
    with world.truth() as truth:
        assert truth.size() == 6
        assert truth.read(0, 100) == everything


def test_what_is_committed_is_there_after_a_crash(world: World) -> None:
    everything = kept(world, 2, 2)
    world.crash()
    assert world.store.read(0, 100) == everything
    world.store.commit([journaled(5)], "to 5", 5)
    with world.truth() as truth:
        assert truth.size() == 5


def test_entries_are_read_in_order_from_anywhere(world: World) -> None:
    everything = kept(world, 4, 4)
    for start in range(10):
        for limit in range(10):
            assert world.store.read(start, limit) == everything[start : start + limit]


def test_entries_are_found_by_their_ids(world: World) -> None:
    everything = kept(world, 3)
    found = world.store.find([uuid(3), uuid(1), uuid(99), uuid(3)])
    assert found == {uuid(1): everything[0], uuid(3): everything[2]}


@pytest.mark.parametrize("name", ["", "x", uuid(0xABC).upper(), "{" + uuid(0xABC) + "}"])
def test_what_is_not_an_identifier_is_of_nothing(world: World, name: str) -> None:
    world.store.commit([journaled(1, id=uuid(0xABC))], "to 1", 1)
    assert world.store.find([name]) == {}
    assert world.store.last_sequences([name]) == {}
    assert world.store.at_sequence(name, 1) is None


def test_entries_are_found_by_their_positions(world: World) -> None:
    everything = kept(world, 3)
    assert world.store.at([2, 0, 2]) == [everything[2], everything[0], everything[2]]
    for beyond in (3, -1):
        with pytest.raises(IndexError):
            world.store.at([0, beyond])


def test_entries_are_found_by_a_devices_numbers(world: World) -> None:
    other = journaled(4, device=uuid(90), sequence=1, author=uuid(91))
    kept(world, 3)
    world.store.commit([other], "to 4", 4)
    store = world.store
    assert store.last_sequences([DEVICE, uuid(90), uuid(77)]) == {
        DEVICE: (3, AUTHOR),
        uuid(90): (1, uuid(91)),
    }
    assert store.at_sequence(DEVICE, 2) == uuid(2)
    assert store.at_sequence(uuid(90), 1) == uuid(4)
    assert [store.at_sequence(DEVICE, n) for n in (0, 4)] == [None, None]
    assert store.at_sequence(uuid(77), 1) is None


def test_leaves_are_the_hashes_of_the_headers(world: World) -> None:
    everything = kept(world, 3, 1, 4)
    leaves = [leaf_hash(one.header()) for one in everything]
    for start in range(10):
        for limit in range(10):
            assert world.store.leaves(start, limit) == leaves[start : start + limit]


def test_the_first_checkpoint_that_covers_a_position_is_given(world: World) -> None:
    kept(world, 3, 1, 2)
    covering = [world.store.checkpoint(position) for position in range(7)]
    assert covering == ["to 3", "to 3", "to 3", "to 4", "to 6", "to 6", None]
    assert world.store.checkpoint(None) == "to 6"


def test_the_largest_content_comes_back_whole(world: World) -> None:
    text = "é\U0001f600 " * 130_000
    one = journaled(1, content={"text": text})
    world.store.commit([one], "to 1", 1)
    with world.truth() as truth:
        assert truth.at([0])[0].decoded()["content"] == {"text": text}


@pytest.mark.parametrize(
    "group",
    [
        [journaled(4)],
        [journaled(2)],
        [journaled(3), journaled(3)],
        [journaled(3, sequence=4)],
        [journaled(3, sequence=2)],
        [journaled(3, id=uuid(1))],
        [journaled(3), journaled(4, id=uuid(3))],
        [journaled(3, device=uuid(90))],
    ],
)
def test_what_does_not_follow_is_never_kept(world: World, group: list[JournaledEntry]) -> None:
    everything = kept(world, 2)
    with pytest.raises(StorePoisoned):
        world.store.commit(group, "wrong", 2 + len(group))
    with pytest.raises(StorePoisoned):
        world.store.commit([journaled(3)], "to 3", 3)
    with world.truth() as truth:
        assert truth.read(0, 9) == everything


@pytest.mark.parametrize("size", [1, 2, 4])
def test_a_checkpoint_covers_exactly_what_is_kept(world: World, size: int) -> None:
    kept(world, 2)
    with pytest.raises(StorePoisoned):
        world.store.commit([journaled(3)], "wrong", size)
    with world.truth() as truth:
        assert (truth.size(), truth.checkpoint(None)) == (2, "to 2")


def test_a_full_disk_keeps_nothing_and_takes_the_same_later(world: World) -> None:
    kept(world, 2)
    world.fail_next(Fault.FULL)
    with pytest.raises(StoreFull):
        world.store.commit([journaled(3), journaled(4)], "to 4", 4)
    with world.truth() as truth:
        assert (truth.size(), truth.checkpoint(None)) == (2, "to 2")
    world.store.commit([journaled(3), journaled(4)], "to 4", 4)
    with world.truth() as truth:
        assert truth.size() == 4


@pytest.mark.parametrize(("fault", "size"), [(Fault.LOST, 2), (Fault.KEPT, 4)])
def test_after_an_unknown_outcome_every_commit_is_refused(
    world: World, fault: Fault, size: int
) -> None:
    kept(world, 2)
    world.fail_next(fault)
    for _ in range(2):
        with pytest.raises(StorePoisoned):
            world.store.commit([journaled(3), journaled(4)], "to 4", 4)
    world.crash()
    assert world.store.size() == size
    assert world.store.checkpoint(None) == f"to {size}"


def test_headers_are_those_of_the_entries(world: World) -> None:
    everything = kept(world, 3, 2)
    with world.truth() as truth:
        found = truth.headers(1, 3)
    assert [one.id for one in found] == [one.entry.id for one in everything[1:4]]
    assert [one.position for one in found] == [1, 2, 3]
    assert [one.digest for one in found] == [one.entry.digest for one in everything[1:4]]
