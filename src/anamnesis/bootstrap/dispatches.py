"""The process that tells people outside the screen: finds what is to be told, and sends it.

Of incidents it tells without the application and without the record, and nobody who writes needs
it. What it says of itself is in a file that the keeper shows to operators.
"""

import os
import sys
import time
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import apsw
import msgspec
import structlog

from anamnesis.bootstrap.logs import log_to_stderr
from anamnesis.bootstrap.refusal import exit_code, explained
from anamnesis.bootstrap.telling import IncidentTelling
from anamnesis.bootstrap.telling_register import PaperTelling, ReminderTelling
from anamnesis.dispatch.sending import Sender, Sending
from anamnesis.dispatch.smtp import Smtp
from anamnesis.dispatch.webhook import Webhook, key_of
from anamnesis.incident.dispatch import Channel, DispatchRefused, DispatchStore, QueueState
from anamnesis.keeper.clock import MachineClock
from anamnesis.record.store import RecordDamaged, RecordOutdated
from anamnesis.seams import Clock, instant
from anamnesis.settings import Settings, chosen, secret
from anamnesis.storage.sqlite.dispatches import SqliteDispatchStore
from anamnesis.storage.sqlite.incidents import SqliteIncidentReader
from anamnesis.storage.sqlite.record import SqliteRecordReader
from anamnesis.web.catalogue import LANGUAGES, Language
from anamnesis.web.dispatch_words import DispatchWords

LOOKED_EVERY_SECONDS: Final = 2.0
STATE_WRITTEN_EVERY: Final = timedelta(seconds=30)
"""And at once when it changes; the keeper takes it for silent after some of these."""
POLITENESS: Final = 10
UNREADABLE: Final = (OSError, apsw.Error, RecordDamaged, RecordOutdated, DispatchRefused)
"""What tellings meet while a file is made again, or a queue is full: tried again by the next."""

_log = structlog.get_logger()


class State(msgspec.Struct, frozen=True):
    """What the process says of itself: when it last looked, the queue, what it could not read."""

    at: str
    queue: QueueState
    unread: str = ""


class Dispatching:
    """One round after another: what is to be told is enqueued, what waits is tried."""

    def __init__(
        self,
        store: DispatchStore,
        tellings: dict[str, Callable[[], None]],
        sending: Sending,
        clock: Clock,
        publish: Callable[[State], None],
    ) -> None:
        self._store = store
        self._tellings = tellings
        self._sending = sending
        self._clock = clock
        self._publish = publish
        self._unread = ""
        self._published: State | None = None

    def step(self) -> None:
        """One round. What cannot be read keeps nothing that waits from being sent."""
        unread = [name for name, tell in self._tellings.items() if not self._tell(name, tell)]
        self._unread = " ".join(unread)
        self._say()
        if self._sending.step():
            self._say()

    def _tell(self, name: str, tell: Callable[[], None]) -> bool:
        try:
            tell()
        except UNREADABLE as failure:
            if name not in self._unread.split():
                _log.error("not-told", of=name, failure=type(failure).__name__)
            return False
        return True

    def _say(self) -> None:
        state = State(instant(self._clock.now()), self._store.state(), self._unread)
        said = self._published
        if (
            said is None
            or (said.queue, said.unread) != (state.queue, state.unread)
            or self._clock.now() - datetime.fromisoformat(said.at) >= STATE_WRITTEN_EVERY
        ):
            self._publish(state)
            self._published = state


def senders(settings: Settings) -> dict[Channel, Sender]:
    """The ways out that are set; raises SettingRefused."""
    found: dict[Channel, Sender] = {}
    if settings.smtp_host:
        password = secret(settings.smtp_password_file) if settings.smtp_user else ""
        found["mail"] = Smtp(
            settings.smtp_host,
            settings.smtp_port,
            settings.smtp_security,
            settings.mail_from,
            settings.origin,
            settings.smtp_user,
            password,
        )
    if settings.webhook_url:
        key = key_of(secret(settings.webhook_secret_file))
        found["webhook"] = Webhook(settings.webhook_url, key, time.time)
    return found


def run_dispatches(settings: Settings) -> int:
    """The process under supervision; ends only by being ended. Raises SettingRefused."""
    log_to_stderr("dispatches")
    os.nice(POLITENESS)
    ways, clock = senders(settings), MachineClock()
    with explained():
        store = SqliteDispatchStore(settings.dispatches)
    with closing(store):
        dispatching = Dispatching(
            store,
            _tellings(settings, store, ways, clock),
            Sending(store, ways, clock),
            clock,
            lambda state: _publish(settings.dispatches_state, state),
        )
        while True:
            dispatching.step()
            time.sleep(LOOKED_EVERY_SECONDS)


def _tellings(
    settings: Settings, store: DispatchStore, ways: dict[Channel, Sender], clock: Clock
) -> dict[str, Callable[[], None]]:
    """Who finds what is to be told; registers tell by e-mail only."""
    words: dict[Language, DispatchWords] = {
        language: DispatchWords(language, settings.origin, settings.public_origin)
        for language in LANGUAGES
    }
    said = words[settings.language]
    operators = settings.operator_mail if "mail" in ways else ()
    found = {
        "incidents": IncidentTelling(
            store,
            lambda: closing(SqliteIncidentReader(settings.incidents)),
            said,
            settings.origin,
            clock,
            operators,
            webhook="webhook" in ways,
        ).step
    }
    if "mail" in ways:

        def record() -> closing[SqliteRecordReader]:
            return closing(SqliteRecordReader(settings.record))

        found["papers"] = PaperTelling(
            store, record, words, clock, settings.organisation.partition("; ")[0]
        ).step
        found["reminders"] = ReminderTelling(store, record, said, clock, operators).step
    return found


def _publish(path: Path, state: State) -> None:
    beside = path.with_name(path.name + ".next")
    beside.write_bytes(msgspec.json.encode(state))
    beside.replace(path)


def main() -> None:
    """`python -m anamnesis.bootstrap.dispatches`, by supervision only."""
    sys.exit(exit_code(lambda: run_dispatches(chosen(os.environ))))


if __name__ == "__main__":
    main()
