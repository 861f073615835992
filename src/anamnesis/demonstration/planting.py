"""Puts a story into a journal: the same door, the same order, the story's own time."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta

from anamnesis.demonstration.device import groups, numbered
from anamnesis.demonstration.life import DAYS_TOLD, Life
from anamnesis.journal.entry import Entry
from anamnesis.journal.journal import Accepted, Journal, Submission
from anamnesis.journal.store import JournalReader

GROUP_MINUTES = 5
GROUP_ENTRIES = 256
FIND_IDS = 512

Progress = Callable[[int, int], None]
"""Told how many are done, of how many."""


class StoryClock:
    """The clock of the story (`seams.Clock`): it is as late as the newest entry told."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self) -> datetime:
        """The instant the story has reached."""
        return self.moment

    def monotonic(self) -> float:
        """Seconds of the story."""
        return self.moment.timestamp()


def founded_on(first_day: date) -> datetime:
    """When the practice was founded, if the story is first told on `first_day`."""
    return datetime.combine(first_day - timedelta(days=DAYS_TOLD + 2), time(7), UTC)


def first_day_of(founded: datetime) -> date:
    """The other way round."""
    return founded.date() + timedelta(days=DAYS_TOLD + 2)


def due(life: Life, first_day: date, now: datetime, journal: JournalReader) -> list[Entry]:
    """What is still to be told, numbered.

    That is the whole story, or the rest of one that was cut off, or, once it is complete, only
    what fills the diary of a later day.
    """
    before_today = life.until(datetime.combine(first_day, time(), UTC) - timedelta(hours=3))
    if before_today and not journal.find([before_today[-1].id]):
        return _missing(life.until(now), journal)
    bookings = [entry for entry in life.bookings_on(now.date(), now) if now.date() > first_day]
    missing = _missing(bookings, journal)
    known = journal.last_sequences(sorted({entry.device for entry in missing}))
    return numbered(missing, {device: last for device, (last, _) in known.items()})


def plant(
    life: Life, entries: Sequence[Entry], journal: Journal, clock: StoryClock, progress: Progress
) -> None:
    """Appends the entries in groups that were sent together; raises Refusal for one refused."""
    sessions = life.sessions()
    done = 0
    for group in groups(entries, GROUP_MINUTES, GROUP_ENTRIES):
        clock.moment = datetime.fromisoformat(group[-1].typed_at)
        outcomes = journal.append([Submission(entry, sessions[entry.device]) for entry in group])
        for outcome in outcomes:
            if not isinstance(outcome, Accepted):
                raise outcome.refusal
        done += len(group)
        progress(done, len(entries))


def _missing(entries: Sequence[Entry], journal: JournalReader) -> list[Entry]:
    known: set[str] = set()
    for start in range(0, len(entries), FIND_IDS):
        known |= set(journal.find([entry.id for entry in entries[start : start + FIND_IDS]]))
    return [entry for entry in entries if entry.id not in known]
