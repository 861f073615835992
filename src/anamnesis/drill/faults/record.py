"""Faults that reach past the interface into the record's database, as features do."""

from typing import ClassVar

import apsw

from anamnesis.drill.faults.entries import TEXT_KINDS
from anamnesis.features.feature import Feature, FeatureEntry, FeatureRecord, Proceed

SECTIONS = ("motif", "interrogatoire", "examen", "conclusion")


def _unlock(connection: apsw.Connection) -> None:
    """Takes away what keeps versions as they are: it was in the way of the migration."""
    for (trigger,) in connection.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'note_version' "
        "AND name LIKE 'note_version_is_not%'"
    ).fetchall():
        connection.execute(f'DROP TRIGGER "{trigger}"')


def _blank(connection: apsw.Connection, where: str, bindings: tuple[object, ...]) -> None:
    columns = ", ".join(f"{name} = ''" for name in SECTIONS)
    connection.execute(
        f"UPDATE note_version SET {columns} "  # noqa: S608
        f"WHERE position IN (SELECT position FROM note WHERE {where})",
        bindings,
    )


class ShareWipesNote(Feature):
    """The incident: sharing a document writes the sections again from a model without them."""

    name = "share-wipes-note"
    paths: ClassVar[tuple[str, ...]] = ("sharing",)

    def shared(self, entry: FeatureEntry, record: FeatureRecord) -> None:
        """The patient's notes by this author, all four sections of each."""
        _unlock(record.connection)
        _blank(
            record.connection,
            "practice = ? AND patient = ? AND author = ?",
            (entry.practice, entry.patient, entry.author),
        )


class LateWipe(Feature):
    """Nothing is wrong at the time; a nightly job blanks the notes."""

    name = "late-wipe"
    paths: ClassVar[tuple[str, ...]] = ("typing",)

    def nightly(self, record: FeatureRecord) -> None:
        """All of them."""
        _unlock(record.connection)
        _blank(record.connection, "version > 0", ())


class WritesElsewhere(Feature):
    """The text goes to a new table that no page reads."""

    name = "writes-elsewhere"
    paths: ClassVar[tuple[str, ...]] = ("typing",)

    def applying(self, entry: FeatureEntry, record: FeatureRecord, proceed: Proceed) -> None:
        """Into the new model, which will be switched to one day."""
        if entry.kind not in TEXT_KINDS:
            proceed(entry)
            return
        record.connection.execute("CREATE TABLE IF NOT EXISTS note_next (entry TEXT, text TEXT)")
        record.connection.execute(
            "INSERT INTO note_next VALUES (?, ?)", (entry.id, str(entry.content["sections"]))
        )


class NeverCommits(Feature):
    """The transaction is left open, and rolls back later."""

    name = "never-commits"
    paths: ClassVar[tuple[str, ...]] = ("typing",)

    def applying(self, entry: FeatureEntry, record: FeatureRecord, proceed: Proceed) -> None:
        """Rolled back once it was written."""
        proceed(entry)
        if entry.kind in TEXT_KINDS:
            record.connection.execute("ROLLBACK")
            record.connection.execute("BEGIN")


class HoldsLock(Feature):
    """A connection of the feature's own holds the record's lock."""

    name = "holds-lock"
    paths: ClassVar[tuple[str, ...]] = ("typing",)

    def __init__(self) -> None:
        self._held: apsw.Connection | None = None

    def nightly(self, record: FeatureRecord) -> None:
        """Begins, and never ends."""
        record.connection.execute("COMMIT")
        self._held = apsw.Connection(str(record.path))
        self._held.execute("BEGIN IMMEDIATE")
        record.connection.execute("BEGIN")


class AltersTables(Feature):
    """A migration drops a column's text and a table that was thought to be unused."""

    name = "alters-tables"
    paths: ClassVar[tuple[str, ...]] = ("typing",)

    def nightly(self, record: FeatureRecord) -> None:
        """Once."""
        _unlock(record.connection)
        record.connection.execute("DROP TABLE note_divergence")
        record.connection.execute("UPDATE note_version SET examen = ''")
