"""Waits as a histogram: every bucket 2 % wider than the one before, whatever their number."""

import math
from collections import Counter
from collections.abc import Iterable

_WIDER = math.log(1.02)


class Histogram:
    """How many waits fell into each bucket; a percentile is right to 1 %."""

    def __init__(self) -> None:
        self._counts: Counter[int] = Counter()

    @property
    def total(self) -> int:
        """How many waits there were."""
        return self._counts.total()

    def add(self, waits: Iterable[float]) -> None:
        """Waits in milliseconds."""
        self._counts.update(math.floor(math.log(max(wait, 0.001)) / _WIDER) for wait in waits)

    def percentile(self, percent: float) -> float:
        """The wait in milliseconds that so many percent were not longer than; 0 of none."""
        left = math.ceil(self.total * percent / 100)
        for bucket, count in sorted(self._counts.items()):
            left -= count
            if left <= 0:
                return math.exp((bucket + 0.5) * _WIDER)
        return 0.0
