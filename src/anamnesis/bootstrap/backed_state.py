"""What a backup keeps beside the journal: accounts, the audit trail, incidents, the rollout."""

import io
import tarfile
import tempfile
from contextlib import closing, suppress
from pathlib import Path
from typing import Final

import apsw

from anamnesis.settings import Settings
from anamnesis.storage.sqlite.connection import open_reader

STATE_FILES: Final = ("access.db", "incidents.db", "dispatches.db")
"""Databases beside the journal that cannot be made again from it."""
STATE_TEXTS: Final = ("rollout.json", "verification.key")


def packed_state(settings: Settings) -> bytes:
    """Accounts, incidents and the rollout as they are now, each database of one moment (tar)."""
    packed = io.BytesIO()
    with (
        tarfile.open(fileobj=packed, mode="w:gz", compresslevel=1) as tar,
        tempfile.TemporaryDirectory(prefix="state-", dir=settings.data) as folder,
    ):
        for name in STATE_FILES:
            if (settings.data / name).exists():
                _copy(settings.data / name, Path(folder) / name)
                tar.add(Path(folder) / name, name)
        for name in STATE_TEXTS:
            with suppress(FileNotFoundError):
                tar.add(settings.data / name, name)
    return packed.getvalue()


def _copy(source: Path, target: Path) -> None:
    """SQLite's own backup: whole, beside whoever writes."""
    with closing(open_reader(source)) as reading, closing(apsw.Connection(str(target))) as writing:
        with writing.backup("main", reading, "main") as copying:
            copying.step(-1)
        writing.pragma("journal_mode", "wal")


def put_state_back(settings: Settings, packed: bytes) -> None:
    """Puts these files into the data directory."""
    with tarfile.open(fileobj=io.BytesIO(packed)) as tar:
        for member in tar.getmembers():
            if member.isfile() and member.name in STATE_FILES + STATE_TEXTS:
                tar.extract(member, settings.data, filter="data")
