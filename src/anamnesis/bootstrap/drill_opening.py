"""What is there before a drill begins: everybody, their sessions, and what they wrote before."""

import random
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime
from typing import Final
from uuid import NAMESPACE_URL, uuid5

import msgspec

from anamnesis.access.account import Account
from anamnesis.access.session import Session
from anamnesis.bootstrap.keeper import open_keeper
from anamnesis.drill.entries import Act, Device, digest, new_id, started, written
from anamnesis.drill.plan import CONSULTATIONS, Plan
from anamnesis.drill.practitioners import Seat
from anamnesis.journal.decision import Submission
from anamnesis.journal.entry import parse_entry
from anamnesis.journal.store import JournalReader
from anamnesis.keeper.accounts import NewAccount, founding_entries, practice_id, practitioner_id
from anamnesis.keeper.parts import Parts
from anamnesis.keeper.sessions import csrf_of, digest_of
from anamnesis.seams import instant
from anamnesis.settings import Settings
from anamnesis.storage.sqlite.journal import SqliteJournalReader
from anamnesis.storage.sqlite.record_rebuild import fold_beside, put_in_place

PRACTICE_OF: Final = 5
"""Practitioners in one practice."""
GROUP: Final = 900
"""Entries written to the journal at once."""
NO_PASSWORD: Final = "!"  # noqa: S105 -- no hash is ever like it: nobody signs in with one

Tell = Callable[[str, int, int], None]
"""Told the stage, how much of it is done, of how much."""


def open_the_day(settings: Settings, plan: Plan, tell: Tell) -> list[Seat]:
    """Makes everybody and what they wrote before, journal and record; a seat for each.

    The `plan.practitioners` who work while it runs come first, then the `plan.concerned`.
    """
    everybody = plan.practitioners + plan.concerned
    chance = random.Random(plan.seed)  # noqa: S311 -- the same drill twice
    seats: list[Seat] = []
    with open_keeper(settings) as parts:
        for number in range(everybody):
            concerned = number >= plan.practitioners
            in_cohort = concerned or number < plan.cohort
            seats.append(_seat(parts, settings, number, in_cohort=in_cohort))
        for done, group in _groups(seats, plan, chance):
            parts.journal.append(group)
            tell("opening", done, everybody)
    tell("opening", everybody, everybody)
    with closing(SqliteJournalReader(settings.journal)) as journal:
        _record(settings, journal, tell)
    return seats


def _seat(parts: Parts, settings: Settings, number: int, *, in_cohort: bool) -> Seat:
    """Practice, practitioner, account and session; nobody has a password."""
    now = datetime.now(UTC)
    login = f"p{number}"
    new = NewAccount(login, "", "Exercice", f"N° {number}", f"Cabinet {number // PRACTICE_OF}")
    parts.journal.append(founding_entries(new, settings.origin, settings.build, now, parts.reader))
    practice = practice_id(settings.origin, new.practice)
    practitioner = practitioner_id(practice, login)
    token = secrets.token_urlsafe(32)
    name = str(uuid5(NAMESPACE_URL, login))
    parts.access.add_account(
        Account(login, practitioner, practice, login, NO_PASSWORD, instant(now))
    )
    session = Session(name, login, practitioner, practice, login, now, now)
    parts.access.start_session(digest_of(token), session)
    return Seat(token, csrf_of(token), in_cohort, Device(practice, practitioner))


def _groups(
    seats: Sequence[Seat], plan: Plan, chance: random.Random
) -> Iterator[tuple[int, list[Submission]]]:
    """Everybody's patient and document, and the consultations of those who wrote before."""
    group: list[Submission] = []
    for number, seat in enumerate(seats):
        acts = seat.device.beginning()
        if number >= plan.practitioners:
            acts += _consultations(seat, chance)
        entries = (msgspec.json.encode(seat.device.entry(act)) for act in acts)
        group += [Submission(parse_entry(entry), "drill") for entry in entries]
        if len(group) >= GROUP or seat is seats[-1]:
            yield number, group
            group = []


def _consultations(seat: Seat, chance: random.Random) -> list[Act]:
    acts: list[Act] = []
    for _ in range(CONSULTATIONS):
        encounter = new_id()
        text = written(encounter, None, chance)
        seat.notes[encounter] = digest(text[1])
        acts += [started(encounter), text]
    return acts


def _record(settings: Settings, journal: JournalReader, tell: Tell) -> None:
    fold_beside(settings.record, journal, lambda done, total: tell("recording", done, total))
    put_in_place(settings.record)
