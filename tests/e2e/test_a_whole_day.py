"""A practitioner's day from end to end, by the screen alone: nothing is asked of the server."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.desk import Desk, desk, never_green_while_wrong
from tests.running import PASSWORD, SECTIONS, Practitioner, Running

pytestmark = pytest.mark.e2e

TEXTS = {
    "motif": "Toux fébrile",
    "interrogatoire": "Depuis trois jours, T° ≥ 38,5 °C ; pas de dyspnée",
    "examen": "Crépitants de la base droite",
    "conclusion": "Pneumopathie sans gravité",
}
FOUND_MS_MAX = 10_000


def comes_in(page: Page, url: str) -> None:
    page.goto(url)
    page.fill("[name=login]", "claire")
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.wait_for_url(f"{url}/")


def writes_down_a_patient(page: Page) -> None:
    page.keyboard.press("n")
    page.wait_for_url("**/patients/new")
    page.fill("#birth_name", "Éluard")
    page.fill("#first_names", "Nusch")
    page.fill("#birth_date", "1986-06-21")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("heading", name="Éluard Nusch")).to_be_visible()
    page.get_by_role("link", name="Ajouter Allergies et intolérances").click()
    page.fill("#f-substance", "Amoxicilline")
    page.select_option("#f-severity", "severe")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.locator(".allergies")).to_contain_text("Amoxicilline · grave")


def books_and_receives(page: Page) -> None:
    page.get_by_role("link", name="Prendre rendez-vous").click()
    expect(page.locator("[data-agenda-book]")).to_be_enabled()
    page.keyboard.press("n")
    expect(page.locator("#agenda-booking")).to_be_visible()
    page.fill("#agenda-reason", "Toux et fièvre")
    page.keyboard.press("Enter")
    block = page.locator(".block", has_text="Toux et fièvre").first
    block.locator("[data-block]").click()
    page.locator("[data-act='status'][data-set='arrived']").click()
    expect(block).to_have_attribute("data-status", "arrived")
    block.locator("[data-block]").click()
    page.locator("[data-act='start']").click()
    page.wait_for_url("**/encounters/*appointment=*")


def writes_the_note(day: Desk) -> None:
    day.page.wait_for_selector("#note[data-editor='ready']")
    expect(day.page.locator(".allergies")).to_contain_text("Amoxicilline")
    for section in SECTIONS:
        day.type(section, TEXTS[section], delay=5)
    day.page.fill("#m-temperature", "38,7")
    day.page.locator("#measurements button").click()
    day.wait("recorded")
    assert day.texts() == TEXTS


def prescribes(page: Page) -> None:
    page.get_by_role("link", name="Ordonnance").click()
    # As soon as the field is there, and perhaps before its script is.
    page.wait_for_selector("#document-form [name='drug']")
    page.locator("#document-form [name='drug']").first.press_sequentially("Pristinamycine 500 mg")
    badge = page.locator("[data-badge='document']")
    expect(badge).to_have_attribute("data-state", "recorded", timeout=FOUND_MS_MAX)
    page.locator("[data-do='issue']").click()
    expect(page.get_by_role("link", name="PDF de la version")).to_be_visible()


def shares(page: Page) -> tuple[str, str]:
    page.locator("[data-share-with='patient']:enabled").click()
    dialog = page.locator("[data-share-dialog='patient']")
    dialog.get_by_role("button", name="Créer le lien").click()
    expect(dialog.locator("[data-link-parts]")).to_be_visible()
    parts: Any = dialog.locator("[data-link-address]"), dialog.locator("[data-link-code]")
    found = parts[0].input_value(), parts[1].input_value()
    expect(dialog.locator("[data-link-state]")).to_contain_text("vérifié", timeout=FOUND_MS_MAX)
    page.get_by_role("button", name="Terminé").click()
    return found


def the_patient_opens_it(browser: Browser, address: str, code: str) -> None:
    context = browser.new_context(locale="fr-FR")
    page = context.new_page()
    page.goto(address)
    page.fill("#code", code.lower())
    page.keyboard.press("Enter")
    page.wait_for_url("**/shared")
    expect(page.locator("main")).to_contain_text("Ordonnance")
    context.close()


def test_a_practitioner_follows_the_day_from_signing_in_to_signing(
    anamnesis: Running, browser: Browser, claire: Practitioner
) -> None:
    with desk(anamnesis, browser, login=None) as day:
        page = day.page
        comes_in(page, anamnesis.url)
        writes_down_a_patient(page)
        books_and_receives(page)
        writes_the_note(day)
        encounter = page.url
        id_ = page.locator("#note").get_attribute("data-encounter") or ""
        prescribes(page)
        address, code = shares(page)
        the_patient_opens_it(browser, address, code)
        page.goto(encounter)
        page.wait_for_selector("#note[data-editor='ready']")
        day.wait("recorded")
        assert day.texts() == TEXTS, "sharing touched nothing of the note"
        page.locator("[data-do='sign']").click()
        expect(page.locator("[data-status-words]")).to_have_text("Signée", timeout=FOUND_MS_MAX)
        assert never_green_while_wrong(day, claire.practice, id_) >= 1
        page.get_by_role("link", name="Historique").click()
        expect(page.locator("main")).to_contain_text("signée")
        page.goto(f"{anamnesis.url}/search?q=crepitant")
        expect(page.locator("mark").first).to_have_text("Crépitants", timeout=FOUND_MS_MAX)
        page.goto(f"{anamnesis.url}/receipts")
        page.get_by_role("button", name="Vérifier").first.click()
        expect(page.locator("main")).to_contain_text("vérifi")
