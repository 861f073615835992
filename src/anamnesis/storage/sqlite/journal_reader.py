"""Reading `journal.db`: nothing is handed out that is not what its digests say."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import TypeVar

import apsw

from anamnesis.journal.damage import JournalDamaged
from anamnesis.journal.entry import Header, JournaledEntry, restore_entry, restore_header
from anamnesis.journal.recovery import check_erasure, missing_entry
from anamnesis.receipt.merkle import HASH_BYTES
from anamnesis.storage.sqlite.connection import check_format, open_reader

APPLICATION = 0x414E414A  # "ANAJ", in the file's header
STEPS = [files(__package__).joinpath("journal.sql").read_text(encoding="utf-8")]

_DAMAGE = (apsw.CorruptError, apsw.NotADBError, apsw.IOError, apsw.SQLError, UnicodeDecodeError)
_T = TypeVar("_T")
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_ENTRY = "SELECT position, header, content FROM entry"
_LAST_SEQUENCE = """
SELECT (SELECT max(sequence) FROM entry WHERE device = device.number), author
FROM device WHERE id = ?
"""
_AT_SEQUENCE = """
SELECT entry.id FROM device JOIN entry ON entry.device = device.number
WHERE device.id = ? AND entry.sequence = ?
"""


class SqliteJournalReader:
    """Reads the journal at `path` (a `JournalReader`), also while its writer works.

    Raises FileNotFoundError if there is none yet, FormatRefused, SettingsRefused, JournalDamaged.
    """

    def __init__(self, path: Path, *, vfs: str | None = None) -> None:
        with readable("opened"):
            self._connection = open_reader(path, vfs=vfs)
            try:
                check_format(self._connection, APPLICATION, len(STEPS))
            except BaseException:
                self._connection.close()
                raise

    def size(self) -> int:
        """The number of entries."""
        ((size,),) = self._rows("SELECT ifnull(max(position) + 1, 0) FROM entry")
        return _a(int, size)

    def read(self, start: int, limit: int) -> list[JournaledEntry]:
        """At most `limit` entries in order from `start` on; a gap raises JournalDamaged."""
        rows = self._rows(
            f"{_ENTRY} WHERE position >= ? AND position < ? ORDER BY position",
            (start, start + limit),
        )
        entries = [self._restored(row) for row in rows]
        _check_gapless(entries, start)
        return entries

    def headers(self, start: int, limit: int) -> list[Header]:
        """As `read`, without what the entries say."""
        rows = self._rows(
            "SELECT position, header FROM entry WHERE position >= ? AND position < ? "
            "ORDER BY position",
            (start, start + limit),
        )
        headers = [restore_header(_a(int, at), _a(bytes, header)) for at, header in rows]
        _check_gapless(headers, start)
        return headers

    def find(self, ids: Sequence[str]) -> dict[str, JournaledEntry]:
        """The entries with these ids."""
        found: dict[str, JournaledEntry] = {}
        for name in ids:
            for row in self._rows(f"{_ENTRY} WHERE id = ?", (key_of(name),)):
                journaled = self._restored(row)
                if journaled.entry.id != name:
                    raise JournalDamaged(
                        "id-lookup-differs",
                        "An entry is kept under the id of another.",
                        {"position": journaled.position},
                    )
                found[name] = journaled
        return found

    def at(self, positions: Sequence[int]) -> list[JournaledEntry]:
        """The entries at these positions; raises IndexError beyond the end."""
        entries: list[JournaledEntry] = []
        for position in positions:
            rows = self._rows(f"{_ENTRY} WHERE position = ?", (position,))
            if not rows:
                raise IndexError(f"There is no entry at position {position}.")
            entries.append(self._restored(rows[0]))
        return entries

    def last_sequences(self, devices: Sequence[str]) -> dict[str, tuple[int, str]]:
        """For each known device, its last sequence and its author."""
        last: dict[str, tuple[int, str]] = {}
        for device in devices:
            for sequence, author in self._rows(_LAST_SEQUENCE, (key_of(device),)):
                last[device] = (_a(int, sequence), _uuid(author))
        return last

    def at_sequence(self, device: str, sequence: int) -> str | None:
        """The id of the entry with this number of this device."""
        for (name,) in self._rows(_AT_SEQUENCE, (key_of(device), sequence)):
            return _uuid(name)
        return None

    def leaves(self, start: int, limit: int) -> list[bytes]:
        """At most `limit` leaf hashes from `start` on; ends where one is missing."""
        kept = bytearray()
        rows = self._rows(
            "SELECT size, leaves FROM checkpoint WHERE size > ? "
            "AND size - length(leaves) / 32 < ? ORDER BY size",
            (start, start + limit),
        )
        for size, joined in rows:
            leaves = _a(bytes, joined)
            begin = _a(int, size) - len(leaves) // HASH_BYTES
            at = start + len(kept) // HASH_BYTES
            if begin > at:
                break
            kept += leaves[(at - begin) * HASH_BYTES :]
        return [
            bytes(kept[offset : offset + HASH_BYTES])
            for offset in range(0, min(len(kept), limit * HASH_BYTES), HASH_BYTES)
        ]

    def checkpoint(self, position: int | None) -> str | None:
        """The first checkpoint that covers `position`, or the newest."""
        if position is None:
            rows = self._rows("SELECT note FROM checkpoint ORDER BY size DESC LIMIT 1")
        else:
            rows = self._rows(
                "SELECT note FROM checkpoint WHERE size > ? ORDER BY size LIMIT 1", (position,)
            )
        return _a(str, rows[0][0]) if rows else None

    def close(self) -> None:
        """Lets go of the file."""
        self._connection.close()

    def _restored(self, row: tuple[object, ...]) -> JournaledEntry:
        position, header, content = row
        journaled = restore_entry(_a(int, position), _a(bytes, header), _a(bytes, content))
        decision = journaled.entry.erased_by
        if decision is not None:
            check_erasure(journaled, self._decision(decision))
        return journaled

    def _decision(self, name: str) -> Header | None:
        for at, header, _ in self._rows(f"{_ENTRY} WHERE id = ?", (key_of(name),)):
            return restore_header(_a(int, at), _a(bytes, header))
        return None

    def _rows(self, sql: str, bindings: tuple[int | bytes, ...] = ()) -> list[tuple[object, ...]]:
        with readable():
            return self._connection.execute(sql, bindings).fetchall()


def key_of(name: str) -> bytes:
    """The 16 bytes that an identifier is kept as; none at all for what is not one."""
    return bytes.fromhex(name.replace("-", "")) if _UUID.fullmatch(name) else b""


def _check_gapless(found: Sequence[Header | JournaledEntry], start: int) -> None:
    for position, one in enumerate(found, start):
        if one.position != position:
            raise missing_entry(position)


def _uuid(value: object) -> str:
    name = _a(bytes, value)
    if len(name) != 16:
        raise _unreadable("length")
    digits = name.hex()
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def _a(kind: type[_T], value: object) -> _T:
    """`value`, which the table declares to be of this type; a damaged page may say otherwise."""
    if not isinstance(value, kind):
        raise _unreadable("type")
    return value


def _unreadable(error: str, what: str = "read") -> JournalDamaged:
    return JournalDamaged(
        "store-unreadable", f"The journal's file cannot be {what}.", {"error": error}
    )


@contextmanager
def readable(what: str = "read") -> Iterator[None]:
    """Raises JournalDamaged for every way in which SQLite says that the file is not sound."""
    try:
        yield
    except _DAMAGE as error:
        raise _unreadable(type(error).__name__, what) from error
