"""The application gets ready while the keeper starts, and opens the journal after it only.

A keeper that opens a journal makes durable what its predecessor may have left unflushed; nobody
may record any of it before. What takes long, importing, does not have to wait for that.
"""

import os
import select
import sys

from anamnesis.keeper.exits import EXIT_ORPHANED


class Gate:
    """Shut until `open`; `descriptor` is for the processes that wait at it, and stays valid."""

    def __init__(self) -> None:
        self.descriptor, self._opening = os.pipe()
        self._is_open = False

    def open(self) -> None:
        """Lets everybody pass who waits or will wait."""
        if not self._is_open:
            self._is_open = True
            os.write(self._opening, b"!")


def wait_at(descriptor: int) -> None:
    """Returns once the gate is open; ends the process if whoever could open it is gone.

    The byte is not taken out, so that it is there for the next process as well.
    """
    waiting = select.poll()
    waiting.register(descriptor, select.POLLIN)
    [(_, events)] = waiting.poll()
    if not events & select.POLLIN:
        sys.exit(EXIT_ORPHANED)
