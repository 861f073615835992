"""Joins the keeper's process: the journal under its lock, its own way into the record."""

import os
import socket
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from anamnesis.bootstrap.keys import make_signer
from anamnesis.bootstrap.logs import log_to_stderr
from anamnesis.bootstrap.refusal import exit_code, explained
from anamnesis.journal.journal import Journal
from anamnesis.keeper import process
from anamnesis.keeper.away import Away, written_out
from anamnesis.keeper.clock import MachineClock, MachineIds
from anamnesis.keeper.parts import Parts
from anamnesis.keeper.record_door import RecordDoor
from anamnesis.keeper.report import Report
from anamnesis.receipt.checkpoint import VerificationKey
from anamnesis.settings import Settings, chosen
from anamnesis.storage.lock import hold
from anamnesis.storage.sqlite.access import SqliteAccessStore
from anamnesis.storage.sqlite.connection import make_directory
from anamnesis.storage.sqlite.incidents import SqliteIncidentReader, SqliteIncidentStore
from anamnesis.storage.sqlite.journal import SqliteJournal, SqliteJournalReader
from anamnesis.storage.sqlite.marks import SqliteMarkStore
from anamnesis.storage.sqlite.record import SqliteRecordReader

STATIC = Path(__file__).parents[1] / "web" / "static"
"""The files pages are made of: read as bytes, no code of theirs runs in the keeper."""


@contextmanager
def open_keeper(settings: Settings) -> Iterator[Parts]:
    """Everything the keeper is joined from, with the journal's lock held until the end.

    Opening the journal is recovery: its tail is verified. Raises `StartRefused`.
    """
    with ExitStack() as stack:
        with explained():
            make_directory(settings.data)
            stack.enter_context(hold(settings.lock))
            signer = make_signer(settings)
            clock = MachineClock()
            store = stack.enter_context(closing(SqliteJournal(settings.journal)))
            journal = Journal(store, signer, clock)
            readers = [
                stack.enter_context(closing(SqliteJournalReader(settings.journal)))
                for _ in range(6)
            ]
            access = SqliteAccessStore(settings.access)
            stack.callback(access.close)
            incidents = SqliteIncidentStore(settings.incidents)
            stack.callback(incidents.close)
            incident_survey = stack.enter_context(closing(SqliteIncidentReader(settings.incidents)))
            marks = stack.enter_context(closing(SqliteMarkStore(settings.marks)))
        yield Parts(
            settings=settings,
            journal=journal,
            reader=readers[0],
            read_back_reader=readers[1],
            access=access,
            read_back_door=_door(settings),
            reading_door=_door(settings),
            sweep_reader=readers[2],
            sweep_door=_door(settings),
            appraisal_reader=readers[3],
            appraisal_door=_door(settings),
            operator_reader=readers[4],
            incidents=incidents,
            incident_survey=incident_survey,
            marks=marks,
            comparing_reader=readers[5],
            comparing_door=_door(settings),
            signer=signer,
            verification_key=str(VerificationKey.of(signer)),
            clock=clock,
            ids=MachineIds(),
            away=Away(STATIC, written_out()),
        )


def run_keeper(settings: Settings, listening: int, reporting: int) -> int:
    """The keeper's process under supervision; the exit code. Raises `StartRefused`.

    `listening` and `reporting` are inherited descriptors: the socket, and the pipe to say on.
    """
    log_to_stderr("keeper")
    os.set_inheritable(listening, False)
    os.set_inheritable(reporting, False)
    with open_keeper(settings) as parts, socket.socket(fileno=listening) as listener:
        return process.run(parts, listener, Report(reporting))


def _door(settings: Settings) -> RecordDoor:
    return RecordDoor(settings.record, lambda: SqliteRecordReader(settings.record))


def main() -> None:
    """`python -m anamnesis.bootstrap.keeper LISTENING REPORTING`, by supervision only."""
    listening, reporting = (int(argument) for argument in sys.argv[1:])
    sys.exit(exit_code(lambda: run_keeper(chosen(os.environ), listening, reporting)))


if __name__ == "__main__":
    main()
