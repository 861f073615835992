"""The exit codes of every process of the product (docs/reference/exit-codes.md)."""

import os

EXIT_OK = 0
EXIT_UNEXPECTED = 1
EXIT_SETTINGS_REFUSED = 10
EXIT_JOURNAL_HELD = 11
EXIT_PORT_TAKEN = 12
EXIT_JOURNAL_DAMAGED = 13
EXIT_WRONG_KEY = 14
EXIT_STORE_REFUSED = 15
EXIT_COMMAND_REFUSED = 16
EXIT_JOURNAL_POISONED = 20
EXIT_ORPHANED = 21
EXIT_RECORD_ABANDONED = 22

FINAL = frozenset(
    {
        EXIT_SETTINGS_REFUSED,
        EXIT_JOURNAL_HELD,
        EXIT_PORT_TAKEN,
        EXIT_JOURNAL_DAMAGED,
        EXIT_WRONG_KEY,
        EXIT_STORE_REFUSED,
    }
)
"""Starting again would end in the same way: supervision stops and passes the code on."""


def exit_now(code: int) -> None:
    """Ends the process from whatever thread found that it may not go on.

    Nothing is flushed or closed on purpose: no acknowledgement may leave any more, and what is
    on the disk is judged by recovery at the next start.
    """
    os._exit(code)
