"""Every page in a real browser: accessible, in both themes, on telephones and large screens."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page

from tests.e2e.desk import Desk, desk
from tests.running import Practitioner, Running, new_id, now

pytestmark = pytest.mark.e2e

WIDTHS = (360, 768, 1024, 1600)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
TARGET_PIXELS_MIN = 24
"""WCAG 2.2, 2.5.8."""

TOO_SMALL = """(least) => [...document.querySelectorAll(
    "a.button, button, input:not([type=hidden]):not([type=radio]), select, summary, nav a")]
  .filter((one) => one.checkVisibility())
  .map((one) => [one.outerHTML.slice(0, 90), one.getBoundingClientRect()])
  .filter(([, box]) => box.width < least || box.height < least)
  .map(([name, box]) => `${name} ${Math.round(box.width)}x${Math.round(box.height)}`)"""


class Places:
    """A practice with one of everything, and where its pages are."""

    def __init__(self, claire: Practitioner) -> None:
        patient = claire.create_patient("Lefèvre")
        encounter = claire.start_encounter(patient)
        first = claire.write_note(patient, encounter, "Toux sèche depuis trois jours")
        claire.write_note(
            patient,
            encounter,
            "Toux grasse depuis trois jours",
            base=first["receipt"]["header"]["digest"],
            examen="Gorge rouge",
        )
        for value in ("61", "62,5"):
            content = {"code": "weight", "value": value, "unit": "kg", "effective_at": now()}
            claire.keep(claire.entry("observation.record", content, patient))
        booking = claire.booking(now())
        for _ in range(3):
            claire.keep(claire.entry("appointment.book", booking, patient))
        document = new_id()
        for body in ("Repos.", "Repos et hydratation."):
            written: dict[str, object] = {
                "id": document,
                "type": "prescription",
                "title": "",
                "date": "2026-11-23",
                "recipient": "",
                "body": body,
                "lines": [
                    {
                        "drug": "Amoxicilline 1 g",
                        "dose": "1 comprimé",
                        "frequency": "matin et soir",
                        "duration": "7 jours",
                        "renewals": 0,
                        "ald": drug == 1,
                        "note": "",
                    }
                    for drug in range(2)
                ],
                "file": None,
            }
            claire.keep(claire.entry("document.write", written, patient, encounter))
        self.paths = {
            "documents": f"/patients/{patient}/documents",
            "document": f"/patients/{patient}/documents/{document}",
            "new-letter": f"/patients/{patient}/documents/new?type=letter",
            "versions": f"/patients/{patient}/documents/{document}/versions",
            "sign-in": "/sign-in",
            "day": "/",
            "empty-day": "/?day=2001-01-01",
            "settings": "/settings",
            "new-letterhead": "/settings/new?type=letterhead",
            "new-allergy": f"/patients/{patient}/record/new?type=allergy",
            "search": "/search?q=toux",
            "nothing-found": "/search?q=zygomatique",
            "patients": "/patients",
            "nobody": "/patients?q=zzz",
            "new-patient": "/patients/new",
            "patient": f"/patients/{patient}",
            "identity": f"/patients/{patient}/edit",
            "on-the-way": f"/patients/{new_id()}?new=yes",
            "history": f"/encounters/{encounter}/history?every=yes",
            "receipts": "/receipts",
            "incidents": "/incidents",
            "nothing": "/nothing",
            "offline": "/offline",
        }


PAGES = [
    "documents",
    "document",
    "new-letter",
    "versions",
    "sign-in",
    "day",
    "empty-day",
    "patients",
    "nobody",
    "new-patient",
    "patient",
    "identity",
    "on-the-way",
    "history",
    "receipts",
    "incidents",
    "nothing",
    "offline",
]


@pytest.fixture(scope="module")
def places(anamnesis: Running) -> Places:
    made = Places(anamnesis.sign_in("claire"))
    anamnesis.wait_recorded()
    return made


@pytest.fixture(scope="module")
def room(anamnesis: Running, browser: Browser) -> Iterator[Desk]:
    with desk(anamnesis, browser) as one:
        yield one


@pytest.fixture
def said(room: Desk) -> Iterator[list[str]]:
    """What the browser complained of while a page was open: refused scripts above all."""
    found: list[str] = []

    def hear(message: Any) -> None:
        if message.type in ("error", "warning") and "404 (Not Found)" not in message.text:
            found.append(message.text)

    room.page.on("console", hear)
    yield found
    room.page.remove_listener("console", hear)


@pytest.fixture
def go(room: Desk, places: Places) -> Callable[[str], Page]:
    def to(name: str) -> Page:
        room.page.goto(room.running.url + places.paths[name], wait_until="networkidle")
        return room.page

    return to


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_passes_axe_and_the_browser_complains_of_nothing(
    go: Callable[[str], Page], said: list[str], name: str, theme: Any
) -> None:
    page = go(name)
    page.emulate_media(color_scheme=theme)
    page.evaluate("document.querySelectorAll('details:not(.others)').forEach((d) => d.open = true)")
    page.evaluate("document.querySelector('.others')?.setAttribute('open', '')")
    page.wait_for_timeout(200)  # the colours of a button move for 120 ms
    results = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}})
    found = [
        (one["id"], one["impact"], [node["html"][:160] for node in one["nodes"]])
        for one in results.response["violations"]
    ]
    assert found == []
    assert len(results.response["passes"]) > 10, "axe looked at nothing"
    assert said == []


@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits_a_telephone_and_a_large_screen(go: Callable[[str], Page], name: str) -> None:
    page = go(name)
    try:
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert over <= 0, f"{over} px too wide at {width}"
            assert page.evaluate(TOO_SMALL, TARGET_PIXELS_MIN) == [], f"at {width}"
    finally:
        page.set_viewport_size({"width": 1280, "height": 720})


def test_the_menu_of_a_telephone_holds_what_a_large_screen_shows(
    go: Callable[[str], Page],
) -> None:
    page = go("day")
    try:
        page.set_viewport_size({"width": 390, "height": 800})
        leave = page.get_by_role("button", name="Se déconnecter")
        assert not leave.is_visible()
        page.get_by_role("button", name="Menu").click()
        assert leave.is_visible()
        page.keyboard.press("Escape")
        assert not leave.is_visible()
    finally:
        page.set_viewport_size({"width": 1280, "height": 720})
    assert leave.is_visible()


def test_the_first_tab_leads_past_the_navigation(go: Callable[[str], Page]) -> None:
    page = go("receipts")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_paper_shows_the_patient_and_no_buttons(go: Callable[[str], Page]) -> None:
    page = go("patient")
    page.emulate_media(media="print")
    try:
        assert page.locator("h1").is_visible()
        assert not page.locator(".top").is_visible()
        assert [one for one in page.locator("button, .button").all() if one.is_visible()] == []
    finally:
        page.emulate_media(media="screen")


def test_a_theme_chosen_by_hand_stays_and_is_there_before_anything_is_painted(
    go: Callable[[str], Page],
) -> None:
    page = go("sign-in")
    page.emulate_media(color_scheme="light")
    switch = page.locator("[data-theme-switch]")
    switch.click()
    assert switch.get_attribute("aria-pressed") == "true"
    page.add_init_script(
        """document.addEventListener("readystatechange", () =>
             { window.__theme ??= document.documentElement.dataset.theme; });"""
    )
    try:
        page = go("day")
        assert page.evaluate("window.__theme") == "dark"
        paper = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
        assert paper == "rgb(15, 21, 20)"
    finally:
        page.evaluate("localStorage.removeItem('anamnesis-theme')")


def test_english_is_one_click_away_on_the_same_page(go: Callable[[str], Page]) -> None:
    page = go("nobody")
    page.get_by_role("link", name="English").click()
    assert page.url.endswith("/patients?q=zzz")
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.get_by_role("heading", level=1).inner_text() == "Patients"
    page.get_by_role("link", name="Français").click()
    assert page.locator("html").get_attribute("lang") == "fr"
