"""PROMISE: what another practice has does not exist for you, and every look leaves a trace."""

from collections.abc import Iterator

import apsw
import pytest

from tests.running import Practitioner, Running, new_id, wait_until


@pytest.fixture(scope="module")
def anamnesis() -> Iterator[Running]:
    with Running.started() as running:
        yield running


@pytest.fixture(scope="module")
def claire(anamnesis: Running) -> Practitioner:
    return anamnesis.sign_in("claire")


@pytest.fixture(scope="module")
def rose(anamnesis: Running) -> Practitioner:
    return anamnesis.sign_in("rose")


@pytest.fixture(scope="module")
def hers(anamnesis: Running, claire: Practitioner) -> dict[str, str]:
    """A patient, an encounter and an entry of Claire's practice."""
    patient = claire.create_patient("CONFIDENTIEL")
    encounter = claire.start_encounter(patient)
    entry = claire.write_note(patient, encounter, "Ne regarde personne d’autre.")["id"]
    anamnesis.wait_recorded()
    return {"patient": patient, "encounter": encounter, "entry": entry}


ADDRESSES = (
    "/keep/encounters/{encounter}/note",
    "/keep/receipts/{entry}",
    "/patients/{patient}",
    "/patients/{patient}/edit",
    "/encounters/{encounter}",
    "/encounters/{encounter}/history",
)


@pytest.mark.e2e
@pytest.mark.parametrize("address", ADDRESSES)
def test_it_is_answered_as_if_it_did_not_exist(
    claire: Practitioner, rose: Practitioner, hers: dict[str, str], address: str
) -> None:
    nobodys = {name: new_id() for name in hers}
    own = claire.client.get(address.format(**hers), follow_redirects=True)
    real = rose.client.get(address.format(**hers), follow_redirects=True)
    unreal = rose.client.get(address.format(**nobodys), follow_redirects=True)
    assert own.status_code == 200
    assert real.status_code == unreal.status_code == 404
    assert "CONFIDENTIEL" not in real.text
    assert "Ne regarde personne" not in real.text


@pytest.mark.e2e
def test_a_search_finds_nobody_of_another_practice(
    claire: Practitioner, rose: Practitioner, hers: dict[str, str]
) -> None:
    search = {"q": "confidentiel"}
    assert hers["patient"] in claire.client.get("/patients", params=search).text
    assert hers["patient"] not in rose.client.get("/patients", params=search).text


@pytest.mark.e2e
def test_nothing_can_be_written_into_it(rose: Practitioner, hers: dict[str, str]) -> None:
    entry = rose.note_entry(hers["patient"], hers["encounter"], "Intruse")
    [kept] = rose.send(entry)
    # It is Rose's own entry about nothing her practice has: journaled, and never in the record.
    assert kept["outcome"] == "receipt"
    assert kept["receipt"]["state"] == "journaled"


@pytest.mark.e2e
def test_without_signing_in_there_is_nothing_to_see(
    anamnesis: Running, rose: Practitioner, hers: dict[str, str]
) -> None:
    stranger = rose.client.__class__(base_url=anamnesis.url)
    with stranger:
        for address in ADDRESSES:
            assert stranger.get(address.format(**hers)).status_code == 401


@pytest.mark.e2e
def test_every_look_is_on_the_audit_trail(
    anamnesis: Running, claire: Practitioner, hers: dict[str, str]
) -> None:
    def looks() -> int:
        connection = apsw.Connection(
            str(anamnesis.data / "access.db"), flags=apsw.SQLITE_OPEN_READONLY
        )
        try:
            rows = connection.execute("SELECT * FROM audit").fetchall()
        finally:
            connection.close()
        return sum(hers["encounter"] in map(str, row) for row in rows)

    before = looks()
    claire.note(hers["encounter"])
    wait_until(lambda: looks() > before, "a line on the audit trail")
