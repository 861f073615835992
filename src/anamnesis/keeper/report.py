"""The pipe to supervision."""

import contextlib
import os


class Report:
    """The pipe to supervision: short lines, and silence means trouble."""

    def __init__(self, descriptor: int | None) -> None:
        self._descriptor = descriptor

    def say(self, line: str) -> None:
        """One line; supervision gone is not the keeper's trouble (the kernel ends it then)."""
        if self._descriptor is not None:
            with contextlib.suppress(OSError):
                os.write(self._descriptor, line.encode() + b"\n")
