"""The queue of dispatches in `dispatches.db`: the application and its sender both write it."""

from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import msgspec

from anamnesis.incident.dispatch import (
    WAITING_MAX,
    Attachment,
    Dispatch,
    DispatchRefused,
    QueueState,
    Standing,
    Waiting,
    check,
)
from anamnesis.storage.sqlite.connection import bring_up, open_writer

APPLICATION: Final = 0x414E4144  # "ANAD", in the file's header
# Whoever comes first makes the file: the script may run in two processes at once.
_STEPS: Final = [files(__package__).joinpath("dispatches.sql").read_text(encoding="utf-8")]
_WAITS: Final = "sent_at IS NULL AND given_up_at IS NULL"


class SqliteDispatchStore:
    """A `DispatchStore`; makes the file if there is none. One thread, several processes."""

    def __init__(self, path: Path) -> None:
        self._connection = open_writer(path, "access")
        try:
            bring_up(self._connection, APPLICATION, _STEPS)
        except BaseException:
            self._connection.close()
            raise

    def enqueue(self, dispatches: Sequence[Dispatch], at: str) -> int:
        """How many are new; raises DispatchRefused."""
        return self.tell(dispatches, {}, at)

    def tell(self, dispatches: Sequence[Dispatch], told: Mapping[str, int], at: str) -> int:
        """Enqueues and remembers how much is told with it, all or nothing."""
        for one in dispatches:
            check(one)
        with self._connection:
            new = sum(self._add(one, at) for one in dispatches)
            self._connection.executemany(
                "INSERT OR REPLACE INTO told (topic, amount) VALUES (?, ?)", list(told.items())
            )
            if new and self._one(f"SELECT count(*) FROM dispatch WHERE {_WAITS}") > WAITING_MAX:
                raise DispatchRefused("dispatches-too-many", "Too many dispatches wait already.")
        return new

    def standings(self, key: str) -> list[Standing]:
        """What became of everything enqueued under this key."""
        rows = self._connection.execute(
            "SELECT channel, address, created_at, attempts, failure, sent_at, given_up_at "
            "FROM dispatch WHERE key = ? ORDER BY number",
            (key,),
        )
        names = Standing.__struct_fields__
        return [msgspec.convert(dict(zip(names, row, strict=True)), Standing) for row in rows]

    def told(self, topic: str) -> int | None:
        """How much of this topic was enqueued already."""
        found = self._one("SELECT amount FROM told WHERE topic = ?", topic)
        return None if found is None else int(found)

    def waiting(self, limit: int) -> list[Waiting]:
        """What waits, in order of its enqueuing."""
        rows: Any = self._connection.execute(
            "SELECT number, channel, created_at, attempts, attempted_at FROM dispatch "
            f"WHERE {_WAITS} ORDER BY number LIMIT ?",
            (limit,),
        )
        return [Waiting(*row) for row in rows]

    def dispatch(self, number: int) -> Dispatch:
        """The content of one; raises KeyError."""
        row: Any = self._connection.execute(
            "SELECT key, kind, channel, address, subject, body FROM dispatch WHERE number = ?",
            (number,),
        ).fetchone()
        if row is None:
            raise KeyError(number)
        attached: Any = self._connection.execute(
            "SELECT name, media_type, data FROM attachment WHERE dispatch = ? ORDER BY number",
            (number,),
        )
        attachments = tuple(Attachment(*one) for one in attached)
        return msgspec.structs.replace(Dispatch(*row), attachments=attachments)

    def attempted(self, number: int, at: str) -> None:
        """It is about to be tried."""
        self._set("attempts = attempts + 1, attempted_at = ?2", number, at)

    def sent(self, number: int, at: str) -> None:
        """It was accepted."""
        self._set("sent_at = ?2", number, at)

    def failed(self, number: int, at: str, code: str) -> None:
        """It was not accepted, or nobody knows."""
        self._set("failure = ?3, failing_since = coalesce(failing_since, ?2)", number, at, code)

    def given_up(self, number: int, at: str) -> None:
        """It is not tried any more."""
        self._set("given_up_at = ?2", number, at)

    def state(self) -> QueueState:
        """What operators see."""
        row: Any = self._connection.execute(
            f"SELECT count(*) FILTER (WHERE {_WAITS}), min(created_at) FILTER (WHERE {_WAITS}), "
            f"(SELECT failure FROM dispatch WHERE {_WAITS} AND failure IS NOT NULL "
            "ORDER BY attempted_at DESC LIMIT 1), "
            f"min(failing_since) FILTER (WHERE {_WAITS}), "
            "count(sent_at), max(sent_at), count(given_up_at), max(given_up_at) FROM dispatch"
        ).fetchone()
        return QueueState(*row)

    def close(self) -> None:
        """Lets go of the file."""
        self._connection.close()

    def _add(self, one: Dispatch, at: str) -> int:
        """Whether it is new."""
        self._connection.execute(
            "INSERT INTO dispatch (key, kind, channel, address, subject, body, created_at) "
            "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            (one.key, one.kind, one.channel, one.to, one.subject, one.body, at),
        )
        if not self._connection.changes():
            return 0
        number = self._connection.last_insert_rowid()
        self._connection.executemany(
            "INSERT INTO attachment VALUES (?, ?, ?, ?, ?)",
            [
                (number, place, each.name, each.media_type, each.data)
                for place, each in enumerate(one.attachments)
            ],
        )
        return 1

    def _set(self, change: str, *values: object) -> None:
        with self._connection:
            self._connection.execute(f"UPDATE dispatch SET {change} WHERE number = ?1", values)

    def _one(self, question: str, *values: object) -> Any:  # noqa: ANN401 -- whatever is there
        return self._connection.execute(question, values).get
