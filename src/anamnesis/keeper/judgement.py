"""Does the record show what the journal has? Decided from values alone (pure)."""

from collections.abc import Callable, Container, Iterable, Iterator, Sequence

import msgspec

from anamnesis.clinical.composition import NOTE_TEXT_KINDS
from anamnesis.journal.entry import JournaledEntry
from anamnesis.journal.store import JournalReader
from anamnesis.keeper.demands import Demands
from anamnesis.keeper.received import Expected
from anamnesis.record.model import Outstanding, ReadBack
from anamnesis.record.outstanding import ERASED
from anamnesis.record.refold import Refolded
from anamnesis.record.store import RecordReader

Demand = Callable[[Expected], Refolded | None]
"""What a note must say after an entry, according to the journal's entries alone."""
MovedOn = Callable[[Expected], bool]
"""Whether a later entry of the journal has moved an entry's note on."""


class Agreed(msgspec.Struct, frozen=True):
    """The record shows this entry.

    `shown_*` is what a reader sees of it now: for note text the note as it is, which a later or
    another device's entry may have moved on.
    """

    expected: Expected
    version: int
    digest: str
    typed_digest: str
    shown_version: int
    shown_digest: str


class Disagreement(msgspec.Struct, frozen=True):
    """The record shows something else, or nothing. Ids and a code only."""

    expected: Expected
    code: str


class Outside(msgspec.Struct, frozen=True):
    """The record says itself that it could not take the entry, and why."""

    expected: Expected
    code: str


class Cleared(msgspec.Struct, frozen=True):
    """What was found of something that is no entry is so no longer."""

    expected: Expected


Verdict = Agreed | Disagreement | Outside
RowVerdict = Verdict | Cleared


def judge(  # noqa: PLR0911 - one return for each way to be wrong
    expected: Expected,
    read: ReadBack | None,
    outside: Outstanding | None,
    demand: Demand,
    moved_on: MovedOn,
) -> Verdict:
    """What to say of one applied entry.

    A note must say exactly what the journal's entries demand: what was typed, or what merging it
    with another's gives. What was typed is not enough where a colleague's words belong in it. And
    it goes on saying so until an entry changes it.
    """
    if outside is not None:
        return Outside(expected, outside.code)
    if read is None:
        return Disagreement(expected, "read-back-missing")
    if read.position != expected.position or read.kind != expected.kind:
        return Disagreement(expected, "read-back-misplaced")
    if read.encounter != expected.encounter:
        return Disagreement(expected, "read-back-misfiled")
    if read.typed_digest != expected.digest:
        return Disagreement(expected, "read-back-differs")
    note = expected.kind in NOTE_TEXT_KINDS
    if not note and read.digest != expected.digest:
        return Disagreement(expected, "read-back-differs")
    if note:
        demanded = demand(expected)
        if demanded != Refolded(read.version, read.digest):
            whole = demanded is not None and demanded.digest == expected.digest
            return Disagreement(
                expected, "read-back-differs" if whole else "read-back-merge-differs"
            )
    moved = (read.note_version, read.note_digest) != (read.version, read.digest)
    if note and moved and (read.note_version == read.version or not moved_on(expected)):
        return Disagreement(expected, "read-back-note-differs")
    if read.misfiled:
        return Disagreement(expected, "read-back-misfiled")
    shown_version = read.note_version if note and read.note_version is not None else read.version
    shown_digest = read.note_digest if note and read.note_digest is not None else read.digest
    return Agreed(
        expected, read.version, read.digest, read.typed_digest, shown_version, shown_digest
    )


def by_practice(entries: Iterable[Expected]) -> dict[str, list[Expected]]:
    """The entries of each practice, in the order given: the record is asked by practice."""
    grouped: dict[str, list[Expected]] = {}
    for expected in entries:
        grouped.setdefault(expected.practice, []).append(expected)
    return grouped


def judged(
    reader: RecordReader,
    journal: JournalReader,
    demands: Demands,
    entries: Sequence[Expected],
    leading: Container[int] = (),
) -> dict[int, Verdict]:
    """A verdict on each of these applied entries, by position, from what the record shows now.

    `leading` are the positions that have just been applied, judged for the first time.
    """

    def demand(expected: Expected) -> Refolded | None:
        return demands.of(expected, reader, journal)

    newest: dict[tuple[str, str], int] = {}

    def moved_on(expected: Expected) -> bool:
        note = (expected.practice, expected.encounter or "")
        if newest.get(note, -1) <= expected.position:
            # Asked again of a note that may have moved on meanwhile; one that has stays so.
            newest[note] = _newest_position(reader, journal, *note)
        return newest[note] > expected.position

    verdicts: dict[int, Verdict] = {}
    for practice, mine in by_practice(entries).items():
        ids = [expected.id for expected in mine]
        read = reader.read_back(practice, ids)
        # What is read back was taken; only of the rest it is asked whether the record says why not.
        missed = [name for name in ids if name not in read]
        outside = {one.entry: one for one in reader.outstanding(practice, missed)} if missed else {}
        for expected in mine:
            beside = outside.get(expected.id)
            if beside is not None and beside.code == ERASED and not _is_erased(journal, expected):
                beside = None  # the text is there: whoever wrote that it is not is wrong
            if expected.position in leading and expected.kind.startswith("note.") and not beside:
                demands.lead(expected, reader, journal)
            verdict = judge(expected, read.get(expected.id), beside, demand, moved_on)
            if isinstance(verdict, Disagreement):
                demands.forget(expected.position)
            verdicts[expected.position] = verdict
    return verdicts


def _is_erased(journal: JournalReader, expected: Expected) -> bool:
    return journal.at([expected.position])[0].entry.erased_by is not None


def newest_first(
    reader: RecordReader, journal: JournalReader, practice: str, encounter: str
) -> Iterator[JournaledEntry]:
    """The journal's entries of a note that the record says it has, each read when it is asked for.

    A row that names a place where the journal has nothing, or another note's entry, is none.
    """
    for position in reversed(reader.note_positions(practice, encounter)):
        try:
            [journaled] = journal.at([position])
        except IndexError:
            continue
        entry = journaled.entry
        if (entry.practice, entry.encounter) == (practice, encounter):
            yield journaled


def _newest_position(
    reader: RecordReader, journal: JournalReader, practice: str, encounter: str
) -> int:
    """The position of the note's newest entry; -1 if it has none."""
    found = next(newest_first(reader, journal, practice, encounter), None)
    return -1 if found is None else found.position
