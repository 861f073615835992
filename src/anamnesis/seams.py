"""The few things a test must be able to replace: time, identifiers, and the signing key.

Everything below the rim asks these protocols instead of the machine, so that a simulated
run and a real one execute the same lines.
"""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the time. Wall time may jump; monotonic time never goes back."""

    def now(self) -> datetime:
        """The present instant, timezone-aware, in UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds since an arbitrary origin, never decreasing."""
        ...


class Ids(Protocol):
    """Makes identifiers that sort by the time they were made (UUIDv7, RFC 9562)."""

    def new(self) -> str:
        """A new identifier in its 36-character lower-case form."""
        ...


class Signer(Protocol):
    """Holds one Ed25519 private key (RFC 8032) and the name it signs under."""

    @property
    def name(self) -> str:
        """The key's name: a schema-less address without spaces or plus signs (C2SP signed-note)."""
        ...

    @property
    def public_key(self) -> bytes:
        """The 32 raw bytes of the public key."""
        ...

    def sign(self, message: bytes) -> bytes:
        """The 64-byte deterministic signature of `message`."""
        ...


def instant(moment: datetime) -> str:
    """`moment` as the one text form used everywhere: RFC 3339, UTC, milliseconds, `Z`."""
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
