"""The encounter's page by keyboard, for a screen reader, on a telephone and on a wide screen."""

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser

from tests.e2e.desk import Desk, desk
from tests.running import Practitioner, Running

pytestmark = pytest.mark.e2e

Encounter = tuple[str, str]
WCAG = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}}


def violations(one: Desk) -> list[str]:
    found = Axe().run(one.page, options=WCAG).response["violations"]
    return [f"{v['id']}: {[node['html'][:120] for node in v['nodes']]}" for v in found]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_state_of_the_page_shuts_anybody_out(
    anamnesis: Running, browser: Browser, claire: Practitioner, encounter: Encounter, scheme: str
) -> None:
    with desk(anamnesis, browser, color_scheme=scheme) as one:
        one.open(*encounter)
        assert violations(one) == []
        one.context.set_offline(True)
        one.type("motif", "Vertiges")
        one.wait("held")
        assert violations(one) == []
        paul = anamnesis.sign_in("paul")
        paul.write_note(*encounter, "Céphalées")
        one.context.set_offline(False)
        one.page.locator(".divergence").wait_for(timeout=20_000)
        one.wait("recorded")
        assert violations(one) == []
        one.sign_out_elsewhere()
        one.type("examen", "x")
        one.page.locator("#sign-in-again").wait_for()
        one.wait("signed-out")
        assert violations(one) == []


@pytest.mark.parametrize("width", [360, 768, 1600])
def test_nothing_is_cut_off_at_any_width(
    anamnesis: Running, browser: Browser, encounter: Encounter, width: int
) -> None:
    with desk(anamnesis, browser, viewport={"width": width, "height": 800}) as one:
        one.open(*encounter)
        one.type("motif", "mot" * 60, delay=0)
        one.wait("recorded")
        wide = one.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width
        field = one.field("motif")
        assert field.evaluate("(f) => f.scrollHeight <= f.clientHeight + 2")


def test_the_state_stays_in_sight_at_the_end_of_a_long_note(
    at_desk: Desk, encounter: Encounter
) -> None:
    at_desk.paste("motif", "ligne\n" * 120)
    at_desk.wait("recorded")
    at_desk.field("conclusion").focus()
    box = at_desk.page.locator("[data-badge='note']").bounding_box()
    height = at_desk.page.viewport_size
    assert box is not None
    assert height is not None
    assert 0 <= box["y"] < height["height"]
    focused = at_desk.field("conclusion").bounding_box()
    assert focused is not None
    assert focused["y"] >= box["y"] + box["height"]


def test_a_change_is_announced_once_it_lasts_and_not_at_each_key(at_desk: Desk) -> None:
    at_desk.page.evaluate(
        """() => { window.__said = []; new MutationObserver(() => window.__said.push(
          document.querySelector("[data-announce='note']").textContent)).observe(
          document.querySelector("[data-announce='note']"), { childList: true }); }"""
    )
    at_desk.type("motif", "Une phrase qui s'écrit sans hâte", delay=60)
    at_desk.wait("recorded")
    at_desk.page.wait_for_timeout(3000)
    said = at_desk.page.evaluate("window.__said")
    assert len(said) == 1
    assert said[0].startswith("Enregistré et vérifié")


def test_the_page_speaks_english_as_well(
    anamnesis: Running, browser: Browser, encounter: Encounter
) -> None:
    with desk(anamnesis, browser) as one:
        one.context.add_cookies(
            [{"name": "anamnesis_language", "value": "en", "url": anamnesis.url}]
        )
        one.open(*encounter)
        one.type("motif", "x")
        one.wait("recorded")
        assert one.words().startswith("Recorded and verified at ")


def test_pages_kept_on_the_device_go_when_somebody_signs_out(
    at_desk: Desk, encounter: Encounter
) -> None:
    kept = "() => caches.open('anamnesis-pages-1').then((c) => c.keys()).then((k) => k.length)"
    at_desk.page.wait_for_function(f"({kept})().then((n) => n > 0)")
    at_desk.page.locator("[data-sign-out]").first.click()
    at_desk.page.wait_for_url("**/sign-in**")
    at_desk.page.wait_for_function(
        "() => caches.open('anamnesis-pages-1').then((c) => c.keys())"
        ".then((k) => !k.some((r) => r.url.includes('/encounters/')))"
    )
