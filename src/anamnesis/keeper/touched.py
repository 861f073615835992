"""Notes whose rows changed in the record, whoever changed them: an entry has to say so (I3).

The record's own triggers name every note that is written, also when somebody writes it past the
product. Each is judged again within LOOKED_EVERY_SECONDS, once however often it changed. Where the
triggers themselves were altered, everything is swept.
"""

from collections import OrderedDict
from collections.abc import Callable

from anamnesis.journal.store import JournalReader
from anamnesis.keeper.demands import Demands
from anamnesis.keeper.judgement import Verdict, judged, newest_first
from anamnesis.keeper.received import Expected
from anamnesis.record.model import Touched
from anamnesis.record.store import RecordReader
from anamnesis.seams import Clock

LOOKED_EVERY_SECONDS = 0.5
LOOKED_AT_MAX = 500
"""Notes judged in one go; those beyond wait for the next look."""
BACKLOG_MAX = 5_000
"""Changes that may wait; of more, only the first are judged here, and the sweep hurries."""
REMEMBERED_MAX = 50_000
"""Notes of which it is known what was judged last; of others every entry is judged."""


class TouchedNotes:
    """Remembers how far it has looked. Used by one thread."""

    def __init__(self, journal: JournalReader, clock: Clock, hurry: Callable[[], None]) -> None:
        self._journal = journal
        self._clock = clock
        self._hurry = hurry
        self._looked_at = -LOOKED_EVERY_SECONDS
        self._seen: int | None = None
        self._form: int | None = None
        self._latest: OrderedDict[tuple[str, str], Expected] = OrderedDict()

    def judged(self, reader: RecordReader, demands: Demands, told: int) -> list[Verdict]:
        """Verdicts on the notes that changed since the last look; nothing if that was just now.

        Entries from position `told` on have not been judged for the first time yet. A note that
        one of them has moved on is left to that judgement, which looks at the note as well.
        """
        now = self._clock.monotonic()
        if now - self._looked_at < LOOKED_EVERY_SECONDS:
            return []
        self._looked_at = now
        applied, last, form = reader.applied(), reader.last_touched(), reader.form()
        if self._form not in (None, form):
            self._hurry()  # the triggers may have been away meanwhile
        self._form = form
        if self._seen is None or last < self._seen:
            # What changed before this process, or in a record made anew, is the sweep's to find.
            self._seen = last
        found: list[Verdict] = []
        for one in reader.touched(self._seen, LOOKED_AT_MAX):
            awaited = one.position is not None and told <= one.position < applied
            if not awaited and not _stands(one, demands):
                found += judged(reader, self._journal, demands, self._due(one, reader)).values()
            self._seen = one.change
        if last - self._seen > BACKLOG_MAX:
            self._seen = last
            self._hurry()
        return found

    def _due(self, touched: Touched, reader: RecordReader) -> list[Expected]:
        """The newest entry of the note; all of them if no entry explains the change."""
        note = (touched.practice, touched.encounter)
        entries = (Expected.of(one) for one in newest_first(reader, self._journal, *note))
        before, newest = self._latest.pop(note, None), next(entries, None)
        if newest is None:
            # Its rows are gone, or never had an entry: what is known of it has to be there.
            return [] if before is None else [before]
        self._latest[note] = newest
        if len(self._latest) > REMEMBERED_MAX:
            self._latest.popitem(last=False)
        if before is not None and before.position < newest.position:
            return [newest]
        return [newest, *entries]


def _stands(touched: Touched, demands: Demands) -> bool:
    """Whether the note is as the newest of its entries left it: the usual case, and a quick one."""
    demanded = demands.newest(touched.practice, touched.encounter)
    # Rows that contradict one another have no digest: judging says which entry is concerned.
    return demanded is not None and (touched.version, touched.digest) == (
        demanded.version,
        demanded.digest,
    )
