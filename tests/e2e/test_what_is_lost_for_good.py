"""A text that is truly lost, to its end: declared, counted, decided, written again."""

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from tests.e2e.desk import Desk, desk
from tests.running import Running

pytestmark = pytest.mark.e2e

CONNECTED_SECONDS_MAX = 60.0


def tells_of_what_waits(request: Request) -> bool:
    if not request.url.endswith("/keep/witness"):
        return False
    return bool((request.post_data_json or {})["held"])


def destroyed(running: Running, browser: Browser, encounter: tuple[str, str]) -> None:
    """A tablet whose page cannot send, and that is never heard of again."""
    with desk(running, browser) as tablet:
        tablet.open(*encounter)
        tablet.context.route("**/keep/entries", lambda route: route.abort())
        with tablet.page.expect_request(tells_of_what_waits):
            tablet.type("examen", "Souffle systolique 2/6")
        tablet.wait("held")


def declare(page: Page, url: str) -> None:
    page.goto(f"{url}/devices")
    page.get_by_role("button", name="Déclarer perdu…").click()
    page.get_by_label("Cassé ou détruit").check()
    page.get_by_role("button", name="Déclarer ces saisies perdues").click()
    page.wait_for_selector("[data-declared]")


def test_a_text_that_is_lost_for_good_is_declared_counted_decided_and_written_again(
    anamnesis: Running, browser: Browser, encounter: tuple[str, str], at_desk: Desk
) -> None:
    page, url = at_desk.page, anamnesis.url
    destroyed(anamnesis, browser, encounter)
    page.goto(f"{url}/devices")
    line = page.locator("[data-numbers] li")
    expect(line).to_contain_text("Examen")
    declare(page, url)
