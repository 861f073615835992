"""Whatever is changed in the journal's file by hand or by a bad disk: it is found, or harmless."""

from collections.abc import Callable
from pathlib import Path

import apsw
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anamnesis.journal.damage import JournalDamaged
from anamnesis.journal.entry import JournaledEntry
from anamnesis.journal.verification import JournalVerified
from anamnesis.storage.sqlite.connection import FormatRefused, SettingsRefused
from anamnesis.storage.sqlite.journal import SqliteJournal, SqliteJournalReader
from tests.unit.journal.making import (
    DEVICE,
    entry,
    journal_over,
    sections,
    submission,
    uuid,
    whole,
)

FOUND = (JournalDamaged, FormatRefused, SettingsRefused, apsw.Error)
LONG = sections("Toux fébrile depuis trois jours. " * 60)

HEADER = (
    "UPDATE entry SET header = CAST(replace(CAST(header AS TEXT), {}) AS BLOB) WHERE position = 3"
)
LAST = "{} INTO entry SELECT {}, header, content FROM entry WHERE position = 12"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A journal of twelve entries by two devices, closed, all of it in the one file."""
    path = tmp_path / "journal.db"
    store = SqliteJournal(path, free_bytes_min=0)
    journal = journal_over(store)
    for first in range(1, 11, 3):
        journal.append([submission(first + at, content=LONG) for at in range(3)])
        if first == 4:
            journal.append([submission(50, device=uuid(90), sequence=1)])
    store.close()
    (tmp_path / "journal.db-wal").unlink()
    return path


def tamper(path: Path, *statements: str) -> None:
    """Does what only somebody at the machine can do: the triggers go first."""
    connection = apsw.Connection(str(path))
    for trigger in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").get:
        connection.execute(f"DROP TRIGGER {trigger}")
    for statement in statements:
        connection.execute(statement)
    connection.close()


def verified(path: Path) -> JournalVerified:
    reader = SqliteJournalReader(path)
    try:
        return whole(reader)
    finally:
        reader.close()


def test_an_untouched_file_is_whole(path: Path) -> None:
    assert verified(path).size == 13


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("UPDATE entry SET content = x'7b7d' WHERE position = 3", "content-altered"),
        (HEADER.format("'a-session', 'b-session'"), "leaf-differs"),
        (HEADER.format("'\"position\":3', '\"position\":4'"), "header-altered"),
        (HEADER.format("'{', '{ '"), "header-altered"),
        (HEADER.format("'{', '['"), "header-unreadable"),
        ("DELETE FROM entry WHERE position = 3", "entry-missing"),
        ("DELETE FROM entry WHERE position = 12", "size-differs"),
        ("DELETE FROM entry WHERE position >= 10", "size-differs"),
        ("DELETE FROM entry", "size-differs"),
        ("DELETE FROM checkpoint WHERE size = 6", "leaf-missing"),
        ("DELETE FROM checkpoint WHERE size = 13", "leaf-missing"),
        ("DELETE FROM checkpoint", "leaf-missing"),
        (
            "UPDATE checkpoint SET note = replace(note, '6', '7') WHERE size = 6",
            "checkpoint-refused",
        ),
        ("UPDATE checkpoint SET leaves = randomblob(96) WHERE size = 6", "leaf-differs"),
        ("UPDATE checkpoint SET size = 5 WHERE size = 6", "leaf-missing"),
        ("UPDATE entry SET id = randomblob(16) WHERE position = 3", "id-lookup-differs"),
        ("UPDATE entry SET sequence = 99 WHERE position = 3", "sequence-lookup-differs"),
        ("UPDATE entry SET device = 2, sequence = 2 WHERE position = 3", "sequence-lookup-differs"),
        ("UPDATE device SET author = randomblob(16) WHERE number = 1", "device-differs"),
        ("UPDATE device SET id = randomblob(16) WHERE number = 2", "sequence-lookup-differs"),
        ("DROP TABLE checkpoint", "store-unreadable"),
        (LAST.format("INSERT", "13, randomblob(16), device, 99"), "header-altered"),
    ],
)
def test_a_change_by_hand_is_found(path: Path, statement: str, code: str) -> None:
    tamper(path, statement)
    with pytest.raises(JournalDamaged) as raised:
        verified(path)
    assert raised.value.code == code


def test_a_note_that_is_no_longer_text_is_found(path: Path) -> None:
    turned = path.read_bytes().replace("\u2014 anamnesis".encode(), b"\xff\x80\x94 anamnesis")
    path.write_bytes(turned)
    with pytest.raises(JournalDamaged) as raised:
        verified(path)
    assert raised.value.code == "store-unreadable"


def test_two_texts_exchanged_by_hand_are_found(path: Path) -> None:
    tamper(
        path,
        "CREATE TABLE other AS SELECT * FROM entry",
        "UPDATE entry SET (header, content) = (SELECT header, content FROM other"
        " WHERE other.position = 5 - entry.position) WHERE position IN (2, 3)",
    )
    with pytest.raises(JournalDamaged) as raised:
        verified(path)
    assert raised.value.code == "header-altered"


@pytest.mark.parametrize("opening", [SqliteJournal, SqliteJournalReader])
def test_a_file_that_is_no_database_any_more_is_damaged(
    path: Path, opening: type[SqliteJournal] | type[SqliteJournalReader]
) -> None:
    path.write_bytes(b"\xff" * 32_768)
    with pytest.raises(JournalDamaged, match="cannot be opened"):
        opening(path)


def test_the_keeper_does_not_start_on_a_changed_journal(path: Path) -> None:
    tamper(path, "UPDATE entry SET content = x'7b7d' WHERE position = 12")
    store = SqliteJournal(path, free_bytes_min=0)
    try:
        with pytest.raises(JournalDamaged):
            journal_over(store)
    finally:
        store.close()


def everything_in(path: Path) -> tuple[object, ...]:
    """All that a reader can ask."""
    reader = SqliteJournalReader(path)
    try:
        entries = reader.read(0, 100)
        ids = [one.entry.id for one in entries]
        devices = [DEVICE, uuid(90), uuid(91)]
        return (
            entries,
            reader.find([*ids, uuid(999)]),
            reader.last_sequences(devices),
            [reader.at_sequence(device, number) for device in devices for number in range(14)],
            reader.leaves(0, 100),
            [reader.checkpoint(position) for position in (*range(14), None)],
        )
    finally:
        reader.close()


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, bytes, tuple[object, ...]]:
    folder = tmp_path_factory.mktemp("damaged")
    builder: Callable[[Path], Path] = path.__wrapped__  # type: ignore[attr-defined]
    file = builder(folder)
    return file, file.read_bytes(), everything_in(file)


@settings(max_examples=400)
@given(data=st.data())
def test_a_bit_that_turned_is_found_or_changes_nothing_that_is_read(
    sound: tuple[Path, bytes, tuple[object, ...]], data: st.DataObject
) -> None:
    file, content, before = sound
    at = data.draw(st.integers(0, len(content) - 1))
    turned = bytearray(content)
    turned[at] ^= 1 << data.draw(st.integers(0, 7))
    check_damaged(file, bytes(turned), before)


@settings(max_examples=150)
@given(data=st.data())
def test_a_piece_that_was_overwritten_is_found_or_changes_nothing_that_is_read(
    sound: tuple[Path, bytes, tuple[object, ...]], data: st.DataObject
) -> None:
    file, content, before = sound
    at = data.draw(st.integers(0, len(content) - 1))
    length = data.draw(st.sampled_from([1, 16, 512, 4096, 8192]))
    source = data.draw(st.one_of(st.just(-1), st.integers(0, len(content) - 1)))
    piece = bytes(length) if source < 0 else content[source : source + length]
    check_damaged(file, (content[:at] + piece + content[at + len(piece) :]), before)


def check_damaged(file: Path, damaged: bytes, before: tuple[object, ...]) -> None:
    for name in ("journal.db-wal", "journal.db-shm"):
        file.with_name(name).unlink(missing_ok=True)
    file.write_bytes(damaged)
    try:
        verified(file)
        after = everything_in(file)
    except FOUND:
        return
    assert after == before


class TestTheTriggers:
    """What the file itself refuses, whichever program writes to it."""

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE entry SET content = x'00'",
            "UPDATE entry SET position = position + 100",
            "DELETE FROM entry",
            "DELETE FROM checkpoint WHERE size = 3",
            "UPDATE checkpoint SET note = ''",
            "UPDATE device SET author = randomblob(16)",
            "DELETE FROM device",
            "REPLACE INTO entry SELECT * FROM entry WHERE position = 2",
            LAST.format("REPLACE", "13, id, device, 12"),
            "REPLACE INTO checkpoint SELECT size, '', leaves FROM checkpoint WHERE size = 13",
            "REPLACE INTO device SELECT number, id, randomblob(16) FROM device",
            LAST.format("INSERT", "14, randomblob(16), 1, 13"),
            LAST.format("INSERT", "13, randomblob(16), 1, 14"),
            "INSERT INTO checkpoint VALUES (14, '', zeroblob(32))",
            "INSERT INTO checkpoint VALUES (13, '', zeroblob(64))",
        ],
    )
    def test_refuse_everything_but_adding_at_the_end(self, path: Path, statement: str) -> None:
        connection = apsw.Connection(str(path))
        with pytest.raises(apsw.ConstraintError):
            connection.execute(statement)
        connection.close()
        assert verified(path).size == 13


def test_an_entry_kept_under_the_id_of_another_is_never_given_out(path: Path) -> None:
    tamper(path, "UPDATE entry SET id = x'01930000000070008000000000000999' WHERE position = 3")
    reader = SqliteJournalReader(path)
    with pytest.raises(JournalDamaged):
        reader.find([uuid(0x999)])
    reader.close()


def test_an_entry_as_read_is_the_entry_as_written(path: Path) -> None:
    reader = SqliteJournalReader(path)
    (first,) = reader.at([0])
    reader.close()
    written = entry(1, content=LONG)
    assert first == JournaledEntry(0, first.received_at, "a-session", written)
