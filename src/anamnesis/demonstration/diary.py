"""Appointments: a day of the practice, slot by slot, and the days after it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from anamnesis.demonstration.draws import Draws
from anamnesis.demonstration.people import Person
from anamnesis.demonstration.shelf import kind_for

TODAY_APPOINTMENTS = 40
LATER_APPOINTMENTS = 14
DAYS_BOOKED_AHEAD = 6
SLOT_MINUTES = 15
MORNING = time(8, 30)
AFTERNOON = time(14, 0)
MORNING_SLOTS = 14
AFTERNOON_SLOTS = 18

REASONS = (
    "Renouvellement", "Suivi", "Douleur", "Fièvre", "Vaccins", "Certificat", "Résultats",
    "Toux", "Fatigue", "Suivi enfant", "Contrôle tension", "Pansement", "Grossesse",
    "Première fois",
)  # fmt: skip


@dataclass(frozen=True)
class Appointment:
    """One booked slot; `id` is that of the entry that books it."""

    id: str
    practitioner: int
    person: Person
    starts: datetime
    minutes: int
    reason: str


def day_of(
    day: date, people: list[Person], practitioners: int, zone: tzinfo, draws: Draws
) -> list[Appointment]:
    """The appointments of a full day, in no order of time: the first are booked the earliest."""
    many = TODAY_APPOINTMENTS
    slots = [
        (slot, practitioner)
        for practitioner in range(practitioners)
        for slot in range(MORNING_SLOTS + AFTERNOON_SLOTS)
    ]
    born = [person for person in people if person.age_years(day) > 0.1]
    taken = draws.of("slots").shuffled(slots)[:many]
    people_drawn = draws.of("people").shuffled(born)[:many]
    found: list[Appointment] = []
    for (slot, practitioner), person in zip(taken, people_drawn, strict=True):
        reason = draws.of("reason", slot, practitioner).pick(REASONS)
        alone = (slot + 1, practitioner) not in taken and slot + 1 != MORNING_SLOTS
        found.append(
            Appointment(
                id=draws.of("booking", slot, practitioner).fixed_id(),
                practitioner=practitioner,
                person=person,
                starts=slot_start(day, slot, zone),
                minutes=kind_for(reason).minutes if alone else SLOT_MINUTES,
                reason=reason,
            )
        )
    return found


def slot_start(day: date, slot: int, zone: tzinfo) -> datetime:
    """When a slot starts, by the practice's own clock."""
    half, number = (MORNING, slot) if slot < MORNING_SLOTS else (AFTERNOON, slot - MORNING_SLOTS)
    started = datetime.combine(day, half, zone).astimezone(UTC)
    return started + timedelta(minutes=SLOT_MINUTES * number)
