"""The record in a real browser: written, in sight, changed, entered in error."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.desk import Desk, desk
from tests.running import Practitioner, Running

pytestmark = pytest.mark.e2e

Encounter = tuple[str, str]


@pytest.fixture
def room(anamnesis: Running, browser: Browser) -> Iterator[Desk]:
    with desk(anamnesis, browser) as one:
        yield one


def test_an_allergy_is_in_sight_on_the_patient_and_where_one_writes(
    room: Desk, anamnesis: Running, encounter: Encounter
) -> None:
    page = room.page
    page.goto(f"{anamnesis.url}/patients/{encounter[0]}")
    page.get_by_role("link", name="Ajouter Allergies et intolérances").click()
    expect(page.locator("#f-substance")).to_be_focused()
    page.keyboard.type("Pénicilline")
    page.select_option("#f-severity", "severe")
    page.fill("#f-onset", "03/2015")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/patients/{encounter[0]}")
    expect(page.locator(".allergies")).to_contain_text("Pénicilline · grave")
    expect(page.locator("#group-allergy").locator("xpath=../..")).to_contain_text("03/2015")
    page.goto(f"{anamnesis.url}/encounters/{encounter[1]}?patient={encounter[0]}")
    expect(page.locator(".allergies")).to_contain_text("Pénicilline")


def test_a_treatment_is_stopped_and_folded_away_and_a_mistake_says_why(
    room: Desk, anamnesis: Running, claire: Practitioner, encounter: Encounter
) -> None:
    page = room.page
    here = f"{anamnesis.url}/patients/{encounter[0]}"
    page.goto(f"{here}/record/new?type=medication")
    page.fill("#f-name", "Ramipril 5 mg")
    page.get_by_role("button", name="Enregistrer").click()
    page.wait_for_url(here)
    page.locator("aside").get_by_role("link", name="Ramipril 5 mg").click()
    page.select_option("#f-status", "stopped")
    page.fill("#f-stopped", "31/02/2026")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.locator("#f-stopped-problem")).not_to_be_empty()
    page.fill("#f-stopped", "12/03/2026")
    page.get_by_role("button", name="Enregistrer").click()
    page.wait_for_url(here)
    expect(page.get_by_text("Passés (1)")).to_be_visible()
    page.get_by_text("Passés (1)").click()
    page.locator("aside").get_by_role("link", name="Ramipril 5 mg").click()
    expect(page.locator(".record-versions li")).to_have_count(2)
    page.get_by_text("Saisi par erreur…").click()
    page.fill("#in-error-reason", "autre patient")
    page.get_by_role("button", name="Confirmer").click()
    page.wait_for_url(here)
    expect(page.locator("aside").get_by_role("link", name="Ramipril 5 mg")).to_have_count(0)


def test_what_was_typed_stays_while_the_application_is_away(
    room: Desk, anamnesis: Running, encounter: Encounter
) -> None:
    page = room.page
    page.goto(f"{anamnesis.url}/patients/{encounter[0]}/record/new?type=condition")
    page.fill("#f-text", "Asthme")
    room.context.set_offline(True)
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.locator("[data-notice]")).not_to_be_empty(timeout=10_000)
    assert page.input_value("#f-text") == "Asthme"
    room.context.set_offline(False)
    page.wait_for_timeout(6_000)
    page.goto(f"{anamnesis.url}/patients/{encounter[0]}")
    expect(page.locator("aside").get_by_role("link", name="Asthme")).to_have_count(1)


def test_a_letterhead_begins_with_what_the_record_knows_and_heads_documents(
    room: Desk, anamnesis: Running
) -> None:
    page = room.page
    page.goto(f"{anamnesis.url}/settings")
    page.get_by_role("link", name="Ajouter En-tête de mes documents").click()
    expect(page.locator("#f-name")).to_have_value("Dr Claire Aubry")
    page.fill("#f-am", "12")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.locator("#f-am-problem")).to_have_text("9 chiffres, ou rien.")
    page.fill("#f-am", "351012345")
    page.get_by_role("button", name="Enregistrer").click()
    page.wait_for_url(f"{anamnesis.url}/settings")
    page.wait_for_url(f"{anamnesis.url}/settings")
    page.get_by_role("link", name="Dr Claire Aubry").click()
    expect(page.locator("#f-am")).to_have_value("351012345")
