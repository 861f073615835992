"""Password hashing with argon2id (RFC 9106), away from the event loop."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

HASHES_AT_ONCE_MAX = 2
"""Each hash takes 64 MiB and tens of milliseconds of a core."""
WAITING_MAX = 64
"""Sign-ins waiting for a hash; beyond, the answer is 429."""


class Busy(Exception):
    """Too many sign-ins are waiting already."""


class Passwords:
    """Hashes and checks passwords; an unknown login costs the same time as a known one."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher()
        self._threads = ThreadPoolExecutor(HASHES_AT_ONCE_MAX, "password")
        self._waiting = 0
        # Checked for logins that do not exist, so that an answer's delay tells nothing.
        self._nobody = self._hasher.hash("nobody has this password")

    def hash(self, password: str) -> str:
        """The argon2id hash of `password`, in PHC string form. Blocks for tens of milliseconds."""
        return self._hasher.hash(password)

    async def check(self, password_hash: str | None, password: str) -> bool:
        """Whether `password` is the one hashed; `None` stands for a login that does not exist."""
        if self._waiting >= WAITING_MAX:
            raise Busy
        self._waiting += 1
        try:
            loop = asyncio.get_running_loop()
            known = password_hash is not None
            target = password_hash if password_hash is not None else self._nobody
            right = await loop.run_in_executor(self._threads, self._verify, target, password)
            return right and known
        finally:
            self._waiting -= 1

    def close(self) -> None:
        """Lets the threads end."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _verify(self, password_hash: str, password: str) -> bool:
        try:
            return self._hasher.verify(password_hash, password)
        except (VerificationError, InvalidHashError):
            return False
