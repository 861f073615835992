"""What is done to the machine under the server: processes killed, disks full, gone or cut off."""

import asyncio
import fcntl
import os
import random
import resource
import shutil
import struct
import subprocess
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import apsw

from anamnesis.bootstrap.drill_happening import Unpaged
from anamnesis.bootstrap.drill_scene import NotPossible, Scene

KILLS: Final = 8
BETWEEN_KILLS_SECONDS: Final = (0.2, 1.5)
AWAY_SECONDS: Final = 5.0
"""How long a disk is full, locked or gone."""
DISK_MEBIBYTES: Final = 768
BALLAST: Final = "ballast"
LEFT_BYTES: Final = 65_536
"""Of a disk that is full: less than the next commit needs."""
CUT_AFTER_SECONDS: Final = (0.5, 3.0)
EXT4_IOC_SHUTDOWN: Final = 0x8004587D
"""linux/fs/ext4: stops the file system at once; 2 is without writing out its log."""
NO_LOG_FLUSH: Final = 2


class Struck(Unpaged):
    """A fault of the machine, in a task of its own."""

    def __init__(self, scene: Scene, strike: Callable[[Scene], Awaitable[None]]) -> None:
        self._scene = scene
        self._strike = strike
        self._task: asyncio.Task[None] | None = None

    async def begin(self) -> None:
        """Strikes."""
        self._scene.began = time.time()
        self._scene.seen.danger()
        self._task = asyncio.create_task(self._run())

    async def _run(self) -> None:
        await self._strike(self._scene)

    def over(self) -> bool:
        """It has ended; raises what went wrong in it."""
        if self._task is None or not self._task.done():
            return False
        self._task.result()
        return True


async def _kill(scene: Scene) -> None:
    """Keeper, application or everything, at random instants."""
    chance = random.Random(scene.plan.seed)  # noqa: S311 -- the same victims twice
    for _ in range(KILLS):
        await asyncio.sleep(chance.uniform(*BETWEEN_KILLS_SECONDS))
        victim = chance.choice(("keeper", "keeper", "application", "everything"))
        scene.say(f"kill -9: {victim}")
        if victim == "everything":
            scene.server.kill_all()
            scene.server.start()
        else:
            scene.server.kill("keeper" if victim == "keeper" else "application")
    await asyncio.to_thread(scene.server.wait_until_up)


async def _record_gone(scene: Scene) -> None:
    """The record's files are removed under the running server."""
    record = scene.settings.record
    for suffix in ("", "-wal", "-shm"):
        record.with_name(record.name + suffix).unlink(missing_ok=True)
    scene.say("record.db removed")


async def _record_full(scene: Scene) -> None:
    """The application can make no file larger, as on a full disk of its own."""
    until = time.monotonic() + AWAY_SECONDS
    scene.say("the application's disk is full")
    limited: set[int] = set()
    while time.monotonic() < until:
        pid = scene.server.child("application")
        if pid is not None and pid not in limited:
            with suppress(ProcessLookupError):
                _limit(pid, 1)
                limited.add(pid)
        await asyncio.sleep(0.05)
    for pid in limited:
        with suppress(ProcessLookupError):
            _limit(pid, resource.RLIM_INFINITY)
    scene.say("there is room again")


def _limit(pid: int, bytes_max: int) -> None:
    _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (bytes_max, hard))


async def _record_locked(scene: Scene) -> None:
    """Somebody at the machine holds the record's lock, and nothing can be written in it."""
    connection = apsw.Connection(str(scene.settings.record))
    connection.set_busy_timeout(2_000)
    connection.execute("BEGIN IMMEDIATE")
    scene.say("record.db cannot be written")
    await asyncio.sleep(AWAY_SECONDS)
    connection.execute("ROLLBACK")
    connection.close()
    scene.say("record.db can be written again")


async def _disk_full(scene: Scene) -> None:
    """Nobody can write anything."""
    ballast = scene.settings.data / BALLAST
    with ballast.open("wb") as file, suppress(OSError):
        free = shutil.disk_usage(ballast.parent).free
        os.posix_fallocate(file.fileno(), 0, max(1, free - LEFT_BYTES))
    scene.say(f"the disk is full: {shutil.disk_usage(ballast.parent).free} bytes left")
    await asyncio.sleep(AWAY_SECONDS)
    ballast.unlink()
    scene.say("there is room again")


async def _fsync_fails(scene: Scene) -> None:
    """The next flush of the keeper's is an error, whatever the disk really did."""
    for number in (1, 4):
        pid = scene.server.child("keeper")
        if pid is None:
            await asyncio.sleep(1.0)
            continue
        scene.say(f"flush {number} of the keeper fails (EIO)")
        inject = f"inject=fdatasync,fsync:error=EIO:when={number}"
        tracing = await asyncio.create_subprocess_exec(
            *("strace", "-f", "-qq", "-o", "/dev/null", "-p", str(pid)),
            *("-e", "trace=fdatasync,fsync", "-e", inject),
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            await asyncio.wait_for(tracing.wait(), AWAY_SECONDS)
            scene.say("the keeper has ended, as it must")
        except TimeoutError:
            tracing.terminate()
            await tracing.wait()
            scene.say("the keeper went on")
        await asyncio.sleep(1.0)


async def _power_cut(scene: Scene) -> None:
    """The file system stops at once; what was not flushed is gone; then everything starts again."""
    chance = random.Random(scene.plan.seed)  # noqa: S311 -- when it is cut
    await asyncio.sleep(chance.uniform(*CUT_AFTER_SECONDS))
    mounted = scene.settings.data.parent
    descriptor = os.open(mounted, os.O_RDONLY | os.O_DIRECTORY)
    scene.say("power is cut")
    fcntl.ioctl(descriptor, EXT4_IOC_SHUTDOWN, struct.pack("I", NO_LOG_FLUSH))
    os.close(descriptor)
    scene.server.kill_all()
    await asyncio.to_thread(_mounted_again, mounted)
    scene.say("power is back")
    scene.server.start()
    await asyncio.to_thread(scene.server.wait_until_up)


def _mounted_again(mounted: Path) -> None:
    image = mounted.with_suffix(IMAGE)
    for command in (("umount", mounted), ("mount", "-o", "loop", image, mounted)):
        _run(*map(str, command))


IMAGE: Final = ".img"


@contextmanager
def place(fault: str, folder: Path) -> Iterator[Path]:
    """Where the data directory may be made for this fault. Raises NotPossible."""
    disk = folder / "disk"
    if fault == "disk-full":
        with _mount(disk, "-t", "tmpfs", "-o", f"size={DISK_MEBIBYTES}m", "tmpfs"):
            yield disk
    elif fault == "power-cut":
        image = disk.with_suffix(IMAGE)
        with image.open("wb") as file:
            file.truncate(DISK_MEBIBYTES * 1_048_576)
        _run("mkfs.ext4", "-q", "-F", str(image))
        with _mount(disk, "-o", "loop", str(image)):
            yield disk
    else:
        yield folder


@contextmanager
def _mount(disk: Path, *options: str) -> Iterator[None]:
    disk.mkdir()
    _run("mount", *options, str(disk))
    try:
        yield
    finally:
        with suppress(NotPossible):
            _run("umount", "-l", str(disk))


def _run(*command: str) -> None:
    try:
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603 -- names above
    except (FileNotFoundError, subprocess.CalledProcessError):
        raise NotPossible("mount-refused") from None


STRIKES: Final[dict[str, Callable[[Scene], Awaitable[None]]]] = {
    "kill-9": _kill,
    "record-gone": _record_gone,
    "record-full": _record_full,
    "record-locked": _record_locked,
    "disk-full": _disk_full,
    "fsync-fails": _fsync_fails,
    "power-cut": _power_cut,
}
