"""Answers the page's witness: whether the text on its screen is what a reader would get now."""

import functools
from collections.abc import Callable
from typing import Annotated, Literal

import msgspec

from anamnesis.access.session import Session
from anamnesis.clinical.composition import NOTE_TEXT_KINDS
from anamnesis.clinical.device_loss import HeldNumber
from anamnesis.clinical.kinds import SEQUENCE_MAX
from anamnesis.clinical.shapes import Uuid
from anamnesis.journal.entry import JournaledEntry
from anamnesis.journal.store import JournalReader
from anamnesis.keeper.comparing import Comparing
from anamnesis.keeper.demands import Demands
from anamnesis.keeper.devices import Reporter
from anamnesis.keeper.http import Answer, Refused, Request
from anamnesis.keeper.judgement import Agreed, judged
from anamnesis.keeper.readback import ReadBackLoop
from anamnesis.keeper.reading import Reading
from anamnesis.keeper.received import Expected, Received
from anamnesis.keeper.routes import Routes
from anamnesis.keeper.screens import Screen, Screens
from anamnesis.reconcile.outbox import Outbox
from anamnesis.reconcile.screen import Glance
from anamnesis.record.model import Note
from anamnesis.record.store import RecordReader

REPORT_BYTES_MAX = 8_192
SCANNED_ENTRIES_MAX = 2_000
"""Entries of the journal's unrecorded end that are searched for a text nobody remembers."""
SCANNED_AT_ONCE = 200

Shown = Literal["recorded", "journaled", "differs", "unknown-text"]
_Digest = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}\Z")]
_Count = Annotated[int, msgspec.Meta(ge=0, le=SEQUENCE_MAX)]
HELD_TOLD_MAX = 20
"""Entries that wait, named in one report: the newest; earlier reports named the others."""


class Report(msgspec.Struct):
    """What a page says of itself (protocol, section 5)."""

    device: Uuid
    encounter: Uuid
    shown: _Digest
    sequence: _Count
    waiting: _Count
    oldest_ms: _Count | None
    unsaved_ms: _Count | None = None
    leaving: bool = False
    faithful: bool = True
    held: Annotated[tuple[msgspec.Raw, ...], msgspec.Meta(max_length=HELD_TOLD_MAX)] = ()


class _Seen(msgspec.Struct):
    """What a reader gets: `agreed` if it is the text on the screen, and the journal's too."""

    note: Note
    applied: int
    known: bool
    agreed: bool


_reports = msgspec.json.Decoder(Report)
_numbers = msgspec.json.Decoder(HeldNumber)


class WitnessRoute:
    """`POST /keep/witness`."""

    def __init__(
        self,
        reading: Reading,
        read_back: ReadBackLoop,
        received: Received,
        application: Callable[[], str],
        screens: Screens,
        comparing: Comparing,
        running: Callable[[], list[str]],
        heard: Callable[[str, str, str], object],
    ) -> None:
        self._reading = reading
        self._read_back = read_back
        self._received = received
        self._application = application
        self._screens = screens
        self._comparing = comparing
        self._running = running
        self._heard = heard

    def add_to(self, routes: Routes) -> None:
        """Registers it."""
        routes.add("POST", "/keep/witness", self.post)

    async def post(self, request: Request, session: Session) -> Answer:
        """The state of the text on the screen; the record is read again each time."""
        try:
            report = _reports.decode(await request.body(REPORT_BYTES_MAX))
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise Refused(400, "malformed") from None
        practice = session.practice
        screen = Screen(practice, session.practitioner, report.device, report.encounter)
        self._comparing.glances.speaks(screen)
        await self._hear_of_outbox(session, report)
        self._heard(practice, session.practitioner, report.encounter)
        demands = self._read_back.demands
        try:
            seen = await self._reading.both(
                lambda reader, journal: _seen(reader, journal, demands, practice, report)
            )
        except Refused:
            if await self._position(practice, report, self._read_back.applied) is None:
                raise  # nothing at all is known of this text
            return self._answer("journaled", None)
        state = await self._state(practice, report, seen)
        astray = state in ("differs", "unknown-text")
        under_way = report.waiting > 0 or report.unsaved_ms is not None
        self._screens.seen(screen, differs=astray and not under_way, faithful=report.faithful)
        self._comparing.glances.heard(
            screen,
            report.shown,
            Glance(state != "unknown-text", report.waiting, report.unsaved_ms),
            leaving=report.leaving,
        )
        return self._answer(state, seen)

    async def _hear_of_outbox(self, session: Session, report: Report) -> None:
        device = report.device
        last = await self._reading.journal(lambda journal: journal.last_sequences([device]))
        journaled, author = last.get(device, (0, session.practitioner))
        if author != session.practitioner:
            return  # nobody speaks for another's device
        held = [one for one in map(_held, report.held) if one is not None]
        outbox = Outbox(report.sequence, report.waiting, report.oldest_ms, tuple(held))
        page = Reporter(session.practice, session.practitioner, session.id, device)
        self._comparing.devices.heard(page, outbox, journaled, leaving=report.leaving)

    def _answer(self, state: Shown, seen: _Seen | None) -> Answer:
        return Answer.json(
            {
                "state": state,
                "version": seen.note.version if seen else None,
                "digest": seen.note.digest if seen else None,
                "application": self._application(),
                "features": self._running(),
            }
        )

    async def _state(self, practice: str, report: Report, seen: _Seen | None) -> Shown:
        if seen is not None and seen.agreed:
            return "recorded"
        applied = seen.applied if seen else self._read_back.applied
        position = await self._position(practice, report, applied)
        shown_wrongly = seen is not None and seen.note.digest == report.shown
        if position is not None and (position >= applied or shown_wrongly):
            return "journaled"
        if position is not None or (seen is not None and seen.known):
            return "differs"
        return "unknown-text"

    async def _position(self, practice: str, report: Report, applied: int) -> int | None:
        position = self._received.position_of_text(practice, report.encounter, report.shown)
        return position if position is not None else await self._found(practice, report, applied)

    async def _found(self, practice: str, report: Report, applied: int) -> int | None:
        """The place of the text in the journal's unrecorded end, if it is there.

        Needed after a restart of the keeper only: what it receives itself it remembers.
        """
        end = min(
            await self._reading.journal(lambda journal: journal.size()),
            applied + SCANNED_ENTRIES_MAX,
        )
        for start in range(applied, end, SCANNED_AT_ONCE):
            entries = await self._reading.journal(
                functools.partial(_read, start=start, limit=SCANNED_AT_ONCE)
            )
            for journaled in entries:
                if Expected.of(journaled).is_text(practice, report.encounter, report.shown):
                    return journaled.position
        return None


def _seen(
    reader: RecordReader, journal: JournalReader, demands: Demands, practice: str, report: Report
) -> _Seen | None:
    note = reader.note(practice, report.encounter)
    if note is None:
        return None
    same = note.digest == report.shown
    known = same or reader.text_known(practice, report.encounter, report.shown)
    agreed = same and _agrees(reader, journal, demands, note)
    return _Seen(note, reader.applied(), known, agreed)


def _agrees(reader: RecordReader, journal: JournalReader, demands: Demands, note: Note) -> bool:
    """Whether the note is what the journal's newest text for it makes of it.

    A page that shows what the record shows proves nothing if the record is wrong.
    """
    positions = reader.note_positions(note.practice, note.encounter)
    for position in reversed(positions):
        newest = Expected.of(journal.at([position])[0])
        if newest.kind in NOTE_TEXT_KINDS:
            verdict = judged(reader, journal, demands, [newest]).get(position)
            return isinstance(verdict, Agreed) and verdict.shown_digest == note.digest
    return note.version == 0


def _held(told: msgspec.Raw) -> HeldNumber | None:
    """An entry that the page says waits; None where it says so in no form we know."""
    try:
        return _numbers.decode(told)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None  # that something waits is known all the same, by its number


def _read(journal: JournalReader, start: int, limit: int) -> list[JournaledEntry]:
    return journal.read(start, limit)
