"""What keeps a process from starting, as an exit code and a sentence."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import apsw

from anamnesis.access.account import AccountRefused
from anamnesis.backup.refusal import BackupRefused
from anamnesis.journal.damage import JournalDamaged
from anamnesis.journal.store import StoreFull, StorePoisoned
from anamnesis.keeper.exits import (
    EXIT_COMMAND_REFUSED,
    EXIT_JOURNAL_DAMAGED,
    EXIT_JOURNAL_HELD,
    EXIT_OK,
    EXIT_SETTINGS_REFUSED,
    EXIT_STORE_REFUSED,
    EXIT_WRONG_KEY,
)
from anamnesis.settings import SettingRefused
from anamnesis.storage.lock import AlreadyHeld
from anamnesis.storage.sqlite.connection import FormatRefused, SettingsRefused

_DISK = (apsw.FullError, apsw.ReadOnlyError, apsw.CantOpenError, apsw.IOError, OSError)


class StartRefused(Exception):
    """The process cannot start; `exit_code` is one of docs/reference/exit-codes.md."""

    def __init__(self, code: str, message: str, exit_code: int) -> None:
        super().__init__(message)
        self.code = code
        self.exit_code = exit_code


@contextmanager
def explained() -> Iterator[None]:
    """Turns what opening a data directory may raise into `StartRefused`."""
    try:
        yield
    except AlreadyHeld as held:
        raise StartRefused(held.code, str(held), EXIT_JOURNAL_HELD) from held
    except JournalDamaged as damaged:
        if damaged.detail.get("reason") == "wrong-key":
            raise StartRefused(
                "wrong-key",
                "signing.key, or the journal's name (--origin), is not the one this journal was "
                "signed with. Put the right one back; nothing was changed.",
                EXIT_WRONG_KEY,
            ) from damaged
        raise StartRefused(damaged.code, str(damaged), EXIT_JOURNAL_DAMAGED) from damaged
    except (SettingsRefused, FormatRefused) as refused:
        raise StartRefused(refused.code, str(refused), EXIT_STORE_REFUSED) from refused
    except (apsw.CorruptError, apsw.NotADBError) as damaged:
        raise StartRefused(
            "store-unreadable",
            "A database in the data directory is damaged; `anamnesis doctor` says which.",
            EXIT_JOURNAL_DAMAGED,
        ) from damaged
    except PermissionError as refused:
        raise StartRefused(
            "data-directory-refused",
            f"{refused.filename} may not be read or written by this account.",
            EXIT_STORE_REFUSED,
        ) from refused
    except (StoreFull, StorePoisoned, *_DISK) as refused:
        raise StartRefused(
            "data-directory-unwritable",
            "The disk of the data directory does not take what has to be written before starting "
            f"({_why(refused)}). Make room or make it writable, then start again; nothing is lost.",
            EXIT_STORE_REFUSED,
        ) from refused


def _why(refused: Exception) -> str:
    """The system's own words for it: they name files and errors, never content."""
    return refused.strerror or "" if isinstance(refused, OSError) else type(refused).__name__


def exit_code(program: Callable[[], object]) -> int:
    """The code that `program` returns, or that of its refusal, with a sentence on stderr."""
    try:
        code = program()
    except SettingRefused as refused:
        return _said(refused, EXIT_SETTINGS_REFUSED)
    except StartRefused as refused:
        return _said(refused, refused.exit_code)
    except (AccountRefused, BackupRefused) as refused:
        return _said(refused, EXIT_COMMAND_REFUSED)
    return code if isinstance(code, int) else EXIT_OK


def _said(refused: Exception, code: int) -> int:
    sys.stderr.write(f"anamnesis: {refused}\n")
    return code
