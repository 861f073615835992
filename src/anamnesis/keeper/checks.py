"""Every check that runs while the product runs: what it found last, and when it last looked.

A check that has stopped looking is as bad as one that finds something: it is late, and says so.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Literal

import msgspec

from anamnesis.seams import Clock

State = Literal["holds", "waiting", "late", "broken", "failed"]
"""`waiting`: it has had nothing to look at since the start. `failed`: it cannot be asked."""
INVARIANTS = ("I1", "I2", "I3", "I4", "I5", "I6", "I7", "I8", "I9")
_WORST: tuple[State, ...] = ("failed", "broken", "late", "holds", "waiting")


class Looked(msgspec.Struct, frozen=True):
    """When a check last looked (an instant), how much was wrong, and, if counted, of how much."""

    at: str | None
    wrong: int = 0
    checked: int | None = None


class Check(msgspec.Struct, frozen=True):
    """One check, the invariants it is for, and how often it looks, where it looks by the clock."""

    name: str
    invariants: tuple[str, ...]
    seconds_max: float | None
    looked: Callable[[], Looked]


class Line(msgspec.Struct, frozen=True):
    """What an operator reads of one check."""

    check: str
    invariants: tuple[str, ...]
    state: State
    checked_at: str | None
    wrong: int
    checked: int | None


class Checks:
    """All of them, in the order in which they were added."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._checks: list[Check] = []

    def add(
        self,
        name: str,
        invariants: tuple[str, ...],
        looked: Callable[[], Looked],
        seconds_max: float | None = None,
    ) -> None:
        """One more. `looked` answers at once, from any thread."""
        self._checks.append(Check(name, invariants, seconds_max, looked))

    def lines(self) -> list[Line]:
        """What each says now."""
        now = self._clock.now()
        return [_line(check, now) for check in self._checks]


def invariants(lines: list[Line]) -> list[dict[str, object]]:
    """For each invariant the worst that its checks say, and when the first of them last looked."""
    return [
        _invariant(name, [one for one in lines if name in one.invariants]) for name in INVARIANTS
    ]


def _invariant(name: str, lines: list[Line]) -> dict[str, object]:
    state = min((one.state for one in lines), key=_WORST.index, default="waiting")
    looked = [one.checked_at for one in lines if one.checked_at is not None]
    return {
        "invariant": name,
        "state": state,
        "checked_at": min(looked, default=None),
        "checks": [one.check for one in lines],
    }


def _line(check: Check, now: datetime) -> Line:
    try:
        looked = check.looked()
    except Exception:  # noqa: BLE001 - a check that cannot be asked is said to have failed
        return Line(check.name, check.invariants, "failed", None, 0, None)
    state = _state(check, looked, now)
    return Line(check.name, check.invariants, state, looked.at, looked.wrong, looked.checked)


def _state(check: Check, looked: Looked, now: datetime) -> State:
    if looked.wrong:
        return "broken"
    if looked.at is None:
        return "waiting"
    age = (now - datetime.fromisoformat(looked.at)).total_seconds()
    return "late" if check.seconds_max is not None and age > check.seconds_max else "holds"
