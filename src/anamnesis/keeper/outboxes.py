"""The outboxes in the field: what devices say they still hold, by the reports of their pages."""

from collections import OrderedDict

import msgspec

from anamnesis.access.session import Session
from anamnesis.seams import Clock, instant

DEVICES_MAX = 20_000
"""Devices remembered; of those beyond, the one heard of longest ago is forgotten."""
LIVE_SECONDS = 60.0
"""A page reports more often than this for as long as it is open."""
LISTED_MAX = 20
"""Devices that went silent while they held something, named to the operator."""


class Heard(msgspec.Struct, frozen=True):
    """The last thing a device said: how many entries wait in it, the oldest for how long."""

    device: str
    practice: str
    practitioner: str
    waiting: int
    oldest_ms: int
    heard_at: str
    heard: float


class Outboxes:
    """Remembers each device's last report. Written by the loop, read from any thread."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._heard: OrderedDict[str, Heard] = OrderedDict()

    def seen(self, session: Session, device: str, waiting: int, oldest_ms: int | None) -> None:
        """One report."""
        self._heard[device] = Heard(
            device,
            session.practice,
            session.practitioner,
            waiting,
            (oldest_ms or 0) if waiting else 0,
            instant(self._clock.now()),
            self._clock.monotonic(),
        )
        self._heard.move_to_end(device)
        if len(self._heard) > DEVICES_MAX:
            self._heard.popitem(last=False)

    def shown(self) -> dict[str, object]:
        """Counts, and those devices that fell silent with something still in them."""
        now = self._clock.monotonic()
        heard = list(self._heard.values())
        live = [one for one in heard if now - one.heard <= LIVE_SECONDS]
        silent = [one for one in heard if one.waiting and now - one.heard > LIVE_SECONDS]
        return {
            "devices": len(live),
            "waiting": sum(one.waiting for one in live),
            "oldest_ms": max((one.oldest_ms for one in live), default=0),
            "silent": len(silent),
            "silent_waiting": sum(one.waiting for one in silent),
            "silent_devices": [
                {
                    "device": one.device,
                    "practice": one.practice,
                    "practitioner": one.practitioner,
                    "waiting": one.waiting,
                    "heard_at": one.heard_at,
                }
                for one in silent[-LISTED_MAX:]
            ],
        }
