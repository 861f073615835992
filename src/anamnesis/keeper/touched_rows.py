"""Rows that were written otherwise than entries write them, found as `TouchedNotes` finds notes."""

from collections.abc import Callable

from anamnesis.journal.store import JournalReader
from anamnesis.keeper.demands import Demands
from anamnesis.keeper.judgement import Cleared, Disagreement, RowVerdict
from anamnesis.keeper.received import Expected
from anamnesis.keeper.rows import Rows
from anamnesis.reconcile.finding import Finding
from anamnesis.record.store import RecordReader
from anamnesis.seams import Clock

LOOKED_EVERY_SECONDS = 0.5
LOOKED_AT_MAX = 500
"""Rows judged in one go; those beyond wait for the next look."""
BACKLOG_MAX = 5_000
"""Changes that may wait; of more, only the first are judged here, and the sweep hurries."""


class TouchedRows:
    """Remembers how far it has looked. Used by one thread."""

    def __init__(
        self, rows: Rows, journal: JournalReader, clock: Clock, hurry: Callable[[], None]
    ) -> None:
        self._rows = rows
        self._journal = journal
        self._clock = clock
        self._hurry = hurry
        self._looked_at = -LOOKED_EVERY_SECONDS
        self._seen: int | None = None
        self._form: int | None = None
        self.watched = True
        """Whether the record's own triggers stand as they were made."""

    def judged(self, reader: RecordReader, demands: Demands) -> list[RowVerdict]:
        """Verdicts on what changed since the last look; nothing if that was just now."""
        now = self._clock.monotonic()
        if now - self._looked_at < LOOKED_EVERY_SECONDS:
            return []
        self._looked_at = now
        last = reader.last_touched_row()
        if self._seen is None or last < self._seen:
            # What changed before this process, or in a record made anew, is the sweep's to find.
            self._seen = last
        touched = reader.touched_rows(self._seen, LOOKED_AT_MAX)
        beyond = reader.strays(0, None)
        found = self._rows.judged(reader, self._journal, demands, [*touched, *beyond])
        found += self._look_at_triggers(reader)
        if touched:
            self._seen = touched[-1].change
        if last - self._seen > BACKLOG_MAX:
            self._seen = last
            self._hurry()
        return found

    def _look_at_triggers(self, reader: RecordReader) -> list[RowVerdict]:
        """Nobody tells of changes where these were altered: that alone is wrong."""
        form = reader.form()
        if form == self._form and self.watched:
            return []
        before, self._form, self.watched = self.watched, form, reader.watched()
        expected = Expected.found(Finding("record/triggers", "record-unwatched"))
        if not self.watched:
            return [Disagreement(expected, "record-unwatched")]
        return [] if before else [Cleared(expected)]
