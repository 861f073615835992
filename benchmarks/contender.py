"""One server under load, whoever made it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from benchmarks.load import Check


@dataclass(frozen=True, slots=True)
class Contender:
    """A name for the tables, an address, and the saves that its clients send.

    `requests(clients, saves)`: for each client at least so many saves, ready to send. `rest` waits
    until it has done what it does after its answers.
    """

    name: str
    address: tuple[str, int]
    requests: Callable[[int, int], list[Iterator[bytes]]]
    check: Check
    clients: tuple[int, ...]
    rest: Callable[[], object] = lambda: None
