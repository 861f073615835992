"""`anamnesis user add`, while the keeper runs and while it does not."""

import httpx

from tests.running import PASSWORD, PRACTICE, Running, new_id


def test_an_account_made_while_it_runs_can_sign_in_and_write_at_once(anamnesis: Running) -> None:
    done = anamnesis.add_account(
        "zoe", family="Dupré", given="Zoé", title="Dr", practice=PRACTICE.upper()
    )
    assert done.returncode == 0, done.stderr
    assert "Dr Zoé Dupré signs in as zoe" in done.stdout
    zoe, claire = anamnesis.sign_in("zoe"), anamnesis.sign_in("claire")
    assert zoe.practice == claire.practice
    patient = zoe.create_patient()
    encounter = zoe.start_encounter(patient)
    zoe.write_note(patient, encounter, "Bonjour")
    anamnesis.wait_recorded()
    assert claire.note(encounter)["sections"]["motif"] == "Bonjour"


def test_a_login_that_is_taken_and_a_weak_password_are_refused(anamnesis: Running) -> None:
    taken = anamnesis.add_account("Claire", family="X", given="Y", practice=PRACTICE)
    assert taken.returncode == 16
    assert "belongs to an account already" in taken.stderr
    weak = anamnesis.add_account("yves", family="X", given="Y", practice=PRACTICE, password="court")
    assert weak.returncode == 16
    assert "at least 12 characters" in weak.stderr
    asked = {"login": "yves", "password": "court"}
    assert httpx.post(f"{anamnesis.url}/keep/session", json=asked, timeout=10).status_code == 401


def test_an_account_made_while_it_is_stopped_is_there_when_it_starts(
    own_anamnesis: Running,
) -> None:
    own_anamnesis.stop()
    done = own_anamnesis.add_account(
        "yves", family="Le Goff", given="Yves", practice="Cabinet Neuf"
    )
    assert done.returncode == 0, done.stderr
    own_anamnesis.start()
    yves, claire = own_anamnesis.sign_in("yves", PASSWORD), own_anamnesis.sign_in("claire")
    assert yves.practice != claire.practice
    assert yves.client.get(f"/keep/receipts/{new_id()}").status_code == 404
    assert own_anamnesis.health()["disagreements"] == 0
