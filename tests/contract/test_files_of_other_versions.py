"""Files that another version of the program wrote: older ones are read, newer ones refused."""

import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import apsw
import pytest

from anamnesis.bootstrap.refusal import StartRefused, explained
from anamnesis.journal.journal import Accepted
from anamnesis.keeper.exits import EXIT_STORE_REFUSED
from anamnesis.storage.sqlite.access import SqliteAccessStore
from anamnesis.storage.sqlite.incidents import SqliteIncidentStore
from anamnesis.storage.sqlite.journal import SqliteJournal, SqliteJournalReader
from tests.unit.journal.making import journal_over, proves, submission, whole

KEPT_FOR_EVER = Path(__file__).parents[1] / "vectors" / "journal-format-1.db"
"""Written once by the program of format 1, and never again."""
ENTRIES = 7

Opening = Callable[[Path], Any]


@pytest.mark.parametrize(
    "opening", [SqliteJournal, SqliteJournalReader, SqliteAccessStore, SqliteIncidentStore]
)
def test_a_file_of_a_newer_program_stops_the_start_with_a_code_and_stays_as_it_is(
    tmp_path: Path, opening: Opening
) -> None:
    path = tmp_path / "store.db"
    (SqliteJournal if opening is SqliteJournalReader else opening)(path).close()
    with closing(apsw.Connection(str(path))) as connection:
        connection.pragma("user_version", connection.pragma("user_version") + 1)
        connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)
    before = path.read_bytes()
    with pytest.raises(StartRefused) as refused, explained():
        opening(path)
    assert (refused.value.code, refused.value.exit_code) == ("format-refused", EXIT_STORE_REFUSED)
    assert "use the newer program" in str(refused.value)
    assert path.read_bytes() == before


def test_a_journal_of_the_first_format_is_read_verified_and_gone_on_with(tmp_path: Path) -> None:
    path = Path(shutil.copy(KEPT_FOR_EVER, tmp_path / "journal.db"))
    with closing(SqliteJournal(path, free_bytes_min=0)) as store:
        assert whole(store).size == ENTRIES
        journal = journal_over(store)
        for number in range(1, ENTRIES + 1):
            [again] = journal.append([submission(number)])
            assert isinstance(again, Accepted)
            assert again.duplicate
            proves(again)
        [new] = journal.append([submission(ENTRIES + 1)])
        assert isinstance(new, Accepted)
        assert new.journaled.position == ENTRIES
