"""The practice's story: who came when, what was written, who is expected today."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from anamnesis.demonstration.case import Case
from anamnesis.demonstration.cases_children import CHILDREN
from anamnesis.demonstration.cases_chronic import CHRONIC
from anamnesis.demonstration.cases_everyday import EVERYDAY
from anamnesis.demonstration.cases_others import OTHERS
from anamnesis.demonstration.consultation import Encounter, told
from anamnesis.demonstration.device import About, Device, numbered
from anamnesis.demonstration.diary import (
    DAYS_BOOKED_AHEAD,
    LATER_APPOINTMENTS,
    SLOT_MINUTES,
    TODAY_APPOINTMENTS,
    Appointment,
    day_of,
    slot_start,
)
from anamnesis.demonstration.draws import Draws
from anamnesis.demonstration.hand import Hand
from anamnesis.demonstration.people import Person, population
from anamnesis.journal.entry import Entry
from anamnesis.receipt.canonical import Json
from anamnesis.seams import instant

SEED = "anamnesis"
DAYS_TOLD = 1_096
ENCOUNTERS = 2_000
LEFT_OPEN = 4
COLLIDED_AMONG = 40
COLLIDED_EVERY = 11
CASES: tuple[Case, ...] = (*EVERYDAY, *CHRONIC, *CHILDREN, *OTHERS)
HANDS: tuple[Hand, ...] = ("lines", "prose", "bullets")
DAY_SLOTS = 32
SUNDAY = 6
NO_SHOW_SHARE = 0.05
BOOKED_DAYS_MAX = 12
REGISTERED_DAYS_MIN = BOOKED_DAYS_MAX + 2


@dataclass(frozen=True)
class Setting:
    """Where the story plays. `first_day` is the day it was first told on, `zone` its clock's."""

    practice: str
    practitioners: tuple[str, ...]
    first_day: date
    zone: tzinfo
    build: str
    seed: str = SEED
    encounters: int = ENCOUNTERS


class Life:
    """Tells the story of one setting: the same setting, the same story."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self._draws = Draws(setting.seed)
        self.people = population(self._draws.of("people"), setting.first_day)
        self.devices = [
            (self._device("desk", number), self._device("tablet", number))
            for number in range(len(setting.practitioners))
        ]

    def until(self, now: datetime) -> list[Entry]:
        """Everything typed up to `now` on the first day, in order, numbered by device."""
        entries = [*self._past(), *self._bookings(self._setting.first_day), *self._today()]
        return numbered(entry for entry in entries if entry.typed_at <= instant(now))

    def bookings_on(self, day: date, now: datetime) -> list[Entry]:
        """What makes `day` a full day when the story is told again, typed `now`; not numbered."""
        return [
            self._booking(appointment, now)
            for ahead in range(DAYS_BOOKED_AHEAD + 1)
            for appointment in self._expected(day + timedelta(days=ahead), ahead)
        ]

    def _device(self, name: str, number: int) -> Device:
        setting = self._setting
        author = setting.practitioners[number]
        draws = self._draws.of(setting.practice, author)
        return Device(f"{name}-{number}", draws, author, setting.practice, setting.build)

    def _past(self) -> Iterator[Entry]:
        encounters = sorted(self._encounters(), key=lambda encounter: encounter.starts)
        newest = {encounter.id for encounter in encounters[-LEFT_OPEN * 3 :: 3]}
        collided = {encounter.id for encounter in encounters[-2:-COLLIDED_AMONG:-COLLIDED_EVERY]}
        registered: set[str] = set()
        for encounter in encounters:
            number = HANDS.index(encounter.hand)
            desk, tablet = self.devices[number]
            if encounter.person.id not in registered:
                registered.add(encounter.person.id)
                yield self._registration(encounter.person, encounter.starts, desk)
            story = replace(
                encounter,
                left_open=encounter.id in newest,
                collides=encounter.id in collided - newest,
            )
            yield from told(story, desk, tablet, self._draws.of("told", encounter.id))
        for person in self.people:
            if person.id not in registered:
                yield self._registration(person, None, self.devices[0][0])

    def _registration(self, person: Person, before: datetime | None, desk: Device) -> Entry:
        """A little before the first encounter, and in any case before the diary names anybody."""
        at = self._midnight(self._setting.first_day) - timedelta(days=REGISTERED_DAYS_MIN)
        if before is not None:
            at = min(at, before - timedelta(minutes=3))
        return desk.entry("patient.create", at, dict(person.content), About(person.id))

    def _encounters(self) -> Iterator[Encounter]:
        taken: set[tuple[date, int, int]] = set()
        number = 0
        for attempt in range(self._setting.encounters * 20):
            if number == self._setting.encounters:
                return
            draws = self._draws.of("encounter", attempt)
            # The square root of a fair share comes more often from the recent days.
            back = int(DAYS_TOLD * (1 - draws.between(1, 10_000) / 10_000) ** 1.25)
            day = self._setting.first_day - timedelta(days=back + 1)
            practitioner = draws.between(0, len(self.devices) - 1)
            place = (day, practitioner, draws.between(0, DAY_SLOTS - 1))
            drawn = self._who_and_why(day, practitioner, draws)
            if day.weekday() == SUNDAY or place in taken or drawn is None:
                continue
            taken.add(place)
            number += 1
            yield Encounter(
                id=draws.of("id").fixed_id(),
                person=drawn[0],
                case=drawn[1],
                starts=slot_start(day, place[2], self._setting.zone),
                day=day,
                hand=HANDS[practitioner],
                appointment=None,
            )

    def _who_and_why(
        self, day: date, practitioner: int, draws: Draws
    ) -> tuple[Person, Case] | None:
        somebody = draws.of("who").some(self.people, 12, 12)
        near = [
            person
            for person in somebody
            if person.age_years(day) > 0.1
            and (int(person.id[:4], 16) % len(self.devices) == practitioner or draws.chance(0.25))
        ]
        if not near:
            return None
        person = draws.weighted(near, [_need(person, day) for person in near])
        return person, self._why(person, day, draws.of("why"))

    def _why(self, person: Person, day: date, draws: Draws) -> Case:
        age, conditions = person.age_years(day), person.conditions_on(day)
        weights = [case.likelihood(age, person.sex, conditions, day.month) for case in CASES]
        return draws.weighted(CASES, weights)

    def _expected(self, day: date, ahead: int) -> list[Appointment]:
        many = TODAY_APPOINTMENTS if ahead == 0 else LATER_APPOINTMENTS - 2 * (ahead - 1)
        if ahead and day.weekday() == SUNDAY:
            return []
        draws = self._draws.of("diary", self._setting.practice, day)
        full = day_of(day, self.people, len(self.devices), self._setting.zone, draws)
        return full[:many]

    def _bookings(self, day: date) -> Iterator[Entry]:
        for ahead in range(DAYS_BOOKED_AHEAD + 1):
            for appointment in self._expected(day + timedelta(days=ahead), ahead):
                hours = 2 + int(appointment.id[:4], 16) % (BOOKED_DAYS_MAX * 24)
                yield self._booking(appointment, self._midnight(day) - timedelta(hours=hours))

    def _booking(self, appointment: Appointment, typed_at: datetime) -> Entry:
        desk, _ = self.devices[appointment.practitioner]
        content: dict[str, Json] = {
            "practitioner": desk.author,
            "starts_at": instant(appointment.starts),
            "minutes": SLOT_MINUTES,
            "reason": appointment.reason,
            "type": None,
            "overlap": False,
        }
        about = About(appointment.person.id)
        return desk.entry("appointment.book", typed_at, content, about, entry_id=appointment.id)

    def _today(self) -> Iterator[Entry]:
        """What happens on the first day: who comes, what is written, who does not come."""
        for appointment in self._expected(self._setting.first_day, 0):
            draws = self._draws.of("today", appointment.id)
            if draws.chance(NO_SHOW_SHARE):
                yield self._status(appointment, 15, "no-show")
                continue
            yield self._status(appointment, -draws.between(3, 12), "arrived")
            yield self._status(appointment, 0, "in-consultation")
            yield self._status(appointment, SLOT_MINUTES - 1, "done")
            person = appointment.person
            encounter = Encounter(
                id=draws.of("id").fixed_id(),
                person=person,
                case=self._why(person, self._setting.first_day, draws.of("why")),
                starts=appointment.starts,
                day=self._setting.first_day,
                hand=HANDS[appointment.practitioner],
                appointment=appointment.id,
            )
            yield from told(encounter, *self.devices[appointment.practitioner], draws)

    def _status(self, appointment: Appointment, minutes: int, status: str) -> Entry:
        desk, _ = self.devices[appointment.practitioner]
        content: dict[str, Json] = {"appointment": appointment.id, "status": status}
        at = appointment.starts + timedelta(minutes=minutes)
        return desk.entry("appointment.set-status", at, content, About(appointment.person.id))

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), self._setting.zone).astimezone(UTC)


def _need(person: Person, day: date) -> float:
    """How often somebody sees a doctor: infants, the old, the ill and the pregnant more."""
    age = person.age_years(day)
    often = 4.0 if age < 2 else 1.6 if age < 6 else 1.0
    often += 0.02 * max(0.0, age - 40) + len(person.conditions)
    return often + (6.0 if person.weeks_pregnant(day) is not None else 0.0)


def totals(entries: Sequence[Entry]) -> dict[str, int]:
    """How many entries there are of each kind."""
    counted: dict[str, int] = {}
    for entry in entries:
        counted[entry.kind] = counted.get(entry.kind, 0) + 1
    return counted
