"""Devices that cannot send, are destroyed, and are declared lost: what only they held is gone.

The drill knows what that was; it asks whether the breach register says exactly the same.
"""

import asyncio
import time
from contextlib import closing
from typing import Any, Final

from anamnesis.bootstrap.drill_happening import DEVICES, Unpaged
from anamnesis.bootstrap.drill_scene import SAMPLED_EVERY_SECONDS, Scene
from anamnesis.drill.entries import Act, new_id, started
from anamnesis.drill.practitioners import Practitioner, Seat
from anamnesis.drill.report import Registered
from anamnesis.settings import Settings
from anamnesis.storage.sqlite.incidents import SqliteIncidentReader
from anamnesis.storage.sqlite.record import SqliteRecordReader

ENCOUNTERS: Final = 2
"""Notes that are begun on each device, and whose last text it alone has."""
REGISTERED_SECONDS_MAX: Final = 90.0
"""How long the register may take to say what was lost: it is looked at less and less often."""
INCIDENTS_MAX: Final = 100
LISTED_MAX: Final = 10_000

Lost = tuple[str, str | None]
"""What a finding names a number by, and its encounter."""


class Destroyed(Unpaged):
    """Some practitioners' second devices tell of what they hold, and are never heard of again."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._task: asyncio.Task[None] | None = None
        self._lost: dict[Lost, str] = {}
        self._practices: set[str] = set()

    async def begin(self) -> None:
        """They write, and nothing of it is sent any more."""
        self._scene.began = time.time()
        self._scene.seen.danger()
        self._task = asyncio.create_task(self._destroy())

    def over(self) -> bool:
        """All are destroyed, and declared lost."""
        return self._task is not None and self._task.done()

    async def lost(self) -> int:
        """The texts that the devices took along."""
        return len(self._lost)

    async def registered(self) -> Registered:
        """What the register says of them, as soon as it says as much or time is up."""
        until = time.monotonic() + REGISTERED_SECONDS_MAX
        while True:
            said = await asyncio.to_thread(self._said)
            if said.is_true or time.monotonic() > until:
                self._scene.say(f"the register says {said.registered} of {said.lost} lost")
                return said
            await asyncio.sleep(SAMPLED_EVERY_SECONDS * 10)

    async def _destroy(self) -> None:
        people = self._scene.people[-DEVICES:]
        tablets = [await self._written(one) for one in people]
        self._scene.say(f"{len(tablets)} devices destroyed with {len(self._lost)} texts")
        for one, tablet in zip(people, tablets, strict=True):
            await one.keep(await _loss(one, tablet))
        self._scene.say("each is declared lost by whoever it belonged to")

    async def _written(self, one: Practitioner) -> Practitioner:
        """A second device, on which the last texts of a few notes stay."""
        seat = Seat(one.seat.token, one.seat.csrf, one.seat.in_cohort, one.device.second())
        tablet = Practitioner(seat, self._scene.client, one.chance, self._scene.seen)
        self._scene.beside.append(tablet)
        notes: dict[str, str] = {}
        for encounter in (new_id() for _ in range(ENCOUNTERS)):
            await tablet.keep(started(encounter))
            notes[encounter] = await tablet.write(encounter, None)
        tablet.go_offline()
        for encounter, base in notes.items():
            digest = await tablet.write(encounter, base)
            name = f"device/{tablet.device.id}/declared/{tablet.device.sequence}"
            self._lost[name, encounter] = digest
            await tablet.tell(encounter)
        self._practices.add(tablet.device.practice)
        return tablet

    def _said(self) -> Registered:
        listed = _listed(self._scene.settings)
        same = listed == set(self._lost)
        return Registered(len(self._lost), _counted(self._scene.settings, self._practices), same)


async def _loss(one: Practitioner, tablet: Practitioner) -> Act:
    """The declaration that whoever owns it makes of what they are shown."""
    shown = await one.ask("/keep/devices")
    [held] = [device for device in shown["devices"] if device["device"] == tablet.device.id]
    members = ("sequence", "kind", "patient", "encounter", "typed_at", "sections")
    content: dict[str, Any] = {
        "id": tablet.device.id,
        "practitioner": held["practitioner"],
        "happened": "broken",
        "heard_at": held["heard_at"],
        "last_sequence": held["last_sequence"],
        "numbers": [{name: one[name] for name in members} for one in held["numbers"]],
    }
    return ("device-loss.write", content, None, None)


def _counted(settings: Settings, practices: set[str]) -> int:
    """Lost for good, as the entries of these practices' registers say."""
    with closing(SqliteRecordReader(settings.record)) as reader:
        entries = [
            entry.content["extent"]["lost"] or 0
            for practice in practices
            for entry in reader.practice_resources(practice, "breach")
        ]
    return sum(entries)


def _listed(settings: Settings) -> set[Lost]:
    """What the incidents list one by one as lost with a device."""
    with closing(SqliteIncidentReader(settings.incidents)) as reader:
        return {
            (found.entry, found.encounter)
            for incident in reader.incidents(INCIDENTS_MAX)
            for found in reader.discrepancies(incident.number, None, None, -1, LISTED_MAX)
            if found.code == "device-declared-lost" and found.righted_at is None
        }
