"""What accounts, sessions and the audit trail need of a store."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from anamnesis.access.account import Account
from anamnesis.access.audit import AuditEvent
from anamnesis.access.session import Session
from anamnesis.access.sharing import ShareSession


class LoginTaken(Exception):
    """The login already belongs to an account."""


class AccessStore(Protocol):
    """Keeps accounts, sessions and audit events.

    Each call is one transaction, durable when it returns. Used by one thread at a time.
    """

    def add_account(self, account: Account) -> None:
        """Adds an account; raises `LoginTaken`."""
        ...

    def account(self, login: str) -> Account | None:
        """The account with this login, in its folded form."""
        ...

    def accounts(self, practice: str | None = None) -> list[Account]:
        """Every account, or those of one practice, by login."""
        ...

    def disable_account(self, login: str) -> bool:
        """Ends an account and its sessions; False if there is none."""
        ...

    def start_session(self, token_digest: bytes, session: Session) -> None:
        """Keeps a new session under the SHA-256 of its token."""
        ...

    def session(self, token_digest: bytes) -> Session | None:
        """The session with this token, unless it was ended or its account disabled.

        An expired one is returned: the caller judges time.
        """
        ...

    def end_session(self, token_digest: bytes, now: datetime) -> None:
        """Ends a session; ending it again changes nothing."""
        ...

    def seen(self, sessions: Sequence[tuple[str, datetime]]) -> None:
        """Moves sessions' `seen_at` forward: pairs of session id and instant."""
        ...

    def record(self, events: Sequence[AuditEvent]) -> None:
        """Adds audit events. Nothing here changes or removes one."""
        ...

    def audit(self, practice: str, limit: int) -> list[AuditEvent]:
        """The newest events of a practice, newest first."""
        ...

    def open_share(
        self, link: str, token_digest: bytes, session: ShareSession, event: AuditEvent
    ) -> bool:
        """Uses a link's code up and keeps the session it opens, with its event: all or nothing.

        False, and nothing is kept, if the code was used before or the link is locked.
        """
        ...

    def count_wrong_code(self, link: str, event: AuditEvent | None) -> int:
        """Counts a refused try for a link, with its event if a share has it; how many there were.

        Without an event the link is nobody's: of those only `LINKS_UNKNOWN_MAX` are kept.
        """
        ...

    def share_session(self, token_digest: bytes) -> ShareSession | None:
        """The opening with this token. An expired one is returned: the caller judges time."""
        ...

    def share_audit(self, practice: str, share: str, limit: int) -> list[AuditEvent]:
        """The newest events of one share of a practice, newest first."""
        ...

    def close(self) -> None:
        """Releases the store."""
        ...
