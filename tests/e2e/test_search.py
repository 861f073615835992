"""Searching in a real browser: what was just recorded is found, by keyboard, marked."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.desk import Desk, desk
from tests.running import Practitioner, Running, wait_until

pytestmark = pytest.mark.e2e

FOUND_SECONDS_MAX = 2.0
"""From recorded to found."""


@pytest.fixture
def room(anamnesis: Running, browser: Browser) -> Iterator[Desk]:
    with desk(anamnesis, browser) as one:
        yield one


def test_what_was_recorded_is_found_within_two_seconds(
    anamnesis: Running, claire: Practitioner, encounter: tuple[str, str]
) -> None:
    claire.write_note(*encounter, "Zona intercostal gauche")
    anamnesis.wait_recorded()
    wait_until(
        lambda: "<mark>Zona</mark>" in claire.client.get("/search?q=zona&part=rows").text,
        "found",
        FOUND_SECONDS_MAX,
    )


def test_a_text_is_found_as_one_types_and_opened_by_keyboard(
    room: Desk, anamnesis: Running, claire: Practitioner, encounter: tuple[str, str]
) -> None:
    claire.write_note(*encounter, "Érysipèle de jambe")
    anamnesis.wait_recorded()
    wait_until(
        lambda: "<mark>" in claire.client.get("/search?q=erysipele&part=rows").text, "indexed"
    )
    page = room.page
    page.goto(f"{anamnesis.url}/search")
    expect(page.locator("#search")).to_be_focused()
    page.keyboard.type("erysip", delay=30)
    expect(page.locator("mark").first).to_have_text("Érysipèle")
    page.select_option("#search-place", "examen")
    expect(page.locator(".empty")).to_be_visible()
    page.select_option("#search-place", "motif")
    expect(page.locator("mark").first).to_be_visible()
    page.locator("#search").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/encounters/{encounter[1]}*")


def test_an_index_that_is_gone_costs_nobody_a_save(
    anamnesis: Running, claire: Practitioner, encounter: tuple[str, str]
) -> None:
    for path in anamnesis.data.glob("search.db*"):
        path.write_bytes(b"broken")
    result = claire.write_note(*encounter, "Panaris")
    anamnesis.wait_recorded()
    assert claire.state(result["id"]) == "recorded"
    assert claire.client.get("/search?q=panaris").status_code == 200
