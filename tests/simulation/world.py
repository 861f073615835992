"""One seed, one life: practitioners who type while everything around them fails."""

import asyncio
import functools
import random
from collections import Counter
from collections.abc import Callable
from typing import NamedTuple

from anamnesis.access.session import Session
from anamnesis.keeper.push import Event
from anamnesis.receipt.canonical import digest_bytes
from anamnesis.storage.memory.journal import Fault
from tests.simulation.disk import FlushingJournal, JournalDisk, RecordFault
from tests.simulation.network import Network
from tests.simulation.oracle import Oracle, Wrong
from tests.simulation.page import Device, Surroundings, Tab
from tests.simulation.server import Server
from tests.simulation.time import BEGUN, VirtualClock, VirtualLoop
from tests.unit.journal.making import AUTHOR, PRACTICE, journal_over, submission, uuid

STEPS = (5, 45)
STEP_SECONDS = 0.6
"""Between two things that happen, on average."""
TABS_MAX = 3
QUIET_SECONDS = 90.0
"""After which everything must have come to rest, once nothing fails any more."""
COLLEAGUE = uuid(0xA0010)
PATIENTS = {uuid(0xA0100 + n): uuid(0xA0200 + n) for n in range(2)}
"""Each encounter's patient."""


class Life(NamedTuple):
    """What happened in it how often, and the digest of everything that was journaled."""

    counted: Counter[str]
    journal: str


@functools.cache
def founded() -> JournalDisk:
    """A journal with a practice, its two practitioners, and two encounters nobody wrote in yet."""
    nothing: dict[str, object] = dict.fromkeys(("given", "title", "specialty", "rpps"), "")
    contents: list[tuple[str, str | None, str | None, dict[str, object]]] = [
        ("practice.create", None, None, {"id": PRACTICE, "name": "Tilleuls"} | _blank("address")),
        ("practitioner.create", None, None, {**nothing, "id": AUTHOR, "family": "Morvan"}),
        ("practitioner.create", None, None, {**nothing, "id": COLLEAGUE, "family": "Adjovi"}),
    ]
    for encounter, patient in PATIENTS.items():
        names: dict[str, object] = {
            "birth_name": "Essai",
            "first_names": "Zoé",
            "birth_date": "1980-05-17",
        }
        person = {**names, "sex": "unknown"} | _blank("used_name", "birth_place", "address")
        contents.append(("patient.create", patient, None, person))
        started: dict[str, object] = {"started_at": "2026-11-23T07:59:00.000Z", "appointment": None}
        contents.append(("encounter.start", patient, encounter, started))
    disk = JournalDisk()
    group = [
        submission(n, kind=kind, patient=patient, encounter=encounter, content=content)
        for n, (kind, patient, encounter, content) in enumerate(contents, 1)
    ]
    journal_over(FlushingJournal(disk)).append(group)
    return disk


def _blank(*names: str) -> dict[str, object]:
    return dict.fromkeys((*names, "telephone"), "")


class Simulation:
    """Everything that a seed decides."""

    def __init__(self, seed: int, planted: str = "") -> None:
        self.draw = random.Random(seed)
        self.clock = VirtualClock()
        disk = founded().copy()
        self.server = Server(disk, self.draw, self.clock, planted, self.look, self.tell)
        self.oracle = Oracle(disk, self.server.record)
        self.network = Network(self.server, self.draw)
        around = Surroundings(
            self.server, self.network, self.oracle, self.draw, self.clock, PATIENTS, planted
        )
        authors = [AUTHOR, COLLEAGUE, AUTHOR]
        self.devices = [Device(around, _session(author)) for author in authors]
        self.happenings: list[tuple[int, Callable[[], None]]] = [
            (30, self.somebody_types),
            (2, self.somebody_signs),
            (4, self.a_tab_is_loaded_again),
            (3, self.a_tab_is_opened),
            (2, self.a_tab_is_killed),
            (4, self.a_device_goes_on_or_off_line),
            (1, self.a_device_loses_its_storage),
            (4, self.server.keeper_ends),
            (4, self.server.application_ends),
            (2, self.server.application_hangs_or_goes_on),
            (3, self.server.power_cut),
            (4, self.the_journals_disk_fails),
            (4, self.the_records_disk_fails),
            (2, self.server.keeper_dies_after_the_next_commit),
            (2, self.the_clock_jumps),
            (3, self.the_network_changes),
        ]

    async def live(self) -> Life:
        """Lives through it; raises Wrong."""
        weights, happenings = zip(*self.happenings, strict=True)
        self.server.begin()
        for device in self.devices:
            device.open(self.an_encounter())
        for _ in range(self.draw.randint(*STEPS)):
            [happening] = self.draw.choices(happenings, weights)
            self.oracle.counted[happening.__name__] += 1
            happening()
            self.look()
            await asyncio.sleep(self.draw.expovariate(1 / STEP_SECONDS))
            self.look()
        self.heal()
        await asyncio.sleep(QUIET_SECONDS)
        self.oracle.finally_right()
        if self.server.keeper is None or self.server.keeper.wrong():
            raise Wrong("keeper-disagrees")
        return Life(
            self.oracle.counted, digest_bytes(b"".join(map(b"".join, self.server.disk.rows)))
        )

    def heal(self) -> None:
        """From here on nothing fails."""
        self.network.loss = 0.0
        self.server.heal()
        for device in self.devices:
            device.online = True
            if not device.tabs:
                device.open(self.an_encounter())

    def look(self) -> None:
        self.oracle.look()

    def tell(self, event: Event) -> None:
        """An event on its way to those it concerns, one by one."""
        for device in self.devices:
            if event.name == "recorded" and event.author == device.session.practitioner:
                entry = str(event.data["entry"])
                if device.online and device.tabs and not self.network.loses():
                    self.server.soon(functools.partial(device.hear, entry))

    # What may happen.

    def somebody_types(self) -> None:
        if tab := self.a_tab():
            tab.type()

    def somebody_signs(self) -> None:
        if tab := self.a_tab():
            tab.sign()

    def a_tab_is_loaded_again(self) -> None:
        if tab := self.a_tab():
            tab.device.close(tab)
            tab.device.open(tab.encounter)

    def a_tab_is_opened(self) -> None:
        device = self.draw.choice(self.devices)
        if len(device.tabs) < TABS_MAX:
            device.open(self.an_encounter())

    def a_tab_is_killed(self) -> None:
        if tab := self.a_tab():
            tab.device.close(tab)

    def a_device_goes_on_or_off_line(self) -> None:
        device = self.draw.choice(self.devices)
        device.online = not device.online
        device.nudge()

    def a_device_loses_its_storage(self) -> None:
        self.draw.choice(self.devices).evict()

    def the_journals_disk_fails(self) -> None:
        self.server.disk.fault = self.draw.choice(list(Fault))

    def the_records_disk_fails(self) -> None:
        self.server.record.fault = self.draw.choice(list(RecordFault))

    def the_clock_jumps(self) -> None:
        self.clock.skew += self.draw.choice([-3600.0, -1.0, 1.0, 86_400.0])

    def the_network_changes(self) -> None:
        self.network.loss = self.draw.choice([0.0, 0.1, 0.5])
        self.network.delay = self.draw.choice([0.005, 0.05, 1.0])

    def a_tab(self) -> Tab | None:
        tabs = [tab for device in self.devices for tab in device.tabs]
        return self.draw.choice(tabs) if tabs else None

    def an_encounter(self) -> str:
        return self.draw.choice(list(PATIENTS))


def simulate(seed: int, planted: str = "") -> Life:
    """The life of this seed; raises Wrong, or whatever else went wrong in it."""
    loop = VirtualLoop()
    failures: list[BaseException] = []

    def failed(_loop: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
        failure = context.get("exception")
        failures.append(failure if isinstance(failure, BaseException) else Wrong(str(context)))

    async def living() -> Life:
        return await Simulation(seed, planted).live()

    loop.set_exception_handler(failed)
    try:
        life = loop.run_until_complete(living())
    finally:
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()
    if failures:
        raise failures[0]
    return life


def _session(practitioner: str) -> Session:
    return Session("session", "login", practitioner, PRACTICE, "Dr", BEGUN, BEGUN)
