"""PROMISE: an entry that has a receipt is on the disk, whatever happens to the process next."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import apsw
import pytest

from anamnesis.journal.journal import Journal
from anamnesis.journal.store import StorePoisoned
from anamnesis.storage.sqlite.journal import SqliteJournal, SqliteJournalReader
from tests.promises.story import SIGNER, accepted, begun, made, uuid

KILLS = 8
WRITER = """
import sys
from pathlib import Path
from anamnesis.storage.sqlite.journal import SqliteJournal
from tests.promises.story import accepted, begun, made
store = SqliteJournal(Path(sys.argv[1]))
journal = begun(store)
for number in range(journal.size + 1, 100_000):
    entry = made("note.write", {"text": "é" * 700}, number)
    [taken] = accepted(journal, entry)
    print(taken.journaled.entry.id, taken.journaled.position, flush=True)
"""


class Traced(apsw.VFS):
    """Writes down, in order, what SQLite asks of the disk."""

    def __init__(self, name: str) -> None:
        self.asked: list[tuple[str, str]] = []
        super().__init__(name, "")

    def xOpen(self, name: apsw.URIFilename | str | None, flags: list[int]) -> apsw.VFSFile:
        return TracedFile(self.asked, name, flags)


class TracedFile(apsw.VFSFile):
    def __init__(
        self,
        asked: list[tuple[str, str]],
        name: apsw.URIFilename | str | None,
        flags: list[int],
    ) -> None:
        self._asked = asked
        shown = name.filename() if isinstance(name, apsw.URIFilename) else str(name)
        self._file = shown.rpartition("/")[2]
        super().__init__("", name, flags)

    def xWrite(self, data: bytes, offset: int) -> None:
        super().xWrite(data, offset)
        self._asked.append(("write", self._file))

    def xSync(self, flags: int) -> None:
        super().xSync(flags)
        self._asked.append(("sync", self._file))


@pytest.fixture
def traced() -> Iterator[Traced]:
    vfs = Traced("traced")
    yield vfs
    vfs.unregister()


def test_somebody_else_reads_an_entry_as_soon_as_it_is_acknowledged(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    with closing(SqliteJournal(path)) as store:
        journal = begun(store)
        for entry in [made("note.write", {"text": str(n)}, n) for n in range(1, 20)]:
            accepted(journal, entry)
            with closing(SqliteJournalReader(path)) as other:
                assert other.find([entry.id])[entry.id].entry == entry


def test_the_disk_has_flushed_before_an_acknowledgement_leaves(
    tmp_path: Path, traced: Traced
) -> None:
    with closing(SqliteJournal(tmp_path / "journal.db", vfs="traced")) as store:
        journal = begun(store)
        for number in range(1, 30):
            before = len(traced.asked)
            accepted(journal, made("note.write", {"text": str(number)}, number))
            log = [what for what, file in traced.asked[before:] if file.endswith("-wal")]
            assert "write" in log
            assert log[-1] == "sync"


def test_a_killed_keeper_loses_nothing_it_acknowledged(tmp_path: Path, project_root: Path) -> None:
    path = tmp_path / "journal.db"
    acknowledged: list[str] = []
    for kill in range(KILLS):
        with subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path)],
            stdout=subprocess.PIPE,
            text=True,
            cwd=project_root,
        ) as writer:
            assert writer.stdout is not None
            acknowledged += [writer.stdout.readline().strip() for _ in range(3 + kill * 7)]
            writer.kill()
            # What was still in the pipe had been acknowledged too.
            acknowledged += [line.strip() for line in writer.stdout if line.endswith("\n")]
    with closing(SqliteJournal(path)) as store:
        journal = Journal(store, SIGNER, begun(store)._clock)
        for line in acknowledged:
            entry_id, position = line.split()
            assert store.find([entry_id])[entry_id].position == int(position)
        assert journal.size >= len(acknowledged)
        assert len(set(acknowledged)) == len(acknowledged)


def test_a_disk_that_does_not_confirm_gets_no_acknowledgement_ever_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, traced: Traced
) -> None:
    with closing(SqliteJournal(tmp_path / "journal.db", vfs="traced")) as store:
        journal = begun(store)
        accepted(journal, made("note.write", {"text": "1"}, 1))

        def fail(self: TracedFile, flags: int) -> None:
            raise apsw.IOError

        with monkeypatch.context() as failing:
            failing.setattr(TracedFile, "xSync", fail)
            with pytest.raises(StorePoisoned):
                accepted(journal, made("note.write", {"text": "2"}, 2))
        with pytest.raises(StorePoisoned):
            accepted(journal, made("note.write", {"text": "3"}, 3))
    with closing(SqliteJournal(tmp_path / "journal.db")) as store:
        again = begun(store)
        assert again.receipt(uuid(99_001)) is not None
