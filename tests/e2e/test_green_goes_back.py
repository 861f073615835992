"""A record that loses a text after it was green: the open page says so, and keeps the text."""

from contextlib import closing

import apsw
import pytest

from tests.e2e.desk import Desk
from tests.running import Practitioner, Running

pytestmark = pytest.mark.e2e

Encounter = tuple[str, str]
NOTICED_SECONDS_MAX = 5.0
"""One report of the witness, and what the page waits for an explanation."""
MADE_ANEW_SECONDS_MAX = 25.0
"""Until the record was made anew, and the screen is green again by itself."""


def change_record(
    anamnesis: Running, table: str, changed: str, practice: str, encounter: str
) -> None:
    """What a faulty job would do to the record behind everybody's back."""
    statement = f"UPDATE {table} SET {changed} WHERE practice = ? AND encounter = ?"
    with closing(apsw.Connection(str(anamnesis.data / "record.db"))) as connection:
        connection.set_busy_timeout(5000)
        triggers = list(
            connection.execute("SELECT name, sql FROM sqlite_schema WHERE type='trigger'")
        )
        with connection:
            for name, _ in triggers:
                connection.execute(f'DROP TRIGGER "{name}"')
            connection.execute(statement, (practice, encounter))
            for _, made in triggers:
                connection.execute(made)


@pytest.mark.parametrize(
    "changed",
    ["motif = ''", "motif = 'Angine'", "motif = conclusion, conclusion = motif"],
    ids=["late-wipe", "alters", "swaps-sections"],
)
def test_green_goes_back_when_the_record_no_longer_has_the_text(
    at_desk: Desk, anamnesis: Running, claire: Practitioner, encounter: Encounter, changed: str
) -> None:
    at_desk.type("motif", "Angor")
    at_desk.type("conclusion", "Adressé aux urgences")
    at_desk.wait("recorded")
    shown = at_desk.texts()
    for table in ("note_version", "note_typed_text"):
        change_record(anamnesis, table, changed, claire.practice, encounter[1])
    noticed = ("differs", "unseen", "journaled", "unverified", "outstanding")
    at_desk.wait(*noticed, seconds=NOTICED_SECONDS_MAX)
    assert at_desk.texts() == shown
    assert "Enregistré et vérifié" not in at_desk.words()
    at_desk.type("examen", "ECG fait")
    at_desk.wait("recorded", seconds=MADE_ANEW_SECONDS_MAX)
    assert at_desk.texts() == shown | {"examen": "ECG fait"}
    found = claire.note(encounter[1])
    assert found["sections"] == at_desk.texts()
