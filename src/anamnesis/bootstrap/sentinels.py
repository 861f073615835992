"""Joins the sentinels' process: an ordinary client of the front door, seated by the keeper."""

import asyncio
import os
import sys
from pathlib import Path
from typing import Any, Final

import httpx
import msgspec
import structlog

from anamnesis.bootstrap.logs import log_to_stderr
from anamnesis.bootstrap.refusal import exit_code
from anamnesis.keeper.control import Command, command
from anamnesis.rollout.rollout import Rollout, decoded
from anamnesis.rollout.walked import Walked
from anamnesis.sentinel.door import ANSWER_SECONDS_MAX, Interrupted, Seat
from anamnesis.sentinel.memory import Memory
from anamnesis.sentinel.rounds import Rounds
from anamnesis.settings import Settings, chosen

POLITENESS: Final = 10
"""Added to the process's niceness (nice(2)): a practitioner always goes first."""

_log = structlog.get_logger()


async def walk(settings: Settings, door: str) -> None:
    """Walks round after round until cancelled."""

    async def asked(what: Command) -> dict[str, Any]:
        return await command(settings.control_socket, what)

    async def take_seat(feature: str) -> Seat:
        try:
            answer = await asked(Command(seat=feature))
            return msgspec.convert(answer["seat"], Seat)
        except (OSError, KeyError, msgspec.DecodeError, msgspec.ValidationError):
            raise Interrupted from None

    async def report(walked: Walked) -> None:
        answer = await asked(Command(walked=walked))
        if "sentinels" not in answer:
            raise OSError(answer.get("code", "not-heard"))

    async with httpx.AsyncClient(base_url=door, timeout=ANSWER_SECONDS_MAX) as client:
        await Rounds(
            client,
            lambda: _published(settings.rollout),
            take_seat,
            report,
            _remembered(settings.sentinel_notes),
            lambda memory: _remember(settings.sentinel_notes, memory),
            settings.sentinels,
        ).run()


def _published(path: Path) -> Rollout:
    try:
        return decoded(path.read_bytes())
    except (FileNotFoundError, msgspec.DecodeError):
        return Rollout()  # the keeper's to say what is wrong with it


def _remembered(path: Path) -> Memory:
    try:
        return msgspec.json.decode(path.read_bytes(), type=Memory)
    except (OSError, msgspec.DecodeError) as failure:
        if not isinstance(failure, FileNotFoundError):
            _log.warning("sentinels-forgot", failure=type(failure).__name__)
        return Memory()


def _remember(path: Path, memory: Memory) -> None:
    """Written whole; a disk that takes nothing costs what they know, and no more."""
    beside = path.with_name(path.name + ".next")
    try:
        beside.write_bytes(msgspec.json.encode(memory))
        beside.replace(path)
    except OSError as failure:
        _log.warning("sentinels-forget", failure=type(failure).__name__)


def run_sentinels(settings: Settings, door: str) -> int:
    """The sentinels' process under supervision; ends only by being ended."""
    log_to_stderr("sentinels")
    os.nice(POLITENESS)
    asyncio.run(walk(settings, door))
    return 0


def main() -> None:
    """`python -m anamnesis.bootstrap.sentinels DOOR`, by supervision only."""
    sys.exit(exit_code(lambda: run_sentinels(chosen(os.environ), sys.argv[1])))


if __name__ == "__main__":
    main()
