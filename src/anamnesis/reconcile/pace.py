"""How fast a sweep goes: with as little of the machine as lets it end in time."""

from typing import Final

PASS_SECONDS_MAX: Final = 18 * 3_600.0
"""A pass is paced to end within this: a day with room for nights without the machine."""
OVERDUE_SECONDS: Final = 24 * 3_600.0
"""Without a whole pass for so long, the sweep itself is what is wrong."""
REST_SECONDS_MIN: Final = 0.05
REST_SECONDS_MAX: Final = 5.0
CALM_RESTS_FOR_WORK: Final = 19.0
"""Seconds of rest for each second of work while there is time enough: a twentieth of a core."""
HURRIED_RESTS_FOR_WORK: Final = 1.0
"""The least rest for each second of work: half a core, and saves go on."""


def rest_seconds(worked: float, left: int, seconds_left: float, *, hurried: bool) -> float:
    """How long to rest after a batch that took `worked` seconds, with `left` batches to go.

    Never less than HURRIED_RESTS_FOR_WORK, even when `seconds_left` is not enough: then the sweep
    ends late, and says so.
    """
    least = worked * HURRIED_RESTS_FOR_WORK
    if hurried:
        return least
    calm = min(max(worked * CALM_RESTS_FOR_WORK, REST_SECONDS_MIN), REST_SECONDS_MAX)
    affordable = max(0.0, seconds_left) / max(1, left) - worked
    return max(least, min(calm, affordable))


def is_overdue(since_completed: float | None, running: float) -> bool:
    """Whether no pass was completed for too long.

    `running` is for how many seconds somebody has swept: one that was just started is not late.
    """
    waited = running if since_completed is None else min(since_completed, running)
    return waited > OVERDUE_SECONDS
