"""A running Anamnesis compares everything with everything, and says what differs (issue 4)."""

import json
from typing import Any

import apsw

from tests.integration.test_faults import record_file
from tests.running import Practitioner, Running, new_id, now, wait_until

MEASURED = {"code": "weight", "value": "72", "unit": "kg", "effective_at": now()}


def found(anamnesis: Running) -> dict[str, str]:
    """The codes of every discrepancy there was, with what each means."""
    connection = apsw.Connection(
        str(anamnesis.data / "incidents.db"), flags=apsw.SQLITE_OPEN_READONLY
    )
    rows: list[Any] = connection.execute("SELECT code, difference FROM discrepancy").fetchall()
    connection.close()
    return dict(rows)


def mark(anamnesis: Running) -> dict[str, Any]:
    """Where the sweep was when it last said so."""
    connection = apsw.Connection(str(anamnesis.data / "marks.db"), flags=apsw.SQLITE_OPEN_READONLY)
    kept: Any = connection.execute("SELECT mark FROM mark WHERE name = 'sweep'").get
    connection.close()
    return {} if kept is None else dict(json.loads(kept))


def busy_day(claire: Practitioner) -> tuple[str, str]:
    """Something in many tables; the patient and the encounter."""
    patient = claire.create_patient()
    booked = claire.entry("appointment.book", claire.booking("2026-11-24T09:00:00.000Z"), patient)
    claire.keep(booked)
    encounter = claire.start_encounter(patient)
    claire.keep(claire.entry("observation.record", MEASURED, patient, encounter))
    claire.write_note(patient, encounter, "Toux depuis trois jours")
    snippet = {"id": new_id(), "abbreviation": "ras", "text": "Rien à signaler.", "shared": False}
    claire.keep(claire.entry("snippet.write", snippet))
    return patient, encounter


def noticed_and_righted(anamnesis: Running) -> bool:
    health = anamnesis.health()
    return bool(health.get("made_anew", 0) >= 1 and health["disagreements"] == 0)


WATCHED = """
UPDATE appointment_slot SET status = 'cancelled';
UPDATE patient SET sort_name = 'zzz';
UPDATE resource SET withdrawn = '';
UPDATE note SET status = 'entered-in-error';
INSERT INTO observation SELECT 9000, practice, observation || 'x', patient, encounter, code, value,
unit, effective_at FROM observation LIMIT 1;
INSERT INTO note_version SELECT 9002, practice, encounter, motif, interrogatoire, examen,
conclusion, digest, version + 1, merged FROM note_version LIMIT 1;
"""
UNWATCHED = """
UPDATE observation SET value = '27';
UPDATE patient_identity SET birth_name = 'Autre';
UPDATE entry SET author = 'somebody' WHERE kind = 'encounter.start';
UPDATE appointment SET patient = 'somebody';
DELETE FROM resource_version;
INSERT INTO entry SELECT 9000, entry || 'x', kind, practice, author, patient, encounter, device,
sequence, base, build, features, typed_at, received_at, session, digest, version, diverged, code,
failure FROM entry LIMIT 1;
"""


def test_rows_written_behind_the_products_back_are_noticed_and_come_right(
    own_anamnesis: Running,
) -> None:
    claire = own_anamnesis.sign_in("claire")
    _, encounter = busy_day(claire)
    own_anamnesis.wait_recorded()
    connection = apsw.Connection(str(own_anamnesis.data / "record.db"))
    connection.set_busy_timeout(5_000)
    connection.execute(WATCHED)
    connection.close()
    wrong = {
        "record-row-differs": "altered",
        "record-row-orphaned": "orphaned",
        "record-row-doubled": "duplicated",
    }
    wait_until(lambda: found(own_anamnesis).items() >= wrong.items(), "noticed")
    wait_until(lambda: noticed_and_righted(own_anamnesis), "made anew and right")
    assert claire.note(encounter)["status"] == "draft"


def test_what_was_written_past_the_triggers_is_found_by_a_hurried_sweep(
    own_anamnesis: Running,
) -> None:
    claire = own_anamnesis.sign_in("claire")
    busy_day(claire)
    own_anamnesis.wait_recorded()
    record_file(own_anamnesis, UNWATCHED)
    wrong = {
        "read-back-differs": "altered",
        "read-back-misfiled": "misfiled",
        "read-back-missing": "lost",
        "read-back-provenance": "altered",
    }
    wait_until(lambda: found(own_anamnesis).items() >= wrong.items(), "found")
    wait_until(lambda: noticed_and_righted(own_anamnesis), "made anew and right")


def test_triggers_that_are_gone_are_noticed_and_put_back(own_anamnesis: Running) -> None:
    claire = own_anamnesis.sign_in("claire")
    busy_day(claire)
    own_anamnesis.wait_recorded()
    connection = apsw.Connection(str(own_anamnesis.data / "record.db"))
    connection.set_busy_timeout(5_000)
    connection.execute("DROP TRIGGER note_version_INSERT_of_NEW_is_told")
    connection.close()
    wait_until(lambda: found(own_anamnesis).get("record-unwatched") == "no-data", "noticed")
    wait_until(lambda: noticed_and_righted(own_anamnesis), "made anew and right")


def test_the_sweep_goes_on_where_it_was_when_the_keeper_is_killed(own_anamnesis: Running) -> None:
    claire = own_anamnesis.sign_in("claire")
    patient, encounter = busy_day(claire)
    for number in range(4):
        entries = [
            claire.note_entry(patient, encounter, f"Texte {number} {part}") for part in range(64)
        ]
        claire.send(*entries)
    own_anamnesis.wait_recorded()
    wait_until(lambda: mark(own_anamnesis).get("passes", 0) >= 1, "a whole pass", seconds=60)
    passes = mark(own_anamnesis)["passes"]
    killed = own_anamnesis.kill("keeper")
    wait_until(lambda: own_anamnesis.replaced("keeper", killed), "another keeper")
    wait_until(own_anamnesis.health, "up again")
    wait_until(lambda: mark(own_anamnesis)["passes"] > passes, "went on", seconds=60)
    assert found(own_anamnesis) == {}


def test_a_healthy_day_raises_nothing(own_anamnesis: Running) -> None:
    claire = own_anamnesis.sign_in("claire")
    patient, encounter = busy_day(claire)
    signed = claire.note(encounter)["digest"]
    claire.keep(claire.entry("note.sign", {"digest": signed}, patient, encounter))
    claire.write_note(patient, encounter, "Après la signature")
    own_anamnesis.wait_recorded()
    passes = mark(own_anamnesis).get("passes", 0)
    wait_until(lambda: mark(own_anamnesis).get("passes", 0) > passes, "swept", seconds=60)
    assert found(own_anamnesis) == {}
    assert own_anamnesis.health()["made_anew"] == 0
