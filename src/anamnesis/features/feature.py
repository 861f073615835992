"""The interface of a feature: what its author overrides (docs/guide/developer/features.md).

A feature is handed entries that are in the journal already. Whatever it does to them, or to the
record, cannot make the journal forget; what differs from it afterwards is found, the feature is
suspended and the record is made again without it.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import msgspec

SCRIPT_BYTES_MAX = 262_144
"""One page script of a feature."""


class FeatureEntry(msgspec.Struct):
    """A journaled entry as a feature gets it: a copy of its own.

    `content` is what docs/protocol.md says of the `kind`.
    """

    id: str
    kind: str
    practice: str
    author: str
    patient: str | None
    encounter: str | None
    typed_at: str
    content: dict[str, Any]


class FeatureRecord(msgspec.Struct, frozen=True):
    """The record's database: `path`, and the connection that writes it, inside a transaction.

    `connection` is an `apsw.Connection`; the tables are those of storage/sqlite/record.sql.
    """

    path: Path
    connection: Any


class PageParts(msgspec.Struct, frozen=True):
    """What a feature adds to the encounter's page: a module script, and a form (HTML)."""

    script: str = ""
    form: str = ""


Proceed = Callable[[FeatureEntry], None]


class Feature:
    """Overrides what it needs; every method here does what the product does without it.

    `name` is small letters, digits and hyphens. `paths` says where sentinels watch it: of
    `typing`, `sharing`, `signing`, `closing`, `second-device` at least one.
    """

    name: ClassVar[str] = ""
    paths: ClassVar[tuple[str, ...]] = ()

    def applying(self, entry: FeatureEntry, record: FeatureRecord, proceed: Proceed) -> None:
        """Before and around an entry of the cohort is folded into the record by `proceed`."""
        proceed(entry)

    def applied(self, entry: FeatureEntry, record: FeatureRecord) -> None:
        """After an entry of the cohort was folded, in the same transaction."""

    def shared(self, entry: FeatureEntry, record: FeatureRecord) -> None:
        """After a document was shared (a `document.share`), in the same transaction."""

    def page(self, encounter: str, patient: str) -> PageParts:
        """What the encounter's page shows beside the product's own."""
        return PageParts()

    def showing(self, sections: dict[str, str]) -> dict[str, str]:
        """What a page shows of a note's sections."""
        return sections

    def nightly(self, record: FeatureRecord) -> None:
        """Once a night, in a transaction of its own."""
