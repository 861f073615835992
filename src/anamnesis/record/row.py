"""What every row of the record is: keyed, found by lookups, and made by one entry or by many."""

from typing import Any, ClassVar, TypeAlias, TypeVar

import msgspec

Value: TypeAlias = "str | int | None"
Content: TypeAlias = dict[str, Any]


class Kept(msgspec.Struct, frozen=True):
    """A row. `KEY` names it; `LOOKUPS` are the columns that rows are also found by."""

    TABLE: ClassVar[str]
    KEY: ClassVar[tuple[str, ...]]
    LOOKUPS: ClassVar[tuple[tuple[str, ...], ...]] = ()


class Made(Kept, frozen=True):
    """A row that one entry made; `position` is that entry's."""

    KEY: ClassVar[tuple[str, ...]] = ("position",)

    position: int

    def content(self) -> Content:
        """The content of the entry that made this row, put together from the columns."""
        return {name: getattr(self, name) for name in self.COLUMNS}

    COLUMNS: ClassVar[tuple[str, ...]] = ()


Table = TypeVar("Table", bound=Kept)
