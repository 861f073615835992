"""Enqueues what a breach register has to tell: papers somebody had sent, and that time runs out."""

import base64
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Final

import msgspec

from anamnesis.clinical.breach import PLATFORM, Breach, BreachPaper
from anamnesis.dispatch.sending import GIVEN_UP_AFTER
from anamnesis.incident.clock import NOTIFIED_WITHIN
from anamnesis.incident.dispatch import ADDRESS, Attachment, Dispatch, DispatchStore, mails
from anamnesis.incident.telling import paper_key, reminder_key
from anamnesis.record.model import Change
from anamnesis.record.store import RecordReader
from anamnesis.seams import Clock, instant
from anamnesis.web.catalogue import Language
from anamnesis.web.dispatch_words import DispatchWords
from anamnesis.web.register_view import Entry, entry_of

FOLLOWED: Final = "papers"
"""The topic that says up to where the record was looked through for papers."""
FOLLOWED_AT_ONCE: Final = 2_000
"""Entries of the record in one commit of the queue."""
REMINDERS_LOOKED_EVERY_SECONDS: Final = 30.0
REMINDED_UNTIL: Final = NOTIFIED_WITHIN + timedelta(hours=24)
"""After awareness: whoever enters a breach of last year by hand is not reminded of its time."""

OpenRecord = Callable[[], AbstractContextManager[RecordReader]]


class PaperTelling:
    """Follows the record: a paper that names addresses is enqueued for each of them. One thread.

    The record may go back (it is made again, a backup is restored): what is enqueued already is
    known by its key.
    """

    def __init__(
        self,
        store: DispatchStore,
        record: OpenRecord,
        words: dict[Language, DispatchWords],
        clock: Clock,
        organisation: str,
    ) -> None:
        self._store = store
        self._record = record
        self._words = words
        self._clock = clock
        self._organisation = organisation

    def step(self) -> None:
        """Looks through everything that came since."""
        with self._record() as reader:
            at = min(self._store.told(FOLLOWED) or 0, reader.applied())
            while changes := reader.changes(at, FOLLOWED_AT_ONCE):
                at = changes[-1].position + 1
                found = [one for change in changes for one in self._of(reader, change)]
                self._store.tell(found, {FOLLOWED: at}, instant(self._clock.now()))

    def _of(self, reader: RecordReader, change: Change) -> list[Dispatch]:
        if change.kind != "breach-paper.write" or change.resource is None:
            return []
        kept = reader.resource(change.practice, change.resource)
        paper = None if kept is None else msgspec.convert(kept.content, BreachPaper)
        if kept is None or paper is None or not paper.mail or self._is_old(kept.recorded_at):
            return []
        practice = reader.practice(change.practice)
        whose = practice.name if practice else self._organisation
        name = kept.author_name or paper.sent_by_name
        subject, text = self._words[paper.language].paper(whose, name, paper)
        data = base64.b64decode(paper.data)
        file = Attachment(f"{paper.subject}.pdf", paper.media_type, data)
        return mails(paper_key(paper.id), "paper", paper.mail, subject, text, [file])

    def _is_old(self, recorded_at: str) -> bool:
        """Whether it would have been given up by now: nobody expects that it still goes."""
        return self._clock.now() - datetime.fromisoformat(recorded_at) > GIVEN_UP_AFTER


class ReminderTelling:
    """Reminds those in charge at 24, 48, 60 and 70 of the 72 hours. One thread.

    Each once. After a time in which nobody could be reminded, only of the newest.
    """

    def __init__(
        self,
        store: DispatchStore,
        record: OpenRecord,
        words: DispatchWords,
        clock: Clock,
        operators: tuple[str, ...],
    ) -> None:
        self._store = store
        self._record = record
        self._words = words
        self._clock = clock
        self._operators = operators
        self._next = 0.0

    def step(self) -> None:
        """Looks at every entry whose time runs, now and then."""
        if self._clock.monotonic() < self._next:
            return
        with self._record() as reader:
            for practice in reader.registers():
                for entry in self._running(reader, practice):
                    self._remind(reader, practice, entry)
        self._next = self._clock.monotonic() + REMINDERS_LOOKED_EVERY_SECONDS

    def _running(self, reader: RecordReader, practice: str) -> Iterator[Entry]:
        now = self._clock.now()
        for kept in reader.practice_resources(practice, "breach"):
            aware_at = datetime.fromisoformat(msgspec.convert(kept.content, Breach).aware_at)
            if aware_at <= now < aware_at + REMINDED_UNTIL:
                entry = entry_of(reader, practice, kept.resource, now)
                if entry is not None and entry.is_waiting:
                    yield entry

    def _remind(self, reader: RecordReader, practice: str, entry: Entry) -> None:
        now = self._clock.now()
        due = entry.clock.reminders_due(now)
        if due:
            key = reminder_key(entry.resource.resource, entry.clock.aware_at, due[-1])
            subject, text = self._words.reminder(
                entry.clock, due[-1], of_platform=practice == PLATFORM
            )
            to = self._in_charge(reader, practice)
            self._store.enqueue(mails(key, "reminder", to, subject, text), instant(now))

    def _in_charge(self, reader: RecordReader, practice: str) -> tuple[str, ...]:
        """The practice's practitioners, by their letterheads; operators where nobody is known."""
        heads = reader.practice_resources(practice, "letterhead")
        found = dict.fromkeys(one.content["email"].strip() for one in heads)
        known = tuple(address for address in found if ADDRESS.match(address))
        return known or self._operators
