"""What every trial begins with, made once by the unchanged product: people, and older notes."""

import asyncio
import socket
import time
from dataclasses import replace
from pathlib import Path

import httpx

from anamnesis.bootstrap.drill_opening import open_the_day
from anamnesis.drill.plan import PLATFORM, Plan
from anamnesis.receipt.checkpoint import VerificationKey
from anamnesis.settings import Settings
from tests.mutants.device import Device, Seat
from tests.mutants.serving import Server
from tests.mutants.story import Story
from tests.mutants.trial import World

PEOPLE = 6
READY_SECONDS_MAX = 60.0


def make_world(overlay: Path, folder: Path) -> World:
    """A data folder under `folder` with six practitioners of two practices and their notes."""
    settings = Settings(data=folder / "d", origin="mutants.example", port=0, sentinels=0.0)
    settings = settings.checked()
    plan = Plan(scale=PEOPLE / PLATFORM)
    opened = open_the_day(settings, plan, lambda _stage, _done, _total: None)
    seats = tuple(
        Seat(one.token, one.csrf, one.device.practice, one.device.practitioner) for one in opened
    )
    key = VerificationKey.parse(settings.verification_key.read_text(encoding="utf-8").strip())
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = found.getsockname()[1]
    server = Server(overlay, replace(settings, port=port), folder, traced=False)
    server.start()
    try:
        older = asyncio.run(_older(f"http://127.0.0.1:{port}", seats))
    finally:
        server.stop()
    return World(settings.data, settings, seats, older, key)


async def _older(address: str, seats: tuple[Seat, ...]) -> tuple[tuple[int, str], ...]:
    async with httpx.AsyncClient(base_url=address, timeout=10.0) as client:
        people = [Device(seats[n], client, lambda _row: None) for n in (0, 1, 1, 2, 5)]
        story = Story(people, seed=0)
        working = [asyncio.create_task(device.work()) for device in people]
        story.begin()
        await story.first()
        await _recorded(people)
        for task in working:
            task.cancel()
        await asyncio.gather(*working, return_exceptions=True)
        mine = [(0, one.id) for device, one in story.encounters if device is story.p0]
        return tuple(mine)


async def _recorded(people: list[Device]) -> None:
    until = time.monotonic() + READY_SECONDS_MAX
    while any(row.state != "recorded" for one in people for row in one.rows.values()):
        assert time.monotonic() < until, "the unchanged server does not record"
        await asyncio.sleep(0.05)
