"""An encounter: when it started, for which appointment, when it was closed."""

import msgspec

from anamnesis.clinical.shapes import Instant, Uuid


class Start(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Content of `encounter.start`."""

    started_at: Instant
    appointment: Uuid | None


class Close(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Content of `encounter.close`."""

    closed_at: Instant
