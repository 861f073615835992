"""Where copies are kept: a folder, or a store that speaks S3. Nothing in it is ever overwritten."""

import os
from pathlib import Path
from typing import Final, Protocol

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from anamnesis.backup.refusal import BackupRefused

REQUEST_SECONDS_MAX: Final = 60
S3: Final = "s3://"


class Place(Protocol):
    """Keeps pieces by name. Raises BackupRefused `place-refused` where it cannot be reached."""

    def put(self, name: str, data: bytes) -> None:
        """Keeps a piece, durable when this returns."""
        ...

    def get(self, name: str) -> bytes:
        """A piece's bytes; BackupRefused `piece-missing` if there is none of the name."""
        ...

    def names(self, beginning: str) -> list[str]:
        """The names that begin so, in order."""
        ...


class Folder:
    """A folder of this machine, or of one that is mounted here."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def put(self, name: str, data: bytes) -> None:
        """Written beside, flushed, and put in place whole."""
        target = self._path / name
        try:
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            beside = target.with_name(target.name + ".part")
            descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(target)
            _sync(target.parent)
        except OSError as failure:
            raise _refused(f"{self._path}: {failure.strerror}") from failure

    def get(self, name: str) -> bytes:
        """A piece's bytes."""
        try:
            return (self._path / name).read_bytes()
        except FileNotFoundError:
            raise _missing(name) from None
        except OSError as failure:
            raise _refused(f"{self._path}: {failure.strerror}") from failure

    def names(self, beginning: str) -> list[str]:
        """The names that begin so, in order."""
        folder = self._path / beginning
        if not folder.is_dir():
            return []
        return sorted(
            f"{beginning}{one.name}" for one in folder.iterdir() if not one.name.endswith(".part")
        )


class Bucket:
    """A store that speaks S3. Credentials and endpoint come from the environment (`AWS_…`)."""

    def __init__(self, url: str) -> None:
        bucket, _, prefix = url.removeprefix(S3).partition("/")
        self._prefix = f"{prefix.rstrip('/')}/" if prefix else ""
        try:
            self._store = S3Store(
                bucket,
                client_options={
                    "timeout": f"{REQUEST_SECONDS_MAX}s",
                    "allow_http": os.environ.get("AWS_ENDPOINT_URL", "").startswith("http://"),
                },
            )
        except BaseError as failure:
            raise _refused(type(failure).__name__) from failure

    def put(self, name: str, data: bytes) -> None:
        """One object, whole or not at all."""
        try:
            obstore.put(self._store, self._prefix + name, data)
        except (BaseError, OSError) as failure:
            raise _refused(type(failure).__name__) from failure

    def get(self, name: str) -> bytes:
        """An object's bytes."""
        try:
            return bytes(obstore.get(self._store, self._prefix + name).bytes())
        except FileNotFoundError:
            raise _missing(name) from None
        except BaseError as failure:
            raise _refused(type(failure).__name__) from failure

    def names(self, beginning: str) -> list[str]:
        """The names that begin so, in order."""
        try:
            listed = obstore.list(self._store, self._prefix + beginning.rstrip("/")).collect()
        except (BaseError, OSError) as failure:
            raise _refused(type(failure).__name__) from failure
        return sorted(str(one["path"]).removeprefix(self._prefix) for one in listed)


def place_at(where: str) -> Place:
    """The place of this address: `s3://bucket/prefix`, or a folder's path."""
    return Bucket(where) if where.startswith(S3) else Folder(Path(where).expanduser().absolute())


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _refused(why: str) -> BackupRefused:
    return BackupRefused("place-refused", f"The backup's place cannot be used ({why}).")


def _missing(name: str) -> BackupRefused:
    return BackupRefused("piece-missing", f"The backup has no piece {name}.")
