"""Accounts, sessions and the audit trail in `access.db`."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import apsw
import msgspec

from anamnesis.access.account import Account
from anamnesis.access.audit import AuditEvent
from anamnesis.access.session import Session
from anamnesis.access.sharing import LINKS_UNKNOWN_MAX, WRONG_CODES_MAX, ShareSession
from anamnesis.access.store import LoginTaken
from anamnesis.storage.sqlite.connection import bring_up, open_writer

_APPLICATION = 0x416E4163  # "AnAc", for file(1)
_SCHEMA = """
CREATE TABLE account (
    login TEXT PRIMARY KEY,
    practitioner TEXT NOT NULL,
    practice TEXT NOT NULL,
    name TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    created_at TEXT NOT NULL,
    disabled INTEGER NOT NULL DEFAULT 0 CHECK (disabled IN (0, 1))
) STRICT, WITHOUT ROWID;

CREATE TABLE session (
    token_digest BLOB PRIMARY KEY CHECK (length(token_digest) = 32),
    id TEXT NOT NULL UNIQUE,
    login TEXT NOT NULL REFERENCES account (login),
    started_at INTEGER NOT NULL, -- microseconds since 1970, UTC
    seen_at INTEGER NOT NULL,
    ended_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE audit (
    number INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    kind TEXT NOT NULL,
    login TEXT NOT NULL,
    practitioner TEXT,
    practice TEXT,
    session TEXT,
    address TEXT NOT NULL,
    patient TEXT,
    encounter TEXT,
    entry TEXT,
    path TEXT,
    status INTEGER
) STRICT;

CREATE INDEX audit_practice ON audit (practice, number);
CREATE INDEX audit_patient ON audit (patient, number) WHERE patient IS NOT NULL;

CREATE TRIGGER audit_is_not_rewritten BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit trail only grows'); END;
CREATE TRIGGER audit_is_not_removed BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit trail only grows'); END;
"""

_SHARING = """
ALTER TABLE audit ADD COLUMN share TEXT;
CREATE INDEX audit_share ON audit (practice, share, number) WHERE share IS NOT NULL;

CREATE TABLE share_link (
    number INTEGER PRIMARY KEY,
    link TEXT NOT NULL UNIQUE CHECK (length(link) = 64), -- a digest, never the token itself
    known INTEGER NOT NULL CHECK (known IN (0, 1)), -- whether a share has it
    wrong INTEGER NOT NULL,
    used INTEGER NOT NULL DEFAULT 0 CHECK (used IN (0, 1))
) STRICT;
CREATE INDEX share_link_unknown ON share_link (number) WHERE NOT known;

CREATE TABLE share_session (
    token_digest BLOB PRIMARY KEY CHECK (length(token_digest) = 32),
    share TEXT NOT NULL,
    practice TEXT NOT NULL,
    expires_at INTEGER NOT NULL -- microseconds since 1970, UTC
) STRICT, WITHOUT ROWID;

CREATE TRIGGER share_link_is_not_unlocked BEFORE UPDATE ON share_link
WHEN NEW.wrong < OLD.wrong OR NEW.used < OLD.used OR NEW.known < OLD.known
BEGIN SELECT RAISE(ABORT, 'a used or locked link stays so'); END;
CREATE TRIGGER share_link_is_not_forgotten BEFORE DELETE ON share_link WHEN OLD.known
BEGIN SELECT RAISE(ABORT, 'the link of a share is counted for good'); END;
"""

_ROLES = """
ALTER TABLE account ADD COLUMN role TEXT NOT NULL DEFAULT 'practitioner'
    CHECK (role IN ('practitioner', 'operator'));
"""

_OPEN = """
INSERT INTO share_link (link, known, wrong, used) VALUES (?1, 1, 0, 1)
ON CONFLICT (link) DO UPDATE SET known = 1, used = 1 WHERE NOT used AND wrong < ?2
"""
_COUNT = """
INSERT INTO share_link (link, known, wrong) VALUES (?1, ?2, 1)
ON CONFLICT (link) DO UPDATE SET wrong = wrong + 1, known = max(known, excluded.known)
RETURNING wrong
"""
_FORGET = """
DELETE FROM share_link WHERE NOT known AND number <= (
    SELECT number FROM share_link WHERE NOT known ORDER BY number DESC LIMIT 1 OFFSET ?
)
"""

_AUDIT_COLUMNS = AuditEvent.__struct_fields__
_ACCOUNT_COLUMNS = Account.__struct_fields__
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _microseconds(moment: datetime) -> int:
    delta = moment - _EPOCH
    return (delta.days * 86_400 + delta.seconds) * 1_000_000 + delta.microseconds


def _moment(microseconds: int) -> datetime:
    return datetime.fromtimestamp(microseconds // 1_000_000, UTC).replace(
        microsecond=microseconds % 1_000_000
    )


class SqliteAccessStore:
    """An `AccessStore` in one SQLite file."""

    def __init__(self, path: Path) -> None:
        self._connection = open_writer(path, "access")
        bring_up(self._connection, _APPLICATION, [_SCHEMA, _SHARING, _ROLES])

    def add_account(self, account: Account) -> None:
        """Adds an account; raises `LoginTaken`."""
        marks = ", ".join("?" * len(_ACCOUNT_COLUMNS))
        try:
            with self._connection:
                self._connection.execute(
                    f"INSERT INTO account ({', '.join(_ACCOUNT_COLUMNS)}) VALUES ({marks})",
                    msgspec.structs.astuple(account),
                )
        except apsw.ConstraintError as refused:
            raise LoginTaken(account.login) from refused

    def account(self, login: str) -> Account | None:
        """The account with this login."""
        row = self._connection.execute(
            f"SELECT {', '.join(_ACCOUNT_COLUMNS)} FROM account WHERE login = ?", (login,)
        ).fetchone()
        return None if row is None else _account(row)

    def accounts(self, practice: str | None = None) -> list[Account]:
        """Every account, or those of one practice, by login."""
        rows = self._connection.execute(
            f"SELECT {', '.join(_ACCOUNT_COLUMNS)} FROM account "
            "WHERE ?1 IS NULL OR practice = ?1 ORDER BY login",
            (practice,),
        )
        return [_account(row) for row in rows]

    def disable_account(self, login: str) -> bool:
        """Ends an account and its sessions; False if there is none."""
        with self._connection:
            self._connection.execute("UPDATE account SET disabled = 1 WHERE login = ?", (login,))
            changed = self._connection.changes()
        return changed == 1

    def start_session(self, token_digest: bytes, session: Session) -> None:
        """Keeps a new session under the SHA-256 of its token."""
        with self._connection:
            self._connection.execute(
                "INSERT INTO session (token_digest, id, login, started_at, seen_at)"
                " VALUES (?, ?, ?, ?, ?)",
                (
                    token_digest,
                    session.id,
                    session.login,
                    _microseconds(session.started_at),
                    _microseconds(session.seen_at),
                ),
            )

    def session(self, token_digest: bytes) -> Session | None:
        """The session with this token, unless ended or its account disabled."""
        row = self._connection.execute(
            "SELECT session.id, login, practitioner, practice, name, started_at, seen_at,"
            " role FROM session JOIN account USING (login)"
            " WHERE token_digest = ? AND ended_at IS NULL AND NOT disabled",
            (token_digest,),
        ).fetchone()
        if row is None:
            return None
        identifier, login, practitioner, practice, name, started_at, seen_at, role = row
        began, seen = _moment(started_at), _moment(seen_at)
        return Session(identifier, login, practitioner, practice, name, began, seen, role)

    def end_session(self, token_digest: bytes, now: datetime) -> None:
        """Ends a session; ending it again changes nothing."""
        with self._connection:
            self._connection.execute(
                "UPDATE session SET ended_at = ? WHERE token_digest = ? AND ended_at IS NULL",
                (_microseconds(now), token_digest),
            )

    def seen(self, sessions: Sequence[tuple[str, datetime]]) -> None:
        """Moves sessions' `seen_at` forward."""
        with self._connection:
            self._connection.executemany(
                "UPDATE session SET seen_at = max(seen_at, ?) WHERE id = ?",
                [(_microseconds(moment), session) for session, moment in sessions],
            )

    def record(self, events: Sequence[AuditEvent]) -> None:
        """Adds audit events."""
        with self._connection:
            self._add(events)

    def audit(self, practice: str, limit: int) -> list[AuditEvent]:
        """The newest events of a practice, newest first."""
        return self._events("practice = ?", practice, limit)

    def open_share(
        self, link: str, token_digest: bytes, session: ShareSession, event: AuditEvent
    ) -> bool:
        """Uses a link's code up and keeps the session it opens, with its event."""
        with self._connection:
            self._connection.execute(_OPEN, (link, WRONG_CODES_MAX))
            if self._connection.changes() == 0:
                return False
            self._connection.execute(
                "INSERT INTO share_session (token_digest, share, practice, expires_at)"
                " VALUES (?, ?, ?, ?)",
                (token_digest, session.share, session.practice, _microseconds(session.expires_at)),
            )
            self._add([event])
        return True

    def count_wrong_code(self, link: str, event: AuditEvent | None) -> int:
        """Counts a refused try for a link; how many there were."""
        with self._connection:
            known = event is not None
            count: int = self._connection.execute(_COUNT, (link, known)).get
            self._connection.execute(_FORGET, (LINKS_UNKNOWN_MAX,))
            self._add([] if event is None else [event])
        return count

    def share_session(self, token_digest: bytes) -> ShareSession | None:
        """The opening with this token."""
        row = self._connection.execute(
            "SELECT share, practice, expires_at FROM share_session WHERE token_digest = ?",
            (token_digest,),
        ).fetchone()
        return None if row is None else ShareSession(row[0], row[1], _moment(row[2]))

    def share_audit(self, practice: str, share: str, limit: int) -> list[AuditEvent]:
        """The newest events of one share of a practice, newest first."""
        return self._events("practice = ? AND share = ?", practice, share, limit)

    def _add(self, events: Sequence[AuditEvent]) -> None:
        marks = ", ".join("?" * len(_AUDIT_COLUMNS))
        self._connection.executemany(
            f"INSERT INTO audit ({', '.join(_AUDIT_COLUMNS)}) VALUES ({marks})",
            [msgspec.structs.astuple(event) for event in events],
        )

    def _events(self, where: str, *values: str | int) -> list[AuditEvent]:
        rows = self._connection.execute(
            f"SELECT {', '.join(_AUDIT_COLUMNS)} FROM audit WHERE {where}"
            " ORDER BY number DESC LIMIT ?",
            values,
        )
        return [
            msgspec.convert(dict(zip(_AUDIT_COLUMNS, row, strict=True)), AuditEvent) for row in rows
        ]

    def close(self) -> None:
        """Closes the file."""
        self._connection.close()


def _account(row: Sequence[object]) -> Account:
    fields = dict(zip(_ACCOUNT_COLUMNS, row, strict=True))
    fields["disabled"] = bool(fields["disabled"])
    return msgspec.convert(fields, Account)
