"""Reading what one typed from the journal itself: without the application, and without the record.

The record is asked as well while it can be read: which entries belong to an older encounter, what
a patient is called who was not seen lately, and whether it shows the same text. It is not believed:
the text is the journal's.
"""

import re
from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from anamnesis.access.session import Session
from anamnesis.clinical.encounter import Start
from anamnesis.clinical.kinds import read_content
from anamnesis.clinical.patient import Traits, search_for, search_words
from anamnesis.clinical.refusal import ContentRefused
from anamnesis.journal.entry import JournaledEntry
from anamnesis.journal.store import JournalReader
from anamnesis.keeper.away import PAGE, Away
from anamnesis.keeper.http import Answer, Refused, Request
from anamnesis.keeper.reading import Reading
from anamnesis.keeper.recent_entries import RecentEntries
from anamnesis.keeper.routes import Routes
from anamnesis.record.model import Patient, PatientRow
from anamnesis.record.recent import Recent, RecentEncounter
from anamnesis.record.refold import JournaledNote, note_from
from anamnesis.record.store import RecordReader
from anamnesis.settings import Language

ENCOUNTERS_PER_PAGE_MAX = 50
ENCOUNTERS_PER_PAGE = 20
PATIENTS_MAX = 20
IDENTITIES_LOOKED_AT_MAX = 2_000
"""Identities of the journal's end that are compared with what somebody looks for."""
_IDENTIFIER = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
_POSITION_DIGITS_MAX = 15


class _Record(msgspec.Struct):
    """What the record says of an encounter while it can be read."""

    positions: list[int] = []
    version: int = -1
    digest: str = ""
    patient: Patient | None = None


class JournalRoutes:
    """The reading routes of journal-only mode; they answer in any mode."""

    def __init__(
        self, reading: Reading, away: Away, language: Callable[[Request], Language]
    ) -> None:
        self._reading = reading
        self._away = away
        self._language = language
        self._recent = RecentEntries(reading)

    def add_to(self, routes: Routes) -> None:
        """Registers them, and the page that asks them."""
        routes.add_public("GET", PAGE, self.page)
        routes.add("GET", "/keep/journal/encounters", self.encounters)
        routes.add("GET", "/keep/journal/encounters/{}/note", self.note)
        routes.add("GET", "/keep/journal/patients", self.patients)
        routes.add("GET", "/keep/journal/patients/{}", self.patient)

    async def page(self, request: Request) -> Answer:
        """The page on which practitioners go on writing: the same for everybody."""
        return self._away.page(self._language(request))

    async def encounters(self, request: Request, session: Session) -> Answer:
        """The encounters in which the session's practitioner wrote lately, newest first."""
        query = request.query()
        before = _count(query.get("before"), "before")
        limit = _count(query.get("limit"), "limit")
        limit = ENCOUNTERS_PER_PAGE if limit is None else limit
        if not 1 <= limit <= ENCOUNTERS_PER_PAGE_MAX:
            raise Refused(400, "malformed", field="limit")
        recent = await self._recent.now()
        mine = recent.written_by(session.practice, session.practitioner, before, limit)
        shown = [
            await self._shown(recent, session.practice, one.encounter, one.patient) for one in mine
        ]
        return Answer.json(
            {
                "encounters": [one for one in shown if one is not None],
                "next": mine[-1].newest if len(mine) == limit else None,
                "since": None if self._recent.whole else recent.oldest_at,
            }
        )

    async def note(self, request: Request, session: Session) -> Answer:
        """The note as the journal's entries make it; 404 `encounter-unknown`."""
        encounter = _named(request, "encounter-unknown")
        recent = await self._recent.now()
        shown = await self._shown(recent, session.practice, encounter, None)
        if shown is None:
            raise Refused(404, "encounter-unknown")
        return Answer.json(shown)

    async def patients(self, request: Request, session: Session) -> Answer:
        """Patients of the practice by name, as `q` says; those seen lately where it is empty."""
        query = request.query().get("q", "")
        recent = await self._recent.now()
        positions = recent.identities(session.practice)[:IDENTITIES_LOOKED_AT_MAX]
        entries = await self._reading.journal(lambda journal: journal.at(positions))
        found = _matching(entries, query)[:PATIENTS_MAX]
        try:
            page = await self._reading.record(
                lambda reader: reader.patients(session.practice, query, PATIENTS_MAX)
            )
        except Refused:
            return Answer.json({"patients": found, "complete": False})
        known = {one["patient"] for one in found}
        more = [_person(row.patient, row) for row in page.rows if row.patient not in known]
        return Answer.json({"patients": [*found, *more][:PATIENTS_MAX], "complete": True})

    async def patient(self, request: Request, session: Session) -> Answer:
        """Who a patient of the practice is; 404 `patient-unknown`."""
        patient = _named(request, "patient-unknown")
        recent = await self._recent.now()
        try:
            recorded = await self._reading.record(
                lambda reader: reader.patient(session.practice, patient)
            )
        except Refused:
            recorded = None
        found = await self._person(recent, session.practice, patient, recorded)
        if found is None:
            raise Refused(404, "patient-unknown")
        return Answer.json(found)

    async def _shown(
        self, recent: Recent, practice: str, encounter: str, patient: str | None
    ) -> dict[str, Any] | None:
        """One encounter as it travels; None if neither journal nor record knows of it."""
        known = recent.of(practice, encounter)
        record = await self._in_record(practice, encounter, known)
        positions = sorted({*record.positions, *(known.notes if known else ())})
        started = [] if known is None or known.started is None else [known.started]

        def question(journal: JournalReader) -> tuple[list[JournaledEntry], list[JournaledEntry]]:
            return journal.at(started), _of_encounter(journal, positions, practice, encounter)

        starts, entries = await self._reading.journal(question)
        note = note_from(entries)
        whose = patient or (note.patient if note else known.patient if known else None)
        if whose is None:
            return None
        return {
            "encounter": encounter,
            "patient": whose,
            "person": await self._person(recent, practice, whose, record.patient),
            "started_at": _started_at(starts),
            **_note_shown(note),
            "state": _state(note, record),
        }

    async def _in_record(
        self, practice: str, encounter: str, known: RecentEncounter | None
    ) -> _Record:
        def question(reader: RecordReader) -> _Record:
            note = reader.note(practice, encounter)
            patient = known.patient if known else note.patient if note else ""
            return _Record(
                reader.note_positions(practice, encounter),
                note.version if note else -1,
                note.digest if note else "",
                reader.patient(practice, patient),
            )

        try:
            return await self._reading.record(question)
        except Refused:
            return _Record()

    async def _person(
        self, recent: Recent, practice: str, patient: str, recorded: Patient | None
    ) -> dict[str, str] | None:
        """Who the patient is: as the journal's end says, else as the record does."""
        position = recent.identity(practice, patient)
        if position is not None:
            [entry] = await self._reading.journal(lambda journal: journal.at([position]))
            traits = _traits(entry)
            if traits is not None:
                return _person(patient, traits)
        if recorded is None or recorded.patient != patient:
            return None
        return _person(patient, recorded)


def _named(request: Request, otherwise: str) -> str:
    name = request.path.split("/")[4]
    if _IDENTIFIER.fullmatch(name) is None:
        raise Refused(404, otherwise)
    return name


def _of_encounter(
    journal: JournalReader, positions: Sequence[int], practice: str, encounter: str
) -> list[JournaledEntry]:
    """The entries there, but for those of another encounter, if the record says such a thing."""
    size = journal.size()
    return [
        one
        for one in journal.at([position for position in positions if position < size])
        if (one.entry.practice, one.entry.encounter) == (practice, encounter)
    ]


def _note_shown(note: JournaledNote | None) -> dict[str, Any]:
    if note is None:
        return {"status": "draft", "version": 0, "digest": None, "sections": None, "texts": []}
    return {
        "status": note.status,
        "version": note.version,
        "digest": note.digest,
        "sections": note.sections,
        "asides": [{"section": section, "text": text} for section, text in note.asides],
        "texts": note.texts,
        "written_at": note.written_at,
    }


def _state(note: JournaledNote | None, record: _Record) -> str:
    same = note is not None and (record.version, record.digest) == (note.version, note.digest)
    return "recorded" if same else "journaled"


def _matching(entries: Sequence[JournaledEntry], query: str) -> list[dict[str, str]]:
    search = search_for(query)
    found = []
    for journaled in entries:
        traits = _traits(journaled)
        if traits is None:
            continue
        words = search_words(traits)
        named = all(any(word.startswith(one) for word in words) for one in search.words)
        born = not search.birth_dates or traits.birth_date in search.birth_dates
        if named and born:
            found.append(_person(journaled.entry.patient or "", traits))
    return found


def _person(patient: str, traits: Traits | Patient | PatientRow) -> dict[str, str]:
    return {
        "patient": patient,
        "name": traits.name,
        "first_names": traits.first_names,
        "birth_date": traits.birth_date,
        "sex": traits.sex,
    }


def _traits(journaled: JournaledEntry) -> Traits | None:
    content = _content(journaled)
    return content if isinstance(content, Traits) else None


def _started_at(starts: Sequence[JournaledEntry]) -> str | None:
    content = _content(starts[0]) if starts else None
    return content.started_at if isinstance(content, Start) else None


def _content(journaled: JournaledEntry) -> object:
    try:
        return read_content(journaled.entry.kind, journaled.entry.content)
    except ContentRefused:
        return None  # of another build; its text is in the journal all the same


def _count(text: str | None, field: str) -> int | None:
    if text is None:
        return None
    if not text.isdecimal() or len(text) > _POSITION_DIGITS_MAX:
        raise Refused(400, "malformed", field=field)
    return int(text)
