import errno

import apsw
import pytest

from anamnesis.bootstrap.refusal import StartRefused, explained
from anamnesis.journal.store import StoreFull
from anamnesis.keeper.exits import EXIT_STORE_REFUSED


@pytest.mark.parametrize(
    "failure",
    [
        OSError(errno.ENOSPC, "No space left on device"),
        NotADirectoryError(errno.ENOTDIR, "Not a directory"),
        apsw.FullError("database or disk is full"),
        apsw.ReadOnlyError("attempt to write a readonly database"),
        apsw.CantOpenError("unable to open database file"),
        apsw.IOError("disk I/O error"),
        StoreFull("full"),
    ],
    ids=lambda failure: type(failure).__name__,
)
def test_a_disk_that_takes_nothing_at_the_start_is_said_in_a_sentence(failure: Exception) -> None:
    with pytest.raises(StartRefused) as refused, explained():
        raise failure
    assert (refused.value.code, refused.value.exit_code) == (
        "data-directory-unwritable",
        EXIT_STORE_REFUSED,
    )
    assert "start again" in str(refused.value)


def test_an_error_nobody_foresaw_is_left_to_be_seen() -> None:
    with pytest.raises(ZeroDivisionError), explained():
        raise ZeroDivisionError
