"""Who gave a sign lately, epoch by epoch: from whom another one may be awaited."""

from collections import OrderedDict
from typing import Final, Literal, TypeAlias

import msgspec

Who: TypeAlias = tuple[str, str]
"""A practice and one of its practitioners."""

PRACTITIONERS_MAX: Final = 50_000
"""Practitioners remembered; of those beyond, the one who gave no sign for longest is forgotten."""


class Span(msgspec.Struct, frozen=True):
    """An epoch's length, and for how long before it a sign makes one be awaited. Seconds."""

    epoch: float
    remembered: float


SPANS: Final = (
    Span(60.0, 900.0),
    Span(900.0, 14_400.0),
    Span(7_200.0, 86_400.0),
    Span(86_400.0, 14 * 86_400.0),
)
"""Whoever wrote a moment ago goes on; whoever wrote yesterday comes again; and all in between."""


class _Signs:
    """Of one practitioner: the epoch of the last sign, and how many there were in it."""

    __slots__ = ("at", "before", "epoch", "many")

    def __init__(self) -> None:
        self.epoch = -1
        self.at = 0.0
        self.many = 0
        self.before = 0


class Presence:
    """Those who gave one sign. Of each only the first in an epoch is news."""

    def __init__(self, span: Span) -> None:
        self._span = span
        self._signs: OrderedDict[Who, _Signs] = OrderedDict()
        self._epoch = 0
        self._begun = 0.0
        self._lasted_before = span.epoch

    def due(self, now: float) -> bool:
        """Whether this epoch is over."""
        return now - self._begun >= self._span.epoch

    def begin(self, now: float) -> list[Who]:
        """Begins an epoch; those from whom a sign is awaited in it."""
        while self._signs:
            who, signs = next(iter(self._signs.items()))
            if now - signs.at <= self._span.remembered:
                break
            del self._signs[who]
        self._lasted_before = max(now - self._begun, 1.0)
        self._epoch += 1
        self._begun = now
        return list(self._signs)

    def see(self, who: Who) -> Literal["again", "awaited", "new"]:
        """A sign: of somebody who gave one in this epoch already, or had been awaited, or not."""
        signs = self._signs.get(who)
        if signs is not None and signs.epoch == self._epoch:
            signs.many += 1
            return "again"
        known = signs is not None
        if signs is None:
            signs = self._signs[who] = _Signs()
        self._signs.move_to_end(who)
        signs.before = signs.many if signs.epoch == self._epoch - 1 else 0
        signs.epoch, signs.at, signs.many = self._epoch, self._begun, 1
        if known:
            return "awaited"
        if len(self._signs) > PRACTITIONERS_MAX:
            self._signs.popitem(last=False)
        return "new"

    def fallen(self, now: float) -> list[Who]:
        """Those whose signs became fewer in this epoch than in the last, most of all first."""
        lasted = max(now - self._begun, 1.0)
        fell = []
        for who, signs in self._signs.items():
            if signs.epoch == self._epoch:
                before, many = signs.before, signs.many
            elif signs.epoch == self._epoch - 1:
                before, many = signs.many, 0
            else:
                continue
            awaited = before * lasted / self._lasted_before
            if awaited > many:
                # In standard deviations of a Poisson count: whoever writes much varies more.
                fell.append(((many - awaited) / awaited**0.5, who))
        return [who for _, who in sorted(fell)]
