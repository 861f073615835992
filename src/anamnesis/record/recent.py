"""Which encounters and patients the journal's newest entries are about, told from their headers.

What is said here needs no record: it is the table of contents of the journal's end.
"""

from collections.abc import Iterable

import msgspec

from anamnesis.journal.entry import Header

_IDENTITIES = frozenset({"patient.create", "patient.amend"})


class RecentEncounter(msgspec.Struct):
    """An encounter, and where its entries are. `started` is the position of `encounter.start`."""

    practice: str
    encounter: str
    patient: str
    newest: int
    started: int | None
    notes: set[int]
    authors: set[str]


class Recent:
    """Takes headers in any order, each once."""

    def __init__(self) -> None:
        self._encounters: dict[tuple[str, str], RecentEncounter] = {}
        self._identities: dict[tuple[str, str], int] = {}
        self.oldest_at: str | None = None

    def take(self, headers: Iterable[Header]) -> None:
        """Takes notice of these."""
        for header in headers:
            if self.oldest_at is None or header.received_at < self.oldest_at:
                self.oldest_at = header.received_at
            if header.patient is None:
                continue
            if header.kind in _IDENTITIES:
                key = header.practice, header.patient
                self._identities[key] = max(header.position, self._identities.get(key, 0))
            elif header.encounter is not None:
                self._take_encounter(header, header.encounter, header.patient)

    def of(self, practice: str, encounter: str) -> RecentEncounter | None:
        """What is known of this encounter."""
        return self._encounters.get((practice, encounter))

    def written_by(
        self, practice: str, author: str, before: int | None, limit: int
    ) -> list[RecentEncounter]:
        """The encounters in which somebody wrote, newest entry first, from below `before`."""
        mine = [
            one
            for one in self._encounters.values()
            if one.practice == practice
            and author in one.authors
            and (before is None or one.newest < before)
        ]
        return sorted(mine, key=lambda one: -one.newest)[:limit]

    def identity(self, practice: str, patient: str) -> int | None:
        """Where the newest entry is that says who this patient is."""
        return self._identities.get((practice, patient))

    def identities(self, practice: str) -> list[int]:
        """Where the newest identity of each patient of the practice is, newest first."""
        found = [at for (whose, _), at in self._identities.items() if whose == practice]
        return sorted(found, reverse=True)

    def _take_encounter(self, header: Header, encounter: str, patient: str) -> None:
        key = header.practice, encounter
        known = self._encounters.get(key)
        if known is None:
            known = RecentEncounter(
                header.practice, encounter, patient, header.position, None, set(), set()
            )
            self._encounters[key] = known
        known.newest = max(known.newest, header.position)
        known.authors.add(header.author)
        if header.kind == "encounter.start":
            known.started = header.position
        elif header.kind.startswith("note."):
            known.notes.add(header.position)
