"""`erase`: what was decided goes from every file, and all that is proved stays proved."""

import json
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from anamnesis.bootstrap.checkup import look_over
from anamnesis.bootstrap.erasing import carry_out, plans
from anamnesis.bootstrap.keys import load_signer
from anamnesis.bootstrap.rebuilding import rebuild_record
from anamnesis.bootstrap.refusal import StartRefused
from anamnesis.commands.export import export
from anamnesis.journal.damage import JournalDamaged
from anamnesis.journal.entry import parse_entry
from anamnesis.journal.journal import Accepted, Journal, Submission
from anamnesis.keeper.clock import MachineClock
from anamnesis.receipt import standalone
from anamnesis.receipt.canonical import digest
from anamnesis.receipt.receipt import Receipt
from anamnesis.settings import Settings
from anamnesis.storage.sqlite.erasing import erase_contents
from anamnesis.storage.sqlite.journal import SqliteJournal, SqliteJournalReader
from anamnesis.storage.sqlite.record import SqliteRecordReader
from tests.unit.clinical.contents import ERASURE
from tests.unit.journal.making import uuid

AT = "2026-11-20T10:00:00.000Z"
TEXT = "Vergisstdas douloureux"
PATIENT, ENCOUNTER, DEVICE, AUTHOR = uuid(0xE1), uuid(0xE2), uuid(0xE3), uuid(0xE4)
TRAITS = {
    "birth_name": "Oubliée",
    "used_name": "",
    "first_names": "Quasimoda",
    "birth_date": "1984-02-29",
    "sex": "female",
    "birth_place": "",
    "telephone": "0600112233",
    "address": "",
}
ALLERGY = {
    "id": uuid(0xE5),
    "category": "allergy",
    "substance": "Vergisstdas",
    "severity": "severe",
    "reaction": "",
    "onset": "",
    "status": "active",
    "note": "",
}
SECTIONS = {"motif": TEXT, "interrogatoire": TEXT * 900, "examen": "", "conclusion": ""}


def quiet(_stage: str, _done: int, _all: int) -> None:
    """Nobody waits."""


class Desk:
    """Writes into the journal as the keeper does, with no server."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.sequence = 0
        with closing(SqliteJournalReader(settings.journal)) as journal:
            self.practice = journal.read(0, 1)[0].entry.practice

    def send(self, kind: str, content: dict[str, Any], encounter: str | None = None) -> Receipt:
        self.sequence += 1
        wire: dict[str, Any] = {
            "id": uuid(0xE000 + self.sequence),
            "kind": kind,
            "practice": self.practice,
            "author": AUTHOR,
            "patient": PATIENT,
            "encounter": encounter,
            "device": DEVICE,
            "sequence": self.sequence,
            "base": None,
            "build": "0.1.0",
            "features": [],
            "typed_at": AT,
            "content": content,
            "digest": digest(content),
        }
        entry = parse_entry(json.dumps(wire).encode())
        with closing(SqliteJournal(self.settings.journal)) as store:
            journal = Journal(store, load_signer(self.settings), MachineClock())
            [outcome] = journal.append([Submission(entry, "a-session")])
        assert isinstance(outcome, Accepted), outcome
        return outcome.receipt


@pytest.fixture
def desk(settings: Settings) -> Desk:
    """A patient with a record, in the journal and recorded."""
    desk = Desk(settings)
    desk.send("patient.create", TRAITS)
    desk.send(
        "encounter.start",
        {"started_at": AT, "appointment": None},
        ENCOUNTER,
    )
    desk.send("note.write", {"sections": SECTIONS}, ENCOUNTER)
    desk.send("allergy.write", ALLERGY)
    rebuild_record(settings, quiet)
    return desk


def holding(settings: Settings) -> set[str]:
    """The files of the data directory that have a word of the patient's, in any encoding used."""
    words = [b"Vergisstdas", b"vergisstdas", "Oubliée".encode(), b"oubliee", b"0600112233"]
    return {
        path.name
        for path in Path(settings.data).rglob("*")
        if path.is_file() and any(word in path.read_bytes() for word in words)
    }


def test_what_was_decided_is_in_no_file_and_all_proofs_hold(
    settings: Settings, desk: Desk, tmp_path: Path
) -> None:
    receipt = desk.send("note.write", {"sections": SECTIONS}, ENCOUNTER)
    desk.send("erasure.write", ERASURE)
    rebuild_record(settings, quiet)
    assert holding(settings) >= {"journal.db", "record.db"}
    carry_out(settings, ERASURE["id"], quiet)
    assert holding(settings) == set()

    key = settings.verification_key.read_text(encoding="ascii").strip()
    assert not standalone.verify(_plain(receipt), key)["content_checked"]
    found = {one.check: one for one in look_over(settings, _later(), quiet)}
    assert {check for check, one in found.items() if one.state == "problem"} == set()
    assert found["outstanding"].state == "ok"
    with closing(SqliteRecordReader(settings.record)) as record:
        assert record.patient(desk.practice, PATIENT) is None
        kept = record.resource(desk.practice, ERASURE["id"])
        assert kept is not None
        assert kept.content == ERASURE
    out = tmp_path / "one.jsonl"
    assert export(out=out, patient=PATIENT) == 0
    *lines, _ = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [line["content"] is None for line in lines] == [True] * 5 + [False] * 2
    assert {line["erased_by"] for line in lines[:5]} == {lines[5]["receipt"]["header"]["id"]}
    [plan] = plans(settings)
    assert plan.carried_out


def test_carried_out_twice_is_carried_out_once(settings: Settings, desk: Desk) -> None:
    desk.send("erasure.write", ERASURE)
    carry_out(settings, ERASURE["id"], quiet)
    with closing(SqliteJournalReader(settings.journal)) as journal:
        size = journal.size()
    carry_out(settings, ERASURE["id"], quiet)
    with closing(SqliteJournalReader(settings.journal)) as journal:
        assert journal.size() == size


def test_what_the_law_keeps_is_not_erased(settings: Settings, desk: Desk) -> None:
    desk.send("erasure.write", ERASURE | {"ground": "consent-withdrawn"})
    [plan] = plans(settings)
    assert plan.due is not None
    assert plan.due.isoformat() == "2046-11-20"
    with pytest.raises(StartRefused) as refused:
        carry_out(settings, ERASURE["id"], quiet)
    assert refused.value.code == "erasure-not-due"
    assert "journal.db" in holding(settings)


def test_a_text_taken_out_without_a_decision_is_damage(settings: Settings, desk: Desk) -> None:
    desk.send("erasure.write", ERASURE)
    with closing(SqliteJournalReader(settings.journal)) as journal:
        decision = journal.read(journal.size() - 1, 1)[0].entry.id
    erase_contents(settings.journal, [0], decision)  # the practice: nobody decided that
    reader = SqliteJournalReader(settings.journal)
    with closing(reader), pytest.raises(JournalDamaged) as damaged:
        reader.read(0, 1)
    assert damaged.value.code == "erasure-unfounded"


def _later() -> datetime:
    return datetime.now(UTC) + timedelta(minutes=1)


def _plain(receipt: Receipt) -> Any:
    return json.loads(msgspec.json.encode(receipt))
