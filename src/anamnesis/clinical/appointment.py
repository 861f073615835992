"""An appointment's statuses, as a practice speaks of them."""

from typing import Annotated, Final, Literal, TypeAlias, get_args

import msgspec

AppointmentStatus: TypeAlias = Literal[
    "booked", "arrived", "in-consultation", "done", "cancelled", "no-show"
]
APPOINTMENT_STATUSES: Final[tuple[AppointmentStatus, ...]] = get_args(AppointmentStatus)

MINUTES_MAX = 1_440  # one day
Minutes: TypeAlias = Annotated[int, msgspec.Meta(ge=1, le=MINUTES_MAX)]

# Any status may follow any other: people click the wrong line, and set it right.
VACANT: Final[frozenset[str]] = frozenset({"cancelled", "no-show"})
"""With one of these, the time is free for somebody else."""
