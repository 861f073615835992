"""Restriction (GDPR art. 18): shown where one works, closed to third parties, open for writing."""

from typing import Any

from anamnesis.clinical.rights import RESTRICTION_GROUNDS
from anamnesis.web.catalogue import read_catalogues
from tests.unit.clinical.contents import RESTRICTION
from tests.unit.record.making import ENCOUNTER, PATIENT, Writing, uuid
from tests.unit.web.serving import DOCUMENT, full_practice, get, parsed, serving

DECISION, LETTER = uuid(0xD0300), uuid(0xD0301)
PAGES = (f"/patients/{PATIENT}", f"/encounters/{ENCOUNTER}")


def practice(*restricted: bool) -> Writing:
    writing = full_practice()
    letter: dict[str, Any] = {
        "id": LETTER,
        "type": "letter",
        "title": "",
        "date": "2026-11-23",
        "recipient": "Dr Roy",
        "body": "Cher confrère",
        "lines": [],
        "file": None,
    }
    writing.send("document.write", letter, patient=PATIENT)
    for one in restricted:
        content = RESTRICTION | {"id": DECISION, "restricted": one}
        writing.send("restriction.write", content, patient=PATIENT)
    return writing


def test_a_restriction_is_in_sight_where_one_works_until_it_is_lifted() -> None:
    for decisions, shown in (((), 0), ((True,), 1), ((True, False), 0)):
        with serving(practice(*decisions)) as client:
            for path in PAGES:
                banners = parsed(get(client, path)).all("p", role="note", data_restricted="")
                assert len(banners) == shown


def test_the_note_is_written_as_ever_while_the_record_is_restricted() -> None:
    with serving(practice(True)) as client:
        page = parsed(get(client, f"/encounters/{ENCOUNTER}"))
    fields = page.all("textarea", name="motif")
    assert fields
    assert all(not {"readonly", "disabled"} & one.keys() for one in fields)


def test_letters_of_a_restricted_record_are_not_made_and_prescriptions_are() -> None:
    address = f"/patients/{PATIENT}/documents"
    with serving(practice(True)) as client:
        refused = get(client, f"{address}/{LETTER}/pdf")
        asked = get(client, f"/api/v1{address}/{LETTER}/pdf")
        page = parsed(get(client, f"{address}/{DOCUMENT}"))
        assert get(client, f"{address}/{DOCUMENT}/pdf").status_code == 200
    assert refused.status_code == 422
    assert (asked.status_code, asked.json()["code"]) == (422, "document-restricted")
    assert page.all("button", data_share_with="colleague") == []
    with serving(practice(True, False)) as client:
        assert get(client, f"{address}/{LETTER}/pdf").status_code == 200


def test_the_patient_gets_the_archive_of_a_restricted_record() -> None:
    with serving(practice(True)) as client:
        assert get(client, f"/patients/{PATIENT}/archive").status_code == 200


def test_the_page_offers_what_can_be_decided_and_shows_what_was() -> None:
    with serving(practice(True)) as client:
        page = parsed(get(client, f"/patients/{PATIENT}/restriction"))
    [form] = page.all("form", id="restriction")
    assert (form["data-restricted"], form["data-resource"]) == ("no", DECISION)
    assert RESTRICTION["reason"] in page.words()
    with serving(practice()) as client:
        page = parsed(get(client, f"/patients/{PATIENT}/restriction"))
    assert [one["value"] for one in page.all("option")] == list(RESTRICTION_GROUNDS)


def test_every_ground_has_its_words() -> None:
    words = read_catalogues()["en"].messages
    assert {f"restriction-ground-{one}" for one in RESTRICTION_GROUNDS} - words.keys() == set()
