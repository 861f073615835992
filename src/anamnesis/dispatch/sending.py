"""Tries what waits, again and again with growing pauses, until it is accepted or days have passed.

Each attempt is on the disk before it is made: a disk that is full, or a process that dies at the
wrong moment, makes a duplicate at most once per pause and never a flood.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final, Protocol

import structlog

from anamnesis.incident.dispatch import Channel, Dispatch, DispatchStore, Waiting
from anamnesis.seams import Clock, instant

RETRIED_AFTER_MIN: Final = timedelta(seconds=10)
RETRIED_AFTER_MAX: Final = timedelta(hours=1)
"""The pause doubles with each attempt."""
GIVEN_UP_AFTER: Final = timedelta(days=5)
"""RFC 5321, section 4.5.4.1: at least four to five days."""
TRIED_EACH_ROUND_MAX: Final = 20
LOOKED_AT_MAX: Final = 50_000
"""As many as may wait: one that is not due must not hide another that is."""

_log = structlog.get_logger()


class NotSent(Exception):
    """It was refused, or nobody knows; `code` is stable.

    `is_anybodys`: no other dispatch would have fared better (no connection, no login).
    """

    def __init__(self, code: str, *, is_anybodys: bool = False) -> None:
        super().__init__(code)
        self.code = code
        self.is_anybodys = is_anybodys


class Sender(Protocol):
    """Hands a dispatch over to whoever brings it to people."""

    def send(self, dispatch: Dispatch, created_at: str) -> None:
        """Returns once it was accepted; raises NotSent."""
        ...


class _NotSet:
    """The way out of a channel that the operator took away while something waited for it."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    def send(self, dispatch: Dispatch, created_at: str) -> None:
        del dispatch, created_at
        raise NotSent(f"{self._channel}-not-set", is_anybodys=True)


def pause(attempts: int) -> timedelta:
    """How long after this many attempts the next one is due (pure)."""
    if attempts == 0:
        return timedelta(0)
    doubled: timedelta = RETRIED_AFTER_MIN * 2 ** min(attempts - 1, 20)
    return min(doubled, RETRIED_AFTER_MAX)


def is_due(one: Waiting, now: datetime) -> bool:
    """Whether it is time to try it; also when the clock was set back meanwhile (pure)."""
    if one.attempted_at is None:
        return True
    since = now - datetime.fromisoformat(one.attempted_at)
    return since >= pause(one.attempts) or since < timedelta(0)


class Sending:
    """Works off the queue, a round at a time. One thread."""

    def __init__(
        self, store: DispatchStore, senders: Mapping[Channel, Sender], clock: Clock
    ) -> None:
        self._store = store
        self._senders = senders
        self._clock = clock
        self._failures: dict[Channel, int] = {}
        self._rests_until: dict[Channel, float] = {}

    def step(self) -> int:
        """Tries what is due; how many were sent."""
        now = self._clock.now()
        due = [one for one in self._store.waiting(LOOKED_AT_MAX) if is_due(one, now)]
        due.sort(key=lambda one: one.attempts)  # what never had its turn goes first
        sent = tried = 0
        for one in due:
            if tried < TRIED_EACH_ROUND_MAX and not self._rests(one.channel):
                tried += 1
                sent += self._try(one)
        return sent

    def _rests(self, channel: Channel) -> bool:
        """Whether the way out failed just now, so that trying another dispatch is no use."""
        return self._clock.monotonic() < self._rests_until.get(channel, 0.0)

    def _try(self, one: Waiting) -> bool:
        dispatch = self._store.dispatch(one.number)
        self._store.attempted(one.number, instant(self._clock.now()))
        try:
            self._senders.get(one.channel, _NotSet(one.channel)).send(dispatch, one.created_at)
        except NotSent as failure:
            self._failed(one, dispatch, failure)
            return False
        except Exception as failure:  # noqa: BLE001 - one that cannot be sent keeps no other
            _log.exception("dispatch-unsendable", key=dispatch.key, exc_info=failure)
            self._failed(one, dispatch, NotSent("dispatch-unsendable"))
            return False
        self._store.sent(one.number, instant(self._clock.now()))
        self._failures.pop(one.channel, None)
        _log.info("dispatch-sent", key=dispatch.key, channel=one.channel)
        return True

    def _failed(self, one: Waiting, dispatch: Dispatch, failure: NotSent) -> None:
        now = self._clock.now()
        self._store.failed(one.number, instant(now), failure.code)
        _log.warning("dispatch-not-sent", key=dispatch.key, channel=one.channel, code=failure.code)
        if failure.is_anybodys:
            failures = self._failures[one.channel] = self._failures.get(one.channel, 0) + 1
            rest = pause(failures).total_seconds()
            self._rests_until[one.channel] = self._clock.monotonic() + rest
        if now - datetime.fromisoformat(one.created_at) >= GIVEN_UP_AFTER:
            self._store.given_up(one.number, instant(now))
            _log.error("dispatch-given-up", key=dispatch.key, channel=one.channel)
