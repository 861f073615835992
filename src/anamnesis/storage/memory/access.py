"""Accounts, sessions and the audit trail in memory: for tests and for trying things out."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from anamnesis.access.account import Account
from anamnesis.access.audit import AuditEvent
from anamnesis.access.session import Session
from anamnesis.access.store import LoginTaken


class MemoryAccessStore:
    """An `AccessStore` that forgets everything when the process ends."""

    def __init__(self) -> None:
        self._accounts: dict[str, Account] = {}
        self._sessions: dict[bytes, Session] = {}
        self._audit: list[AuditEvent] = []

    def add_account(self, account: Account) -> None:
        """Adds an account; raises `LoginTaken`."""
        if account.login in self._accounts:
            raise LoginTaken(account.login)
        self._accounts[account.login] = account

    def account(self, login: str) -> Account | None:
        """The account with this login."""
        return self._accounts.get(login)

    def accounts(self) -> list[Account]:
        """Every account, by login."""
        return [self._accounts[login] for login in sorted(self._accounts)]

    def disable_account(self, login: str) -> bool:
        """Ends an account and its sessions; False if there is none."""
        account = self._accounts.get(login)
        if account is None:
            return False
        self._accounts[login] = msgspec.structs.replace(account, disabled=True)
        return True

    def start_session(self, token_digest: bytes, session: Session) -> None:
        """Keeps a new session under the SHA-256 of its token."""
        self._sessions[token_digest] = session

    def session(self, token_digest: bytes) -> Session | None:
        """The session with this token, unless ended or its account disabled."""
        session = self._sessions.get(token_digest)
        if session is None or self._accounts[session.login].disabled:
            return None
        return session

    def end_session(self, token_digest: bytes, now: datetime) -> None:  # noqa: ARG002
        """Ends a session; ending it again changes nothing."""
        self._sessions.pop(token_digest, None)

    def seen(self, sessions: Sequence[tuple[str, datetime]]) -> None:
        """Moves sessions' `seen_at` forward."""
        latest = dict(sessions)
        for token, session in self._sessions.items():
            moment = latest.get(session.id)
            if moment is not None and moment > session.seen_at:
                self._sessions[token] = msgspec.structs.replace(session, seen_at=moment)

    def record(self, events: Sequence[AuditEvent]) -> None:
        """Adds audit events."""
        self._audit.extend(events)

    def audit(self, practice: str, limit: int) -> list[AuditEvent]:
        """The newest events of a practice, newest first."""
        return [event for event in reversed(self._audit) if event.practice == practice][:limit]

    def close(self) -> None:
        """Nothing to release."""
