"""What is written past the product: noticed by the next look, or by the sweep."""

from collections.abc import Iterator
from pathlib import Path

import apsw
import pytest

from anamnesis.keeper.demands import Demands
from anamnesis.keeper.disagreements import Disagreements
from anamnesis.keeper.received import Expected
from anamnesis.keeper.record_door import RecordDoor
from anamnesis.keeper.rows import Rows
from anamnesis.keeper.sweep import BATCH, Sweep
from anamnesis.keeper.sweep_mark import SweepMarks
from anamnesis.keeper.touched import LOOKED_EVERY_SECONDS, TouchedNotes
from anamnesis.keeper.touched_rows import TouchedRows
from anamnesis.storage.sqlite.record import SqliteRecordReader, SqliteRecordWriter
from tests.unit.keeper.fakes import FakeClock, FakeMarks
from tests.unit.record.making import ENCOUNTER, OTHER_ENCOUNTER, PRACTICE, Writing, text

FIRST, LAST = 6, 7
"""Where the journal has the two texts of the first encounter."""
ONE, TWO = text("Toux"), text("Toux grasse")
MADE_FREE = "DROP TRIGGER note_version_is_not_rewritten"
BLANKED_NOTE = (
    "UPDATE note_version SET motif = '', interrogatoire = '', examen = '', conclusion = ''"
)
PAST_THE_END = f"""
INSERT INTO note_version SELECT 900, practice, encounter, '', '', '', '', digest, version + 1, 0
FROM note_version WHERE encounter = '{ENCOUNTER}' ORDER BY version DESC LIMIT 1;
UPDATE note SET version = version + 1, position = 900 WHERE encounter = '{ENCOUNTER}'
"""


class World:
    """A record in a file that somebody else can open, too."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "record.db"
        self.writing = Writing()
        self.writer = SqliteRecordWriter(self.path)
        self.reader = SqliteRecordReader(self.path)
        self.clock = FakeClock()
        self.found = Disagreements()
        self.hurried = 0
        self.touched = TouchedNotes(self.writing.journal, self.clock, self.hurry)
        door = RecordDoor(self.path, lambda: SqliteRecordReader(self.path))
        self.rows = Rows()
        self.touched_rows = TouchedRows(self.rows, self.writing.journal, self.clock, self.hurry)
        self.marks = FakeMarks()
        self.sweep = Sweep(
            door,
            self.writing.journal,
            self.clock,
            self.found.take,
            lambda code: None,
            self.rows,
            SweepMarks(self.marks, self.clock, door.identity),
        )

    def hurry(self) -> None:
        self.hurried += 1

    def fold(self) -> None:
        self.writing.fold(self.writer)

    def look(self, told: int | None = None) -> list[str]:
        self.clock.move(LOOKED_EVERY_SECONDS)
        told = self.reader.applied() if told is None else told
        self.found.take(self.touched.judged(self.reader, Demands(), told))
        return self.codes()

    def swept(self) -> list[str]:
        """A whole pass, from the beginning."""
        self.sweep.mark.position = 0
        while self.sweep.step():
            pass
        return self.codes()

    def codes(self) -> list[str]:
        return [one.code for one in self.found.all()]

    def tamper(self, statements: str) -> None:
        connection = apsw.Connection(str(self.path))
        connection.execute(statements)
        connection.close()

    def close(self) -> None:
        self.reader.close()
        self.writer.close()


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path)
    made.writing.begun()
    made.writing.encounter(OTHER_ENCOUNTER)
    made.writing.note("write", ONE)
    made.writing.note("write", TWO, base=ONE)
    made.writing.note("write", ONE, encounter=OTHER_ENCOUNTER)
    made.fold()
    assert made.look() == []
    yield made
    made.close()


def test_what_entries_write_is_no_disagreement(world: World) -> None:
    for number in range(5):
        world.writing.note("write", text(f"{number}"), base=TWO)
        world.fold()
        assert world.look() == []
    assert world.swept() == []
    assert world.hurried == 0


def test_a_version_that_no_entry_wrote_is_seen_at_the_next_look(world: World) -> None:
    world.tamper(PAST_THE_END)
    assert world.look() == ["read-back-note-differs"]
    [wrong] = world.found.all()
    assert wrong.expected.position == LAST
    assert wrong.expected.encounter == ENCOUNTER


def test_a_note_that_points_to_an_older_version_is_seen_at_the_next_look(world: World) -> None:
    world.tamper(f"UPDATE note SET version = 1, position = {FIRST} WHERE encounter = '{ENCOUNTER}'")
    assert world.look() == ["read-back-note-differs"]


def test_an_older_version_that_was_rewritten_is_seen_too(world: World) -> None:
    world.tamper(f"{MADE_FREE}; UPDATE note_version SET motif = 'x' WHERE position = {FIRST}")
    assert world.look() == ["read-back-differs"]


def test_a_note_whose_rows_are_gone_is_seen_by_what_is_known_of_it(world: World) -> None:
    world.writing.note("write", ONE, base=TWO)
    world.fold()
    assert world.look() == []
    world.tamper(
        f"DROP TRIGGER note_version_is_not_removed; DELETE FROM note_version; "
        f"DELETE FROM note WHERE encounter = '{ENCOUNTER}'"
    )
    assert world.look() == ["read-back-missing"]


def test_what_was_written_while_the_triggers_were_away_is_left_to_a_hurried_sweep(
    world: World,
) -> None:
    world.tamper(
        f"{MADE_FREE}; DROP TRIGGER note_version_UPDATE_of_NEW_is_told; "
        f"DROP TRIGGER note_version_UPDATE_of_OLD_is_told; {BLANKED_NOTE}; "
        "UPDATE note SET awaiting = 0 WHERE 0"
    )
    assert world.look() == []
    assert world.hurried == 1
    assert world.swept() == ["read-back-differs"] * 3


def test_a_note_moved_to_another_encounter_is_seen(world: World) -> None:
    world.tamper(
        f"{MADE_FREE}; UPDATE note_version SET encounter = '{OTHER_ENCOUNTER}', version = 2 "
        f"WHERE position = {LAST}"
    )
    assert world.look() == ["read-back-note-differs"]


def test_the_sweep_goes_through_everything_and_begins_again(world: World) -> None:
    for number in range(2 * BATCH):
        world.writing.note("write", text(f"{number}"), base=TWO)
    world.fold()
    steps = 1
    while world.sweep.step():
        steps += 1
    assert steps > 3
    assert world.sweep.mark.position == 0
    assert world.sweep.mark.completed_at is not None
    assert world.sweep.mark.passes == 1
    assert world.codes() == []
    found = world.reader.encounter(PRACTICE, ENCOUNTER)
    assert found is not None


def test_rows_that_contradict_one_another_are_no_reason_to_stop_looking(world: World) -> None:
    """The slipped-in version names an entry that is not there: reading the note itself fails."""
    demands = Demands()
    world.writing.note("write", ONE, base=TWO)
    world.fold()
    newest = world.writing.journal.read(world.writing.journal.size() - 1, 1)[0]
    demands.lead(Expected.of(newest), world.reader, world.writing.journal)
    world.tamper(PAST_THE_END)
    world.clock.move(LOOKED_EVERY_SECONDS)
    world.found.take(world.touched.judged(world.reader, demands, world.reader.applied()))
    assert world.codes() == ["read-back-note-differs"]


def test_a_note_whose_newest_entry_is_not_judged_yet_is_left_to_that_judgement(
    world: World,
) -> None:
    told = world.reader.applied()
    world.writing.note("write", ONE, base=TWO)
    world.fold()
    blanked = f"{BLANKED_NOTE} WHERE encounter = '{ENCOUNTER}'"
    world.tamper(f"{MADE_FREE}; {blanked}; UPDATE note SET awaiting = awaiting")
    assert world.look(told) == []
    assert world.swept() == ["read-back-differs"] * 3


def test_a_note_that_names_an_entry_to_come_is_not_left_to_its_judgement(world: World) -> None:
    told = world.reader.applied()
    world.writing.note("write", ONE, encounter=OTHER_ENCOUNTER, base=ONE)
    world.fold()
    world.tamper(PAST_THE_END)
    assert world.look(told) == ["read-back-note-differs"]


def test_what_comes_right_again_is_forgotten(world: World) -> None:
    world.tamper(f"{MADE_FREE}; UPDATE note_version SET motif = 'x' WHERE position = {LAST}")
    assert world.swept() != []
    world.tamper(f"UPDATE note_version SET motif = 'Toux grasse' WHERE position = {LAST}")
    assert world.swept() == []


def test_a_record_made_anew_is_not_looked_at_note_by_note(world: World) -> None:
    world.tamper("DELETE FROM touched; DELETE FROM sqlite_sequence")
    assert world.look() == []
