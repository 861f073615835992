"""One keeper per journal."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from anamnesis.storage.lock import AlreadyHeld, hold

HOLD_IT = """
import sys
from pathlib import Path
from anamnesis.storage.lock import hold
with hold(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.lock"


def test_the_lock_says_who_holds_it(path: Path) -> None:
    with hold(path):
        assert path.read_text() == f"{os.getpid()}\n"
        assert path.stat().st_mode & 0o777 == 0o600


def test_a_second_holder_is_told_who_is_first(path: Path) -> None:
    with hold(path), pytest.raises(AlreadyHeld) as raised, hold(path):
        pass
    assert raised.value.pid == os.getpid()
    assert raised.value.code == "journal-in-use"
    assert f"Process {os.getpid()} already works on this journal" in str(raised.value)


def test_a_lock_that_was_let_go_can_be_held_again(path: Path) -> None:
    for _ in range(2):
        with hold(path):
            pass
    assert path.exists()


def test_an_error_while_holding_lets_go(path: Path) -> None:
    with pytest.raises(KeyError), hold(path):
        raise KeyError
    with hold(path):
        pass


def test_a_holder_that_is_killed_holds_nothing(path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD_IT, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(AlreadyHeld) as raised, hold(path):
            pass
        assert raised.value.pid == holder.pid
        holder.send_signal(signal.SIGKILL)
        holder.wait()
        with hold(path):
            assert path.read_text() == f"{os.getpid()}\n"


def test_a_lock_without_a_readable_pid_is_still_a_lock(path: Path) -> None:
    with hold(path):
        path.write_text("?")
        with pytest.raises(AlreadyHeld, match="Another process") as raised, hold(path):
            pass
    assert raised.value.pid is None
