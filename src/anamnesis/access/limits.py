"""How often somebody may try to sign in, by login and by address."""

from collections import OrderedDict, deque

WINDOW_SECONDS = 300.0
TRIES_PER_LOGIN_MAX = 10
"""Failed tries for one login within the window."""
TRIES_PER_ADDRESS_MAX = 60
"""Failed tries from one address within the window: a practice often shares one address."""
REMEMBERED_MAX = 10_000
"""Logins and addresses remembered; beyond, the one quiet for longest is forgotten."""


class SignInLimits:
    """Counts failed tries in a sliding window; success forgives the login its failures."""

    def __init__(self) -> None:
        self._failures: OrderedDict[str, deque[float]] = OrderedDict()

    def wait(self, login: str, address: str, now: float) -> float:
        """Seconds until another try is allowed, 0.0 if it is allowed at `now` (monotonic)."""
        return max(
            self._wait(f"login {login}", TRIES_PER_LOGIN_MAX, now),
            self._wait(f"address {address}", TRIES_PER_ADDRESS_MAX, now),
        )

    def tried(self, login: str, address: str, now: float) -> None:
        """Counts one try as failed, before it is known: tries at the same time all count."""
        for key in (f"login {login}", f"address {address}"):
            self._failures.setdefault(key, deque()).append(now)
            self._failures.move_to_end(key)
        while len(self._failures) > REMEMBERED_MAX:
            self._failures.popitem(last=False)

    def succeeded(self, login: str, address: str) -> None:
        """The try was none: its owner has shown the password, and is forgiven earlier ones."""
        self._failures.pop(f"login {login}", None)
        from_there = self._failures.get(f"address {address}")
        if from_there:
            from_there.pop()

    def _wait(self, key: str, tries_max: int, now: float) -> float:
        failures = self._failures.get(key)
        if failures is None:
            return 0.0
        while failures and failures[0] <= now - WINDOW_SECONDS:
            failures.popleft()
        if not failures:
            del self._failures[key]
        if len(failures) < tries_max:
            return 0.0
        return failures[-tries_max] + WINDOW_SECONDS - now
