"""Accounts, sessions and the audit trail in memory: for tests and for trying things out."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from anamnesis.access.account import Account
from anamnesis.access.audit import AuditEvent
from anamnesis.access.session import Session
from anamnesis.access.sharing import LINKS_UNKNOWN_MAX, WRONG_CODES_MAX, ShareSession
from anamnesis.access.store import LoginTaken


class MemoryAccessStore:
    """An `AccessStore` that forgets everything when the process ends."""

    def __init__(self) -> None:
        self._accounts: dict[str, Account] = {}
        self._sessions: dict[bytes, Session] = {}
        self._audit: list[AuditEvent] = []
        self._wrong_codes: dict[str, int] = {}
        self._unknown: dict[str, None] = {}
        self._used: set[str] = set()
        self._share_sessions: dict[bytes, ShareSession] = {}

    def add_account(self, account: Account) -> None:
        """Adds an account; raises `LoginTaken`."""
        if account.login in self._accounts:
            raise LoginTaken(account.login)
        self._accounts[account.login] = account

    def account(self, login: str) -> Account | None:
        """The account with this login."""
        return self._accounts.get(login)

    def accounts(self, practice: str | None = None) -> list[Account]:
        """Every account, or those of one practice, by login."""
        everybody = [self._accounts[login] for login in sorted(self._accounts)]
        return [one for one in everybody if practice in (None, one.practice)]

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

    def open_share(
        self, link: str, token_digest: bytes, session: ShareSession, event: AuditEvent
    ) -> bool:
        """Uses a link's code up and keeps the session it opens, with its event."""
        if link in self._used or self._wrong_codes.get(link, 0) >= WRONG_CODES_MAX:
            return False
        self._used.add(link)
        self._share_sessions[token_digest] = session
        self._audit.append(event)
        return True

    def count_wrong_code(self, link: str, event: AuditEvent | None) -> int:
        """Counts a refused try for a link; how many there were."""
        count = self._wrong_codes[link] = self._wrong_codes.get(link, 0) + 1
        if event is not None:
            self._unknown.pop(link, None)
            self._audit.append(event)
        elif count == 1:
            self._unknown[link] = None
        while len(self._unknown) > LINKS_UNKNOWN_MAX:
            first = next(iter(self._unknown))
            del self._unknown[first], self._wrong_codes[first]
        return count

    def share_session(self, token_digest: bytes) -> ShareSession | None:
        """The opening with this token."""
        return self._share_sessions.get(token_digest)

    def share_audit(self, practice: str, share: str, limit: int) -> list[AuditEvent]:
        """The newest events of one share of a practice, newest first."""
        return [event for event in self.audit(practice, len(self._audit)) if event.share == share][
            :limit
        ]

    def close(self) -> None:
        """Nothing to release."""
