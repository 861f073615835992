"""A release whose application itself is at fault, so that there is no feature to suspend.

    with sabotaged(Running...) as (running, sabotage):
        sabotage.dies()      # the application ends in its start, whenever it is started
        sabotage.writes_wrongly()
        sabotage.mended()

The keeper runs the same files and none of this code: what is broken is broken in one process.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.running import Running, wait_until

GIVEN_UP_SECONDS_MAX = 150.0
BACK_SECONDS_MAX = 150.0
"""With restarts that wait longer each time, on a machine that does other things."""

_AT_START = """
import os, sys
fault = os.path.join(os.path.dirname(__file__), "fault")
if os.path.exists(fault) and "anamnesis.bootstrap.application" in sys.orig_argv:
    exec(open(fault).read())
"""
_DIES = "raise SystemExit(9)"
_WRITES_WRONGLY = """
import msgspec
from anamnesis.record import fold
plain = fold.RULES["note.write"]
def wrong(journaled, content, view):
    changed = msgspec.structs.replace(content.sections, conclusion="")
    return plain(journaled, msgspec.structs.replace(content, sections=changed), view)
fold.RULES["note.write"] = wrong
"""


class Sabotage:
    """What the application does from its next start on; a change has it started anew."""

    def __init__(self, running: Running, folder: Path) -> None:
        self._running = running
        self._fault = folder / "fault"

    def dies(self) -> None:
        """It ends in its start."""
        self._put(_DIES)

    def writes_wrongly(self) -> None:
        """It leaves out one section of every note, and sees nothing wrong in that."""
        self._put(_WRITES_WRONGLY)

    def mended(self) -> None:
        """It is as it ships."""
        self._fault.unlink()
        self._start_anew()

    def _put(self, fault: str) -> None:
        self._fault.write_text(fault, encoding="utf-8")
        self._start_anew()

    def _start_anew(self) -> None:
        if self._running.child("application") is not None:
            self._running.kill("application")

    def wait_mode(self, mode: str, seconds: float = GIVEN_UP_SECONDS_MAX) -> None:
        """Until the keeper says that it is in this mode."""
        wait_until(lambda: self._running.health().get("mode") == mode, f"{mode} mode", seconds, 0.2)


@contextmanager
def sabotaged(folder: Path) -> Iterator[tuple[Running, Sabotage]]:
    """A running Anamnesis whose application obeys the sabotage."""
    (folder / "sitecustomize.py").write_text(_AT_START, encoding="utf-8")
    with Running.started(environment={"PYTHONPATH": str(folder)}) as running:
        yield running, Sabotage(running, folder)
