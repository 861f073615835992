"""The search index in `search.db`: SQLite's FTS5 over stems, and where each text stands.

Nothing in it is the truth: it is thrown away and made again when its form changes, when it is
damaged, or when it belongs to another record.
"""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any, Final

import apsw

from anamnesis.record.search import PLACES, Filter, Found, IndexDamaged, Text
from anamnesis.record.search_words import Phrase, Query, Word, words_of

_SCHEMA: Final = """
CREATE TABLE progress (one INTEGER PRIMARY KEY CHECK (one = 1), applied INTEGER NOT NULL) STRICT;
INSERT INTO progress VALUES (1, 0);
CREATE TABLE item (
    rank INTEGER PRIMARY KEY,
    practice TEXT NOT NULL,
    subject TEXT NOT NULL,
    patient TEXT NOT NULL,
    place INTEGER NOT NULL,
    author TEXT NOT NULL,
    day TEXT NOT NULL
) STRICT;
CREATE INDEX item_by_subject ON item (practice, subject);
CREATE TABLE spelling (plain TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
CREATE VIRTUAL TABLE word USING fts5 (
    stem, plain, scope, content = '', contentless_delete = 1, detail = full,
    tokenize = 'ascii tokenchars ''._/-'''
);
"""
_EDITION: Final = 1  # raise it when words are told apart otherwise than before
_FORMAT: Final = int(hashlib.sha256(f"{_EDITION}{_SCHEMA}".encode()).hexdigest()[:7], 16)
_RANKS: Final = len(PLACES) + 1
_BUSY_MS: Final = 5_000
SPELLINGS_MAX: Final = 200  # that a beginning is asked as; with more, FTS5 joins them itself
_LAST_CHARACTER: Final = "\U0010ffff"


class SqliteSearchIndex:
    """A `SearchIndex` in the file at `path`; a file that is none is replaced."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = Lock()
        self._writer = self._opened()
        self._reader = self._connected()

    def applied(self) -> int:
        """How many journal entries are in it."""
        with self._reading() as connection:
            return int(connection.execute("SELECT applied FROM progress").get)

    def apply(self, subjects: Iterable[tuple[str, str]], texts: Iterable[Text], upto: int) -> None:
        """Takes out what it has of these subjects, puts in `texts`, all or nothing."""
        with _explained(), self._writer:
            for subject in subjects:
                ranks = self._writer.execute(
                    "DELETE FROM item WHERE practice = ? AND subject = ? RETURNING rank", subject
                ).fetchall()
                self._writer.executemany("DELETE FROM word WHERE rowid = ?", ranks)
            for text in texts:
                self._put(text)
            self._writer.execute("UPDATE progress SET applied = ?", (upto,))

    def find(
        self, practice: str, query: Query, only: Filter, limit: int, below: int | None
    ) -> list[Found]:
        """What is wanted and not left out, the newest first."""
        if query.is_empty:
            return []
        wanted, bindings = ["word MATCH ?"], [self._match(practice, query, only)]
        if below is not None:
            wanted.append("word.rowid < ?")
            bindings.append(str(below))
        for column, sign, value in (
            ("author", "=", only.author),
            ("day", ">=", only.first_day),
            ("day", "<=", only.last_day),
        ):
            if value is not None:
                wanted.append(f"item.{column} {sign} ?")
                bindings.append(value)
        statement = (
            "SELECT item.rank, item.patient, item.subject, item.place FROM word "
            f"CROSS JOIN item ON item.rank = word.rowid WHERE {' AND '.join(wanted)} "
            "ORDER BY word.rowid DESC LIMIT ?"
        )
        with self._reading() as connection:
            rows: list[Any] = connection.execute(statement, (*bindings, limit)).fetchall()
        return [Found(rank, patient, subject, PLACES[at]) for rank, patient, subject, at in rows]

    def clear(self) -> None:
        """Begins anew."""
        with self._lock:
            self._reader.close()
            self._writer.close()
            _remove(self._path)
            self._writer = self._opened()
            self._reader = self._connected()

    def close(self) -> None:
        """Lets go of the file."""
        with self._lock:
            self._reader.close()
            self._writer.close()

    def _put(self, text: Text) -> None:
        rank = text.position * _RANKS + PLACES.index(text.place)
        place = PLACES.index(text.place)
        item = (rank, text.practice, text.subject, text.patient, place, text.author, text.day)
        self._writer.execute("INSERT INTO item VALUES (?, ?, ?, ?, ?, ?, ?)", item)
        words = words_of(text.text)
        scope = f"{text.practice} {text.patient} {text.place}"
        self._writer.execute(
            "INSERT INTO word (rowid, stem, plain, scope) VALUES (?, ?, ?, ?)",
            (rank, _joined(words, "stem"), _joined(words, "plain"), scope),
        )
        self._writer.executemany(
            "INSERT OR IGNORE INTO spelling VALUES (?)", [(word.plain,) for word in words]
        )

    def _match(self, practice: str, query: Query, only: Filter) -> str:
        """The question in FTS5's own language; every word of it is quoted."""
        wanted = [f'scope : "{practice}"']
        if only.patient is not None:
            wanted.append(f"scope : {_quoted(only.patient)}")
        if only.places:
            wanted.append("(" + " OR ".join(f'scope : "{place}"' for place in only.places) + ")")
        wanted += [self._phrase(phrase) for phrase in query.wanted]
        asked = " AND ".join(wanted)
        for phrase in query.unwanted:
            asked = f"({asked}) NOT {self._phrase(phrase)}"
        return asked

    def _phrase(self, phrase: Phrase) -> str:
        stems = f"stem : ({_consecutive(word.stem for word in phrase.words)})"
        if not phrase.begins:
            return stems
        before, last = [word.plain for word in phrase.words[:-1]], phrase.words[-1].plain
        spellings = self._spellings(last)
        if len(spellings) > SPELLINGS_MAX:
            return f"({stems} OR plain : ({_consecutive([*before, last])} *))"
        plain = [f"plain : ({_consecutive([*before, spelling])})" for spelling in spellings]
        return f"({' OR '.join([stems, *plain])})"

    def _spellings(self, beginning: str) -> list[str]:
        """How words that begin so are written, at most one more than `SPELLINGS_MAX`.

        Asked word by word, FTS5 stops at the newest texts. Asked for a beginning, it first joins
        the places of all words that begin so, however many texts that is.
        """
        with self._reading() as connection:
            rows: list[Any] = connection.execute(
                "SELECT plain FROM spelling WHERE plain >= ? AND plain < ? LIMIT ?",
                (beginning, beginning + _LAST_CHARACTER, SPELLINGS_MAX + 1),
            ).fetchall()
        return [plain for (plain,) in rows]

    def _opened(self) -> apsw.Connection:
        """The writer's connection, to a file of this form: another is replaced."""
        for _ in range(2):
            connection = self._connected()
            try:
                if connection.pragma("user_version") == _FORMAT:
                    return connection
                if not connection.execute("SELECT count(*) FROM sqlite_schema").get:
                    with connection:
                        connection.execute(_SCHEMA)
                        connection.pragma("user_version", _FORMAT)
                    return connection
            except (apsw.CorruptError, apsw.NotADBError):
                pass
            connection.close()
            _remove(self._path)
        raise IndexDamaged("The search index cannot be made.")

    def _connected(self) -> apsw.Connection:
        connection = apsw.Connection(str(self._path))
        connection.set_busy_timeout(_BUSY_MS)
        try:
            connection.pragma("journal_mode", "wal")
            # What a power cut takes is made again from the record.
            connection.pragma("synchronous", "off")
        except (apsw.CorruptError, apsw.NotADBError):
            connection.close()
            _remove(self._path)
            return self._connected()
        return connection

    @contextmanager
    def _reading(self) -> Iterator[apsw.Connection]:
        with self._lock, _explained():
            yield self._reader


def _joined(words: list[Word], form: str) -> str:
    return " ".join(getattr(word, form) for word in words)


def _consecutive(words: Iterable[str]) -> str:
    return " + ".join(_quoted(word) for word in words)


def _quoted(word: str) -> str:
    return '"' + word.replace('"', '""') + '"'


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except (apsw.CorruptError, apsw.NotADBError, apsw.SQLError, apsw.IOError) as error:
        raise IndexDamaged(f"The search index cannot be used ({type(error).__name__}).") from error


def _remove(path: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
