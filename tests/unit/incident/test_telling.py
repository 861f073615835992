"""Each turn of an incident is told once, in order, and never with anybody's words or name."""

from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from anamnesis.bootstrap.telling import LOOKED_AT_MIN, IncidentTelling
from anamnesis.incident.telling import Turn, turn_key, turns
from anamnesis.reconcile.discrepancy import Discrepancy, Incident, Step
from anamnesis.storage.memory.dispatches import MemoryDispatchStore
from anamnesis.storage.sqlite.incidents import SqliteIncidentReader, SqliteIncidentStore
from anamnesis.web.catalogue import Language
from anamnesis.web.dispatch_words import DispatchWords
from tests.unit.keeper.fakes import FakeClock

ONE = Discrepancy(
    "entry-id", 7, "note.write", "practice-id", "author-id", "encounter-id", "read-back-differs",
    "emptied", ("motif",), ("letters",), "2026-11-23T11:59:00.000Z", "2026-11-23T12:00:00.000Z",
)  # fmt: skip


def at(minute: int) -> str:
    return f"2026-11-23T12:{minute:02}:00.000Z"


class World:
    """A book of incidents, and who tells of it. `again` is the process started once more."""

    def __init__(self, path: Path, language: Language = "fr") -> None:
        self.path = path
        self.book = SqliteIncidentStore(path)
        self.queue = MemoryDispatchStore()
        self.language = language
        self.again()

    def again(self) -> None:
        self.telling = IncidentTelling(
            self.queue,
            lambda: closing(SqliteIncidentReader(self.path)),
            DispatchWords(self.language, "record.example", "https://record.example"),
            "record.example",
            FakeClock(),
            ("odile@here.fr", "yann@here.fr"),
            webhook=True,
        )

    def told(self) -> list[tuple[str, str]]:
        self.telling.step()
        waiting = [self.queue.dispatch(one.number) for one in self.queue.waiting(1_000)]
        return [(one.kind, one.to or one.channel) for one in waiting]

    def open(self, minute: int) -> int:
        number = self.book.open(at(minute), at(minute))
        self.book.add(number, [ONE])
        return number

    def close(self, number: int, minute: int) -> None:
        self.book.close_incident(number, at(minute))
        self.book.step(number, Step(at(minute), "closed"))


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path / "incidents.db")


EACH = ("odile@here.fr", "yann@here.fr", "webhook")


def test_opening_ending_and_beginning_again_are_each_told_once(world: World) -> None:
    assert world.told() == []
    number = world.open(0)
    opened = [("incident-opened", to) for to in EACH]
    assert world.told() == world.told() == opened
    world.close(number, 5)
    closed = [("incident-closed", to) for to in EACH]
    assert world.told() == opened + closed
    world.again()
    assert world.told() == opened + closed, "a process that starts again tells nothing twice"
    world.book.reopen(number)
    world.book.step(number, Step(at(7), "reopened"))
    world.close(number, 9)
    reopened = [("incident-reopened", to) for to in EACH]
    assert world.told() == opened + closed + reopened + closed
    assert len({one.key for one in _all(world)}) == 4


def test_what_was_over_before_anybody_asked_to_be_told_is_history(world: World) -> None:
    world.close(world.open(0), 1)
    goes_on = world.open(2)
    assert world.told() == [("incident-opened", to) for to in EACH]
    world.close(goes_on, 3)
    assert len(world.told()) == 2 * len(EACH)


def test_nothing_is_missed_however_much_happened_meanwhile(world: World) -> None:
    assert world.told() == []
    many = 2 * LOOKED_AT_MIN + 5
    for _ in range(many):
        world.close(world.open(0), 1)
    world.told()
    assert len(_all(world)) == 2 * len(EACH) * many


def test_what_is_told_are_ids_codes_counts_and_instants(world: World) -> None:
    world.told()
    world.close(world.open(0), 5)
    world.told()
    first, *_, hook = _all(world)
    assert first.subject == "[record.example] Incident 1 ouvert"
    assert "read-back-differs" in first.body
    assert "https://record.example/operator" in first.body
    for one in _all(world):
        for never in ("entry-id", "encounter-id", "author-id", "practice-id"):
            assert never not in one.body
    said = msgspec.json.decode(hook.body)
    assert (said["type"], said["timestamp"]) == ("incident.closed", at(5))
    assert said["data"]["features"] == ["letters"]
    assert (said["data"]["texts"], said["data"]["practitioners"]) == (1, 1)


def test_english_where_english_is_set(tmp_path: Path) -> None:
    world = World(tmp_path / "incidents.db", "en")
    world.told()
    world.open(0)
    world.told()
    assert _all(world)[0].subject == "[record.example] Incident 1 opened"


def test_an_incident_that_was_closed_as_the_keeper_died_is_closed() -> None:
    incident = Incident(3, at(0), at(0), at(5), (), ())
    assert turns(incident, []) == [Turn("opened", at(0)), Turn("closed", at(5))]
    assert turn_key(incident, Turn("closed", at(5))) == "incident-3-closed-2026-11-23t120500.000z"


def _all(world: World) -> list:  # type: ignore[type-arg]
    return [world.queue.dispatch(one.number) for one in world.queue.waiting(10_000)]
