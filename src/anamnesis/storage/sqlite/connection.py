"""SQLite connections whose durability is set, read back, and refused if it is not there."""

import contextlib
import fcntl
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, TypeAlias

import apsw

SQLITE_MIN = (3, 51, 3)  # 3.7.0 to 3.51.2 can corrupt a database when its log is reset
BUSY_WAIT_MS = 2_000  # for another connection's lock
BUSY_RETRY_MS = 5
PIECE_BYTES = 1_048_576  # of a file, read and written at once
WAL_PAGES = 1_000  # in the log before its pages are copied into the database

Role: TypeAlias = Literal["journal", "record", "access"]

_PAGE_SIZE: dict[Role, int] = {"journal": 8192, "record": 4096, "access": 4096}
# The journal's store moves its own log along, because it must see it fail.
_AUTOCHECKPOINT: dict[Role, int] = {"journal": 0, "record": WAL_PAGES, "access": WAL_PAGES}


class SettingsRefused(Exception):
    """SQLite does not keep data as it must; nothing is opened."""

    code = "settings-refused"

    def __init__(self, setting: str, wanted: object, found: object) -> None:
        self.setting = setting
        super().__init__(
            f"The database's setting {setting} should be {wanted} and is {found}; "
            "it would not be safe to go on."
        )


class FormatRefused(Exception):
    """The file was not written by this program, or by a newer one; nothing is changed in it."""

    code = "format-refused"


def open_writer(path: Path, role: Role, *, vfs: str | None = None) -> apsw.Connection:
    """Opens the database at `path` for its one writer, creating it and its directory.

    What must be on the disk before the first commit (directory, file and log) is, when this
    returns. Raises SettingsRefused, or OSError and apsw.Error when the disk refuses.
    """
    _check_version()
    make_directory(path.parent)
    flags = apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE
    connection = apsw.Connection(str(path), flags=flags, vfs=vfs)
    try:
        connection.set_busy_timeout(BUSY_WAIT_MS)
        _require("access", "read" if connection.readonly("main") else "write", "write")
        connection.pragma("page_size", _PAGE_SIZE[role])
        _require("journal_mode", _begin_log(connection), "wal")
        _apply(connection, _settings() | {"wal_autocheckpoint": _AUTOCHECKPOINT[role]})
        if role == "journal":
            # The log keeps its name for ever: its place in the directory is made durable once.
            connection.config(apsw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1)
        connection.config(apsw.SQLITE_DBCONFIG_DEFENSIVE, 1)
        connection.pragma("user_version")  # reading creates the log
        # SQLite ignores it when making the log's directory entry durable fails.
        sync_directory(path.parent)
    except BaseException:
        connection.close()
        raise
    return connection


def _begin_log(connection: apsw.Connection) -> object:
    """The journal mode, WAL from now on; SQLite itself does not wait for others that begin one."""
    for _ in range(BUSY_WAIT_MS // BUSY_RETRY_MS):
        with contextlib.suppress(apsw.BusyError):
            return connection.pragma("journal_mode", "wal")
        time.sleep(BUSY_RETRY_MS / 1_000)
    return connection.pragma("journal_mode", "wal")


def open_reader(path: Path, *, vfs: str | None = None) -> apsw.Connection:
    """Opens an existing database for reading only; any number may, while its writer works.

    A reader never moves the log along. Raises FileNotFoundError, SettingsRefused.
    """
    _check_version()
    if not path.is_file():
        raise FileNotFoundError(f"There is no database {path.name} yet.")
    connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY, vfs=vfs)
    try:
        connection.set_busy_timeout(BUSY_WAIT_MS)
        _apply(connection, _settings() | {"wal_autocheckpoint": 0, "query_only": 1})
        connection.config(apsw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1)
        _require("journal_mode", connection.pragma("journal_mode"), "wal")
    except BaseException:
        connection.close()
        raise
    return connection


def bring_up(connection: apsw.Connection, application: int, steps: list[str]) -> None:
    """Runs the `steps` (SQL scripts) that the file does not have yet, each all or nothing.

    The file's format is the number of steps it has been through, kept as `user_version`.
    Several processes may do so at once. Raises FormatRefused for a file of another kind or of a
    newer format.
    """
    with connection:  # one state of the file, whoever else brings it up meanwhile
        check_format(connection, application, len(steps), empty_allowed=True)
        version = connection.pragma("user_version")
    for number in range(version, len(steps)):
        with _alone(connection):
            if connection.pragma("user_version") == number:
                connection.execute(steps[number]).fetchall()  # rows would pause it
                connection.pragma("application_id", application)
                connection.pragma("user_version", number + 1)


@contextlib.contextmanager
def _alone(connection: apsw.Connection) -> Iterator[None]:
    """Keeps everything of the block, or nothing; nobody else writes from its beginning on."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def check_format(
    connection: apsw.Connection, application: int, newest: int, *, empty_allowed: bool = False
) -> None:
    """Raises FormatRefused unless the file is of this kind and of a format known here."""
    version = connection.pragma("user_version")
    found = connection.pragma("application_id")
    fresh = connection.execute("SELECT count(*) FROM sqlite_schema").get == 0
    if fresh and empty_allowed and version == 0 and found in (0, application):
        return
    if found != application or version < 1:
        raise FormatRefused("This file is not the database it is expected to be.")
    if version > newest:
        raise FormatRefused(
            f"This file has format {version} and this program knows formats up to {newest}; "
            "use the newer program that wrote it."
        )


def make_directory(path: Path) -> None:
    """Makes the directory and its missing parents, and makes their names durable."""
    missing = [parent for parent in (path, *path.parents) if not parent.exists()]
    for directory in reversed(missing):
        directory.mkdir(mode=0o700, exist_ok=True)
        sync_directory(directory.parent)
    sync_directory(path)


def sync_directory(path: Path) -> None:
    """Makes the names in a directory durable; raises OSError if the disk does not say so."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        if sys.platform == "darwin":
            fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
        else:
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_again(path: Path) -> None:
    """Writes over a file what can be read of it, and flushes it; does nothing without a file.

    After a flush that failed, Linux takes the pages for clean: flushing alone would report a
    success and write nothing. Who reads meanwhile sees no difference. Raises OSError.
    """
    try:
        file = path.open("r+b", buffering=0)
    except FileNotFoundError:
        return
    with file:
        offset = 0
        while piece := os.pread(file.fileno(), PIECE_BYTES, offset):
            offset += os.pwrite(file.fileno(), piece, offset)
        if sys.platform == "darwin":
            fcntl.fcntl(file.fileno(), fcntl.F_FULLFSYNC)
        else:
            os.fsync(file.fileno())


def _check_version() -> None:
    found = tuple(int(part) for part in apsw.sqlite_lib_version().split("."))
    if found < SQLITE_MIN:
        raise SettingsRefused(
            "sqlite_version",
            "at least " + ".".join(map(str, SQLITE_MIN)),
            apsw.sqlite_lib_version(),
        )


def _settings() -> dict[str, int]:
    settings = {
        "synchronous": 2,  # FULL: every commit waits for the disk
        "foreign_keys": 1,
        "cell_size_check": 1,
        "trusted_schema": 0,
        "recursive_triggers": 1,  # or REPLACE would delete without the triggers seeing it
        "mmap_size": 0,  # a read error is an error, not a signal that ends the process
    }
    if sys.platform == "darwin":
        settings |= {"fullfsync": 1, "checkpoint_fullfsync": 1}
    return settings


def _apply(connection: apsw.Connection, settings: dict[str, int]) -> None:
    for setting, wanted in settings.items():
        connection.pragma(setting, wanted)
        found = connection.pragma(setting)
        if setting == "mmap_size" and found is None:
            continue  # a file system without memory mapping at all
        _require(setting, found, wanted)


def _require(setting: str, found: object, wanted: object) -> None:
    if found != wanted:
        raise SettingsRefused(setting, wanted, found)
