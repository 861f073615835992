"""What each note must say after each of its entries, according to the journal alone.

A text that came when its author had the current one on the screen is the next version as it is:
that is told from the entry before it, at no cost. Everything else is folded again.
"""

import threading
from collections import OrderedDict

from anamnesis.clinical.composition import NOTE_TEXT_KINDS
from anamnesis.clinical.sections import BLANK_DIGEST
from anamnesis.journal.store import JournalReader
from anamnesis.keeper.received import Expected
from anamnesis.record.refold import Refolded, refold
from anamnesis.record.store import RecordReader

KNOWN_MAX = 100_000
"""Entries whose outcome is remembered; others are folded again when they are asked about."""
NOTES_MAX = 10_000
"""Notes whose newest text is remembered."""

_Note = tuple[str, str | None]


class Demands:
    """Remembers what was worked out. May be asked by several threads, led by one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: OrderedDict[int, Refolded] = OrderedDict()
        self._newest: OrderedDict[_Note, Refolded] = OrderedDict()

    def of(
        self, expected: Expected, reader: RecordReader, journal: JournalReader
    ) -> Refolded | None:
        """What the note must be after this text; None if the rules do not take it."""
        with self._lock:
            known = self._known.get(expected.position)
        return known or self._folded(expected, reader, journal)[0]

    def lead(self, expected: Expected, reader: RecordReader, journal: JournalReader) -> None:
        """Takes notice of the next applied `note.*` entry.

        Called once for each, in their order: only so is the entry before it known to be that.
        """
        note = (expected.practice, expected.encounter)
        with self._lock:
            before = self._newest.pop(note, None)
        if expected.kind not in NOTE_TEXT_KINDS:
            # Signed or withdrawn: from now on texts may be kept aside, which only folding tells.
            return
        plain = True
        after: Refolded | None
        if before is not None and before.digest in (expected.base or BLANK_DIGEST, expected.digest):
            after = Refolded(before.version + 1, expected.digest)
        else:
            after, plain = self._folded(expected, reader, journal)
        if after is not None:
            self._remember(note if plain else None, expected.position, after)

    def _folded(
        self, expected: Expected, reader: RecordReader, journal: JournalReader
    ) -> tuple[Refolded | None, bool]:
        """What folding gives, and whether the note has had nothing but texts so far."""
        positions = reader.note_positions(expected.practice, expected.encounter or "")
        before = [one for one in positions if 0 <= one <= expected.position]
        note = (expected.practice, expected.encounter)
        # A row may name another note's entry: it is judged as a row, and counts for nothing here.
        entries = [
            one for one in journal.at(before) if (one.entry.practice, one.entry.encounter) == note
        ]
        plain = all(one.entry.kind in NOTE_TEXT_KINDS for one in entries)
        return refold(entries, expected.id), plain

    def _remember(self, note: _Note | None, position: int, after: Refolded) -> None:
        with self._lock:
            self._known[position] = after
            if len(self._known) > KNOWN_MAX:
                self._known.popitem(last=False)
            if note is not None:
                self._newest[note] = after
                if len(self._newest) > NOTES_MAX:
                    self._newest.popitem(last=False)

    def newest(self, practice: str, encounter: str) -> Refolded | None:
        """What the note must be after the newest of its entries led so far, where remembered."""
        with self._lock:
            return self._newest.get((practice, encounter))

    def forget(self, position: int) -> None:
        """Works it out anew next time: what was folded may have come from a wrong record."""
        with self._lock:
            self._known.pop(position, None)
