"""The record that is made anew while it is in use, and takes the place of the one before."""

from contextlib import closing
from pathlib import Path

from anamnesis.bootstrap.hosting import Host
from anamnesis.bootstrap.recording import Recording
from anamnesis.journal.journal import Journal
from anamnesis.keeper.clock import MachineClock
from anamnesis.settings import Settings
from anamnesis.storage.sqlite.journal import SqliteJournal, SqliteJournalReader
from anamnesis.storage.sqlite.record import SqliteRecordReader, SqliteRecordWriter
from tests.unit.journal.making import journal_over, submission

WRITTEN_MEANWHILE = 3


def write(journal: Journal, first: int, entries: int) -> None:
    journal.append([submission(first + number) for number in range(entries)])


def test_a_record_made_anew_has_what_was_recorded_while_it_was_made(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    with closing(SqliteJournal(settings.journal, free_bytes_min=0)) as store:
        journal = journal_over(store)
        write(journal, 1, 10)
        reader = SqliteJournalReader(settings.journal)
        host = Host(settings, MachineClock())
        recording = Recording(settings, reader, SqliteRecordWriter(settings.record), host)
        shown: list[int] = []

        def meanwhile() -> None:
            if len(shown) < WRITTEN_MEANWHILE:
                write(journal, 11 + len(shown), 1)
                recording.step()
                with closing(SqliteRecordReader(settings.record)) as record:
                    shown.append(record.applied())

        recording.step()
        settings.record_order.touch()
        assert recording.make_anew_if_asked(meanwhile)
        with closing(SqliteRecordReader(settings.record)) as record:
            assert record.applied() == shown[-1] == 10 + WRITTEN_MEANWHILE
        recording.close()
        host.close()
        reader.close()
