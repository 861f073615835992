"""The reference of the programming interface in a real browser: readable, by keyboard as well."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page

from tests.e2e.desk import desk
from tests.running import Running

pytestmark = pytest.mark.e2e

WIDTHS = (360, 768, 1600)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ONE_OF_EACH = "main > header, .api-contents, #route-find-patients, #schema-PatientRow"
"""Colours are the slow part, and the same in every route and schema."""


@pytest.fixture(scope="module")
def page(anamnesis: Running, browser: Browser) -> Iterator[Page]:
    with desk(anamnesis, browser) as room:
        room.page.goto(anamnesis.url + "/api", wait_until="networkidle")
        yield room.page
        assert room.errors == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_its_colours_can_be_read(page: Page, theme: str) -> None:
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    page.evaluate("document.querySelector('#route-find-patients details').open = true")
    parts = [part.strip() for part in ONE_OF_EACH.split(",")]
    results = Axe().run(page, context={"include": parts}, options=_only("color-contrast"))
    assert [one["nodes"] for one in results.response["violations"]] == []
    assert results.response["passes"], "axe looked at nothing"


def test_all_of_it_passes_axe(page: Page) -> None:
    options = {
        "runOnly": {"type": "tag", "values": RULES},
        "rules": {"color-contrast": {"enabled": False}},
    }
    results = Axe().run(page, options=options)
    found = [
        (one["id"], [node["html"][:160] for node in one["nodes"]])
        for one in results.response["violations"]
    ]
    assert found == []
    assert len(results.response["passes"]) > 10, "axe looked at nothing"


def _only(rule: str) -> dict[str, object]:
    return {"runOnly": {"type": "rule", "values": [rule]}}


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_of_it_is_wider_than_the_screen(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    wider = page.evaluate(
        """() => [...document.querySelectorAll("main, main *")]
             .filter((one) => !one.closest("pre"))
             .filter((one) => one.getBoundingClientRect().right > innerWidth + 0.5)
             .map((one) => one.outerHTML.slice(0, 100))"""
    )
    assert wider == []


def test_the_keyboard_reaches_a_route_its_example_and_a_schema(page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 720})
    page.get_by_role("link", name="Patients", exact=True).last.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/api#area-patients")
    example = page.locator("#route-find-patients details")
    opened = example.get_attribute("open") is not None
    example.locator("summary").focus()
    page.keyboard.press("Enter")
    assert (example.get_attribute("open") is not None) != opened
    page.locator("#route-find-patients a", has_text="PatientRowPage").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/api#schema-PatientRowPage")
    assert page.locator("#schema-PatientRowPage").is_visible()


def test_the_description_can_be_downloaded(page: Page) -> None:
    with page.expect_download() as waiting:
        page.get_by_role("link", name="OpenAPI 3.1").click()
    assert waiting.value.suggested_filename == "anamnesis-openapi.json"
    assert '"openapi":"3.1.0"' in waiting.value.path().read_text(encoding="utf-8")[:2_000].replace(
        " ", ""
    )
