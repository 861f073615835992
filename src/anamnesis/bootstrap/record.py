"""Opens the record for writing, and makes it again when it cannot be trusted any more."""

import os
from contextlib import suppress
from typing import NoReturn

import apsw
import structlog

from anamnesis.keeper.exits import EXIT_RECORD_ABANDONED
from anamnesis.record.store import RecordAhead, RecordDamaged, RecordOutdated
from anamnesis.settings import Settings
from anamnesis.storage.sqlite.connection import FormatRefused
from anamnesis.storage.sqlite.record import SqliteRecordWriter

_DAMAGE = (
    RecordDamaged,
    RecordOutdated,
    RecordAhead,
    FormatRefused,
    apsw.CorruptError,
    apsw.NotADBError,
)
_SIDE_FILES = ("-wal", "-shm")

_log = structlog.get_logger()


def open_record_writer(settings: Settings) -> SqliteRecordWriter:
    """The record, ready to be written.

    One that is missing, damaged, or of another format is begun anew and filled from the
    journal.
    """
    try:
        return SqliteRecordWriter(settings.record)
    except _DAMAGE as failure:
        _set_aside(settings, failure)
        return SqliteRecordWriter(settings.record)


def is_damage(failure: Exception) -> bool:
    """Whether the record's file, rather than the disk under it, is what is wrong."""
    return isinstance(failure, _DAMAGE)


def abandon_record(settings: Settings, failure: Exception) -> NoReturn:
    """Sets a damaged record aside and ends the process; the next start makes another.

    Pages may be reading the damaged file: ending the process is the one way to be sure that
    none goes on doing so.
    """
    _set_aside(settings, failure)
    os._exit(EXIT_RECORD_ABANDONED)


def _set_aside(settings: Settings, failure: Exception) -> None:
    """Keeps the damaged file for whoever wants to know why, in place of an older one."""
    _log.error("record-set-aside", exc_info=failure)
    with suppress(FileNotFoundError):
        settings.record.replace(settings.record.with_suffix(".db.damaged"))
    for suffix in _SIDE_FILES:
        with suppress(FileNotFoundError):
            settings.record.with_name(settings.record.name + suffix).unlink()
