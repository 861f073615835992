"""Two people, devices or tabs in one note: nothing is overwritten, what collides is shown."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.e2e.desk import Desk, desk, never_green_while_wrong
from tests.running import Practitioner, Running, wait_until

pytestmark = pytest.mark.e2e

Encounter = tuple[str, str]


@pytest.fixture
def pauls_desk(anamnesis: Running, browser: Browser, encounter: Encounter) -> Iterator[Desk]:
    with desk(anamnesis, browser, "paul") as one:
        one.open(*encounter)
        yield one


def test_two_devices_in_different_sections_are_merged_on_both_screens(
    at_desk: Desk, pauls_desk: Desk, claire: Practitioner, encounter: Encounter
) -> None:
    at_desk.type("examen", "Souffle systolique")
    pauls_desk.type("conclusion", "Échographie demandée")
    at_desk.wait_text("conclusion", "Échographie demandée")
    pauls_desk.wait_text("examen", "Souffle systolique")
    at_desk.wait("recorded")
    pauls_desk.wait("recorded")
    assert at_desk.texts() == pauls_desk.texts() == claire.note(encounter[1])["sections"]
    assert claire.note(encounter[1])["divergences"] == []
    told = at_desk.page.locator("[data-announce='editor']").inner_text()
    assert "Conclusion" in told
    assert "Berger" in told
    for one in (at_desk, pauls_desk):
        assert never_green_while_wrong(one, claire.practice, encounter[1]) >= 1


def test_a_collision_keeps_both_texts_and_shows_them_side_by_side(
    at_desk: Desk, pauls_desk: Desk, claire: Practitioner, encounter: Encounter
) -> None:
    at_desk.context.set_offline(True)
    at_desk.type("motif", "Vertiges")
    at_desk.wait("held")
    pauls_desk.type("motif", "Céphalées")
    pauls_desk.wait("recorded")
    at_desk.context.set_offline(False)
    at_desk.page.locator(".divergence").wait_for(timeout=20_000)
    note = claire.note(encounter[1])
    assert {note["sections"]["motif"], note["divergences"][0]["text"]} == {"Vertiges", "Céphalées"}
    shown = at_desk.page.locator(".divergence").inner_text()
    assert "Vertiges" in shown
    assert "Céphalées" in shown
    pauls_desk.page.locator(".divergence").wait_for()


@pytest.mark.parametrize(
    ("choice", "text"),
    [(0, "Vertiges"), (1, "Céphalées"), (2, "Vertiges\nCéphalées")],
    ids=["the-note's", "the-other", "both"],
)
def test_a_collision_is_settled_by_keyboard(
    at_desk: Desk,
    pauls_desk: Desk,
    claire: Practitioner,
    encounter: Encounter,
    choice: int,
    text: str,
) -> None:
    pauls_desk.page.close()
    at_desk.context.set_offline(True)
    at_desk.type("motif", "Vertiges")
    at_desk.wait("held")
    paul = at_desk.running.sign_in("paul")
    paul.write_note(*encounter, "Céphalées")
    at_desk.context.set_offline(False)
    buttons = at_desk.page.locator(".divergence button")
    buttons.first.wait_for(timeout=20_000)
    buttons.nth(choice).focus()
    at_desk.page.keyboard.press("Enter")
    wait_until(lambda: claire.note(encounter[1])["divergences"] == [], "the divergence settled")
    wait_until(lambda: claire.note(encounter[1])["sections"]["motif"] == text, "the chosen text")
    at_desk.wait("recorded")
    assert at_desk.text("motif") == text


def test_a_stale_tab_overwrites_nothing(
    at_desk: Desk, claire: Practitioner, encounter: Encounter
) -> None:
    patient, started = encounter
    at_desk.context.set_offline(True)
    paul = at_desk.running.sign_in("paul")
    paul.write_note(patient, started, "Écrit ailleurs", interrogatoire="Longue histoire")
    at_desk.type("conclusion", "Écrit sur l'écran ancien")
    at_desk.wait("held")
    at_desk.context.set_offline(False)
    at_desk.wait("recorded", seconds=20)
    at_desk.wait_text("motif", "Écrit ailleurs")
    sections = claire.note(started)["sections"]
    assert sections["motif"] == "Écrit ailleurs"
    assert sections["interrogatoire"] == "Longue histoire"
    assert sections["conclusion"] == "Écrit sur l'écran ancien"


def test_text_for_a_note_that_was_signed_meanwhile_is_kept_beside_it(
    at_desk: Desk, claire: Practitioner, encounter: Encounter
) -> None:
    patient, started = encounter
    written = claire.write_note(patient, started, "Certificat")
    at_desk.wait_text("motif", "Certificat")
    at_desk.context.set_offline(True)
    at_desk.type("motif", " de sport")
    at_desk.wait("held")
    sign = claire.entry("note.sign", {"digest": written["digest"]}, patient, started)
    claire.keep(sign)
    at_desk.context.set_offline(False)
    at_desk.page.locator(".divergence").wait_for(timeout=20_000)
    note = claire.note(started)
    assert note["sections"]["motif"] == "Certificat"
    assert [aside["text"] for aside in note["divergences"]] == ["Certificat de sport"]


def test_a_second_tab_follows_the_first(at_desk: Desk, encounter: Encounter) -> None:
    second = at_desk.watch(at_desk.context.new_page())
    at_desk.open(*encounter, page=second)
    at_desk.page.bring_to_front()
    at_desk.type("motif", "Écrit dans le premier onglet")
    at_desk.wait("recorded")
    wait_until(
        lambda: at_desk.text("motif", second) == "Écrit dans le premier onglet", "the second tab"
    )
    second.bring_to_front()
    at_desk.wait("recorded", page=second)


def test_another_tab_sends_when_the_sending_one_is_closed(
    at_desk: Desk, claire: Practitioner, encounter: Encounter
) -> None:
    second = at_desk.watch(at_desk.context.new_page())
    at_desk.open(*encounter, page=second)
    at_desk.page.close()
    at_desk.type("motif", "Toujours là", page=second)
    at_desk.wait("recorded", page=second)
    assert claire.note(encounter[1])["sections"]["motif"] == "Toujours là"
    at_desk.page = second


def test_a_reload_in_the_middle_of_a_word_loses_nothing(
    at_desk: Desk, claire: Practitioner, encounter: Encounter
) -> None:
    at_desk.context.route("**/keep/entries", lambda route: route.abort())
    at_desk.type("interrogatoire", "Pas d'antécédent notab", delay=10)
    at_desk.page.reload()
    at_desk.wait_text("interrogatoire", "Pas d'antécédent notab")
    at_desk.context.unroute("**/keep/entries")
    at_desk.type("interrogatoire", "le")
    at_desk.wait("recorded", seconds=20)
    assert claire.note(encounter[1])["sections"]["interrogatoire"] == "Pas d'antécédent notable"


def test_the_back_button_shows_the_text_that_was_left(
    at_desk: Desk, claire: Practitioner, encounter: Encounter
) -> None:
    at_desk.type("motif", "Suite de couches", delay=5)
    at_desk.page.goto(f"{at_desk.running.url}/static/encounter.css")
    at_desk.page.go_back()
    at_desk.wait_text("motif", "Suite de couches")
    at_desk.wait("recorded")
    assert claire.note(encounter[1])["sections"]["motif"] == "Suite de couches"


def test_text_that_was_taken_back_does_not_come_back(
    at_desk: Desk, claire: Practitioner, encounter: Encounter
) -> None:
    at_desk.type("motif", "voulu")
    at_desk.wait("recorded")
    at_desk.type("motif", "xyz", delay=0)
    for _ in "xyz":
        at_desk.page.keyboard.press("Backspace")
    at_desk.page.wait_for_timeout(600)
    at_desk.open(*encounter)
    at_desk.wait("recorded")
    assert at_desk.text("motif") == claire.note(encounter[1])["sections"]["motif"] == "voulu"
