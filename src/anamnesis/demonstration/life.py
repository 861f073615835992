"""The practice's story: who came when, what was written, who is expected today."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo

import msgspec

from anamnesis.clinical.kinds import NoteText
from anamnesis.demonstration.answers import Answers
from anamnesis.demonstration.attendance import who_and_why, why
from anamnesis.demonstration.consultation import Encounter, told
from anamnesis.demonstration.device import About, Device, numbered
from anamnesis.demonstration.diary import (
    DAYS_BOOKED_AHEAD,
    LATER_APPOINTMENTS,
    TODAY_APPOINTMENTS,
    Appointment,
    day_of,
    slot_start,
)
from anamnesis.demonstration.dossier import Dossier
from anamnesis.demonstration.draws import Draws
from anamnesis.demonstration.facts import seen
from anamnesis.demonstration.hand import Hand
from anamnesis.demonstration.lent import Lending, Link, Neighbour
from anamnesis.demonstration.papers import papers
from anamnesis.demonstration.people import Person, population
from anamnesis.demonstration.shelf import Head, furnished, kind_for, kind_id
from anamnesis.journal.entry import Entry
from anamnesis.receipt.canonical import Json
from anamnesis.seams import instant

SEED = "anamnesis"
DAYS_TOLD = 1_096
ENCOUNTERS = 2_000
LEFT_OPEN = 4
COLLIDED_AMONG = 40
COLLIDED_EVERY = 11
HANDS: tuple[Hand, ...] = ("lines", "prose", "bullets")
DAY_SLOTS = 32
SUNDAY = 6
NO_SHOW_SHARE = 0.05
BOOKED_DAYS_MAX = 12
REGISTERED_DAYS_MIN = BOOKED_DAYS_MAX + 2


@dataclass(frozen=True)
class Setting:
    """Where the story plays. `first_day` is the day it was first told on, `zone` its clock's.

    `heads` are those of the practitioners' letters, in their order.
    """

    practice: str
    practitioners: tuple[str, ...]
    first_day: date
    zone: tzinfo
    build: str
    seed: str = SEED
    encounters: int = ENCOUNTERS
    heads: tuple[Head, ...] = ()
    neighbour: Neighbour | None = None


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
        shelf = self._draws.of("shelf", setting.practice)
        self._shelf = shelf
        desks = [desk for desk, _ in self.devices]
        self._lending = Lending(desks, setting.first_day, shelf.of("lent"))
        self._neighbours: Device | None = None
        if setting.neighbour is not None:
            there = setting.neighbour
            draws = self._draws.of(there.practice, there.practitioner)
            self._neighbours = Device(
                "desk", draws, there.practitioner, there.practice, setting.build
            )

    def sessions(self) -> dict[str, str]:
        """The session that each device was signed in with."""
        every = [device for pair in self.devices for device in pair]
        every += [] if self._neighbours is None else [self._neighbours]
        return {device.id: device.session for device in every}

    def known_link(self) -> Link:
        """The link and the code of a document that was shared with a patient."""
        return self._lending.known_link()

    def until(self, now: datetime) -> list[Entry]:
        """Everything typed up to `now` on the first day, in order, numbered by device."""
        past = list(self._past())
        entries = [*self._shelves(), *past, *self._shared(past)]
        entries += [*self._bookings(self._setting.first_day), *self._today()]
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
                yield from self._registration(encounter.person, encounter.starts, desk)
            story = replace(
                encounter,
                left_open=encounter.id in newest,
                collides=encounter.id in collided - newest,
            )
            yield from self._told(story, desk, tablet)
        for person in self.people:
            if person.id not in registered:
                yield from self._registration(person, None, self.devices[0][0])

    def _told(self, story: Encounter, desk: Device, tablet: Device) -> Iterator[Entry]:
        """The encounter, and what was printed, written and filed at its end."""
        draws = self._draws.of("told", story.id)
        entries = list(told(story, desk, tablet, draws))
        yield from entries
        if story.left_open or story.collides:
            return
        texts = [entry for entry in entries if entry.kind == "note.write"]
        ended = next(entry for entry in entries if entry.kind == "note.sign")
        text = msgspec.json.decode(texts[-1].content, type=NoteText).sections
        words = seen(story.person, story.case, story.day, draws.of("seen")).words
        at = datetime.fromisoformat(ended.typed_at)
        yield from papers(story, text, words["sport"], at, desk, draws.of("papers"))

    def _shelves(self) -> Iterator[Entry]:
        setting = self._setting
        at = self._midnight(setting.first_day - timedelta(days=DAYS_TOLD + 1))
        yield from furnished([desk for desk, _ in self.devices], setting.heads, at, self._shelf)

    def _shared(self, past: Sequence[Entry]) -> Iterator[Entry]:
        """What was shared of it, and what the neighbour wrote back."""
        yield from self._lending.to_patients(past)
        setting = self._setting
        if setting.neighbour is None or self._neighbours is None:
            return
        answers = Answers(setting.neighbour, self._neighbours, self._shelf.of("answers"))
        at = self._midnight(setting.first_day - timedelta(days=DAYS_TOLD + 1))
        yield from answers.furnished(at + timedelta(hours=1))
        letters = list(self._lending.to_colleague(past, setting.neighbour))
        yield from (share for _, share in letters)
        if letters:
            yield self._lending.revoked(letters[-1][1])
        yield from answers.written(letters, self.people, setting.practice)

    def _registration(
        self, person: Person, before: datetime | None, desk: Device
    ) -> Iterator[Entry]:
        """A little before the first encounter, and in any case before the diary names anybody."""
        at = self._midnight(self._setting.first_day) - timedelta(days=REGISTERED_DAYS_MIN)
        if before is not None:
            at = min(at, before - timedelta(minutes=3))
        yield desk.entry("patient.create", at, dict(person.content), About(person.id))
        draws = self._draws.of("dossier", self._setting.practice, person.id)
        yield from Dossier(person, at, desk, draws).entries(self._setting.first_day)

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
            drawn = who_and_why(self.people, day, practitioner, len(self.devices), draws)
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
            "minutes": appointment.minutes,
            "reason": appointment.reason,
            "type": kind_id(self._shelf, kind_for(appointment.reason)),
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
            yield self._status(appointment, appointment.minutes - 1, "done")
            person = appointment.person
            encounter = Encounter(
                id=draws.of("id").fixed_id(),
                person=person,
                case=why(person, self._setting.first_day, draws.of("why")),
                starts=appointment.starts,
                day=self._setting.first_day,
                hand=HANDS[appointment.practitioner],
                appointment=appointment.id,
            )
            yield from self._told(encounter, *self.devices[appointment.practitioner])

    def _status(self, appointment: Appointment, minutes: int, status: str) -> Entry:
        desk, _ = self.devices[appointment.practitioner]
        content: dict[str, Json] = {"appointment": appointment.id, "status": status}
        at = appointment.starts + timedelta(minutes=minutes)
        return desk.entry("appointment.set-status", at, content, About(appointment.person.id))

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), self._setting.zone).astimezone(UTC)
