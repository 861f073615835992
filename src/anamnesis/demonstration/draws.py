"""Chance with a seed: the same name of a draw gives the same draw, whatever was drawn before."""

import hashlib
import random
import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar

T = TypeVar("T")


class Draws:
    """A stream of draws of its own for each name, so that one more draw moves no other."""

    def __init__(self, seed: str) -> None:
        self.seed = seed
        self._random = random.Random(seed)

    def of(self, *name: object) -> "Draws":
        """The stream called `name` below this one."""
        return Draws("/".join([self.seed, *(str(part) for part in name)]))

    def chance(self, probability: float) -> bool:
        """True with this probability."""
        return self._random.random() < probability

    def pick(self, options: Sequence[T]) -> T:
        """One of `options`, all equally likely."""
        return options[self._random.randrange(len(options))]

    def some(self, options: Sequence[T], at_least: int, at_most: int) -> list[T]:
        """Some of `options`, in their order, without repetition."""
        many = min(len(options), self.between(at_least, at_most))
        kept = sorted(self._random.sample(range(len(options)), many))
        return [options[i] for i in kept]

    def shuffled(self, options: Sequence[T]) -> list[T]:
        """All of `options` in another order."""
        return self._random.sample(list(options), len(options))

    def weighted(self, options: Sequence[T], weights: Sequence[float]) -> T:
        """One of `options`, as likely as its weight."""
        return self._random.choices(options, weights=weights)[0]

    def between(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both included."""
        return self._random.randint(low, high)

    def around(self, mean: float, deviation: float) -> float:
        """A number of the normal distribution, never further than two deviations off."""
        return min(
            max(self._random.gauss(mean, deviation), mean - 2 * deviation), mean + 2 * deviation
        )

    def id_at(self, moment: datetime) -> str:
        """A UUIDv7 (RFC 9562) of this moment."""
        milliseconds = int(moment.timestamp() * 1000)
        chance = self._random.getrandbits(74)
        number = milliseconds << 80 | 7 << 76 | (chance >> 62) << 64 | 2 << 62
        return str(uuid.UUID(int=number | chance & (1 << 62) - 1))

    def fixed_id(self) -> str:
        """The version 8 UUID of this stream's name alone: always the same."""
        raw = bytearray(hashlib.sha256(self.seed.encode()).digest()[:16])
        raw[6] = raw[6] & 0x0F | 0x80
        raw[8] = raw[8] & 0x3F | 0x80
        return str(uuid.UUID(bytes=bytes(raw)))
