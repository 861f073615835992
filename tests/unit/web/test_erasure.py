"""The erasure page (GDPR art. 17): decides, says what is out of reach, and erases nothing."""

from anamnesis.clinical.rights import ASKERS, GROUNDS
from anamnesis.web.catalogue import read_catalogues
from tests.unit.clinical.contents import ERASURE
from tests.unit.record.making import OTHER_PRACTICE, PATIENT, Writing, uuid
from tests.unit.web.serving import full_practice, get, headers, parsed, serving

ADDRESS = f"/patients/{PATIENT}/erasure"
ENGLISH = {"cookie": "anamnesis_language=en"}


def decided() -> Writing:
    writing = full_practice()
    writing.send("erasure.write", ERASURE, patient=PATIENT)
    return writing


def carried_out() -> Writing:
    """What is left of the record once its contents are gone."""
    writing = Writing()
    writing.practice()
    writing.send("erasure.write", ERASURE, patient=PATIENT)
    act = {"id": uuid(0xD0400), "erasure": ERASURE["id"], "entries": 12}
    writing.send("erasure-act.write", act, patient=PATIENT)
    return writing


def test_it_offers_every_ground_and_says_which_have_to_wait_and_what_backups_keep() -> None:
    with serving(full_practice()) as client:
        page = parsed(get(client, ADDRESS, ENGLISH))
    offered = [one["value"] for one in page.all("option")]
    assert offered == [*ASKERS, *GROUNDS]
    assert len(page.all("li", data_backups="")) == 1
    assert "This record has to be kept until" in page.words()
    assert page.words().count("(not before the record is due)") == 4


def test_a_decision_is_shown_with_what_the_operator_does_next_and_is_not_taken_twice() -> None:
    with serving(decided()) as client:
        page = parsed(get(client, ADDRESS))
    assert page.all("form", id="erasure") == []
    assert len(page.all("p", data_carried_out="no")) == 1
    assert f"anamnesis erase {ERASURE['id']}" in page.words()
    assert ERASURE["reason"] in page.words()


def test_when_the_record_is_gone_the_page_still_says_who_decided_and_that_it_was_done() -> None:
    with serving(carried_out()) as client:
        page = parsed(get(client, ADDRESS, ENGLISH))
        assert get(client, f"/patients/{PATIENT}").status_code == 404
    assert len(page.all("p", data_carried_out="yes")) == 1
    assert "12 contents erased" in page.words()
    assert page.all("form", id="erasure") == []


def test_another_practice_and_an_unknown_patient_have_no_such_page() -> None:
    with serving(decided()) as client:
        assert client.get(ADDRESS, headers=headers(OTHER_PRACTICE)).status_code == 404
        assert get(client, f"/patients/{uuid(0xD0401)}/erasure").status_code == 404


def test_every_ground_and_asker_has_its_words() -> None:
    words = read_catalogues()["en"].messages.keys()
    assert {f"erasure-ground-{one}" for one in GROUNDS} <= words
    assert {f"erasure-asked-by-{one}" for one in ASKERS} <= words
