"""Plants the demonstration practice in a data directory of its own, or tells it one day more."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from anamnesis.access.store import AccessStore
from anamnesis.bootstrap.keys import make_signer
from anamnesis.bootstrap.record import open_record_writer
from anamnesis.bootstrap.refusal import StartRefused, explained
from anamnesis.demonstration.lent import Link, Neighbour
from anamnesis.demonstration.life import ENCOUNTERS, Life, Setting
from anamnesis.demonstration.planting import StoryClock, due, first_day_of, founded_on, plant
from anamnesis.demonstration.shelf import Head
from anamnesis.journal.journal import Journal
from anamnesis.keeper.accounts import (
    NewAccount,
    account_of,
    founding_entries,
    practice_id,
    practitioner_id,
    require_accepted,
)
from anamnesis.keeper.exits import EXIT_COMMAND_REFUSED
from anamnesis.keeper.passwords import Passwords
from anamnesis.record.follow import Follower
from anamnesis.settings import Settings
from anamnesis.storage.lock import hold
from anamnesis.storage.sqlite.access import SqliteAccessStore
from anamnesis.storage.sqlite.connection import make_directory
from anamnesis.storage.sqlite.journal import SqliteJournal, SqliteJournalReader

PRACTICE = "Cabinet médical des Tilleuls (démonstration)"
ADDRESS = "12 rue des Tilleuls, 35000 Rennes"
TELEPHONE = "02 61 91 00 12"

PRACTITIONERS = tuple(
    NewAccount(
        login=login,
        password=password,
        family=family,
        given=given,
        practice=PRACTICE,
        title="Dr",
        specialty="Médecine générale",
        rpps=rpps,
        practice_address=ADDRESS,
        practice_telephone=TELEPHONE,
    )
    for login, password, family, given, rpps in (
        ("claire.morvan", "encre-verte-du-matin", "Morvan", "Claire", "99900000011"),
        ("samuel.adjovi", "papier-carbone-bleu", "Adjovi", "Samuel", "99900000029"),
        ("ines.belkacem", "trois-plumes-d-oie", "Belkacem", "Inès", "99900000037"),
    )
)
"""Nobody real. Their passwords are public: a data directory with them is for demonstration only."""

COLLEAGUE = NewAccount(
    login="malo.kerjean",
    password="derive-du-segment-st",  # noqa: S106 -- public on purpose, see above
    family="Kerjean",
    given="Malo",
    practice="Cabinet de cardiologie du Quai (démonstration)",
    title="Dr",
    specialty="Cardiologie",
    rpps="99900000045",
    practice_address="3 quai de la Prévalaye, 35000 Rennes",
    practice_telephone="02 61 91 00 45",
)
"""A practice nearby, so that there is somebody to share a document with."""

OPERATOR = NewAccount(
    login="exploitation",
    password="phare-dans-la-brume",  # noqa: S106 -- public on purpose, see above
    family="Le Goff",
    given="Yann",
    role="operator",
)
"""Who runs the server: sees that nothing is lost, and nobody's record."""

Stage = Callable[[str, int, int], None]
"""Told the name of a stage (`journal`, `record`), how many are done, of how many."""


@dataclass(frozen=True)
class Planted:
    """What was added now, how much there is, and what a patient was given to open a document."""

    added: int
    journaled: int
    recorded: int
    link: Link


def practice_zone() -> tzinfo:
    """The demonstration's clock: that of Rennes, or UTC on a machine without time zones."""
    try:
        return ZoneInfo("Europe/Paris")
    except ZoneInfoNotFoundError:
        return UTC


def plant_demonstration(
    settings: Settings, now: datetime, stage: Stage, encounters: int = ENCOUNTERS
) -> Planted:
    """Makes the practice, or adds what later days need; running it twice adds nothing.

    Raises `StartRefused`: `journal-in-use`, or `data-not-demonstration` when the directory holds
    anything else, which is then left as it is.
    """
    with ExitStack() as stack:
        with explained():
            make_directory(settings.data)
            stack.enter_context(hold(settings.lock))
            signer = make_signer(settings)
            store = stack.enter_context(closing(SqliteJournal(settings.journal)))
            reader = stack.enter_context(closing(SqliteJournalReader(settings.journal)))
            clock = StoryClock(now)
            journal = Journal(store, signer, clock)
        first_day = _first_day(reader, settings, now)
        clock.moment = founded_on(first_day)
        before = journal.size
        for new in (*PRACTITIONERS, COLLEAGUE):
            founding = founding_entries(new, settings.origin, settings.build, clock.now(), reader)
            require_accepted(journal.append(founding) if founding else [])
        with _access(settings) as access:
            _make_accounts(access, settings, now)
        life = Life(_setting(settings, first_day, encounters))
        plant(
            life,
            due(life, first_day, now, reader),
            journal,
            clock,
            lambda done, total: stage("journal", done, total),
        )
        recorded = _fold(settings, reader, stage)
        return Planted(journal.size - before, journal.size, recorded, life.known_link())


def _first_day(reader: SqliteJournalReader, settings: Settings, now: datetime) -> date:
    if reader.size() == 0:
        return now.date()
    founding = reader.at([0])[0].entry
    if founding.practice != practice_id(settings.origin, PRACTICE):
        raise StartRefused(
            "data-not-demonstration",
            f"{settings.data} holds another practice's journal; choose an empty directory with "
            "--data. Nothing was changed.",
            EXIT_COMMAND_REFUSED,
        )
    return first_day_of(datetime.fromisoformat(founding.typed_at))


def _setting(settings: Settings, first_day: date, encounters: int) -> Setting:
    practice = practice_id(settings.origin, PRACTICE)
    nearby = practice_id(settings.origin, COLLEAGUE.practice)
    return Setting(
        practice=practice,
        practitioners=tuple(practitioner_id(practice, new.login) for new in PRACTITIONERS),
        first_day=first_day,
        zone=practice_zone(),
        build=settings.build,
        encounters=encounters,
        heads=tuple(_head(new, number) for number, new in enumerate(PRACTITIONERS)),
        neighbour=Neighbour(
            nearby, practitioner_id(nearby, COLLEAGUE.login), _head(COLLEAGUE, len(PRACTITIONERS))
        ),
    )


def _head(new: NewAccount, number: int) -> Head:
    """The head of somebody's letters; the insurers' number is nobody's."""
    return Head(
        name=new.display_name(),
        qualifications=new.specialty,
        rpps=new.rpps,
        am=f"35199999{number}",
        practice=new.practice.removesuffix(" (démonstration)"),
        address=new.practice_address,
        telephone=new.practice_telephone,
        email=f"{new.login}@example.org",
    )


@contextmanager
def _access(settings: Settings) -> Iterator[AccessStore]:
    access = SqliteAccessStore(settings.access)
    try:
        yield access
    finally:
        access.close()


def _make_accounts(access: AccessStore, settings: Settings, now: datetime) -> None:
    passwords = Passwords()
    for new in (*PRACTITIONERS, COLLEAGUE, OPERATOR):
        if access.account(new.login) is None:
            hashed = passwords.hash(new.password)
            access.add_account(account_of(new, settings.origin, hashed, now))


def _fold(settings: Settings, reader: SqliteJournalReader, stage: Stage) -> int:
    total = reader.size()
    with closing(open_record_writer(settings)) as writer:
        follower = Follower(reader, writer)
        done = 0
        while applied := follower.step():
            done += applied
            stage("record", done, total)
    return total
