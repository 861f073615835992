"""A queue of dispatches in memory: what the contract suite holds beside the real one."""

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from anamnesis.incident.dispatch import (
    WAITING_MAX,
    Dispatch,
    DispatchRefused,
    QueueState,
    Standing,
    Waiting,
    check,
)


class MemoryDispatchStore:
    """A `DispatchStore`. One thread."""

    def __init__(self) -> None:
        self._dispatches: list[Dispatch] = []
        self._standings: list[Standing] = []
        self._attempted: dict[int, str] = {}
        self._failing: dict[int, str] = {}
        self._told: dict[str, int] = {}

    def enqueue(self, dispatches: Sequence[Dispatch], at: str) -> int:
        """How many are new; raises DispatchRefused."""
        return self.tell(dispatches, {}, at)

    def tell(self, dispatches: Sequence[Dispatch], told: Mapping[str, int], at: str) -> int:
        """Enqueues and remembers how much is told with it, all or nothing."""
        for one in dispatches:
            check(one)
        known = {(one.key, one.channel, one.to) for one in self._dispatches}
        new: dict[tuple[str, str, str], Dispatch] = {}
        for one in dispatches:
            if (one.key, one.channel, one.to) not in known:
                new.setdefault((one.key, one.channel, one.to), one)
        if new and len(self._waits()) + len(new) > WAITING_MAX:
            raise DispatchRefused("dispatches-too-many", "Too many dispatches wait already.")
        self._dispatches += new.values()
        self._standings += [
            Standing(one.channel, one.to, at, 0, None, None, None) for one in new.values()
        ]
        self._told |= told
        return len(new)

    def standings(self, key: str) -> list[Standing]:
        """What became of everything enqueued under this key."""
        both = zip(self._dispatches, self._standings, strict=True)
        return [standing for one, standing in both if one.key == key]

    def told(self, topic: str) -> int | None:
        """How much of this topic was enqueued already."""
        return self._told.get(topic)

    def waiting(self, limit: int) -> list[Waiting]:
        """What waits, in order of its enqueuing."""
        return [
            Waiting(number, one.channel, one.created_at, one.attempts, self._attempted.get(number))
            for number, one in self._waits()[:limit]
        ]

    def dispatch(self, number: int) -> Dispatch:
        """The content of one; raises KeyError."""
        if not 0 < number <= len(self._dispatches):
            raise KeyError(number)
        return self._dispatches[number - 1]

    def attempted(self, number: int, at: str) -> None:
        """It is about to be tried."""
        self._attempted[number] = at
        before = self._standings[number - 1]
        self._standings[number - 1] = replace(before, attempts=before.attempts + 1)

    def sent(self, number: int, at: str) -> None:
        """It was accepted."""
        self._standings[number - 1] = replace(self._standings[number - 1], sent_at=at)

    def failed(self, number: int, at: str, code: str) -> None:
        """It was not accepted, or nobody knows."""
        self._failing.setdefault(number, at)
        self._standings[number - 1] = replace(self._standings[number - 1], failure=code)

    def given_up(self, number: int, at: str) -> None:
        """It is not tried any more."""
        self._standings[number - 1] = replace(self._standings[number - 1], given_up_at=at)

    def state(self) -> QueueState:
        """What operators see."""
        waits = self._waits()
        failing = [number for number, one in waits if one.failure is not None]
        newest = max(failing, key=lambda number: self._attempted.get(number, ""), default=0)
        sent = [one.sent_at for one in self._standings if one.sent_at is not None]
        given_up = [one.given_up_at for one in self._standings if one.given_up_at is not None]
        return QueueState(
            waiting=len(waits),
            oldest_at=min((one.created_at for _, one in waits), default=None),
            failure=self._standings[newest - 1].failure if newest else None,
            failing_since=min((self._failing[number] for number in failing), default=None),
            sent=len(sent),
            sent_at=max(sent, default=None),
            given_up=len(given_up),
            given_up_at=max(given_up, default=None),
        )

    def close(self) -> None:
        """Nothing is held."""

    def _waits(self) -> list[tuple[int, Standing]]:
        return [
            (number, one)
            for number, one in enumerate(self._standings, 1)
            if one.sent_at is None and one.given_up_at is None
        ]
