"""The machine's own clock and identifiers, behind the seams a test replaces."""

import time
from datetime import UTC, datetime

import uuid_utils


class MachineClock:
    """Tells the machine's time (`seams.Clock`)."""

    def now(self) -> datetime:
        """The present instant in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds that never go back."""
        return time.monotonic()


class MachineIds:
    """Makes UUIDv7 identifiers (RFC 9562)."""

    def new(self) -> str:
        """A new identifier in its 36-character lower-case form."""
        return str(uuid_utils.uuid7())
