"""A disk of its own whose power can be cut: ext4 in a file, on a loop device.

The cut is the file system's own shutdown (EXT4_IOC_SHUTDOWN without flushing its journal): from
that instant nothing reaches the device any more, as when the machine goes dark. What is found after
mounting again is what had been flushed, and whatever the kernel had happened to write by then.
"""

import fcntl
import os
import re
import struct
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SHUTDOWN = 0x8004587D  # EXT4_IOC_SHUTDOWN, _IOR('X', 125, __u32)
NO_FLUSH = struct.pack("I", 2)  # EXT4_GOING_FLAGS_NOLOGFLUSH
UNMOUNT_SECONDS_MAX = 30.0
ATTACH_TRIES = 10
ATTACH_AGAIN_AFTER_SECONDS = 0.2
LOOP_CONTROL = Path("/dev/loop-control")
CAP_SYS_ADMIN = 21
NEEDS = (
    "Cutting the power of a disk needs root (in a container: --privileged) and /dev/loop-control;"
    " mkfs.ext4, mount and umount come with Debian's e2fsprogs and mount."
)


def has_rights() -> bool:
    """Whether this process may have a disk of its own: whoever may and cannot has a failed test."""
    status = Path("/proc/self/status")
    if not status.exists() or not os.access(LOOP_CONTROL, os.R_OK | os.W_OK):
        return False
    effective = re.search(r"\nCapEff:\s*([0-9a-f]+)\n", status.read_text(encoding="ascii"))
    return effective is not None and bool(int(effective[1], 16) >> CAP_SYS_ADMIN & 1)


class LoopDisk:
    """`mount` is where its files are; `image` is the device, on the machine's own disk."""

    def __init__(self, folder: Path, megabytes: int = 256) -> None:
        self.image = folder / "disk.img"
        self.mount = folder / "mnt"
        self.mount.mkdir()
        with self.image.open("wb") as file:
            file.truncate(megabytes * 1024 * 1024)
        run("mkfs.ext4", "-q", "-F", "-m", "0", str(self.image))
        self.attach()

    def attach(self) -> None:
        """Mounts it, again where somebody else took the free device first."""
        for left in reversed(range(ATTACH_TRIES)):
            try:
                return run("mount", "-o", "loop", str(self.image), str(self.mount))
            except OSError:
                if not left:
                    raise
                time.sleep(ATTACH_AGAIN_AFTER_SECONDS)
        return None

    def detach(self) -> None:
        """Takes the disk away, as soon as nobody holds a file of it any more."""
        deadline = time.monotonic() + UNMOUNT_SECONDS_MAX
        if not os.path.ismount(self.mount):
            return
        while subprocess.run(["umount", self.mount], check=False, capture_output=True).returncode:
            assert time.monotonic() < deadline, "the disk is still held by a process"
            time.sleep(0.02)

    def cut(self) -> None:
        """The power fails. Returns once it is off; processes are left to find out."""
        cut_power(self.mount)

    def power_on(self) -> None:
        """Mounts it again; the file system's own recovery runs."""
        self.detach()
        self.attach()


def cut_power(mount: Path) -> None:
    """Shuts the file system at `mount` down."""
    descriptor = os.open(mount, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.ioctl(descriptor, SHUTDOWN, NO_FLUSH)
    finally:
        os.close(descriptor)


@contextmanager
def loop_disk(megabytes: int = 256) -> Iterator[LoopDisk]:
    """A disk for one test. Its folder is short, because socket paths must be."""
    assert has_rights(), NEEDS
    with tempfile.TemporaryDirectory(prefix="anm-") as name:
        disk = LoopDisk(Path(name), megabytes)
        try:
            yield disk
        finally:
            disk.detach()


def run(*command: str) -> None:
    try:
        subprocess.run(command, check=True, capture_output=True, text=True)
    except subprocess.CalledProcessError as failed:
        raise OSError(f"{command[0]}: {failed.stderr.strip()} {NEEDS}") from failed
