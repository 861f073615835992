"""The reading routes of journal-only mode: their shapes, their description, and what is in them."""

from typing import Any, Final, Literal

import msgspec

from anamnesis.clinical.composition import Status
from anamnesis.clinical.sections import SectionName, Sections
from anamnesis.web.api.encounters import NoteVersionNumber
from anamnesis.web.api.items import Item, in_path, in_query, json_of, route
from anamnesis.web.api.questions import Digest, Id, Instant
from anamnesis.web.api.words import Said

ENTRIES: Final = "Entries"


class JournaledPerson(msgspec.Struct, frozen=True):
    """Who a patient is, as the newest entry about it says."""

    patient: Id
    name: str
    first_names: str
    birth_date: str
    sex: str


class Aside(msgspec.Struct, frozen=True):
    """A text that stands beside the note's own, until somebody decides."""

    section: SectionName
    text: str


class JournaledNote(msgspec.Struct, frozen=True):
    """A note as the journal's entries make it; null where nothing was written yet."""

    encounter: Id
    patient: Id
    person: JournaledPerson | None
    started_at: Instant | None
    written_at: Instant | None
    status: Status
    version: NoteVersionNumber
    digest: Digest | None
    sections: Sections | None
    asides: list[Aside]
    texts: list[Digest]
    state: Literal["recorded", "journaled"]


class JournaledNotes(msgspec.Struct, frozen=True):
    """A page of them, newest first; `since` is how far back was looked, null for all."""

    encounters: list[JournaledNote]
    next: int | None
    since: Instant | None


class JournaledPeople(msgspec.Struct, frozen=True):
    """Patients; `complete` unless the record could not be asked."""

    patients: list[JournaledPerson]
    complete: bool


JOURNAL_SHAPES: Final[tuple[Any, ...]] = (JournaledNotes, JournaledNote, JournaledPeople)

JOURNAL_PROPERTIES: Final[dict[str, Said]] = {
    "person": Said("Who the patient is, where that is known.", None),
    "written_at": Said("When the newest text of it was received.", "2026-11-23T14:02:11.123Z"),
    "sections": Said("The four sections.", None),
    "asides": Said("Texts that stand beside it.", None),
    "texts": Said("The digests of all texts in it.", None),
    "since": Said("How far back was looked; null for all.", "2026-11-23T14:02:11.123Z"),
    "JournaledNotes.encounters": Said("The encounters.", None),
    "JournaledPeople.patients": Said("The patients.", None),
    "complete": Said("Whether the record could be asked as well.", True),
}

_FAILURES: Final = {
    401: "`not-signed-in`: no session, or it ended.",
    503: "`keeper-busy`, `audit-unavailable`: ask again in a moment.",
}


def paths() -> dict[str, Item]:
    """The path items, by path."""
    return {
        "/keep/journal-only": {"get": _page()},
        "/keep/journal/encounters": {"get": _encounters()},
        "/keep/journal/encounters/{encounter}/note": {"get": _note()},
        "/keep/journal/patients": {"get": _patients()},
        "/keep/journal/patients/{patient}": {"get": _patient()},
    }


def _page() -> Item:
    page = {"text/html": {"schema": {"type": "string"}}}
    return route(
        "journal-only-page",
        ENTRIES,
        "The page without the application",
        "Where practitioners go on writing while the application is away. The same for everybody.",
        {"200": {"description": "The page.", "content": page}},
        {},
        security=[],
    )


def _encounters() -> Item:
    return route(
        "journal-encounters",
        ENTRIES,
        "My encounters, from the journal",
        "Those in which the session's practitioner wrote lately, newest entry first. Answers "
        "without the application, and without the record.",
        json_of("JournaledNotes"),
        _FAILURES | {400: "`malformed`."},
        parameters=[
            in_query(
                "before",
                "Only those whose newest entry is before this position.",
                0,
                999_999_999_999_999,
            ),
            in_query("limit", "How many at most.", 1, 50),
        ],
    )


def _note() -> Item:
    return route(
        "journal-note",
        ENTRIES,
        "A note, from the journal",
        "The note as the journal's entries make it, and whether the record says the same now.",
        json_of("JournaledNote"),
        _FAILURES | {404: "`encounter-unknown`."},
        parameters=[in_path("encounter", "The encounter's id.")],
    )


def _patients() -> Item:
    return route(
        "journal-patients",
        ENTRIES,
        "Patients, from the journal",
        "By name or date of birth; those seen lately where nothing is asked for.",
        json_of("JournaledPeople"),
        _FAILURES,
        parameters=[
            {
                "name": "q",
                "in": "query",
                "required": False,
                "description": "Words of a name, or a date of birth.",
                "schema": {"type": "string"},
            }
        ],
    )


def _patient() -> Item:
    return route(
        "journal-patient",
        ENTRIES,
        "A patient, from the journal",
        "Who a patient of the practice is.",
        json_of("JournaledPerson"),
        _FAILURES | {404: "`patient-unknown`."},
        parameters=[in_path("patient", "The patient's id.")],
    )
