"""What was journaled lately and is perhaps not recorded yet, kept small and in memory."""

import threading
from collections import OrderedDict
from collections.abc import Iterable

import msgspec

from anamnesis.journal.entry import JournaledEntry
from anamnesis.reconcile.finding import Finding, place_of

FINDING = "finding"
"""The kind of what stands for something that is no entry."""
REMEMBERED_MAX = 100_000
"""Entries remembered, without their text; older ones are looked up in the journal."""


class Expected(msgspec.Struct, frozen=True, gc=False):
    """What the record must show of one entry, as the journal has it."""

    position: int
    id: str
    kind: str
    practice: str
    author: str
    device: str
    encounter: str | None
    digest: str
    base: str | None
    received_at: str = ""
    sections: tuple[str, ...] = ()
    """Of a finding: those it concerns."""

    @classmethod
    def of(cls, journaled: JournaledEntry) -> "Expected":
        """What `journaled` makes us expect."""
        entry = journaled.entry
        return cls(
            journaled.position,
            entry.id,
            entry.kind,
            entry.practice,
            entry.author,
            entry.device,
            entry.encounter,
            entry.digest,
            entry.base,
            journaled.received_at,
        )

    @classmethod
    def found(cls, finding: Finding) -> "Expected":
        """What stands for a finding that is no entry."""
        return cls(
            place_of(finding.subject),
            finding.subject,
            FINDING,
            finding.practice,
            finding.author,
            "",
            finding.encounter,
            "",
            None,
            finding.since,
            finding.sections,
        )

    def is_text(self, practice: str, encounter: str, digest: str) -> bool:
        """Whether it carries the text with this digest, for this encounter."""
        return (self.practice, self.encounter, self.digest) == (practice, encounter, digest)


class Received:
    """Remembers entries by position, and texts by encounter and digest. Safe between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._by_position: OrderedDict[int, Expected] = OrderedDict()
        self._texts: dict[tuple[str, str, str], int] = {}

    def add(self, entries: Iterable[Expected]) -> None:
        """Remembers entries; forgets the oldest beyond `REMEMBERED_MAX`."""
        with self._lock:
            for expected in entries:
                self._by_position[expected.position] = expected
                if expected.encounter is not None:
                    self._texts[_text(expected, expected.encounter)] = expected.position
            while len(self._by_position) > REMEMBERED_MAX:
                _, oldest = self._by_position.popitem(last=False)
                if oldest.encounter is not None:
                    key = _text(oldest, oldest.encounter)
                    if self._texts.get(key) == oldest.position:
                        del self._texts[key]

    def at(self, position: int) -> Expected | None:
        """The entry at `position`, if remembered."""
        with self._lock:
            return self._by_position.get(position)

    def position_of_text(self, practice: str, encounter: str, digest: str) -> int | None:
        """Where a text with this digest was last journaled for the encounter, if remembered."""
        with self._lock:
            return self._texts.get((practice, encounter, digest))


def _text(expected: Expected, encounter: str) -> tuple[str, str, str]:
    return (expected.practice, encounter, expected.digest)
