"""Documents and their sharing never change a note, in whatever order things happen.

A device types in sections, writes, issues, shares and revokes documents, with and without a
network, while the application is killed in the middle of what it applies.
"""

import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anamnesis.clinical.sections import SECTIONS, Sections
from anamnesis.receipt.canonical import digest
from anamnesis.record.fold import apply
from anamnesis.record.follow import Follower
from tests.contract.record.worlds import WORLDS, World
from tests.unit.record.making import (
    ENCOUNTER,
    LOCUM,
    OTHER_ENCOUNTER,
    PATIENT,
    PRACTICE,
    Writing,
    text,
    uuid,
)

ENCOUNTERS = (ENCOUNTER, OTHER_ENCOUNTER)
DOCUMENTS = (uuid(0xD0000), uuid(0xD0001))
SHARES = tuple(uuid(0xE0000 + number) for number in range(3))
EXAMPLES = {"memory": 300, "sqlite": 25}
Send = Callable[[], object]


class Killed(BaseException):
    """The application ends here, whatever it was doing."""


class Life:
    """A device, the journal it sends to, and the record that follows."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.writing = Writing()
        self.writing.practice()
        self.writing.patient()
        for encounter in ENCOUNTERS:
            self.writing.encounter(encounter)
        self.screen = dict.fromkeys(ENCOUNTERS, text())
        self.journaled = [(-1, encounter, text()) for encounter in ENCOUNTERS]
        """Positions of what was typed: what the record has to show follows from how far it is."""
        self.outbox: list[Send] = []
        self.online = True

    def act(self, deed: tuple[Any, ...]) -> None:
        name, *arguments = deed
        getattr(self, name)(*arguments)
        if self.online:
            self.send()
        self.check()

    def type(self, encounter: str, section: str, typed: str) -> None:
        before = self.screen[encounter]
        content = before.as_content()["sections"]
        after = Sections(**(content | {section: content[section] + typed}))
        self.screen[encounter] = after

        def send() -> None:
            sent = self.writing.note("write", after, base=before, encounter=encounter)
            self.journaled.append((sent.position, encounter, after))

        self.outbox.append(send)

    def of_patient(self, kind: str, content: dict[str, Any], encounter: str | None = None) -> None:
        self.outbox.append(
            lambda: self.writing.send(kind, content, patient=PATIENT, encounter=encounter)
        )

    def write_document(self, document: str, encounter: str | None, body: str) -> None:
        self.of_patient("document.write", document_of(document, body), encounter)

    def issue(self, document: str, version: int, body: str) -> None:
        content = {
            "document": document,
            "version": version,
            "digest": digest_of(document, body),
        }
        self.of_patient("document.issue", content)

    def share(self, share: str, document: str, version: int, to_colleague: bool) -> None:
        to = {"to_practice": PRACTICE, "to_practitioner": LOCUM, "link": None, "secret": None}
        if not to_colleague:
            to = dict.fromkeys(to) | {"link": "a" * 64, "secret": "b" * 64}
        content = {
            "id": share,
            "document": document,
            "version": version,
            "audience": "colleague" if to_colleague else "patient",
            "expires_at": "2026-11-30T12:00:00.000Z",
            "message": "Bien à vous",
        }
        self.of_patient("document.share", content | to)

    def revoke(self, share: str) -> None:
        self.of_patient("share.revoke", {"share": share, "reason": ""})

    def enter_in_error(self, document: str) -> None:
        self.of_patient("resource.enter-in-error", {"resource": document, "reason": "Erreur"})

    def network(self, online: bool) -> None:
        self.online = online

    def send(self) -> None:
        for one in self.outbox:
            one()
        self.outbox.clear()

    def follow(self, entries: int) -> None:
        Follower(self.writing.journal, self.world.writer).step(entries)

    def kill(self, entries: int) -> None:
        """In the middle of a batch, before it is kept."""
        record = self.world.writer
        batch = self.writing.journal.read(record.applied(), entries)
        with suppress(Killed), record.transaction() as transaction:
            apply(batch, transaction)
            raise Killed

    def end(self) -> None:
        """The network is back, and the application has caught up."""
        self.send()
        self.writing.fold(self.world.writer)
        self.check()
        shown = {encounter: self.shown(encounter) for encounter in ENCOUNTERS}
        assert shown == self.screen

    def shown(self, encounter: str) -> Sections | None:
        note = self.world.reader.note(PRACTICE, encounter)
        assert note is None or note.divergences == []
        return None if note is None else note.sections

    def check(self) -> None:
        applied = self.world.reader.applied()
        for encounter in ENCOUNTERS:
            typed = [one for at, of, one in self.journaled if of == encounter and at < applied]
            if (shown := self.shown(encounter)) is not None:
                assert shown == typed[-1]
        outstanding = self.world.reader.outstanding(PRACTICE)
        assert [one.kind for one in outstanding if one.kind.startswith("note.")] == []


def document_of(document: str, body: str) -> dict[str, Any]:
    return {
        "id": document,
        "type": "letter",
        "title": "Courrier",
        "date": "2026-11-23",
        "recipient": "",
        "body": body,
        "lines": [],
        "file": None,
    }


def digest_of(document: str, body: str) -> str:
    return digest(document_of(document, body))


bodies = st.sampled_from(["Cher confrère", "Chère consœur", "motif", ""])
documents = st.sampled_from(DOCUMENTS)
versions = st.integers(1, 3)
shares = st.sampled_from(SHARES)
typing = st.tuples(
    st.just("type"),
    st.sampled_from(ENCOUNTERS),
    st.sampled_from(SECTIONS),
    st.text(alphabet="aé ≥😷\n", min_size=1, max_size=3),
)
sharing = st.one_of(
    st.tuples(st.just("write_document"), documents, st.sampled_from([None, *ENCOUNTERS]), bodies),
    st.tuples(st.just("issue"), documents, versions, bodies | st.just("another text")),
    st.tuples(st.just("share"), shares, documents, versions, st.booleans()),
    st.tuples(st.just("revoke"), shares),
    st.tuples(st.just("enter_in_error"), documents),
)
trouble = st.one_of(
    st.tuples(st.just("network"), st.booleans()),
    st.tuples(st.just("follow"), st.integers(1, 9)),
    st.tuples(st.just("kill"), st.integers(1, 9)),
)
ORDERS = st.lists(st.one_of(typing, typing, sharing, sharing, trouble), min_size=12, max_size=40)


BODY = "Cher confrère"
INCIDENT: list[tuple[Any, ...]] = [
    ("type", ENCOUNTER, "motif", "Toux"),
    ("follow", 9),
    ("network", False),
    ("type", ENCOUNTER, "examen", "Gorge rouge"),
    ("write_document", DOCUMENTS[0], ENCOUNTER, BODY),
    ("issue", DOCUMENTS[0], 1, BODY),
    ("share", SHARES[0], DOCUMENTS[0], 1, False),
    ("kill", 9),
    ("type", ENCOUNTER, "conclusion", "Angine"),
    ("network", True),
    ("kill", 3),
    ("revoke", SHARES[0]),
]


def lived(store: str, deeds: list[tuple[Any, ...]]) -> tuple[int, str]:
    """One life from begin to end, checked; entries and the record's fingerprint."""
    with tempfile.TemporaryDirectory() as folder:
        world = WORLDS[store](Path(folder))
        try:
            life = Life(world)
            for deed in deeds:
                life.act(deed)
            life.end()
            return life.writing.journal.size(), world.reader.fingerprint()
        finally:
            world.end()


@pytest.mark.parametrize("store", sorted(WORLDS))
def test_every_section_of_every_note_is_what_was_typed_whatever_was_shared_meanwhile(
    store: str,
) -> None:
    grown = 0

    @settings(max_examples=EXAMPLES[store], deadline=None)
    @given(ORDERS)
    def property_(deeds: list[tuple[Any, ...]]) -> None:
        nonlocal grown
        entries, _ = lived(store, deeds)
        grown = max(grown, entries)

    property_()
    assert grown > 15, "nothing happened in any of these lives"


@settings(max_examples=40, deadline=None)
@given(ORDERS)
def test_kills_and_batches_leave_no_trace_in_the_record(deeds: list[tuple[Any, ...]]) -> None:
    calm = [deed for deed in deeds if deed[0] not in ("follow", "kill")]
    assert lived("memory", deeds) == lived("memory", calm)


def test_the_path_of_the_incident() -> None:
    """A note is typed; a document of the same encounter is shared before the note is sent."""
    assert lived("sqlite", INCIDENT) == lived("memory", INCIDENT)


def test_the_incident_itself_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sharing sends the page's blank note as well, as it did then."""
    share = Life.share

    def faulty(life: Life, *arguments: Any) -> None:
        share(life, *arguments)
        shown = life.screen[ENCOUNTER]
        life.outbox.append(lambda: life.writing.note("write", text(), base=shown))

    monkeypatch.setattr(Life, "share", faulty)
    with pytest.raises(AssertionError):
        lived("memory", INCIDENT)
