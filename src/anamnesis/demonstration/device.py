"""A device of the demonstration: makes entries as a page does, and numbers them in time's order."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import msgspec

from anamnesis.clinical.kinds import check_content
from anamnesis.clinical.sections import Sections
from anamnesis.demonstration.draws import Draws
from anamnesis.journal.entry import Entry
from anamnesis.receipt.canonical import Json, canonical, digest_bytes
from anamnesis.seams import instant


class About(msgspec.Struct, frozen=True):
    """What an entry is about."""

    patient: str | None = None
    encounter: str | None = None


class Device:
    """One outbox of one author. Its entries have number 0 until `numbered` has ordered them."""

    def __init__(self, name: str, draws: Draws, author: str, practice: str, build: str) -> None:
        self._draws = draws.of("device", name)
        self.id = self._draws.fixed_id()
        self.session = self._draws.of("session").fixed_id()
        self.author = author
        self._practice = practice
        self._build = build

    def entry(
        self,
        kind: str,
        typed_at: datetime,
        content: dict[str, Json],
        about: About,
        base: str | None = None,
        entry_id: str | None = None,
    ) -> Entry:
        """The next entry of this device; raises ContentRefused if the content is not its kind's."""
        check_content(kind, about.patient, about.encounter, base, content)
        data = canonical(content)
        digest = digest_bytes(data)
        said = self._draws.of(kind, about.patient, about.encounter, instant(typed_at), digest)
        return Entry(
            id=entry_id or said.id_at(typed_at),
            kind=kind,
            practice=self._practice,
            author=self.author,
            patient=about.patient,
            encounter=about.encounter,
            device=self.id,
            sequence=0,
            base=base,
            build=self._build,
            features=(),
            typed_at=instant(typed_at),
            digest=digest,
            content=data,
        )

    def text(
        self, kind: str, typed_at: datetime, about: About, sections: Sections, base: str | None
    ) -> Entry:
        """The next entry of this device, carrying a note's text."""
        content: dict[str, Json] = dict(sections.as_content())
        return self.entry(kind, typed_at, content, about, base)


def numbered(entries: Iterable[Entry], last: dict[str, int] | None = None) -> list[Entry]:
    """The entries in the order in which they were typed, each device's numbered without holes.

    `last` is what each device has sent before.
    """
    sequences = dict(last or {})
    ordered: list[Entry] = []
    for entry in sorted(entries, key=lambda entry: entry.typed_at):
        sequences[entry.device] = sequences.get(entry.device, 0) + 1
        ordered.append(msgspec.structs.replace(entry, sequence=sequences[entry.device]))
    return ordered


def groups(entries: Sequence[Entry], minutes: int, many: int) -> list[list[Entry]]:
    """The entries in groups that were sent within `minutes` of one another, at most `many`."""
    found: list[list[Entry]] = []
    for entry in entries:
        moment = datetime.fromisoformat(entry.typed_at)
        begun = datetime.fromisoformat(found[-1][0].typed_at) if found else moment
        if not found or len(found[-1]) >= many or moment - begun > timedelta(minutes=minutes):
            found.append([])
        found[-1].append(entry)
    return found
