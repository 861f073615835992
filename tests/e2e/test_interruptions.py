"""What goes away under a practitioner's hands: keeper, application, network, session, browser."""

import signal
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright

from tests.e2e.desk import Desk, desk, kill_browser, never_green_while_wrong, profile
from tests.running import PASSWORD, Practitioner, Running, wait_until

pytestmark = pytest.mark.e2e

Encounter = tuple[str, str]
RECOVERED_SECONDS_MAX = 30.0


def test_a_keeper_killed_while_somebody_types_loses_nothing(
    at_desk: Desk, anamnesis: Running, claire: Practitioner, encounter: Encounter
) -> None:
    at_desk.type("motif", "avant ")
    at_desk.wait("recorded")
    killed = anamnesis.kill("keeper")
    at_desk.type("motif", "pendant la panne ", delay=40)
    wait_until(lambda: anamnesis.child("keeper") not in (None, killed), "a new keeper")
    at_desk.type("motif", "après")
    at_desk.wait("recorded", seconds=RECOVERED_SECONDS_MAX)
    assert claire.note(encounter[1])["sections"]["motif"] == "avant pendant la panne après"
    assert never_green_while_wrong(at_desk, claire.practice, encounter[1]) >= 2


def test_a_screen_is_not_green_while_nobody_can_confirm_it(
    anamnesis: Running, browser: Browser, encounter: Encounter
) -> None:
    with desk(anamnesis, browser) as one:
        one.open(*encounter)
        one.type("motif", "x")
        one.wait("recorded")
        one.context.set_offline(True)
        one.wait("unverified", seconds=12)
        one.context.set_offline(False)
        one.wait("recorded")


def test_what_is_typed_offline_is_held_and_then_recorded(
    at_desk: Desk, claire: Practitioner, encounter: Encounter
) -> None:
    at_desk.context.set_offline(True)
    at_desk.type("examen", "Auscultation claire, tension 12/8")
    at_desk.wait("held")
    assert "Conservé sur cet appareil" in at_desk.words()
    at_desk.page.wait_for_timeout(3000)
    assert at_desk.state() == "held"
    at_desk.context.set_offline(False)
    at_desk.wait("recorded", seconds=RECOVERED_SECONDS_MAX)
    assert claire.note(encounter[1])["sections"]["examen"] == "Auscultation claire, tension 12/8"


def test_a_note_goes_on_through_an_ended_session(
    at_desk: Desk, claire: Practitioner, encounter: Encounter
) -> None:
    at_desk.type("motif", "avant, ")
    at_desk.wait("recorded")
    at_desk.sign_out_elsewhere()
    at_desk.type("motif", "pendant")
    at_desk.page.locator("#sign-in-again").wait_for()
    at_desk.wait("signed-out")
    at_desk.type("motif", ", après")
    at_desk.page.fill("#again-login", "claire")
    at_desk.page.fill("#again-password", PASSWORD)
    at_desk.page.locator("#sign-in-again button").click()
    at_desk.wait("recorded")
    assert at_desk.page.locator("#sign-in-again").is_hidden()
    assert claire.note(encounter[1])["sections"]["motif"] == "avant, pendant, après"


def test_signing_in_again_takes_the_focus_from_nobody(
    at_desk: Desk, claire: Practitioner, encounter: Encounter
) -> None:
    at_desk.sign_out_elsewhere()
    at_desk.type("examen", "a")
    at_desk.page.locator("#sign-in-again").wait_for()
    at_desk.page.fill("#again-password", PASSWORD)
    at_desk.page.keyboard.press("Enter")
    at_desk.page.locator("#sign-in-again").wait_for(state="hidden")
    assert at_desk.page.evaluate("document.activeElement.name") == "examen"
    at_desk.sign_out_elsewhere()
    at_desk.type("conclusion", "b")
    at_desk.page.locator("#sign-in-again").wait_for()
    at_desk.page.fill("#again-password", PASSWORD)
    at_desk.page.locator("#sign-in-again button").click()
    at_desk.field("motif").focus()
    at_desk.page.locator("#sign-in-again").wait_for(state="hidden")
    assert at_desk.page.evaluate("document.activeElement.name") == "motif"


def test_another_person_who_signs_in_sends_nothing_of_the_first(
    at_desk: Desk, claire: Practitioner, encounter: Encounter
) -> None:
    at_desk.type("motif", "de Claire")
    at_desk.wait("recorded")
    at_desk.sign_out_elsewhere()
    at_desk.sign_in("paul")
    at_desk.type("motif", " seule")
    at_desk.wait("signed-out")
    assert claire.note(encounter[1])["sections"]["motif"] == "de Claire"
    at_desk.sign_out_elsewhere()
    at_desk.sign_in("claire")
    at_desk.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    at_desk.wait("recorded", seconds=RECOVERED_SECONDS_MAX)
    assert claire.note(encounter[1])["sections"]["motif"] == "de Claire seule"


def test_a_browser_killed_while_somebody_types_has_it_all_at_the_next_start(
    anamnesis: Running,
    playwright: Playwright,
    claire: Practitioner,
    encounter: Encounter,
    tmp_path: Path,
) -> None:
    typed = "Douleur thoracique depuis deux heures, irradiant au bras gauche, sueurs, nausées."
    with profile(anamnesis, playwright, tmp_path) as one:
        one.open(*encounter)
        one.context.set_offline(True)
        one.type("motif", typed, delay=60)
        one.page.wait_for_timeout(1000)
        kill_browser(tmp_path)
    with profile(anamnesis, playwright, tmp_path) as one:
        one.open(*encounter)
        one.wait_text("motif", typed)
        one.wait("recorded", seconds=RECOVERED_SECONDS_MAX)
    assert claire.note(encounter[1])["sections"]["motif"] == typed


def test_the_last_second_before_the_browser_dies_is_all_that_can_be_missing(
    anamnesis: Running,
    playwright: Playwright,
    claire: Practitioner,
    encounter: Encounter,
    tmp_path: Path,
) -> None:
    typed = "a b c d e f g h i j k l m n o p q r s t u v w x y z " * 2
    delay = 50
    with profile(anamnesis, playwright, tmp_path) as one:
        one.open(*encounter)
        one.type("motif", typed, delay=delay)
        kill_browser(tmp_path)
    with profile(anamnesis, playwright, tmp_path) as one:
        one.open(*encounter)
        one.wait("recorded", seconds=RECOVERED_SECONDS_MAX)
        found = one.text("motif")
    assert typed.startswith(found)
    assert len(typed) - len(found) <= 1000 / delay
    assert claire.note(encounter[1])["sections"]["motif"] == found


def test_an_application_that_is_killed_stops_no_save(
    at_desk: Desk, anamnesis: Running, claire: Practitioner, encounter: Encounter
) -> None:
    at_desk.type("motif", "un ")
    at_desk.wait("recorded")
    anamnesis.kill("application")
    at_desk.type("motif", "deux ")
    at_desk.wait("recorded", seconds=RECOVERED_SECONDS_MAX)
    assert claire.note(encounter[1])["sections"]["motif"] == "un deux "


def test_a_frozen_application_leaves_the_text_kept_by_the_server(
    at_desk: Desk, anamnesis: Running, claire: Practitioner, encounter: Encounter
) -> None:
    anamnesis.signal("application", signal.SIGSTOP)
    at_desk.type("conclusion", "Repos, paracétamol")
    at_desk.wait("journaled", "recorded")
    assert "signed-out" not in at_desk.states_seen()
    at_desk.wait("recorded", seconds=60)
    assert claire.note(encounter[1])["sections"]["conclusion"] == "Repos, paracétamol"
    assert "journaled" in at_desk.states_seen()
    assert never_green_while_wrong(at_desk, claire.practice, encounter[1]) >= 1


def test_an_application_that_keeps_crashing_fails_no_save(
    at_desk: Desk, anamnesis: Running, claire: Practitioner, encounter: Encounter
) -> None:
    for word in ("un ", "deux ", "trois ", "quatre "):
        pid = anamnesis.child("application")
        if pid is not None:
            anamnesis.kill("application")
        at_desk.type("examen", word, delay=60)
        at_desk.wait("journaled", "recorded")
    assert not at_desk.states_seen() & {"typed", "refused", "outstanding", "unseen"}
    at_desk.wait("recorded", seconds=60)
    assert claire.note(encounter[1])["sections"]["examen"] == "un deux trois quatre "


def test_a_page_opened_without_the_application_shows_what_the_device_has(
    anamnesis: Running, browser: Browser, claire: Practitioner, encounter: Encounter
) -> None:
    with desk(anamnesis, browser) as one:
        one.open(*encounter)
        one.type("motif", "vu une fois")
        one.wait("recorded")
        one.page.wait_for_function(
            "() => caches.open('anamnesis-pages-1').then((c) => c.keys()).then((k) => k.length > 0)"
        )
        one.context.set_offline(True)
        one.type("motif", ", puis sans réseau")
        one.wait("held")
        one.page.reload()
        one.wait_text("motif", "vu une fois, puis sans réseau")
        one.context.set_offline(False)
        one.wait("recorded", seconds=RECOVERED_SECONDS_MAX)
    assert claire.note(encounter[1])["sections"]["motif"] == "vu une fois, puis sans réseau"
