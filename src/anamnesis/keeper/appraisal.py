"""What became of a text, section by section: what the incident's list will say of it."""

import msgspec

from anamnesis.clinical.composition import NOTE_TEXT_KINDS
from anamnesis.clinical.sections import SECTIONS
from anamnesis.journal.store import JournalReader
from anamnesis.keeper.received import Expected
from anamnesis.keeper.record_door import RecordDoor, RecordUnavailable
from anamnesis.reconcile.discrepancy import Difference
from anamnesis.record.model import Note


class _Written(msgspec.Struct):
    sections: dict[str, str]


class Appraisal:
    """Looks at one entry in journal and record. Used by one thread, with its own way into both."""

    def __init__(self, door: RecordDoor, journal: JournalReader) -> None:
        self._door = door
        self._journal = journal

    def __call__(self, expected: Expected) -> tuple[Difference | None, tuple[str, ...]]:
        """The difference, where the note tells more than the code; the sections concerned."""
        encounter = expected.encounter
        if expected.kind not in NOTE_TEXT_KINDS or encounter is None:
            return None, ()
        [journaled] = self._journal.at([expected.position])
        if journaled.entry.erased_by is not None:
            return None, ()
        typed = msgspec.json.decode(journaled.entry.content, type=_Written).sections
        try:
            note = self._door.read(lambda reader: reader.note(expected.practice, encounter))
        except RecordUnavailable:
            return "lost", _written(typed)
        if note is None:
            return "lost", _written(typed)
        return _difference(typed, note)


def _difference(typed: dict[str, str], note: Note) -> tuple[Difference | None, tuple[str, ...]]:
    shown = {name: note.sections.section(name) for name in SECTIONS}
    emptied = tuple(name for name in SECTIONS if typed.get(name) and not shown[name])
    if emptied:
        return "emptied", emptied
    return None, tuple(name for name in SECTIONS if typed.get(name, "") != shown[name])


def _written(typed: dict[str, str]) -> tuple[str, ...]:
    return tuple(name for name in SECTIONS if typed.get(name))
