"""Appointments: how they are booked, moved, and their statuses, as a practice speaks of them."""

from typing import Annotated, Final, Literal, TypeAlias, get_args

import msgspec

from anamnesis.clinical.shapes import Instant, Uuid

AppointmentStatus: TypeAlias = Literal[
    "booked", "arrived", "in-consultation", "done", "cancelled", "no-show"
]
APPOINTMENT_STATUSES: Final[tuple[AppointmentStatus, ...]] = get_args(AppointmentStatus)

MINUTES_MAX = 1_440  # one day
Minutes: TypeAlias = Annotated[int, msgspec.Meta(ge=1, le=MINUTES_MAX)]

# Any status may follow any other: people click the wrong line, and set it right.
VACANT: Final[frozenset[str]] = frozenset({"cancelled", "no-show"})
"""With one of these, the time is free for somebody else."""


class _Content(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A content has exactly the members its kind names: nothing would keep another."""


class Booked(_Content, frozen=True):
    """`appointment.book`; `overlap` says that a double booking is meant."""

    practitioner: Uuid
    starts_at: Instant
    minutes: Minutes
    reason: str
    type: Uuid | None
    overlap: bool


class Moved(_Content, frozen=True):
    """`appointment.move`; `version` is the one that was on the screen."""

    appointment: Uuid
    version: Annotated[int, msgspec.Meta(ge=1)]
    practitioner: Uuid
    starts_at: Instant
    minutes: Minutes
    overlap: bool


class StatusSet(_Content, frozen=True):
    """`appointment.set-status`: `appointment` is the id of the entry that booked it."""

    appointment: Uuid
    status: AppointmentStatus
