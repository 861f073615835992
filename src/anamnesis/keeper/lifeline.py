"""Ties a child process to its parent: a killed supervisor leaves nobody behind."""

import contextlib
import ctypes
import os
import runpy
import signal
import sys

from anamnesis.keeper.exits import EXIT_ORPHANED

_PR_SET_PDEATHSIG = 1  # prctl(2)


def die_with(parent: int) -> None:
    """From now on the kernel kills this process when process `parent` ends, however it ends.

    Exits at once if it has ended already. Without this, an old application would go on beside
    a new one, and an old keeper would hold the journal. Linux only; elsewhere it does nothing.
    """
    if sys.platform.startswith("linux"):
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(EXIT_ORPHANED)


def leave_interrupts_to_parent() -> None:
    """Ctrl-C reaches every process of the terminal; only supervision decides what it means."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def main() -> None:
    """`python -m anamnesis.keeper.lifeline PARENT MODULE ...` runs MODULE as the program.

    The tie to the parent is there before anything slow is imported: a supervisor killed while
    its children start must not leave them holding the listening socket.
    """
    parent, module = int(sys.argv[1]), sys.argv[2]
    die_with(parent)
    leave_interrupts_to_parent()
    sys.argv = [module, *sys.argv[3:]]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
