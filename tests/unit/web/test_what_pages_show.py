"""What the pages make of the record: the day, a patient, a history."""

from collections.abc import Iterator
from typing import Any

import pytest
from litestar.testing import TestClient

from anamnesis.storage.memory.record import MemoryRecord
from anamnesis.web.application import WebSettings, create
from tests.unit.record.making import (
    DOCTOR,
    ENCOUNTER,
    LOCUM,
    PATIENT,
    TABLET,
    Writing,
    text,
    uuid,
)
from tests.unit.web.serving import (
    APPOINTED,
    NOW,
    Parsed,
    full_practice,
    get,
    headers,
    parsed,
    serving,
)

EVIL = "<script>alert(1)</script>&amp;\"'{{ 7*7 }}"


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient[Any]]:
    with serving(full_practice()) as one:
        yield one


def test_the_day_shows_who_comes_and_what_may_be_done(client: TestClient[Any]) -> None:
    page = parsed(get(client, "/"))
    [row] = page.all("li", data_patient=PATIENT)
    assert row["data-status"] == "arrived"
    assert "15:30" in page.words()  # in Paris
    assert "42 ans · Toux" in page.words()
    assert page.all("button", data_start="")
    offered = {a["data-set"] for a in page.all("button") if "data-set" in a}
    assert offered == {"booked", "in-consultation", "done", "cancelled", "no-show"}


def test_the_day_of_a_colleague_is_shown_only_when_asked_for(client: TestClient[Any]) -> None:
    colleague = headers(practitioner=LOCUM)
    assert not parsed(client.get("/", headers=colleague)).all("li", data_patient=PATIENT)
    assert parsed(client.get("/?all=yes", headers=colleague)).all("li", data_patient=PATIENT)


def test_another_day_is_one_click_away(client: TestClient[Any]) -> None:
    page = parsed(get(client, "/"))
    assert page.all("a", rel="prev")[0]["href"] == "/?day=2026-11-22"
    assert page.all("a", rel="next")[0]["href"] == "/?day=2026-11-24"
    other = parsed(get(client, "/?day=2026-11-22"))
    assert "Dimanche 22 novembre 2026" in other.words()
    assert "Aucun rendez-vous" in other.words()


def test_a_note_that_is_not_signed_is_on_the_day(client: TestClient[Any]) -> None:
    assert "Lefèvre" in parsed(get(client, "/?day=2026-11-22")).words()


@pytest.mark.parametrize("query", ["lefevre", "LEF", "zoe", "29/02/1984", "zoé lef", ""])
def test_a_patient_is_found_by_what_a_secretary_types(client: TestClient[Any], query: str) -> None:
    rows = parsed(get(client, f"/patients?q={query}&part=rows"))
    assert rows.all("a", href=f"/patients/{PATIENT}")
    assert not rows.all("html"), "a piece of page, not a page"


def test_who_is_not_found_can_be_written_down(client: TestClient[Any]) -> None:
    page = parsed(get(client, "/patients?q=zzz&part=rows"))
    assert "Aucun patient pour « zzz »." in page.words()
    assert page.all("a", href="/patients/new")


def test_a_long_list_has_a_way_to_the_rest() -> None:
    writing = Writing()
    writing.practice()
    for number in range(51):
        writing.patient(uuid(0xC0000 + number), birth_name=f"Nom{number:02}")
    with serving(writing) as client:
        first = parsed(get(client, "/patients"))
        assert len([a for a in first.all("a") if "/patients/0193" in a["href"]]) == 50
        [more] = first.all("a", data_more="")
        rest = parsed(get(client, more["href"] + "&part=rows"))
    assert "Nom50" in rest.words()
    assert not rest.all("a", data_more="")


def test_a_patient_page_shows_identity_measurements_and_encounters(
    client: TestClient[Any],
) -> None:
    page = parsed(get(client, f"/patients/{PATIENT}"))
    words = page.words()
    assert "42 ans" in words
    assert "née le 29/02/1984" in words
    assert "Toux grasse" in words
    assert "Bronchite" in words
    assert page.all("a", href=f"/encounters/{ENCOUNTER}/history")
    assert page.all("button", data_start_for=PATIENT)


def test_a_value_is_shown_in_the_unit_it_was_typed_in(client: TestClient[Any]) -> None:
    page = parsed(get(client, f"/patients/{PATIENT}"))
    cells = [data for stack, data in page.texts if stack[-1] == "td"]
    assert {"3,2 kg", "3400 g", "presque 4 kg"} <= set(cells)
    [image] = [a for a in page.all("svg") if a.get("role") == "img"]
    assert "de 3.2 à 3.400 kg" in image["aria-label"]


def test_what_was_typed_is_text_everywhere(fresh: Writing) -> None:
    fresh.patient(birth_name=EVIL, first_names=EVIL, telephone=EVIL, address=EVIL)
    fresh.encounter()
    fresh.note("write", text(EVIL, EVIL, EVIL, EVIL))
    reason = {
        "practitioner": DOCTOR,
        "starts_at": APPOINTED,
        "minutes": 15,
        "reason": EVIL,
        "type": None,
        "overlap": True,
    }
    fresh.send("appointment.book", reason, patient=PATIENT)
    with serving(fresh) as client:
        for path in (
            "/",
            "/patients",
            f"/patients?q={EVIL}",
            f"/patients/{PATIENT}",
            f"/patients/{PATIENT}/edit",
            f"/encounters/{ENCOUNTER}",
            f"/encounters/{ENCOUNTER}/history",
        ):
            answer = get(client, path)
            page = parsed(answer)
            sources = [a for a in page.all("script") if a.get("type") != "application/json"]
            assert all("src" in a for a in sources), path
            assert "49" not in [data for _, data in page.texts]
            shown = page.words() + " ".join(a.get("value", "") for a in page.all("input"))
            assert "alert(1)</script>&amp;" in shown, path


@pytest.fixture
def fresh() -> Writing:
    writing = Writing()
    writing.practice()
    return writing


def test_the_history_shows_each_word_that_came_and_went(client: TestClient[Any]) -> None:
    page = parsed(get(client, f"/encounters/{ENCOUNTER}/history?every=yes"))
    added = [data for stack, data in page.texts if stack[-1] == "ins"]
    removed = [data for stack, data in page.texts if stack[-1] == "del"]
    assert "grasse" in added
    assert "sèche" in removed
    assert ("ajouté :" in page.words(), "retiré :" in page.words()) == (True, True)


def test_an_older_text_can_be_brought_back_and_the_current_one_cannot(
    client: TestClient[Any],
) -> None:
    page = parsed(get(client, f"/encounters/{ENCOUNTER}/history?every=yes"))
    assert [a["data-restore"] for a in page.all("button") if "data-restore" in a] == ["1"]
    [carried] = [t for stack, t in page.texts if stack[-1] == "script" and '"motif"' in t]
    assert "Toux s" in carried
    [note] = [a for a in page.all("div") if "data-digest" in a]
    assert note["data-digest"] == text("Toux grasse", conclusion="Bronchite").digest()


def test_what_collided_is_shown_beside_the_note(fresh: Writing) -> None:
    fresh.patient()
    fresh.encounter()
    base, mine, theirs = text("Toux"), text("Toux la nuit"), text("Toux le jour")
    fresh.note("write", base)
    fresh.note("write", mine, base=base)
    fresh.note("write", theirs, base=base, device=TABLET, author=LOCUM)
    with serving(fresh) as client:
        page = parsed(get(client, f"/encounters/{ENCOUNTER}/history"))
        timeline = parsed(get(client, f"/patients/{PATIENT}"))
    assert "Conservés à côté de la note" in page.words()
    assert "Toux la nuit" in page.words()
    assert "à départager" in page.words()
    assert "1 texte à départager" in timeline.words()


def test_who_signed_which_version_is_said(fresh: Writing) -> None:
    fresh.patient()
    fresh.encounter()
    written = text("Toux")
    fresh.note("write", written)
    fresh.note("sign", {"digest": written.digest()})
    with serving(fresh) as client:
        page = parsed(get(client, f"/encounters/{ENCOUNTER}/history"))
    assert "Version 1 signée" in page.words()


def test_an_entry_the_record_could_not_take_is_told_to_its_author_only(fresh: Writing) -> None:
    fresh.note("write", text("Toux"), encounter=ENCOUNTER, patient=PATIENT)
    with serving(fresh) as client:
        mine = parsed(get(client, "/receipts")).words()
        day = parsed(get(client, "/")).words()
        theirs = parsed(client.get("/receipts", headers=headers(practitioner=LOCUM))).words()
    assert "La consultation n'a pas été commencée." in mine
    assert "1 saisie conservée" in day
    assert "Conservées, hors du dossier" not in theirs


def test_english_is_one_click_away_and_stays(client: TestClient[Any]) -> None:
    [switch] = parsed(get(client, "/patients?q=le")).all("a", hreflang="en")
    chosen = client.get(switch["href"])
    assert (chosen.status_code, chosen.headers["location"]) == (303, "/patients?q=le")
    assert "anamnesis_language=en" in chosen.headers["set-cookie"]
    page = parsed(get(client, "/", {"cookie": "anamnesis_language=en"}))
    assert "Monday 23 November 2026" in page.words()
    client.cookies.clear()


def test_a_page_that_fails_says_so_without_what_was_typed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    class Broken(MemoryRecord):
        def patient(self, practice: str, patient: str) -> Any:
            raise RuntimeError(f"Lefèvre {patient}")

    with TestClient(create(Broken(), WebSettings(now=lambda: NOW))) as client:
        answer = get(client, f"/patients/{PATIENT}")
    assert answer.status_code == 500
    assert "La page n'a pas pu être faite" in Parsed(answer.text).words()
    printed = capsys.readouterr()
    assert "RuntimeError" in printed.out + printed.err
    assert "Lefèvre" not in answer.text + printed.out + printed.err
