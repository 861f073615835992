"""Drills on a copy of the system: the same opening for each, in a temporary folder."""

import asyncio
import copy
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import httpx
import msgspec

from anamnesis.bootstrap.drill_looking import Looking, Typed
from anamnesis.bootstrap.drill_machine import place
from anamnesis.bootstrap.drill_opening import Tell, open_the_day
from anamnesis.bootstrap.drill_report import after, steps_of
from anamnesis.bootstrap.drill_run import run
from anamnesis.bootstrap.drill_scene import NotPossible
from anamnesis.bootstrap.drill_server import Server
from anamnesis.drill.catalogue import Fault, Hole
from anamnesis.drill.plan import Plan
from anamnesis.drill.practitioners import Seat
from anamnesis.drill.report import Report, Watch
from anamnesis.settings import Settings
from anamnesis.storage.sqlite.connection import sync_directory

CHROMIUM: Final = Path(os.environ.get("ANAMNESIS_CHROMIUM", "/usr/bin/chromium"))
ORIGIN: Final = "drill.example"
WATCHED_SECONDS_MAX: Final = 120.0
"""How long what was lost may take to come back, once the protections are on."""
LOOKED_EVERY_SECONDS: Final = 0.25


class Opening(msgspec.Struct, frozen=True):
    """A data directory with everybody in it, to be copied for each run."""

    data: Path
    seats: list[Seat]
    folder: Path


@contextmanager
def opened(plan: Plan, tell: Tell) -> Iterator[Opening]:
    """Makes the opening that this plan's runs begin with, in a folder that is removed after."""
    with tempfile.TemporaryDirectory(prefix="anm-drill-") as folder:
        data = Path(folder) / "o"
        seats = open_the_day(_settings(data), plan, tell)
        yield Opening(data, seats, Path(folder))


def drill(opening: Opening, plan: Plan, tell: Tell) -> Report | Hole:
    """One run on a copy; a hole where this machine cannot. Raises FeatureNotFound, StartRefused."""
    try:
        _require(plan.what)
        with tempfile.TemporaryDirectory(dir=opening.folder) as folder, place(
            plan.fault, Path(folder)
        ) as there:  # fmt: skip
            data = there / "d"
            shutil.copytree(opening.data, data)
            os.sync()  # a drill does not measure how its own copy reaches the disk
            settings = replace(_settings(data), protected=plan.protected)
            with closing(Server(settings)) as server:
                server.start()
                server.wait_until_up()
                seats = copy.deepcopy(opening.seats)
                report = asyncio.run(run(plan, settings, seats, server, tell))
                if plan.concerned and not plan.protected:
                    watched = _watched(server, settings, opening.seats, report.lost, tell)
                    report = msgspec.structs.replace(report, watched=watched)
                return report
    except NotPossible as impossible:
        return Hole(plan.fault, impossible.why)


def _settings(data: Path) -> Settings:
    return Settings(data=data, origin=ORIGIN, port=0, sentinels=0.0).checked()


def _require(fault: Fault) -> None:
    """Raises NotPossible for what this machine lacks."""
    if "root" in fault.needs and os.geteuid() != 0:
        raise NotPossible("needs-root")
    if "strace" in fault.needs and shutil.which("strace") is None:
        raise NotPossible("needs-strace")
    if "browser" in fault.needs and not (find_spec("playwright") and CHROMIUM.exists()):
        raise NotPossible("needs-browser")


def _watched(server: Server, settings: Settings, seats: list[Seat], lost: int, tell: Tell) -> Watch:
    """Serves the same data with the protections: when it was found, stopped, all of it back."""
    server.stop()
    for suffix in ("", "-wal", "-shm"):
        path = settings.incidents.with_name(settings.incidents.name + suffix)
        path.unlink(missing_ok=True)  # written without protections, read by nobody
    sync_directory(settings.data)
    server.settings = replace(settings, protected=True)
    notes = [
        Typed(seat.device.practice, encounter, digest)
        for seat in seats
        for encounter, digest in seat.notes.items()
    ]
    begun = time.time()
    server.start()
    server.wait_until_up()
    back: float | None = None
    left = lost
    with closing(Looking(settings, 0)) as looking:
        while time.time() - begun < WATCHED_SECONDS_MAX:
            tell("watched", round(time.time() - begun), round(WATCHED_SECONDS_MAX))
            looked_at = time.time()
            if not looking.unreadable(notes) and not _listed(server):
                left = len(looking.wrong(notes))
                if not left:
                    back = looked_at - begun
                    break
            time.sleep(LOOKED_EVERY_SECONDS)
    steps, _ = steps_of(settings)
    return Watch(
        lost_before=lost,
        lost_after=left,
        detected_after=after(steps, begun, "found", "suspended"),
        suspended_after=after(steps, begun, "suspended", "safe-mode"),
        back_after=back,
    )


def _listed(server: Server) -> int:
    """Entries that the keeper still lists as shown wrongly."""
    try:
        health = httpx.get(f"{server.address}/keep/health", timeout=5.0).json()
    except httpx.HTTPError:
        return 1
    return int(health["disagreements"])
