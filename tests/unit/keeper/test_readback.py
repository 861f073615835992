"""The read-back loop over a journal and a record in memory, stepped by hand."""

import asyncio
from collections.abc import Awaitable, Iterator, Sequence
from pathlib import Path

import msgspec
import pytest

from anamnesis.journal.entry import JournaledEntry
from anamnesis.keeper.disagreements import Disagreements
from anamnesis.keeper.push import Event
from anamnesis.keeper.readback import LOOKED_AGAIN_EVERY_SECONDS, ReadBackLoop, Recorded
from anamnesis.keeper.received import Expected, Received
from anamnesis.keeper.record_door import RecordDoor
from anamnesis.keeper.repair import AGAIN_AFTER_SECONDS, PATIENCE_SECONDS, Repair
from anamnesis.keeper.rows import Rows
from anamnesis.keeper.wake import Wakened
from anamnesis.record.note_rows import KeptVersion
from anamnesis.storage.memory.record import MemoryRecord
from tests.unit.journal.making import SIGNER
from tests.unit.keeper.fakes import FakeClock
from tests.unit.record.making import DOCTOR, ENCOUNTER, LOCUM, PRACTICE, TABLET, Writing, text


class World:
    """A practice that writes, a record that follows when told, and the keeper's look at it."""

    def __init__(self, folder: Path) -> None:
        self.writing = Writing()
        self.record = MemoryRecord()
        self.clock = FakeClock()
        self.events: list[Event] = []
        self.stops: list[int] = []
        self.file = folder / "record.db"
        self.file.touch()
        self.wakened = Wakened(folder / "keeper.wake")
        wrong = Disagreements()
        self.order = folder / "record.order"
        self.loop = ReadBackLoop(
            RecordDoor(self.file, lambda: self.record),
            self.writing.journal,
            self.wakened,
            Received(),
            SIGNER,
            self.clock,
            self.events.extend,
            lambda: True,
            self.stops.append,
            wrong,
            lambda: self.stops.append(-1),
            Repair(self.order, wrong, self.clock, lambda: None),
            Rows(),
        )

    def follow(self) -> None:
        self.writing.fold(self.record)
        self.loop.step()

    async def recorded(self, *entries: JournaledEntry) -> Sequence[Recorded | None]:
        """What those who wait are told once the loop has looked."""
        waiting = asyncio.ensure_future(self.loop.recorded([Expected.of(one) for one in entries]))
        await asyncio.sleep(0)
        self.loop.step()
        return await waiting

    def tamper(self, journaled: JournaledEntry, motif: str) -> None:
        """Changes a version's text behind the keeper's back."""
        tables = self.record._source.tables
        version = tables.get(KeptVersion, journaled.position)
        assert version is not None
        tables.remove(version)
        tables.put(msgspec.structs.replace(version, motif=motif))

    def named(self, name: str) -> list[dict[str, object]]:
        return [event.data for event in self.events if event.name == name]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path)
    made.writing.begun()
    made.follow()
    made.events.clear()
    yield made
    made.wakened.close()


def play(story: Awaitable[None]) -> None:
    async def playing() -> None:
        await story

    asyncio.run(playing())


def test_what_the_record_shows_is_proved_with_one_signature_for_all(world: World) -> None:
    async def story() -> None:
        first = world.writing.note("write", text("Toux"))
        second = world.writing.note("write", text("Toux sèche"), base=text("Toux"))
        world.writing.fold(world.record)
        one, two = await world.recorded(first, second)
        assert one is not None
        assert two is not None
        assert one.attested.statement.digest == first.entry.digest
        assert (one.shown_version, one.shown_digest) == (2, second.entry.digest)
        assert one.attested.proof.splitlines()[-1] == two.attested.proof.splitlines()[-1]

    play(story())


def test_what_is_not_applied_yet_stays_journaled(world: World) -> None:
    async def story() -> None:
        waiting = world.writing.note("write", text("Toux"))
        assert await world.recorded(waiting) == [None]
        assert len(world.loop.disagreements) == 0
        world.writing.fold(world.record)
        assert (await world.recorded(waiting))[0] is not None

    play(story())


def test_pages_are_told_of_what_was_applied_and_of_nothing_before_the_start(world: World) -> None:
    written = world.writing.note("write", text("Toux"))
    world.follow()
    assert [data["entry"] for data in world.named("recorded")] == [written.entry.id]
    assert [data["version"] for data in world.named("note")] == [1]
    world.loop.step()
    assert len(world.events) == 2


def test_a_merged_text_is_recorded_because_the_journal_gives_it_too(world: World) -> None:
    async def story() -> None:
        base = text("Toux", examen="Rien")
        world.writing.note("write", base)
        world.writing.note("write", text("Toux sèche", examen="Rien"), base=base)
        late = world.writing.note(
            "write", text("Toux", examen="Râles"), base=base, device=TABLET, author=LOCUM
        )
        world.follow()
        [found] = await world.recorded(late)
        assert found is not None
        assert found.attested.statement.typed_digest == late.entry.digest
        assert found.attested.statement.digest == text("Toux sèche", examen="Râles").digest()

    play(story())


def test_a_collision_is_told_to_the_practice(world: World) -> None:
    world.writing.note("write", text("Toux"))
    world.writing.note("write", text("Fièvre"), device=TABLET, author=LOCUM)
    world.follow()
    assert world.named("divergence") == [{"encounter": ENCOUNTER, "version": 2}]
    assert {event.practice for event in world.events} == {PRACTICE}
    assert {event.author for event in world.events} == {None, DOCTOR, LOCUM}


def test_a_text_the_record_shows_wrongly_is_never_called_recorded(world: World) -> None:
    async def story() -> None:
        written = world.writing.note("write", text("Vrai"))
        world.writing.fold(world.record)
        world.tamper(written, "Faux")
        assert await world.recorded(written) == [None]
        assert len(world.loop.disagreements) == 1
        assert world.named("recorded") == []
        assert [data["code"] for data in world.named("outstanding")] == ["read-back-differs"]

    play(story())


def test_a_wrongly_merged_text_is_never_called_recorded(world: World) -> None:
    base = text("Toux", examen="Rien")
    world.writing.note("write", base)
    world.writing.note("write", text("Toux sèche", examen="Rien"), base=base)
    late = world.writing.note("write", text("Toux", examen="Râles"), base=base, device=TABLET)
    world.writing.fold(world.record)
    world.tamper(late, "Toux")
    world.loop.step()
    [wrong] = world.loop.disagreements.all()
    assert (wrong.expected.id, wrong.code) == (late.entry.id, "read-back-merge-differs")


def test_a_record_that_comes_right_is_told_as_recorded(world: World) -> None:
    written = world.writing.note("write", text("Vrai"))
    world.writing.fold(world.record)
    world.tamper(written, "Faux")
    world.loop.step()
    world.tamper(written, "Vrai")
    world.loop.step()
    assert len(world.loop.disagreements) == 1
    world.clock.move(LOOKED_AGAIN_EVERY_SECONDS)
    world.loop.step()
    assert len(world.loop.disagreements) == 0
    assert [data["entry"] for data in world.named("recorded")] == [written.entry.id]


def test_an_entry_outside_the_record_is_told_with_its_reason_and_is_no_disagreement(
    world: World,
) -> None:
    async def story() -> None:
        signed = world.writing.note("sign", {"digest": "0" * 64})
        world.writing.fold(world.record)
        assert await world.recorded(signed) == [None]
        assert [data["code"] for data in world.named("outstanding")] == ["nothing-to-sign"]
        assert len(world.loop.disagreements) == 0

    play(story())


def test_a_record_that_cannot_be_read_says_so_and_is_tried_again(world: World) -> None:
    written = world.writing.note("write", text("Toux"))
    world.writing.fold(world.record)
    world.file.unlink()
    world.loop.step()
    assert (world.loop.available, world.events) == (False, [])
    world.file.touch()
    world.loop.step()
    assert world.loop.available is True
    assert [data["entry"] for data in world.named("recorded")] == [written.entry.id]


def test_a_record_made_anew_tells_nothing_twice(world: World) -> None:
    world.writing.note("write", text("Toux"))
    world.follow()
    world.events.clear()
    world.record = MemoryRecord()
    another = world.file.with_suffix(".new")
    another.touch()
    another.replace(world.file)
    world.loop.step()
    world.follow()
    assert world.events == []
    later = world.writing.note("write", text("Toux sèche"), base=text("Toux"))
    world.follow()
    assert [data["entry"] for data in world.named("recorded")] == [later.entry.id]


def test_a_failure_nobody_foresaw_ends_the_process(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(world.loop, "step", broken)
    world.loop.start()
    world.loop._thread.join(10)
    assert world.stops == [1]


def test_a_record_that_stays_wrong_is_ordered_anew_once_for_each_entry(world: World) -> None:
    written = world.writing.note("write", text("Vrai"))
    world.writing.fold(world.record)
    world.tamper(written, "Faux")
    world.loop.step()
    assert not world.order.exists(), "it may be coming right"
    world.clock.move(PATIENCE_SECONDS)
    world.loop.step()
    assert world.order.exists()
    world.order.unlink()
    world.clock.move(AGAIN_AFTER_SECONDS)
    world.loop.step()
    assert not world.order.exists(), "the new one says the same: it is no damage of the file"
    other = world.writing.note("write", text("Autre"), base=text("Vrai"))
    world.writing.fold(world.record)
    world.tamper(other, "Faux")
    for _ in range(2):
        world.loop.step()
        world.clock.move(PATIENCE_SECONDS)
    assert world.order.exists()
