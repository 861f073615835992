"""PROMISE: a record that goes wrong is noticed within a second, and comes right by itself."""

from collections.abc import Iterator
from contextlib import closing

import apsw
import pytest

from tests.running import ACCOUNTS, Running, wait_until

TEXT = "Toux fébrile depuis trois jours"
NOTICED_SECONDS_MAX = 1.0
RIGHT_SECONDS_MAX = 15.0
WIPED = """
BEGIN;
INSERT INTO note_version SELECT 900, practice, encounter, '', '', '', '', digest, version + 1, 0
FROM note_version ORDER BY version DESC LIMIT 1;
UPDATE note SET version = version + 1, position = 900;
COMMIT
"""
POINTED_ELSEWHERE = "UPDATE note SET version = 0, position = NULL"
GONE = """
BEGIN;
DROP TRIGGER note_version_is_not_removed;
DELETE FROM note_version;
DELETE FROM note;
COMMIT
"""


@pytest.fixture
def own() -> Iterator[Running]:
    with Running.started(accounts={"claire": ACCOUNTS["claire"]}) as running:
        yield running


@pytest.mark.e2e
@pytest.mark.parametrize(
    "damage", [WIPED, POINTED_ELSEWHERE, GONE], ids=["wiped", "pointed-elsewhere", "gone"]
)
def test_a_text_that_leaves_the_record_is_back_without_anybody_asking(
    own: Running, damage: str
) -> None:
    claire = own.sign_in("claire")
    patient = claire.create_patient()
    encounter = claire.start_encounter(patient)
    claire.write_note(patient, encounter, "Toux")
    own.wait_recorded()
    kept = claire.write_note(patient, encounter, TEXT)
    own.wait_recorded()
    with closing(apsw.Connection(str(own.data / "record.db"))) as record:
        record.set_busy_timeout(5_000)
        record.execute(damage)
    wait_until(lambda: own.health()["disagreements"] > 0, "noticed", NOTICED_SECONDS_MAX)
    wait_until(lambda: own.health()["disagreements"] == 0, "right again", RIGHT_SECONDS_MAX)
    assert claire.note(encounter)["sections"]["motif"] == TEXT
    assert claire.state(kept["id"]) == "recorded"
