"""Takes contents out of `journal.db`, and files away that may hold the same text.

The one place that rewrites what the journal keeps. No running keeper imports it: the journal's
lock is held by whoever calls this, and the trigger that forbids it comes back in the same commit.
"""

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import apsw

from anamnesis.journal.erasure import mark_of
from anamnesis.storage.sqlite.connection import open_writer, sync_directory

_TRIGGER = "entry_is_not_rewritten"
_LOGS = ("", "-wal", "-shm")


def erase_contents(path: Path, positions: Sequence[int], decision: str) -> None:
    """Puts the mark that names `decision` where the contents at `positions` are, all or none.

    Afterwards no page of the file, free or in use, and no page of its log has the old bytes: freed
    pages are overwritten (`secure_delete`), the file is made anew (VACUUM), the log is emptied.
    Doing it again does it again. Raises apsw.Error; then nothing is lost and it may be repeated.
    """
    with closing(open_writer(path, "journal")) as connection:
        connection.pragma("secure_delete", 1)
        connection.execute("BEGIN IMMEDIATE")
        try:
            found = connection.execute("SELECT sql FROM sqlite_schema WHERE name = ?", (_TRIGGER,))
            trigger = found.get
            connection.execute(f"DROP TRIGGER {_TRIGGER}")
            connection.executemany(
                "UPDATE entry SET content = ? WHERE position = ?",
                ((mark_of(decision), position) for position in positions),
            )
            connection.execute(trigger)
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")
        connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)
        connection.execute("VACUUM")
        connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)


def remove_databases(paths: Sequence[Path]) -> None:
    """Removes databases that are made again, with their logs; missing ones are none the matter."""
    for path in paths:
        for suffix in _LOGS:
            path.with_name(path.name + suffix).unlink(missing_ok=True)
    for directory in {path.parent for path in paths}:
        sync_directory(directory)
