"""Journals what the program itself writes into the breach register."""

from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import msgspec

from anamnesis.journal.journal import Submission
from anamnesis.journal.store import JournalReader
from anamnesis.keeper.accounts import CONTROL, CONTROL_SESSION, commanded


class ForRegister(msgspec.Struct, frozen=True):
    """The content of a `breach.write` that follows from an incident.

    `after` is the version of the entry that it was made from, 0 for the first one.
    """

    practice: str
    after: int
    content: dict[str, Any]


def version_after(practice: str, identifier: str, after: int) -> str:
    """The id of the entry that makes the version after `after`: there is one, whoever writes it."""
    name = f"anamnesis:breach.write:{practice}:{identifier}:{after}"
    return str(uuid5(NAMESPACE_URL, name))


def registering(
    asked: ForRegister, build: str, now: datetime, journal: JournalReader
) -> list[Submission]:
    """The journal's entry, unless it is there: only one follows each version, whoever asks again.

    Raises `AccountRefused` for a content that no page could send either.
    """
    entry_id = version_after(asked.practice, str(asked.content.get("id")), asked.after)
    if entry_id in journal.find([entry_id]):
        return []
    sequence = journal.last_sequences([CONTROL]).get(CONTROL, (0, CONTROL))[0] + 1
    entry = commanded(entry_id, "breach.write", asked.practice, asked.content, build, now, sequence)
    return [Submission(entry, CONTROL_SESSION)]
