"""Whether two records are the same, byte by byte, and where they are not."""

import hashlib
from collections.abc import Iterable, Iterator
from typing import Final, TypeAlias

import msgspec

from anamnesis.record.row import Value
from anamnesis.record.rows import TABLES
from anamnesis.record.store import RecordReader

DIFFERENCES_MAX: Final = 100  # named in a comparison; beyond, they are only counted
PROGRESS_TABLE: Final = "progress"  # one row: the number of entries applied

Dump: TypeAlias = Iterable[tuple[str, list[tuple[Value, ...]]]]
"""Runs of rows with the name of their table: tables in the order of TABLES, after PROGRESS_TABLE,
rows in the order of their key; a table may come in several runs."""

_KEY_LENGTHS = {PROGRESS_TABLE: 0} | {table.TABLE: len(table.KEY) for table in TABLES}
_PLACES = {name: place for place, name in enumerate(_KEY_LENGTHS)}
_Place: TypeAlias = tuple[int, tuple[Value, ...]]


class Difference(msgspec.Struct, frozen=True):
    """A row that two records do not both have alike, named by table and key, without its text."""

    table: str
    key: tuple[Value, ...]


class Comparison(msgspec.Struct, frozen=True):
    """What comparing two records found; `differences` names the first DIFFERENCES_MAX rows."""

    differences: tuple[Difference, ...]
    differing: int

    @property
    def identical(self) -> bool:
        """Whether every row of each is in the other, alike."""
        return self.differing == 0


def fingerprint_of(dump: Dump) -> str:
    """SHA-256 over every row as JSON, one to a line, behind the name of its table."""
    content = hashlib.sha256()
    encode = msgspec.json.Encoder().encode
    for table, rows in dump:
        for row in rows:
            content.update(encode((table, *row)) + b"\n")
    return content.hexdigest()


def compare(one: RecordReader, other: RecordReader) -> Comparison:
    """Walks through both records side by side, without holding either in memory."""
    named: list[Difference] = []
    differing = 0
    for table, key in _differences(_walk(one.dump()), _walk(other.dump())):
        differing += 1
        if len(named) < DIFFERENCES_MAX:
            named.append(Difference(table, key))
    return Comparison(tuple(named), differing)


def _walk(dump: Dump) -> Iterator[tuple[_Place, tuple[Value, ...]]]:
    for table, rows in dump:
        place, length = _PLACES[table], _KEY_LENGTHS[table]
        for row in rows:
            yield (place, row[:length]), row


def _differences(
    one: Iterator[tuple[_Place, tuple[Value, ...]]],
    other: Iterator[tuple[_Place, tuple[Value, ...]]],
) -> Iterator[tuple[str, tuple[Value, ...]]]:
    names = list(_PLACES)
    left, right = next(one, None), next(other, None)
    while left is not None or right is not None:
        # Keys hold no None: they compare, and in the order in which the rows come.
        if right is None or (left is not None and left[0] < right[0]):
            place, left = left[0], next(one, None)  # type: ignore[index]
        elif left is None or right[0] < left[0]:
            place, right = right[0], next(other, None)
        else:
            place, alike = left[0], left[1] == right[1]
            left, right = next(one, None), next(other, None)
            if alike:
                continue
        yield names[place[0]], place[1]
