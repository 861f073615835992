"""The thread that opens entries of the breach register from incidents, and keeps their facts true.

It reads incidents and the record, decides nothing (incident/opening.py does), and has the keeper
journal what follows.
"""

import asyncio
import threading
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import structlog

from anamnesis.clinical.breach import PLATFORM, Breach, Role
from anamnesis.incident.extent import Affected, altogether, by_practice
from anamnesis.incident.opening import Written, breach_id, brought_up_to_date, opened
from anamnesis.incident.persons import persons_of
from anamnesis.keeper.accounts import CONTROL
from anamnesis.keeper.control import Command, command
from anamnesis.keeper.registering import ForRegister
from anamnesis.reconcile.discrepancy import Discrepancy, Incident
from anamnesis.reconcile.store import IncidentReader
from anamnesis.record.store import RecordReader
from anamnesis.seams import Clock
from anamnesis.settings import Settings
from anamnesis.web.no_incidents import OpenIncidents
from anamnesis.web.register_words import RegisterWords

LOOKED_EVERY_SECONDS = 2.0
BROUGHT_UP_SECONDS_MIN = 5.0
BROUGHT_UP_SECONDS_MAX = 600.0
"""An open incident is looked at again after a time that doubles: each look may be a version."""
INCIDENTS_LOOKED_AT = 50
PAGE = 5_000
CLOSE_SECONDS_MAX = 5.0

_log = structlog.get_logger()

Submit = Callable[[ForRegister], object]


class Due:
    """When an incident is looked at next: often at first, seldom later, once when it closes."""

    def __init__(self) -> None:
        self.closed_at: str | None = None
        self._next = 0.0
        self._pause = BROUGHT_UP_SECONDS_MIN

    def is_due(self, incident: Incident, now: float) -> bool:
        """Whether it is time, or it closed since."""
        return self.closed_at != incident.closed_at or (
            incident.closed_at is None and now >= self._next
        )

    def looked(self, incident: Incident, now: float) -> None:
        """It was looked at, and everything of it is in the record."""
        self.closed_at = incident.closed_at
        self._next = now + self._pause
        self._pause = min(self._pause * 2, BROUGHT_UP_SECONDS_MAX)


class Register:
    """Brings the register in line with incidents. One thread."""

    def __init__(
        self,
        reader: RecordReader,
        incidents: OpenIncidents,
        submit: Submit,
        words: RegisterWords,
        clock: Clock,
        role: Role,
    ) -> None:
        self._reader = reader
        self._incidents = incidents
        self._submit = submit
        self._words = words
        self._clock = clock
        self._role = role
        self._due: dict[int, Due] = {}

    def step(self) -> None:
        """Looks at the newest incidents."""
        with self._incidents() as reader:
            for incident in reader.incidents(INCIDENTS_LOOKED_AT):
                due = self._due.setdefault(incident.number, Due())
                now = self._clock.monotonic()
                if due.is_due(incident, now) and self._bring(reader, incident):
                    due.looked(incident, now)

    def _bring(self, reader: IncidentReader, incident: Incident) -> bool:
        """Whether every entry that it concerns says what it is."""
        found = list(_discrepancies(reader, incident.number))
        steps = reader.steps(incident.number)
        registers: list[tuple[str, Role, Affected]] = [
            (practice, "controller", affected) for practice, affected in by_practice(found).items()
        ]
        everybody = altogether(found)
        if self._role == "processor" and everybody is not None:
            registers.append((PLATFORM, "processor", everybody))
        true = True
        for practice, role, affected in registers:
            identifier = breach_id(practice, incident.opened_at)
            facts = opened(
                identifier,
                incident.number,
                role,
                affected,
                persons_of(self._reader, affected),
                self._words.opening(affected, steps),
            )
            versions = self._written(practice, identifier)
            new = brought_up_to_date(facts, versions)
            if new is not None:
                true = False
                content = msgspec.to_builtins(new)
                self._submit(ForRegister(practice, len(versions), content))
        return true

    def _written(self, practice: str, identifier: str) -> list[Written]:
        return [
            Written(one.author == CONTROL, msgspec.convert(one.content, Breach))
            for one in self._reader.resource_versions(practice, identifier)
        ]


def _discrepancies(reader: IncidentReader, number: int) -> Iterator[Discrepancy]:
    after = -1
    while page := reader.discrepancies(number, None, None, after, PAGE):
        yield from page
        after = page[-1].position


class Registering:
    """Steps the register; a fault is tried again, and never holds up anything else."""

    def __init__(self, register: Register) -> None:
        self._register = register
        self._closing = threading.Event()
        self._failing = False
        self._thread = threading.Thread(target=self._run, name="registering", daemon=True)

    def start(self) -> None:
        """Starts the thread."""
        self._thread.start()

    def close(self) -> None:
        """Ends the thread."""
        self._closing.set()
        self._thread.join(CLOSE_SECONDS_MAX)

    def _run(self) -> None:
        while not self._closing.wait(LOOKED_EVERY_SECONDS):
            try:
                self._register.step()
                self._failing = False
            except Exception as failure:  # noqa: BLE001 - said once, and tried again
                if not self._failing:
                    _log.error("register-not-written", failure=type(failure).__name__)
                self._failing = True


class NotRegistered(Exception):
    """The keeper did not take an entry of the register; it is offered again."""


def by_keeper(settings: Settings) -> Submit:
    """Has the running keeper journal it; raises NotRegistered."""

    def submit(asked: ForRegister) -> None:
        answer: dict[str, Any] = asyncio.run(
            command(settings.control_socket, Command(for_register=asked))
        )
        if "registered" not in answer:
            raise NotRegistered(answer["code"])

    return submit
