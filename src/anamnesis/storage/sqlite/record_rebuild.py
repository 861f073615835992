"""Makes `record.db` again beside the one in use, compares the two, and puts it in its place."""

from contextlib import ExitStack, closing, suppress
from pathlib import Path

import apsw
import msgspec

from anamnesis.journal.store import JournalReader
from anamnesis.record.comparison import Comparison, compare
from anamnesis.record.rebuild import Progress, rebuild
from anamnesis.record.store import RecordDamaged, RecordOutdated
from anamnesis.storage.sqlite.connection import FormatRefused, open_writer, sync_directory
from anamnesis.storage.sqlite.record import SqliteRecordReader, SqliteRecordWriter

BESIDE = ".rebuilding"
_LOGS = ("-wal", "-shm")
_NOT_COMPARABLE = (FileNotFoundError, RecordOutdated, RecordDamaged, FormatRefused, apsw.Error)


class Rebuilt(msgspec.Struct, frozen=True):
    """What came out. `comparison` is None when the old record could not be compared.

    Otherwise both had `compared_at` entries.
    """

    applied: int
    fingerprint: str
    comparison: Comparison | None
    compared_at: int


def fold_beside(path: Path, journal: JournalReader, progress: Progress) -> int:
    """Folds the whole journal into a new file beside `path`; the number of entries applied.

    What is journaled meanwhile is folded as well: the file at `path` may have it already, and a
    reader must not get less from the new one. Raises RecordUnwritable and what
    `SqliteRecordWriter` raises.
    """
    beside = path.with_name(path.name + BESIDE)
    _remove(beside)
    with closing(SqliteRecordWriter(beside)) as writer:
        applied = rebuild(journal, writer, progress)
        while applied < journal.size():
            applied = rebuild(journal, writer, progress)
        return applied


def rebuild_beside(path: Path, journal: JournalReader, progress: Progress) -> Rebuilt:
    """Like `fold_beside`, and compares the new record with the old one.

    The old record is compared as it is now, at the number of entries it has, and may be in use.
    """
    beside = path.with_name(path.name + BESIDE)
    _remove(beside)
    with ExitStack() as stack:
        writer = stack.enter_context(closing(SqliteRecordWriter(beside)))
        reader = stack.enter_context(closing(SqliteRecordReader(beside)))
        comparison, compared_at = None, 0
        with suppress(*_NOT_COMPARABLE), closing(SqliteRecordReader(path)) as old:
            compared_at = old.applied()
            comparison = _compared(old, writer, reader, journal, progress)
        applied = rebuild(journal, writer, progress)
        return Rebuilt(applied, reader.fingerprint(), comparison, compared_at)


def put_in_place(path: Path, aside: Path | None = None) -> None:
    """Makes the file left beside `path` the record; the old one is kept as `aside`, if given.

    Whoever writes the record must have closed it. Readers go on with the old file until they
    notice; between the two there is a moment without a record, and a crash in it leaves none,
    which is begun again from the journal.
    """
    beside = path.with_name(path.name + BESIDE)
    with closing(open_writer(beside, "record")) as connection:
        connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)
    # The old log must be gone before the new file has the name it belongs to: SQLite would
    # take it for the new file's own.
    if aside is not None:
        _keep(path, aside)
    _remove(path)
    sync_directory(path.parent)
    beside.replace(path)
    sync_directory(path.parent)
    _remove(beside)


def _compared(
    old: SqliteRecordReader,
    writer: SqliteRecordWriter,
    reader: SqliteRecordReader,
    journal: JournalReader,
    progress: Progress,
) -> Comparison | None:
    """Compares once both have the same entries; None if the old one moves on all the time."""
    applied = old.applied()
    if applied > journal.size():
        return None
    rebuild(journal, writer, progress, applied)
    comparison = compare(old, reader)
    return comparison if old.applied() == applied else None


def _keep(path: Path, aside: Path) -> None:
    _remove(aside)
    for suffix in ("", *_LOGS):
        with suppress(FileNotFoundError):
            path.with_name(path.name + suffix).rename(aside.with_name(aside.name + suffix))


def _remove(path: Path) -> None:
    path.unlink(missing_ok=True)
    for suffix in _LOGS:
        path.with_name(path.name + suffix).unlink(missing_ok=True)
