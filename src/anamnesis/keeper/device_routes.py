"""What devices of a practice held when last heard of, for whoever has to say that one is lost."""

from collections.abc import Callable
from typing import Any

import msgspec

from anamnesis.access.session import Session
from anamnesis.clinical.device_loss import NUMBERS_MAX, HeldNumber
from anamnesis.journal.store import JournalReader
from anamnesis.keeper.http import Answer, Request
from anamnesis.keeper.reading import Reading
from anamnesis.keeper.routes import Routes
from anamnesis.reconcile.outbox import Held
from anamnesis.record.store import RecordReader

SHOWN_MAX = 50
"""Devices of one practice that are shown, those heard of last."""


class DeviceRoutes:
    """`GET /keep/devices`: numbers, dates, whose encounters, and sections; never a text."""

    def __init__(self, reading: Reading, in_the_field: Callable[[], list[Held]]) -> None:
        self._reading = reading
        self._in_the_field = in_the_field

    def add_to(self, routes: Routes) -> None:
        """Registers it."""
        routes.add("GET", "/keep/devices", self.devices)

    async def devices(self, _request: Request, session: Session) -> Answer:
        """Devices of the session's practice that hold something, heard of last first."""
        mine = [one for one in self._in_the_field() if one.practice == session.practice]
        shown = mine[-SHOWN_MAX:][::-1]

        def question(reader: RecordReader, journal: JournalReader) -> list[dict[str, Any]]:
            last = journal.last_sequences([one.device for one in shown])
            names = {one.practitioner: one.name for one in reader.practitioners(session.practice)}
            return [
                _shown(one, last.get(one.device, (0, ""))[0], names, reader, session)
                for one in shown
            ]

        return Answer.json({"devices": await self._reading.both(question)})


def _shown(
    held: Held, journaled: int, names: dict[str, str], reader: RecordReader, session: Session
) -> dict[str, Any]:
    told = {one.sequence: one for one in held.entries}
    last = min(held.sequence, journaled + NUMBERS_MAX)
    numbers = []
    for sequence in range(journaled + 1, last + 1):
        number = told.get(sequence, HeldNumber(sequence))
        numbers.append({**msgspec.to_builtins(number), **_about(number, reader, session.practice)})
    return {
        "device": held.device,
        "practitioner": held.author,
        "name": names.get(held.author, ""),
        "heard_at": held.heard_at,
        "last_sequence": held.sequence,
        "numbers": numbers,
    }


def _about(number: HeldNumber, reader: RecordReader, practice: str) -> dict[str, str]:
    """Who the patient is and when the encounter began, where the record knows them."""
    encounter = reader.encounter(practice, number.encounter or "")
    patient = reader.patient(practice, encounter.patient if encounter else number.patient or "")
    return {
        "person": f"{patient.name} {patient.first_names}".strip() if patient else "",
        "started_at": encounter.started_at if encounter else "",
    }
