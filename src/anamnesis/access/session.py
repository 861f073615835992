"""A session: one sign-in of one practitioner or operator, until it is ended, idle, or too old."""

from datetime import datetime, timedelta

import msgspec

from anamnesis.access.account import Role
from anamnesis.seams import instant

IDLE_MAX = timedelta(hours=8)
"""A working day without a keystroke ends the session."""
AGE_MAX = timedelta(hours=24)
"""However busy, everyone signs in again each day."""


class Session(msgspec.Struct, frozen=True):
    """Who is at the other end. `id` names the session in receipts; it opens nothing."""

    id: str
    login: str
    practitioner: str
    practice: str
    name: str
    started_at: datetime
    seen_at: datetime
    role: Role = "practitioner"

    def expires_at(self) -> datetime:
        """The instant this session ends if nothing more happens."""
        return min(self.seen_at + IDLE_MAX, self.started_at + AGE_MAX)

    def expired(self, now: datetime) -> bool:
        """Whether this session is over at `now`."""
        return now >= self.expires_at()

    def shown(self) -> dict[str, str]:
        """What the page may know of its own session (protocol, section 2)."""
        return {
            "practitioner": self.practitioner,
            "practice": self.practice,
            "name": self.name,
            "role": self.role,
            "expires_at": instant(self.expires_at()),
        }
