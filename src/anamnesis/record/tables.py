"""The record's tables in memory: the smallest thing that folding can work on."""

from collections.abc import Iterable
from typing import TypeAlias

from anamnesis.record.row import Kept, Made, Table, Value

_Key: TypeAlias = tuple[Value, ...]


class Tables:
    """Rows by key and by lookup (a `RecordView` that also takes rows)."""

    def __init__(self) -> None:
        self._rows: dict[type[Kept], dict[_Key, Kept]] = {}
        self._found: dict[tuple[type[Kept], tuple[str, ...], _Key], set[_Key]] = {}

    def get(self, table: type[Table], *key: Value) -> Table | None:
        """The row with this key."""
        row = self._rows.get(table, {}).get(key)
        return row if isinstance(row, table) else None

    def find(self, table: type[Table], **equal: Value) -> list[Table]:
        """The rows with these columns, in the order of their key."""
        columns = tuple(equal)
        if columns not in table.LOOKUPS:
            raise LookupError(f"{table.TABLE} is not looked up by {columns}.")
        keys = self._found.get((table, columns, tuple(equal.values())), set())
        return self._in_order(table, keys)

    def all(self, table: type[Table]) -> list[Table]:
        """Every row, in the order of their key."""
        return self._in_order(table, self._rows.get(table, {}))

    def put(self, row: Kept) -> None:
        """Keeps the row. A row of a `Made` table must be new; raises LookupError otherwise."""
        table, key = type(row), key_of(row)
        rows = self._rows.setdefault(table, {})
        if key in rows:
            if isinstance(row, Made):
                raise LookupError(f"{table.TABLE} has a row for this entry already.")
            self.remove(rows[key])
        rows[key] = row
        for columns in table.LOOKUPS:
            self._found.setdefault(_place(row, columns), set()).add(key)

    def remove(self, row: Kept) -> None:
        """Takes the row out; nothing happens if it is not there."""
        table, key = type(row), key_of(row)
        found = self._rows.get(table, {}).pop(key, None)
        if found is not None:
            for columns in table.LOOKUPS:
                self._found[_place(found, columns)].discard(key)

    def _in_order(self, table: type[Table], keys: Iterable[_Key]) -> list[Table]:
        rows = self._rows.get(table, {})
        # Keys of one table are of the same types and hold no None.
        ordered = sorted(keys)
        return [row for key in ordered if isinstance(row := rows[key], table)]


def key_of(row: Kept) -> _Key:
    """The row's key."""
    return tuple(getattr(row, name) for name in row.KEY)


def _place(row: Kept, columns: tuple[str, ...]) -> tuple[type[Kept], tuple[str, ...], _Key]:
    return type(row), columns, tuple(getattr(row, name) for name in columns)
