"""What pages ask the keeper about notes, receipts, devices and outstanding entries."""

import re
from collections.abc import Callable, Sequence
from typing import Any

from anamnesis.access.session import Session
from anamnesis.journal.entry import JournaledEntry
from anamnesis.journal.store import JournalReader
from anamnesis.keeper.http import Answer, Refused, Request
from anamnesis.keeper.intake import Intake
from anamnesis.keeper.judgement import Agreed, Verdict, judged
from anamnesis.keeper.messages import message
from anamnesis.keeper.readback import ReadBackLoop
from anamnesis.keeper.reading import Reading
from anamnesis.keeper.received import FINDING, Expected
from anamnesis.keeper.routes import Routes
from anamnesis.receipt.receipt import recorded_receipt
from anamnesis.record.model import Note
from anamnesis.record.store import RecordReader
from anamnesis.settings import Language

RECEIPTS_PER_PAGE_MAX = 100
_IDENTIFIER = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
RECEIPTS_PER_PAGE = 50
UNRECORDED_SHOWN_MAX = 500
"""How much of the journal's unrecorded end is searched for the author's entries."""


class RecordRoutes:
    """The reading routes of section 2 that need a session."""

    def __init__(
        self,
        intake: Intake,
        read_back: ReadBackLoop,
        reading: Reading,
        language: Callable[[Request], Language],
    ) -> None:
        self._intake = intake
        self._read_back = read_back
        self._reading = reading
        self._language = language

    def add_to(self, routes: Routes) -> None:
        """Registers them."""
        routes.add("GET", "/keep/encounters/{}/note", self.note)
        routes.add("GET", "/keep/receipts/{}", self.receipt)
        routes.add("GET", "/keep/receipts", self.receipts)
        routes.add("GET", "/keep/devices/{}", self.device)
        routes.add("GET", "/keep/outstanding", self.outstanding)

    async def note(self, request: Request, session: Session) -> Answer:
        """The note as a reader gets it, read from the record now."""
        encounter = _named(request)

        def question(reader: RecordReader) -> tuple[Note | None, int]:
            return reader.note(session.practice, encounter), reader.applied()

        note, applied = await self._reading.record(question)
        if note is None:
            raise Refused(404, "encounter-unknown")
        journaled = await self._reading.journal(lambda journal: journal.size())
        return Answer.json(shown_note(note, applied, applied < journaled))

    async def receipt(self, request: Request, session: Session) -> Answer:
        """The receipt of one entry of this practice, in the state it has now."""
        entry_id = _named(request)

        found = await self._reading.journal(lambda journal: journal.find([entry_id]))
        journaled = found.get(entry_id)
        if journaled is None or journaled.entry.practice != session.practice:
            raise Refused(404, "entry-unknown")
        receipt = await self._intake.ask(lambda journal: journal.receipt(entry_id))
        if receipt is None:
            raise Refused(404, "entry-unknown")
        [recorded] = await self._read_back.recorded([Expected.of(journaled)])
        if recorded is not None:
            receipt = recorded_receipt(receipt, recorded.attested)
        return Answer.json(receipt)

    async def receipts(self, request: Request, session: Session) -> Answer:
        """The session's own entries, newest first, a page at a time."""
        query = request.query()
        before = _count(query.get("before"))
        limit = _count(query.get("limit"))
        limit = RECEIPTS_PER_PAGE if limit is None else limit
        if not 1 <= limit <= RECEIPTS_PER_PAGE_MAX:
            raise Refused(400, "malformed", field="limit")

        def question(
            reader: RecordReader, journal: JournalReader
        ) -> tuple[list[JournaledEntry], dict[int, Verdict]]:
            rows = reader.entries_of(session.practice, session.practitioner, before, limit)
            applied = reader.applied()
            mine = _of_author(journal, session, applied, before, [row.entry for row in rows])
            expected = [Expected.of(one) for one in mine if one.position < applied]
            return mine, judged(reader, journal, self._read_back.demands, expected)

        mine, verdicts = await self._reading.both(question)
        shown = [_row(one, verdicts.get(one.position)) for one in mine][:limit]
        following = shown[-1]["position"] if len(shown) == limit else None
        return Answer.json({"receipts": shown, "next": following})

    async def device(self, request: Request, session: Session) -> Answer:
        """The last number this device has journaled; 0 for another author's device too."""
        device = _named(request)
        known = await self._reading.journal(lambda journal: journal.last_sequences([device]))
        last, author = known.get(device, (0, session.practitioner))
        return Answer.json(
            {"device": device, "last_sequence": last if author == session.practitioner else 0}
        )

    async def outstanding(self, request: Request, session: Session) -> Answer:
        """What the record could not take, and what it shows wrongly."""
        language = self._language(request)
        rows = await self._reading.record(lambda reader: reader.outstanding(session.practice))
        shown = [
            {
                "entry": row.entry,
                "kind": row.kind,
                "position": row.position,
                "code": row.code,
                "message": message(row.code, language),
            }
            for row in rows
        ]
        for wrong in self._read_back.disagreements.all():
            expected = wrong.expected
            if expected.practice == session.practice and expected.kind != FINDING:
                shown.append(
                    {
                        "entry": expected.id,
                        "kind": expected.kind,
                        "position": expected.position,
                        "code": wrong.code,
                        "message": message(wrong.code, language),
                    }
                )
        return Answer.json({"outstanding": shown})


def shown_note(note: Note, applied: int, stale: bool) -> dict[str, Any]:
    """The note as it travels to the page."""
    return {
        "encounter": note.encounter,
        "patient": note.patient,
        "status": note.status,
        "version": note.version,
        "digest": note.digest,
        "sections": note.sections,
        "divergences": note.divergences,
        "recorded_at": note.recorded_at,
        "applied": applied,
        "stale": stale,
    }


def _of_author(
    journal: JournalReader,
    session: Session,
    applied: int,
    before: int | None,
    recorded: Sequence[str],
) -> list[JournaledEntry]:
    """The author's entries that the record names, behind those it does not have yet."""
    end = journal.size()
    start = max(applied, end - UNRECORDED_SHOWN_MAX)
    unrecorded = [
        one
        for one in journal.read(start, end - start)
        if one.entry.author == session.practitioner
        and one.entry.practice == session.practice
        and (before is None or one.position < before)
    ]
    found = journal.find(recorded).values()
    return sorted([*unrecorded, *found], key=lambda one: -one.position)


def _row(journaled: JournaledEntry, verdict: Verdict | None) -> dict[str, Any]:
    entry = journaled.entry
    agreed = verdict if isinstance(verdict, Agreed) else None
    return {
        "entry": entry.id,
        "kind": entry.kind,
        "patient": entry.patient,
        "encounter": entry.encounter,
        "position": journaled.position,
        "received_at": journaled.received_at,
        "state": "recorded" if agreed else "journaled",
        "version": agreed.version if agreed else None,
        "digest": entry.digest,
    }


def _named(request: Request) -> str:
    """The identifier in the request's path; raises `Refused` 400 `malformed` if it is none."""
    name = request.path.split("/")[3]
    if _IDENTIFIER.fullmatch(name) is None:
        raise Refused(400, "malformed")
    return name


def _count(text: str | None) -> int | None:
    if text is None:
        return None
    if not text.isdecimal() or len(text) > 15:
        raise Refused(400, "malformed")
    return int(text)
