"""A patient is erased from a running Anamnesis: nowhere readable, all proofs hold, others stay."""

import base64
import hashlib
import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.integration.test_backup import anamnesis, key
from tests.integration.test_reconciliation import found, mark
from tests.running import ACCOUNTS, Practitioner, Running, new_id, wait_until
from tests.sharing import Link, Visitor, document_of, share_by_link, share_with

BETWEEN = "_"
PLACES = ("name", "note", "letter", "reason", "file", "measure", "search", "late", "share")
"""Where something that only this patient's record says is typed; each has a word of its own."""
DECISION: dict[str, Any] = {
    "ground": "unlawful",
    "asked_by": "patient",
    "reason": "Ouvert dans le dossier d'une homonyme, jamais soignée ici.",
    "by_name": "Dr Claire Aubry",
    "at": "2026-11-26T10:00:00.000Z",
}


def word(whose: str, place: str) -> str:
    """A word that is typed in one place of one patient's record, and nowhere else."""
    return f"Zq{whose}{BETWEEN}é{place}{BETWEEN}qZ"


def written(text: str) -> set[bytes]:
    """The bytes of a text in every writing that a file may have it in.

    In Base64 the middle of a text is written in three ways, by where it begins (RFC 4648).
    """
    plain = [text.encode(code) for code in ("utf-8", "utf-16-le", "utf-16-be")]
    plain += [text.lower().replace("é", "e").encode(), json.dumps(text)[1:-1].encode()]
    plain += [text.encode().hex().encode(), httpx.QueryParams(q=text).__str__()[2:].encode()]
    shifted = [base64.b64encode(bytes(n) + one)[4:-4] for one in plain for n in range(3)]
    return {*plain, *shifted}


def holding(files: list[Path], texts: list[str]) -> dict[str, list[str]]:
    """Which of these files have which of the texts, in any writing."""
    has = {text: written(text) for text in texts}
    told: dict[str, list[str]] = {}
    for path in files:
        data = path.read_bytes()
        held = [text for text, ways in has.items() if any(way in data for way in ways)]
        if held:
            told[path.name] = held
    return told


def files_of(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


class Record:
    """Something of every kind about one patient, typed through the front door."""

    def __init__(self, claire: Practitioner, colleague: Practitioner, whose: str) -> None:
        self.whose, self.claire = whose, claire
        self.patient = claire.create_patient(self.word("name"))
        self.encounter = claire.start_encounter(self.patient)
        self.sent = claire.note_entry(self.patient, self.encounter, self.word("note") * 400)
        self.receipt = claire.keep(self.sent)["receipt"]
        self.letter = document_of(claire, self.patient, self.word("letter"))
        self.link: Link = share_by_link(claire, self.patient, self.letter)
        message = self.word("share")
        self.share = share_with(claire, self.patient, self.letter, colleague, message=message)
        booked = claire.booking("2026-11-24T09:00:00.000Z", reason=self.word("reason"))
        claire.keep(claire.entry("appointment.book", booked, self.patient))
        measured = {"code": "weight", "value": self.word("measure"), "unit": "kg"}
        measured |= {"effective_at": DECISION["at"]}
        claire.keep(claire.entry("observation.record", measured, self.patient, self.encounter))
        self._upload(self.word("file").encode())

    def word(self, place: str) -> str:
        return word(self.whose, place)

    @property
    def words(self) -> list[str]:
        return [self.word(place) for place in PLACES]

    def _upload(self, said: bytes) -> None:
        data, file = b"%PDF-1.7\n" + said * 50, new_id()
        part: dict[str, Any] = {
            "file": file,
            "index": 0,
            "parts": 1,
            "media_type": "application/pdf",
        }
        part |= {"data": base64.b64encode(data).decode()}
        self.claire.keep(self.claire.entry("file.part", part, self.patient))
        described: dict[str, Any] = {
            "id": file,
            "name": "radio.pdf",
            "media_type": "application/pdf",
        }
        described |= {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest(), "parts": 1}
        content: dict[str, Any] = {
            "id": new_id(),
            "type": "upload",
            "title": "",
            "date": "2026-11-23",
        }
        content |= {"recipient": "", "body": "", "lines": [], "file": described}
        self.claire.keep(self.claire.entry("document.write", content, self.patient))

    def decide(self, desk: Practitioner) -> str:
        """Signs that it is to be erased; the id that the operator is shown."""
        content = DECISION | {"id": new_id(), "by": desk.id}
        desk.keep(desk.entry("erasure.write", content, self.patient))
        return str(content["id"])


@pytest.fixture
def office(tmp_path: Path) -> Any:
    accounts = {name: ACCOUNTS[name] for name in ("claire", "rose")}
    with Running.started(accounts=accounts) as running:
        yield running


def look_everywhere(record: Record, running: Running) -> None:
    """Pages and lists that leave something behind: the index, the trail, papers, exports."""
    claire = record.claire.client
    running.wait_recorded()
    for path in (
        f"/patients/{record.patient}",
        f"/encounters/{record.encounter}",
        f"/patients/{record.patient}/archive",
        f"/patients/{record.patient}/documents/{record.letter}/pdf",
        f"/patients?q={record.word('name')}",
        f"/search?q={record.word('search')}",
        f"/api/v1/search?q={record.word('search')}",
    ):
        assert claire.get(path).status_code in (200, 422), path
    with Visitor(running) as visitor:
        assert visitor.open(record.link.token, record.link.code).status_code == 200

    def indexed() -> bool:
        return (
            record.encounter in claire.get("/api/v1/search", params={"q": record.word("note")}).text
        )

    wait_until(indexed, "in the search index")


def test_an_erased_patient_is_nowhere_readable_and_everything_else_is_as_it_was(
    office: Running, tmp_path: Path
) -> None:
    _, recipient = key(tmp_path)
    copies = tmp_path / "copies"
    told = {"ANAMNESIS_BACKUP_TO": str(copies), "ANAMNESIS_BACKUP_RECIPIENT": recipient}
    claire, rose = office.sign_in("claire"), office.sign_in("rose")
    gone, stays = Record(claire, rose, "gone"), Record(claire, rose, "stays")
    look_everywhere(gone, office)
    look_everywhere(stays, office)
    assert anamnesis("backup", "now", data=office.data, **told).returncode == 0
    typed_before = claire.note_entry(gone.patient, gone.encounter, gone.word("late"))
    decision = gone.decide(office.sign_in("claire"))
    office.stop()
    before = holding(files_of(office.data), gone.words)
    assert "record.db" in before, before
    assert any(name.startswith("journal.db") for name in before), before

    carried = anamnesis("erase", decision, "--now", data=office.data)
    assert carried.returncode == 0, carried.stderr
    assert holding(files_of(office.data), gone.words) == {}
    for command in ("rebuild", "doctor"):
        done = anamnesis(command, data=office.data)
        assert done.returncode == 0, done.stdout + done.stderr
    assert holding(files_of(office.data), gone.words) == {}

    office.start()
    [again] = claire.send(gone.sent)
    assert again["receipt"]["header"] == gone.receipt["header"]  # the proof outlives the text
    wait_until(lambda: mark(office).get("passes", 0) >= 1, "swept", seconds=60)
    assert found(office) == {}
    assert office.health()["disagreements"] == 0
    with Visitor(office) as visitor:
        told_to = visitor.open(gone.link.token, gone.link.code).json()
    assert told_to["code"] == "share-refused"
    for path in (f"/patients/{gone.patient}", f"/encounters/{gone.encounter}"):
        assert claire.client.get(path).status_code == 404
    assert claire.client.get(f"/encounters/{stays.encounter}").status_code == 200
    assert stays.word("note") in str(claire.note(stays.encounter))

    # A page that was still open sends on: it is told, and nothing of it disappears unseen.
    [late] = claire.send(typed_before)
    assert late["outcome"] == "receipt"
    office.wait_recorded()
    [listed] = claire.client.get("/keep/outstanding").json()["outstanding"]
    assert (listed["entry"], listed["code"]) == (typed_before["id"], "encounter-unknown")
