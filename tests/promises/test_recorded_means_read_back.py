"""PROMISE: `recorded` is said only of a text that was read back from the record and is the same."""

import time
from collections.abc import Iterator

import apsw
import pytest

from anamnesis.receipt import standalone
from tests.running import ACCOUNTS, Running, wait_until

TEXT = "Fièvre ≥ 38,5 °C depuis l’avant-veille\nœdème, « tousse » 👩‍⚕️ é"


@pytest.fixture
def own() -> Iterator[Running]:
    with Running.started(accounts={"claire": ACCOUNTS["claire"]}) as running:
        yield running


@pytest.mark.e2e
def test_a_recorded_receipt_proves_the_text_a_reader_gets(own: Running) -> None:
    claire = own.sign_in("claire")
    patient = claire.create_patient()
    encounter = claire.start_encounter(patient)
    entry = claire.note_entry(patient, encounter, TEXT)
    claire.keep(entry)
    wait_until(lambda: claire.state(entry["id"]) == "recorded", "recorded")
    found = standalone.verify(claire.receipt(entry["id"]), own.verification_key())
    note = claire.note(encounter)
    assert note["sections"]["motif"] == TEXT
    assert found["record"]["digest"] == note["digest"] == entry["digest"]


@pytest.mark.e2e
def test_a_record_that_shows_another_text_is_never_called_recorded(own: Running) -> None:
    claire = own.sign_in("claire")
    patient = claire.create_patient()
    encounter = claire.start_encounter(patient)
    own.wait_recorded()
    spoilt(own)
    entry = claire.note_entry(patient, encounter, TEXT)
    claire.keep(entry)
    wait_until(lambda: own.health()["recorded"] >= own.health()["journaled"], "applied")
    report = {
        "device": claire.device,
        "encounter": encounter,
        "shown": entry["digest"],
        "sequence": claire.sequence,
        "waiting": 0,
        "oldest_ms": 0,
        "unsaved_ms": None,
    }
    assert claire.state(entry["id"]) == "journaled"
    until = time.monotonic() + 4
    while time.monotonic() < until:
        said = claire.client.post("/keep/witness", json=report).json()["state"]
        proved = claire.state(entry["id"])
        # It may come right meanwhile, and then stays so: what is read last is what was vouched for.
        if "recorded" in (said, proved):
            assert claire.note(encounter)["sections"]["motif"] == TEXT


def spoilt(own: Running) -> None:
    """Makes the record damage each text on its way in, as a faulty release would."""
    connection = apsw.Connection(str(own.data / "record.db"))
    connection.set_busy_timeout(5_000)
    connection.pragma("recursive_triggers", 0)
    for (name,) in connection.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'note_version'"
    ).fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    connection.execute(
        "CREATE TRIGGER spoil AFTER INSERT ON note_version BEGIN"
        " UPDATE note_version SET motif = replace(motif, '≥', '?')"
        " WHERE position = NEW.position; END"
    )
    connection.close()
