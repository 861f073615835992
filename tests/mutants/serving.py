"""A real server of a changed source tree, in processes that are forked instead of started.

Importing what the product depends on takes ten times as long as importing the product. This
process has imported it all; a fork forgets the product's own modules and imports those of the
changed tree. The server's processes fork theirs in the same way, and otherwise know no difference.
"""

import asyncio
import ctypes
import importlib
import os
import runpy
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import FrameType
from typing import Any

from anamnesis.settings import Settings

PR_SET_PDEATHSIG = 1
STOP_SECONDS_MAX = 8.0

Tracer = Callable[[FrameType, str, object], Any]


class Forked:
    """What supervision needs of an `asyncio.subprocess.Process`."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._ended: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._descriptor = os.pidfd_open(pid)
        asyncio.get_running_loop().add_reader(self._descriptor, self._reap)

    def _reap(self) -> None:
        asyncio.get_running_loop().remove_reader(self._descriptor)
        os.close(self._descriptor)
        self.returncode = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        self._ended.set_result(self.returncode)

    async def wait(self) -> int:
        """Until it has ended; its exit code."""
        return await asyncio.shield(self._ended)

    def send_signal(self, number: signal.Signals) -> None:
        """Sends it a signal; raises ProcessLookupError."""
        if self.returncode is not None:
            raise ProcessLookupError
        os.kill(self.pid, number)


class Server:
    """`anamnesis serve` of the tree under `overlay`, on the data of `settings`.

    `folder` gets what the processes print, and which processes there were.
    """

    def __init__(self, overlay: Path, settings: Settings, folder: Path, traced: bool) -> None:
        self._overlay = overlay
        self._settings = settings
        self._folder = folder
        self._traced = traced
        self._pid = 0

    def start(self) -> None:
        """Forks it. Nothing of this process may wait or run beside it yet: no thread, no loop."""
        pid = os.fork()
        if pid:
            self._pid = pid
            return
        parent = os.getppid()
        try:
            ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
            if os.getppid() != parent:
                os._exit(1)
            os.setsid()
            printed = os.open(self._folder / "printed", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
            os.dup2(printed, 1)
            os.dup2(printed, 2)
            os.environ.update(self._settings.environment())
            asyncio.create_subprocess_exec = self._exec  # type: ignore[assignment]
            _become(self._overlay, ["-m", "anamnesis.cli", "serve"], self._trace())
        finally:
            os._exit(70)

    async def _exec(
        self, *command: str, env: Mapping[str, str], pass_fds: Sequence[int] = ()
    ) -> Forked:
        """Stands in for `asyncio.create_subprocess_exec` in the server's first process."""
        pid = os.fork()
        if pid:
            with (self._folder / "processes").open("a", encoding="utf-8") as file:
                file.write(f"{_module_of(command)} {pid}\n")
            return Forked(pid)
        open_now = os.listdir("/proc/self/fd")  # noqa: PTH208 -- names, before any is closed
        try:
            asyncio.events._set_running_loop(None)
            signal.set_wakeup_fd(-1)
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, signal.SIG_DFL)
            for name in open_now:
                if int(name) > 2 and int(name) not in pass_fds:
                    try:
                        os.close(int(name))
                    except OSError:
                        continue
            os.environ.clear()
            os.environ.update(env)
            _become(self._overlay, list(command[1:]), self._trace())
        finally:
            os._exit(71)

    def _trace(self) -> Tracer | None:
        return _lines_to(self._folder / "lines", self._overlay) if self._traced else None

    def processes(self, name: str) -> list[int]:
        """The process ids that `keeper` or `application` had so far, the last one last."""
        try:
            lines = (self._folder / "processes").read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return []
        pairs = [line.split() for line in lines]
        return [int(pid) for module, pid in pairs if module.endswith(f".{name}")]

    def kill(self, name: str) -> None:
        """kill -9 of the one that runs now, if one does."""
        found = self.processes(name)
        if found:
            try:
                os.kill(found[-1], signal.SIGKILL)
            except ProcessLookupError:
                return

    def ended(self) -> int | None:
        """The exit code of the whole, None while it runs."""
        pid, status = os.waitpid(self._pid, os.WNOHANG)
        return os.waitstatus_to_exitcode(status) if pid else None

    def printed(self) -> str:
        """What its processes printed."""
        return (self._folder / "printed").read_text(encoding="utf-8", errors="replace")

    def stop(self) -> None:
        """Asks it to stop, waits, and kills what is left of it."""
        try:
            os.kill(self._pid, signal.SIGTERM)
            until = time.monotonic() + STOP_SECONDS_MAX
            while time.monotonic() < until:
                if self.ended() is not None:
                    return
                time.sleep(0.01)
        except (ProcessLookupError, ChildProcessError):
            return
        self.destroy()

    def destroy(self) -> None:
        """Kills it; the kernel kills its children with it."""
        try:
            os.kill(self._pid, signal.SIGKILL)
            os.waitpid(self._pid, 0)
        except (ProcessLookupError, ChildProcessError):
            return


def _module_of(command: Sequence[str]) -> str:
    return next(part for part in command if part.startswith("anamnesis.bootstrap."))


def _become(overlay: Path, command: list[str], trace: Tracer | None) -> None:
    """Runs `-m module arguments` as a new interpreter on the changed tree would; never returns."""
    code = 1
    try:
        for name in [one for one in sys.modules if one.partition(".")[0] in ("anamnesis", "tests")]:
            del sys.modules[name]
        sys.path.insert(0, str(overlay))
        sys.dont_write_bytecode = True
        importlib.invalidate_caches()
        sys.argv = command[1:]
        if trace is not None:
            threading.settrace(trace)
            sys.settrace(trace)
        runpy.run_module(command[1], run_name="__main__", alter_sys=True)
        code = 0
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except BaseException:  # noqa: BLE001 -- as an interpreter does with what nobody caught
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _lines_to(file: Path, overlay: Path) -> Tracer:
    """A tracer that writes `path:line` of each line of the tree, once, as soon as it has run."""
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    top = f"{overlay}/anamnesis/"
    seen: set[tuple[str, int]] = set()

    def trace(frame: FrameType, event: str, _argument: object) -> Any:
        path = frame.f_code.co_filename
        if not (path.startswith(top) and path.endswith(".py")):  # templates run too, compiled
            return None
        if event == "line":
            place = (path, frame.f_lineno)
            if place not in seen:
                seen.add(place)
                os.write(descriptor, f"{path[len(top) :]}:{frame.f_lineno}\n".encode())
        return trace

    return trace


def preload() -> None:
    """Imports everything that a server imports, so that its forks have it."""
    for name in (
        "anamnesis.cli",
        "anamnesis.bootstrap.keeper",
        "anamnesis.bootstrap.application",
        "anamnesis.keeper.lifeline",
    ):
        importlib.import_module(name)


def overlay_of(source: Path, overlay: Path) -> None:
    """Copies the tree, with what is compiled of it already."""
    subprocess.run(
        ["cp", "-a", "--reflink=auto", str(source), str(overlay / "anamnesis")], check=True
    )
