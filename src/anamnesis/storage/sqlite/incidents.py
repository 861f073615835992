"""Incidents in `incidents.db`: the keeper's writer, and readers for everybody else."""

from collections import Counter
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import msgspec

from anamnesis.clinical.composition import NOTE_TEXT_KINDS
from anamnesis.clinical.sections import SECTIONS
from anamnesis.reconcile.discrepancy import (
    DEFINITIVE,
    Concerned,
    Discrepancy,
    Incident,
    IncidentCounts,
    Step,
)
from anamnesis.rollout.sentinels import SENTINEL_PRACTICE
from anamnesis.storage.sqlite.connection import bring_up, open_reader, open_writer

APPLICATION: Final = 0x414E4149  # "ANAI", in the file's header
_STEPS = [files(__package__).joinpath("incidents.sql").read_text(encoding="utf-8")]
_COLUMNS = (
    "entry, position, kind, practice, author, encounter, code, difference, sections, features, "
    "received_at, found_at, righted_at"
)
_TEXT = f"kind IN ({', '.join(repr(kind) for kind in sorted(NOTE_TEXT_KINDS))})"
_GONE = f"code IN ({', '.join(repr(code) for code in sorted(DEFINITIVE))})"
_REAL = f"practice NOT IN ('', '{SENTINEL_PRACTICE}')"
_MINE = "incident = ? AND (?2 IS NULL OR practice = ?2) AND (?3 IS NULL OR author = ?3)"


class SqliteIncidentReader:
    """An `IncidentReader` of the file at `path`. Raises FileNotFoundError. One thread."""

    def __init__(self, path: Path) -> None:
        self._connection = open_reader(path)

    def incidents(self, limit: int) -> list[Incident]:
        """The newest incidents."""
        rows: list[Any] = self._connection.execute(
            "SELECT number FROM incident ORDER BY number DESC LIMIT ?", (limit,)
        ).fetchall()
        found = [self.incident(number) for (number,) in rows]
        return [one for one in found if one is not None]

    def incident(self, number: int) -> Incident | None:
        """One of them."""
        row: Any = self._connection.execute(
            "SELECT opened_at, endangered_at, closed_at FROM incident WHERE number = ?", (number,)
        ).fetchone()
        if row is None:
            return None
        opened_at, endangered_at, closed_at = row
        stopped = {step.detail for step in self.steps(number) if step.what == "suspended"} - {""}
        features = tuple(sorted({*self._distinct(number, "features"), *stopped}))
        codes = self._distinct(number, "code")
        return Incident(number, opened_at, endangered_at, closed_at, features, codes)

    def counts(self, number: int, practice: str | None, author: str | None) -> IncidentCounts:
        """What it amounts to, in all, in one practice, or for one practitioner."""
        row: Any = self._connection.execute(
            "SELECT count(*), count(righted_at), "
            f"count(DISTINCT practice) FILTER (WHERE {_REAL}), "
            f"count(DISTINCT author) FILTER (WHERE {_REAL}), "
            f"count(DISTINCT encounter) FILTER (WHERE {_REAL}), "
            f"count(*) FILTER (WHERE {_TEXT}), count(righted_at) FILTER (WHERE {_TEXT}), "
            f"count(*) FILTER (WHERE NOT {_REAL}), "
            f"count(*) FILTER (WHERE {_GONE} AND righted_at IS NULL) "
            f"FROM discrepancy WHERE {_MINE}",
            (number, practice, author),
        ).fetchone()
        counts = IncidentCounts(*row)
        return msgspec.structs.replace(counts, sections=self._sections(number, practice, author))

    def concerned(self, number: int, limit: int) -> list[Concerned]:
        """Whom it concerns, sentinels apart: most entries first."""
        rows: list[Any] = self._connection.execute(
            "SELECT practice, author, count(*), count(righted_at), count(DISTINCT encounter) "
            f"FROM discrepancy WHERE incident = ? AND {_REAL} GROUP BY practice, author "
            "ORDER BY count(*) DESC, practice, author LIMIT ?",
            (number, limit),
        ).fetchall()
        return [Concerned(*row) for row in rows]

    def steps(self, number: int) -> list[Step]:
        """Its timeline, oldest first."""
        rows = self._connection.execute(
            "SELECT at, what, detail FROM step WHERE incident = ? ORDER BY at, number", (number,)
        )
        return [Step(*row) for row in rows]

    def discrepancies(
        self, number: int, practice: str | None, author: str | None, after: int, limit: int
    ) -> list[Discrepancy]:
        """Those beyond position `after`, in order of position; of everybody for None."""
        rows = self._connection.execute(
            f"SELECT {_COLUMNS} FROM discrepancy WHERE {_MINE} AND position > ?4 "
            "ORDER BY position LIMIT ?5",
            (number, practice, author, after, limit),
        )
        return [_discrepancy(row) for row in rows]

    def close(self) -> None:
        """Lets go of the file."""
        self._connection.close()

    def _sections(self, number: int, practice: str | None, author: str | None) -> dict[str, int]:
        rows: Any = self._connection.execute(
            f"SELECT sections, count(*) FROM discrepancy WHERE {_MINE} GROUP BY sections",
            (number, practice, author),
        )
        found = Counter[str]()
        for sections, count in rows:
            found.update(dict.fromkeys(sections.split(), count))
        return {name: found[name] for name in SECTIONS if found[name]}

    def _distinct(self, number: int, column: str) -> tuple[str, ...]:
        rows = self._connection.execute(
            f"SELECT DISTINCT {column} FROM discrepancy WHERE incident = ?", (number,)
        )
        return tuple(sorted({word for (value,) in rows for word in str(value).split()}))


class SqliteIncidentStore(SqliteIncidentReader):
    """An `IncidentStore`; makes the file if there is none. Each call is one commit."""

    def __init__(self, path: Path) -> None:
        self._connection = open_writer(path, "access")
        bring_up(self._connection, APPLICATION, _STEPS)

    def open(self, at: str, endangered_at: str) -> int:
        """A new incident's number."""
        with self._connection:
            self._connection.execute(
                "INSERT INTO incident (opened_at, endangered_at) VALUES (?, ?)",
                (at, endangered_at),
            )
        return int(self._connection.last_insert_rowid())

    def add(self, number: int, found: Sequence[Discrepancy]) -> None:
        """Adds discrepancies; one entry is in an incident once, wrong again if it was righted."""
        with self._connection:
            self._connection.executemany(
                f"INSERT INTO discrepancy (incident, {_COLUMNS}) "
                f"VALUES (?{', ?' * 13}) ON CONFLICT DO UPDATE SET righted_at = NULL",
                [(number, *_row(one)) for one in found],
            )
            self._connection.execute(
                "UPDATE incident SET closed_at = NULL, endangered_at = min(endangered_at, "
                "coalesce((SELECT min(received_at) FROM discrepancy "
                "WHERE incident = ?1 AND received_at != ''), endangered_at)) WHERE number = ?1",
                (number,),
            )

    def reopen(self, number: int) -> None:
        """More was found of it: it is not closed any more."""
        with self._connection:
            self._connection.execute(
                "UPDATE incident SET closed_at = NULL WHERE number = ?", (number,)
            )

    def righted(self, number: int, entries: Sequence[str], at: str) -> None:
        """These entries were read back right."""
        with self._connection:
            self._connection.executemany(
                "UPDATE discrepancy SET righted_at = ? "
                "WHERE incident = ? AND entry = ? AND righted_at IS NULL",
                [(at, number, entry) for entry in entries],
            )

    def righted_before(self, number: int | None, entries: Sequence[str], at: str) -> list[int]:
        """The other incidents that these entries were still wrong in, and are not any more."""
        with self._connection:
            rows: Any = self._connection.executemany(
                "UPDATE discrepancy SET righted_at = ? WHERE entry = ? AND incident IS NOT ? "
                "AND righted_at IS NULL RETURNING incident",
                [(at, entry, number) for entry in entries],
            ).fetchall()
        return sorted({int(incident) for (incident,) in rows})

    def without(self, entries: Sequence[str]) -> int | None:
        """Takes out what was wrong by these names; the newest incident that had any of it."""
        with self._connection:
            rows: Any = self._connection.executemany(
                "DELETE FROM discrepancy WHERE entry = ? AND righted_at IS NULL RETURNING incident",
                [(entry,) for entry in entries],
            ).fetchall()
        return max((int(incident) for (incident,) in rows), default=None)

    def step(self, number: int, step: Step) -> None:
        """One more line of the timeline."""
        with self._connection:
            self._connection.execute(
                "INSERT INTO step (incident, at, what, detail) VALUES (?, ?, ?, ?)",
                (number, step.at, step.what, step.detail),
            )

    def close_incident(self, number: int, at: str) -> None:
        """Nothing of it is wrong any more."""
        with self._connection:
            self._connection.execute(
                "UPDATE incident SET closed_at = ? WHERE number = ?", (at, number)
            )


def _row(one: Discrepancy) -> tuple[Any, ...]:
    return (
        one.entry,
        one.position,
        one.kind,
        one.practice,
        one.author,
        one.encounter,
        one.code,
        one.difference,
        " ".join(one.sections),
        " ".join(one.features),
        one.received_at,
        one.found_at,
        one.righted_at,
    )


def _discrepancy(row: Sequence[object]) -> Discrepancy:
    columns = dict(zip(_COLUMNS.split(", "), row, strict=True))
    words = {name: str(columns[name]).split() for name in ("sections", "features")}
    return msgspec.convert(columns | words, Discrepancy)
