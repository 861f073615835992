"""The seventy-two hours from awareness to the authority (GDPR art. 33(1)).

Calendar hours: nights, weekends and holidays count (Regulation 1182/71, art. 3, lets a period of
hours run through them). Awareness is an instant that somebody gave a reason for.
"""

from datetime import datetime, timedelta
from typing import Final, Literal

import msgspec

NOTIFIED_WITHIN: Final = timedelta(hours=72)
REMINDED_AFTER: Final = (
    timedelta(hours=24),
    timedelta(hours=48),
    timedelta(hours=60),
    timedelta(hours=70),
)
"""When those in charge are told again that the time is running."""

ClockState = Literal["running", "due", "late", "met", "met-late"]
"""`due` is the last two hours; `met` and `met-late` are over."""


class Clock72(msgspec.Struct, frozen=True):
    """Runs from `aware_at` until the first notification was sent, if it was."""

    aware_at: datetime
    notified_at: datetime | None = None

    @property
    def deadline(self) -> datetime:
        """The last instant at which a notification needs no reason for its delay."""
        return self.aware_at + NOTIFIED_WITHIN

    def left(self, now: datetime) -> timedelta:
        """What is left at `now`; negative once it is late."""
        return self.deadline - now

    def state(self, now: datetime) -> ClockState:
        """Where the clock stands at `now`."""
        if self.notified_at is not None:
            return "met-late" if self.notified_at > self.deadline else "met"
        if now > self.deadline:
            return "late"
        return "due" if now >= self.aware_at + REMINDED_AFTER[-1] else "running"

    def needs_reason(self, now: datetime) -> bool:
        """Whether a notification sent at `now` has to say why it is late (art. 33(1))."""
        return (self.notified_at or now) > self.deadline

    def reminders_due(self, now: datetime) -> list[int]:
        """Hours of those reminders whose time has come; none once the notification was sent."""
        if self.notified_at is not None:
            return []
        return [
            int(after.total_seconds() // 3600)
            for after in REMINDED_AFTER
            if now >= self.aware_at + after
        ]
