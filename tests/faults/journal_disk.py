"""A disk that fails when it is told to, and remembers what it had really been made to keep."""

import random
from collections.abc import Callable
from pathlib import Path

import apsw

from anamnesis.storage.sqlite.connection import write_again

Op = tuple[str, str]  # what was done ("sync", "write", "truncate") to which file


class DiskFile(apsw.VFSFile):
    """Passes everything on, unless the disk says that this is where it fails."""

    def __init__(self, disk: "Disk", name: str, flags: list[int]) -> None:
        self._disk = disk
        self._name = Path(name).name
        super().__init__("", name, flags)
        disk.opened(self._name, Path(name))

    def xWrite(self, data: bytes, offset: int) -> None:
        self._disk.on("write", self._name)
        super().xWrite(data, offset)
        self._disk.wrote(self._name, offset, bytes(data))

    def xSync(self, flags: int) -> None:
        try:
            self._disk.on("sync", self._name)
        except apsw.Error:
            self._disk.marked_clean(self._name)
            raise
        if self._disk.skip_syncs:
            return
        super().xSync(flags)
        self._disk.synced(self._name)

    def xTruncate(self, size: int) -> None:
        self._disk.on("truncate", self._name)
        super().xTruncate(size)
        self._disk.cut(self._name, size)


class Disk(apsw.VFS):
    """A file system over the real one. `strike` is asked before each operation and may raise.

    For every file it keeps what the last sync covered and each change since, so that `image` can
    show the disk as a power cut might leave it. A sync that fails is the last that is heard of the
    changes before it, unless they are written again: Linux marks such pages clean.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.operations: list[Op] = []
        self.strike: Callable[[int, Op], None] = lambda number, operation: None
        self.skip_syncs = False
        """Whether a sync says that it was done, and nothing is."""
        self._durable: dict[str, bytes] = {}
        self._since: dict[str, list[tuple[int, bytes | None]]] = {}
        self._clean: dict[str, list[tuple[int, bytes | None]]] = {}
        super().__init__(name, "")

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> apsw.VFSFile:
        path = name.filename() if isinstance(name, apsw.URIFilename) else name
        if path is None or str(path).endswith("-shm"):
            return apsw.VFSFile("", name, flags)
        return DiskFile(self, str(path), flags)

    def xDelete(self, filename: str, syncdir: bool) -> None:
        super().xDelete(filename, syncdir)
        self._durable.pop(Path(filename).name, None)

    def on(self, what: str, name: str) -> None:
        self.operations.append((what, name))
        self.strike(len(self.operations), (what, name))

    def opened(self, name: str, path: Path) -> None:
        if name not in self._durable:
            self._durable[name] = path.read_bytes()
            self._since[name] = []
            self._clean[name] = []

    def wrote(self, name: str, offset: int, data: bytes) -> None:
        self._since[name].append((offset, data))

    def cut(self, name: str, size: int) -> None:
        self._since[name].append((size, None))

    def synced(self, name: str) -> None:
        self._durable[name] = _applied(self._durable[name], self._since[name])
        self._since[name] = []
        self._clean[name] = []

    def marked_clean(self, name: str) -> None:
        self._clean[name] += self._since[name]
        self._since[name] = []

    def written_again(self, path: Path) -> None:
        """What `write_again` does goes past SQLite, and so past this."""
        write_again(path)
        self._durable[path.name] = path.read_bytes()
        self._since[path.name] = []
        self._clean[path.name] = []

    def image(self, directory: Path, chance: random.Random, kept: float) -> Path:
        """The files after a power cut: of what was not synced, this share is there all the same."""
        directory.mkdir(parents=True)
        for name, durable in self._durable.items():
            unsynced = self._clean[name] + self._since[name]
            lucky = [change for change in unsynced if chance.random() < kept]
            (directory / name).write_bytes(_applied(durable, lucky))
        return directory


def _applied(content: bytes, changes: list[tuple[int, bytes | None]]) -> bytes:
    image = bytearray(content)
    for offset, data in changes:
        if data is None:
            del image[offset:]
            continue
        if len(image) < offset:
            image.extend(bytes(offset - len(image)))
        image[offset : offset + len(data)] = data
    return bytes(image)


def failing(kind: type[apsw.Error], code: int) -> apsw.Error:
    error = kind("the disk failed because a test said so")
    error.extendedresult = code  # type: ignore[attr-defined]
    return error


def io_error_of(what: str) -> apsw.Error:
    codes = {
        "sync": apsw.SQLITE_IOERR_FSYNC,
        "write": apsw.SQLITE_IOERR_WRITE,
        "truncate": apsw.SQLITE_IOERR_TRUNCATE,
    }
    return failing(apsw.IOError, codes[what])


def full() -> apsw.Error:
    return failing(apsw.FullError, apsw.SQLITE_FULL)
