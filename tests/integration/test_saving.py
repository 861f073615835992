"""What a page may rely on when it saves, against real processes."""

import threading
from typing import Any

import httpx
import pytest

from anamnesis.receipt.checkpoint import VerificationKey
from anamnesis.receipt.receipt import Verified, receipt_of, verify_receipt
from tests.running import Practitioner, Running, digest, new_id, wait_until


def verified(anamnesis: Running, receipt: dict[str, Any]) -> Verified:
    key = VerificationKey.parse(anamnesis.verification_key())
    return verify_receipt(receipt_of(receipt), key)


def begun(anamnesis: Running, login: str = "claire") -> tuple[Practitioner, str, str]:
    """Somebody signed in, with a patient and an encounter."""
    practitioner = anamnesis.sign_in(login)
    patient = practitioner.create_patient()
    return practitioner, patient, practitioner.start_encounter(patient)


def refusal(result: dict[str, Any]) -> str:
    assert result["outcome"] == "refused"
    assert result["message"]
    code: str = result["code"]
    return code


def test_a_saved_text_is_recorded_and_its_receipt_verifies(anamnesis: Running) -> None:
    claire, patient, encounter = begun(anamnesis)
    entry = claire.note_entry(patient, encounter, "Toux ≥ 3 jours, 38,5 °C\nœdème 👩‍⚕️")
    result = claire.keep(entry)
    anamnesis.wait_recorded()
    proved = verified(anamnesis, claire.receipt(result["id"]))
    assert proved.state == "recorded"
    assert proved.as_typed
    assert proved.digest == entry["digest"]
    note = claire.note(encounter)
    assert note["sections"] == entry["content"]["sections"]
    assert (note["digest"], note["version"]) == (entry["digest"], 1)


def test_sending_again_gets_the_same_receipt_and_makes_nothing_twice(anamnesis: Running) -> None:
    claire, patient, encounter = begun(anamnesis)
    entry = claire.note_entry(patient, encounter, "Une fois")
    first, second = claire.keep(entry), claire.keep(entry)
    assert first["receipt"]["header"] == second["receipt"]["header"]
    assert first["receipt"]["proof"] == second["receipt"]["proof"]
    assert claire.note(encounter)["version"] == 1


def test_a_note_nobody_wrote_is_blank(anamnesis: Running) -> None:
    claire, _, encounter = begun(anamnesis)
    note = claire.note(encounter)
    assert (note["version"], note["status"]) == (0, "draft")
    assert set(note["sections"].values()) == {""}


def test_another_practice_sees_and_writes_nothing_of_this_one(anamnesis: Running) -> None:
    claire, patient, encounter = begun(anamnesis)
    receipt = claire.write_note(patient, encounter, "Confidentiel")
    rose = anamnesis.sign_in("rose")
    assert rose.client.get(f"/keep/encounters/{encounter}/note").status_code == 404
    assert rose.client.get(f"/keep/receipts/{receipt['id']}").status_code == 404
    theirs = rose.note_entry(patient, encounter, "Intruse") | {"practice": claire.practice}
    [refused] = rose.send(theirs)
    assert refusal(refused) == "wrong-practice"


def test_a_colleague_of_the_practice_reads_the_note(anamnesis: Running) -> None:
    claire, patient, encounter = begun(anamnesis)
    claire.write_note(patient, encounter, "Lisible par Paul")
    assert anamnesis.sign_in("paul").note(encounter)["sections"]["motif"] == "Lisible par Paul"


def test_every_refusal_of_the_journal_is_told_by_its_code(anamnesis: Running) -> None:
    claire, patient, encounter = begun(anamnesis)
    paul = anamnesis.sign_in("paul")
    kept = claire.note_entry(patient, encounter, "Premier")
    claire.keep(kept)

    other = {"sections": {**kept["content"]["sections"], "motif": "Autre"}}
    [reused] = claire.send({**kept, "content": other, "digest": digest(other)})
    assert refusal(reused) == "id-reused"

    [sequence] = claire.send({**kept, "id": new_id()})
    assert refusal(sequence) == "sequence-reused"

    [gap] = claire.send({**kept, "id": new_id(), "sequence": claire.sequence + 5})
    assert refusal(gap) == "sequence-gap"
    assert gap["expected"] == claire.sequence + 1

    theirs = paul.note_entry(patient, encounter, "x")
    [taken] = paul.send({**theirs, "device": claire.device, "sequence": 99})
    assert refusal(taken) == "device-taken"


def test_one_refused_entry_does_not_hold_up_the_rest(anamnesis: Running) -> None:
    claire, patient, encounter = begun(anamnesis)
    good = claire.note_entry(patient, encounter, "Bon")
    bad = {**good, "id": new_id(), "digest": "0" * 64}
    results = claire.send(bad, good)
    assert [one["outcome"] for one in results] == ["refused", "receipt"]
    assert results[0]["id"] == bad["id"]


def test_two_devices_at_once_keep_both_texts(anamnesis: Running) -> None:
    claire, patient, encounter = begun(anamnesis)
    paul = anamnesis.sign_in("paul")
    start = claire.note_entry(patient, encounter, motif="Toux", examen="Rien")
    claire.keep(start)
    base = start["digest"]
    claire.write_note(patient, encounter, motif="Toux sèche", examen="Rien", base=base)
    theirs = paul.write_note(patient, encounter, motif="Toux", examen="Râles", base=base)
    anamnesis.wait_recorded()
    assert verified(anamnesis, paul.receipt(theirs["id"])).state == "recorded"
    sections = claire.note(encounter)["sections"]
    assert (sections["motif"], sections["examen"]) == ("Toux sèche", "Râles")
    assert anamnesis.health()["disagreements"] == 0


def test_colliding_texts_are_both_kept_and_agree_with_the_journal(anamnesis: Running) -> None:
    claire, patient, encounter = begun(anamnesis)
    paul = anamnesis.sign_in("paul")
    start = claire.note_entry(patient, encounter, motif="Toux")
    claire.keep(start)
    claire.write_note(patient, encounter, motif="Toux sèche", base=start["digest"])
    late = paul.write_note(patient, encounter, motif="Toux grasse", base=start["digest"])
    anamnesis.wait_recorded()
    assert paul.state(late["id"]) == "recorded"
    note = claire.note(encounter)
    shown = {note["sections"]["motif"], *(one["text"] for one in note["divergences"])}
    assert shown == {"Toux sèche", "Toux grasse"}
    assert anamnesis.health()["disagreements"] == 0


def test_a_text_that_comes_after_the_signature_is_kept_aside_and_agrees(anamnesis: Running) -> None:
    claire, patient, encounter = begun(anamnesis)
    text = claire.note_entry(patient, encounter, motif="Signé")
    claire.keep(text)
    signature = {"digest": text["digest"]}
    claire.keep(claire.entry("note.sign", signature, patient, encounter))
    late = claire.write_note(patient, encounter, motif="Trop tard", base=text["digest"])
    anamnesis.wait_recorded()
    assert claire.state(late["id"]) == "recorded"
    note = claire.note(encounter)
    assert (note["status"], note["sections"]["motif"]) == ("signed", "Signé")
    assert [one["text"] for one in note["divergences"]] == ["Trop tard"]
    assert anamnesis.health()["disagreements"] == 0


def test_an_entry_the_record_cannot_take_is_journaled_and_outstanding(anamnesis: Running) -> None:
    claire, patient, _ = begun(anamnesis)
    result = claire.write_note(patient, new_id(), "Sans consultation")
    assert result["receipt"]["state"] == "journaled"
    anamnesis.wait_recorded()
    rows = claire.client.get("/keep/outstanding").json()["outstanding"]
    [mine] = [row for row in rows if row["entry"] == result["id"]]
    assert mine["code"] == "encounter-unknown"
    assert mine["message"]
    assert claire.state(result["id"]) == "journaled"


def test_the_witness_is_told_what_a_reader_would_get(anamnesis: Running) -> None:
    claire, patient, encounter = begun(anamnesis)
    first = claire.note_entry(patient, encounter, "Premier")
    second = claire.note_entry(patient, encounter, "Second", base=first["digest"])
    claire.send(first, second)
    anamnesis.wait_recorded()
    assert claire.witnessed(encounter, second["digest"])["state"] == "recorded"
    assert claire.witnessed(encounter, first["digest"])["state"] == "differs"
    assert claire.witnessed(encounter, "0" * 64)["state"] == "unknown-text"


@pytest.mark.parametrize(
    "changed",
    [{"device": "made up"}, {"encounter": "made up"}, {"sequence": 2**60}],
    ids=["device", "encounter", "sequence"],
)
def test_the_witness_believes_in_no_device_that_cannot_be(
    anamnesis: Running, changed: dict[str, Any]
) -> None:
    claire, _, encounter = begun(anamnesis)
    report = {"device": new_id(), "encounter": encounter, "shown": "0" * 64, "sequence": 1}
    report |= {"waiting": 1, "oldest_ms": 0} | changed
    answer = claire.client.post("/keep/witness", json=report)
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed")


def test_own_entries_are_listed_newest_first_a_page_at_a_time(anamnesis: Running) -> None:
    claire, patient, encounter = begun(anamnesis)
    base = None
    sent = []
    for number in range(5):
        entry = claire.note_entry(patient, encounter, f"Texte {number}", base=base)
        base = entry["digest"]
        sent.append(claire.keep(entry)["id"])
    anamnesis.wait_recorded()
    first = claire.client.get("/keep/receipts?limit=3").json()
    rest = claire.client.get(f"/keep/receipts?limit=3&before={first['next']}").json()
    listed = [row["entry"] for row in (*first["receipts"], *rest["receipts"])]
    assert listed[:5] == sent[::-1]
    assert {row["state"] for row in first["receipts"]} == {"recorded"}
    assert claire.client.get("/keep/receipts?limit=0").status_code == 400


def test_a_device_learns_where_it_was(anamnesis: Running) -> None:
    claire, _, _ = begun(anamnesis)
    asked = claire.client.get(f"/keep/devices/{claire.device}").json()
    assert asked == {"device": claire.device, "last_sequence": claire.sequence}
    assert claire.client.get(f"/keep/devices/{new_id()}").json()["last_sequence"] == 0
    assert claire.client.get("/keep/devices/not-a-device").status_code == 400
    assert claire.client.get("/keep/receipts/not-an-entry").status_code == 400
    assert claire.client.get("/keep/encounters/not-one/note").status_code == 400


def test_the_journal_proves_that_it_only_grew(anamnesis: Running) -> None:
    begun(anamnesis)
    size = anamnesis.health()["journaled"]
    answer = httpx.get(f"{anamnesis.url}/keep/consistency?from=2&to={size}", timeout=10).json()
    assert (answer["from"], answer["to"]) == (2, size)
    assert answer["proof"]
    gone = httpx.get(f"{anamnesis.url}/keep/consistency?from=2&to={size + 9999}", timeout=10)
    assert gone.json()["code"] == "size-unknown"
    assert "\n\n— " in httpx.get(f"{anamnesis.url}/keep/checkpoint", timeout=10).text


class Listening:
    """An open page's event stream, read by a thread of its own."""

    def __init__(self, practitioner: Practitioner) -> None:
        self.text = ""
        self._client = practitioner.client
        threading.Thread(target=self._read, daemon=True).start()
        wait_until(lambda: ": open" in self.text, "the stream opened")

    def _read(self) -> None:
        try:
            with self._client.stream("GET", "/keep/events", timeout=30) as answer:
                for text in answer.iter_text():
                    self.text += text
        except httpx.TransportError:
            self.text += "event: cut off\n"


def test_pages_are_told_what_was_recorded_and_what_colleagues_wrote(anamnesis: Running) -> None:
    claire, patient, encounter = begun(anamnesis)
    paul = anamnesis.sign_in("paul")
    rose = anamnesis.sign_in("rose")
    mine, colleagues, strangers = Listening(claire), Listening(paul), Listening(rose)
    result = claire.write_note(patient, encounter, "Écouté")
    wait_until(lambda: result["id"] in mine.text, "recorded pushed to its author")
    wait_until(lambda: encounter in colleagues.text, "the note pushed to a colleague")
    assert "event: recorded" in mine.text
    assert "event: note" in colleagues.text
    assert result["id"] not in colleagues.text
    assert encounter not in strangers.text


def test_signing_out_ends_the_stream(anamnesis: Running) -> None:
    claire = anamnesis.sign_in("claire")
    stream = Listening(claire)
    assert claire.client.delete("/keep/session").status_code == 204
    wait_until(lambda: '"ended"' in stream.text, "the stream told of the end")
    assert claire.client.get("/keep/session").status_code == 401


def test_a_request_that_is_too_large_is_refused(anamnesis: Running) -> None:
    claire = anamnesis.sign_in("claire")
    answer = claire.client.post("/keep/entries", content=b"x" * (4 * 1_048_576 + 1))
    assert (answer.status_code, answer.json()["code"]) == (413, "request-too-large")


def test_the_largest_entry_is_kept_whole(anamnesis: Running) -> None:
    claire, patient, encounter = begun(anamnesis)
    text = "œ" * 500_000
    claire.write_note(patient, encounter, text)
    anamnesis.wait_recorded()
    assert claire.note(encounter)["sections"]["motif"] == text
