"""Agenda and shares against notes: whoever was received, or had a document shared, has a note.

Follows what is applied, and holds each consultation that ended against what its screens showed.
"""

from collections import Counter, deque
from collections.abc import Callable
from itertools import islice

import msgspec

from anamnesis.clinical.composition import NOTE_TEXT_KINDS
from anamnesis.clinical.sections import BLANK_DIGEST
from anamnesis.journal.entry import Entry
from anamnesis.journal.store import JournalReader
from anamnesis.keeper.devices import Devices
from anamnesis.keeper.findings import Findings
from anamnesis.keeper.glances import Glances
from anamnesis.keeper.lost_devices import GIVING_UP, LostDevices
from anamnesis.reconcile.consultation import (
    GRACE_SECONDS,
    WAITED_SECONDS,
    Outcome,
    Typed,
    judge_consultation,
)
from anamnesis.reconcile.finding import Finding
from anamnesis.record.model import Change
from anamnesis.record.store import RecordReader
from anamnesis.seams import Clock, instant

FOLLOWED_AT_ONCE = 1_000
"""Changes looked through in one go."""
DUE_MAX = 10_000
"""Consultations waiting to be looked at; of those beyond, the oldest are looked at no more."""

Journaled = Callable[[str, str, str], bool]
"""Whether a text (practice, encounter, digest) was journaled lately."""


class _Content(msgspec.Struct):
    appointment: str = ""
    status: str = ""
    document: str = ""


class _Due(msgspec.Struct):
    """`since` is the position of what ended it; `counted`: it was looked at before."""

    at: float
    since: int
    practice: str
    author: str
    encounter: str
    counted: bool = False


class Consultations:
    """Used by one thread; told of by others."""

    def __init__(
        self,
        clock: Clock,
        findings: Findings,
        glances: Glances,
        devices: Devices,
        lost_devices: LostDevices,
        journaled: Journaled,
        followed: int | None,
    ) -> None:
        self._clock = clock
        self._findings = findings
        self._glances = glances
        self._devices = devices
        self._journaled = journaled
        self._lost_devices = lost_devices
        self._due: deque[_Due] = deque()
        self._followed = followed
        self.outcomes: Counter[str] = Counter()
        self.judged_at: str | None = None

    def step(self, reader: RecordReader, journal: JournalReader) -> None:
        """Looks through what was applied since, and at each consultation whose time has come."""
        if self._followed is None or self._followed > journal.size():
            self._followed = reader.applied()  # the first time, or with another journal
        for change in reader.changes(self._followed, FOLLOWED_AT_ONCE):
            if change.outstanding_code is None:
                self._take(change, reader, journal)
            self._followed = change.position + 1
        now = self._clock.monotonic()
        for _ in range(len(self._due)):
            due = self._due.popleft()
            if due.at > now or not self._judged(due, reader):
                self._due.append(due)

    def settled(self) -> int:
        """Entries that need not be looked through again after a restart."""
        waiting = [one.since for one in islice(self._due, DUE_MAX) if not one.counted]
        return min(waiting, default=self._followed or 0)

    def shown(self) -> dict[str, object]:
        """For the operator: how many ended so, and how many are still to be looked at."""
        return {
            "judged": sum(self.outcomes.values()),
            "judged_at": self.judged_at,
            "due": len(self._due),
            **{name: self.outcomes[name] for name in ("written", "waiting", "emptied", "empty")},
        }

    def _take(self, change: Change, reader: RecordReader, journal: JournalReader) -> None:
        kind = change.kind
        encounter = None
        if kind == "encounter.close":
            encounter = change.encounter
        elif kind in NOTE_TEXT_KINDS and f"consultation/{change.encounter}" in self._findings:
            encounter = change.encounter  # it may have come right
        elif kind in GIVING_UP:
            [journaled] = journal.at([change.position])
            self._lost_devices.take(journaled, journal)
        elif kind in ("appointment.set-status", "document.share"):
            [journaled] = journal.at([change.position])
            encounter = _encounter_of(change, journaled.entry, reader)
        if encounter is not None:
            at = self._clock.monotonic() + GRACE_SECONDS
            self._due.append(_Due(at, change.position, change.practice, change.author, encounter))
            if len(self._due) > DUE_MAX:
                self._due.popleft()

    def _judged(self, due: _Due, reader: RecordReader) -> bool:
        """Looks at one; False if it has to be looked at again."""
        note = reader.note(due.practice, due.encounter)
        blank = note is None or note.version == 0 or note.digest == BLANK_DIGEST
        typed = [] if not blank else self._typed(due, reader)
        outcome = judge_consultation(blank=blank, typed=typed)
        self.judged_at = instant(self._clock.now())
        self._tell(due, outcome)
        if not due.counted:
            due.counted = True
            self.outcomes[outcome] += 1
        due.at = self._clock.monotonic() + WAITED_SECONDS
        return outcome in ("written", "empty")

    def _typed(self, due: _Due, reader: RecordReader) -> list[Typed]:
        """The texts that screens showed last, that have not arrived, and are not blank."""
        found: list[Typed] = []
        for shown in self._glances.unknown(due.practice, due.encounter):
            where = (due.practice, due.encounter, shown.digest)
            if self._journaled(*where) or reader.text_known(*where):
                self._glances.arrived(shown)
                continue
            # A page that closes leaves a draft on its device, which the next one takes up.
            waiting = self._devices.holds(shown.screen.device) or shown.unsaved
            found.append(Typed(shown.screen.device, waiting))
        return found

    def _tell(self, due: _Due, outcome: Outcome) -> None:
        subject = f"consultation/{due.encounter}"
        if outcome in ("emptied", "empty"):
            code = f"consultation-{outcome}"
            finding = Finding(subject, code, due.practice, due.author, due.encounter)
            if outcome == "emptied":
                self._findings.found(finding, of_page=True)
            else:
                self._findings.noted(finding)
        else:
            self._findings.cleared([subject])


def _encounter_of(change: Change, entry: Entry, reader: RecordReader) -> str | None:
    """The encounter that an appointment that is done, or a document that is shared, is of."""
    content = msgspec.json.decode(entry.content, type=_Content)
    if change.kind == "document.share":
        document = reader.resource(change.practice, content.document)
        return None if document is None else document.encounter
    if content.status == "done":
        return reader.encounter_for(change.practice, content.appointment)
    return None
