"""One mutant's trial: a server of the changed tree, the story, two kills, and the verdict.

It ends as soon as the verdict is known: a server that does not start, or that takes no entry, has
told everybody.
"""

import asyncio
import html
import re
import shutil
import socket
import time
from collections.abc import Callable
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass, replace
from pathlib import Path

import apsw
import httpx

from anamnesis.journal.damage import JournalDamaged
from anamnesis.journal.verification import verify_journal
from anamnesis.receipt.checkpoint import VerificationKey
from anamnesis.record.store import RecordDamaged, RecordOutdated, RecordReader
from anamnesis.settings import Settings
from anamnesis.storage.sqlite.connection import FormatRefused
from anamnesis.storage.sqlite.journal import SqliteJournalReader
from tests.mutants.beside import side_by_side
from tests.mutants.device import SECTIONS, Content, Device, Kept, Seat, digest_of
from tests.mutants.oracle import (
    Finding,
    Loss,
    Notices,
    Witnessed,
    folded,
    journal_losses,
    judge,
    notices_of,
    read_as_ours,
    record_losses,
    shown_losses,
)
from tests.mutants.serving import Server
from tests.mutants.story import Story

START_SECONDS_MAX = 25.0
PART_SECONDS_MAX = 25.0
"""How long a part of the story may take until everything in it is recorded."""
GRACE_SECONDS = 12.0
"""How long a loss that nobody was told of may still be told, by the product's slower checks."""
SLOWER_WHEN_TRACED = 8.0
REFUSALS = (400, 401, 403)
"""Whoever reads is told that they may not, or ask wrongly: nobody takes that for an empty note."""
_TEXTAREA = re.compile(r'<textarea[^>]*\sname="(\w+)"[^>]*>\n?(.*?)</textarea>', re.DOTALL)
_UNREADABLE = (OSError, apsw.Error, RecordDamaged, RecordOutdated, FormatRefused)


@dataclass(frozen=True)
class World:
    """What every trial begins with: a folder with accounts and older notes, and its people."""

    template: Path
    settings: Settings
    seats: tuple[Seat, ...]
    older: tuple[tuple[int, str], ...]
    """Seat number and encounter of the notes that were there before."""
    key: VerificationKey


class Told(Exception):
    """Everybody was told: there is no need to go on."""


class Trial:
    """One run of the story on the tree under `overlay`, in a folder of its own."""

    def __init__(self, world: World, overlay: Path, folder: Path, seed: int, traced: bool) -> None:
        shutil.copytree(
            world.template, folder / "d", ignore=shutil.ignore_patterns("*.sock", "*.wake")
        )
        with socket.create_server(("127.0.0.1", 0)) as found:
            port = found.getsockname()[1]
        self._settings = replace(world.settings, data=folder / "d", port=port)
        self._world = world
        self._seed = seed
        self._slower = SLOWER_WHEN_TRACED if traced else 1.0
        self._server = Server(overlay, self._settings, folder, traced)
        self._kills = 0
        self._seen: Notices = Notices()

    def run(self) -> Finding:
        """The verdict."""
        self._server.start()
        try:
            return asyncio.run(self._run())
        finally:
            self._server.destroy()

    async def _run(self) -> Finding:
        async with httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{self._settings.port}", timeout=5.0 * self._slower
        ) as client:
            self._client = client
            try:
                await self._up(START_SECONDS_MAX)
            except Told as told:
                return Finding("killed-at-start", [str(told)])
            with ExitStack() as stack:
                self._journal = stack.enter_context(
                    closing(SqliteJournalReader(self._settings.journal))
                )
                return await self._told()

    async def _told(self) -> Finding:
        world = self._world
        witnessed = Witnessed(self._settings, self._journal)
        p0, p1, p2, p5 = (world.seats[number] for number in (0, 1, 2, 5))
        self._devices = [Device(seat, self._client, witnessed) for seat in (p0, p1, p1, p2, p5)]
        story = Story(self._devices, self._seed)
        working = [
            asyncio.create_task(work())
            for device in self._devices
            for work in (device.work, device.listen)
        ]
        try:
            why = await self._tell(story)
        except Told as told:
            why = str(told)
        finally:
            for task in working:
                task.cancel()
            await asyncio.gather(*working, return_exceptions=True)
        return await self._verdict(story, witnessed, why)

    async def _tell(self, story: Story) -> str:
        story.begin()
        await self._settled()
        await story.first()
        self._kill("keeper")
        await story.second()
        await self._settled()
        await self._up(PART_SECONDS_MAX)
        self._kill("application")
        await story.third()
        await self._settled()
        await self._up(PART_SECONDS_MAX)
        return ""

    def _kill(self, name: str) -> None:
        self._server.kill(name)
        self._kills += 1

    async def _settled(self) -> None:
        """Until all is recorded; raises Told if it does not come to that."""
        until = time.monotonic() + PART_SECONDS_MAX * self._slower
        while time.monotonic() < until:
            rows = [row for device in self._devices for row in device.rows.values()]
            if all(row.state in ("recorded", "refused", "outstanding") for row in rows):
                return
            if self._server.ended() is not None:
                raise Told("the server ended")
            await asyncio.sleep(0.02)
        raise Told("texts stay amber")

    async def _up(self, seconds: float) -> None:
        """Until keeper and application answer; raises Told if they do not."""
        until = time.monotonic() + seconds * self._slower
        while time.monotonic() < until:
            with suppress(httpx.HTTPError, ValueError, KeyError):
                health = (await self._client.get("/keep/health")).json()
                if health["application"] == "up":
                    return
            if self._server.ended() is not None:
                raise Told("the server ended")
            if len(self._server.processes("keeper")) > self._kills + 4:
                raise Told("the keeper does not stay up")
            await asyncio.sleep(0.03)
        raise Told("the server does not come up")

    async def _verdict(self, story: Story, witnessed: Witnessed, why: str) -> Finding:
        """Looks until what was lost is told, or the time for it is over; then stops the server."""
        until = time.monotonic() + GRACE_SECONDS * self._slower
        rows = [row for device in self._devices for row in device.rows.values()]
        while True:
            losses = journal_losses(rows, self._journal)
            notices = notices_of(self._devices, self._settings)
            notices.apart += [why] if why else []
            for device in self._devices:
                notices.listed(await device.outstanding(), self._journal)
            truth = folded(self._journal)
            losses += await self._readers(story, truth, notices)
            losses += self._record(truth, rows, notices)
            await self._health(notices)
            finding = judge(losses, witnessed.wrong, notices)
            waits = finding.verdict == "lost-silently" or (losses and not why)
            if not waits or time.monotonic() >= until:
                break
            await asyncio.sleep(0.5)
        self._server.stop()
        after = journal_losses(rows, self._journal) + self._record(
            folded(self._journal), rows, notices
        )
        return judge([*losses, *after], witnessed.wrong, self._verified(notices))

    def _record(self, truth: RecordReader, rows: list[Kept], notices: Notices) -> list[Loss]:
        try:
            with read_as_ours(self._settings.record) as record:
                beside = side_by_side(truth, record) - notices.encounters
                notices.encounters |= beside
                notices.apart += ["two texts side by side"] if beside else []
                return record_losses(truth, record, rows, self._journal)
        except _UNREADABLE as failure:
            # It can be made again from the journal, and until then nobody reads anything wrong.
            return [Loss(f"record: {type(failure).__name__}")]

    def _verified(self, notices: Notices) -> Notices:
        try:
            verify_journal(self._journal, self._world.key)
        except JournalDamaged as damaged:
            notices.apart.append(f"the journal does not verify: {damaged.code}")
        unexpected = len(self._server.processes("keeper")) - 2
        unexpected += len(self._server.processes("application")) - 2
        if unexpected > 0:
            notices.apart.append("processes ended and were started again")
        return notices

    async def _health(self, notices: Notices) -> None:
        answer = await self._devices[0].ask("GET", "/keep/health")
        if answer is None:
            notices.everything.append("the keeper does not answer")
            return
        health = answer.json()
        for part in ("application", "journal", "record", "audit"):
            if health.get(part) != "up":
                notices.everything.append(f"{part} is {health.get(part)}")
        for count in ("disagreements", "made_anew"):
            if health.get(count):
                notices.apart.append(f"health: {count}")

    async def _readers(self, story: Story, truth: RecordReader, notices: Notices) -> list[Loss]:
        """Every note as the keeper, the application's page and the interface give it."""
        losses: list[Loss] = []
        first = self._devices[0]
        older = [(first, encounter) for _, encounter in self._world.older]
        notes = older + [(device, one.id) for device, one in story.encounters]
        for device, encounter in notes:
            practice = device.seat.practice
            if truth.note(practice, encounter) is None:
                continue
            shown: dict[str, Content | None] = {}
            for way, path, read in _WAYS:
                answer = await device.ask("GET", path.format(encounter))
                if answer is None or answer.status_code >= 500 or answer.status_code in REFUSALS:
                    notices.encounters.add(encounter)  # an error is seen by whoever reads
                else:
                    shown[way] = read(answer)
            page = shown.get("the encounter's page")
            if page is not None:
                state = await device.witnessed(encounter, digest_of({"sections": page}))
                if state != "recorded":
                    notices.encounters.add(encounter)
            losses += shown_losses(truth, practice, encounter, shown)
        return losses


def _note(answer: httpx.Response) -> Content | None:
    try:
        sections: Content = answer.json()["sections"]
    except (ValueError, KeyError, TypeError):
        return None
    return sections


def _fields(answer: httpx.Response) -> Content | None:
    found = {name: html.unescape(text) for name, text in _TEXTAREA.findall(answer.text)}
    return {name: found.get(name, "") for name in SECTIONS} if found else None


_WAYS: tuple[tuple[str, str, Callable[[httpx.Response], Content | None]], ...] = (
    ("the keeper's note", "/keep/encounters/{}/note", _note),
    ("the interface's note", "/api/v1/encounters/{}/note", _note),
    ("the encounter's page", "/encounters/{}", _fields),
)
