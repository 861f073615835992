"""The rollout's file: written whole or not at all, and durable before anything follows from it."""

import os
from pathlib import Path

import msgspec
import structlog

from anamnesis.rollout.rollout import Rollout, decoded, encoded

_log = structlog.get_logger()


def publish(path: Path, rollout: Rollout) -> None:
    """Puts the rollout into force for every process that looks; raises OSError."""
    beside = path.with_name(path.name + ".next")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(encoded(rollout))
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    directory = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def published(path: Path) -> Rollout:
    """What is in force; no features where the file cannot be read, which is then kept aside."""
    try:
        return decoded(path.read_bytes())
    except FileNotFoundError:
        return Rollout()
    except msgspec.DecodeError:
        _log.error("rollout-unreadable", kept=path.name + ".unreadable")
        path.replace(path.with_name(path.name + ".unreadable"))
        return Rollout(mode="safe")
