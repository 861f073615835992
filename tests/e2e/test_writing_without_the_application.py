"""The application is gone for good: a practitioner signs in, reads, writes on, begins another."""

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, BrowserContext, Page

from tests.deploying import feature
from tests.e2e.desk import Desk, desk, shown_green
from tests.running import PASSWORD, Running, wait_until
from tests.sabotage import BACK_SECONDS_MAX, Sabotage, sabotaged

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Running, Sabotage]]:
    with sabotaged(tmp_path_factory.mktemp("sabotage")) as found:
        yield found


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    opened = browser.new_context(locale="fr-FR")
    yield opened
    opened.close()


def sign_in(page: Page) -> None:
    page.locator("#login").fill("claire")
    page.locator("#password").fill(PASSWORD)
    page.keyboard.press("Enter")


def begin_with_a_new_patient(page: Page) -> str:
    """Creates Zoé Garnier and starts an encounter; its id."""
    page.get_by_role("link", name="Mes consultations").click()
    page.get_by_text("Nouveau patient").click()
    page.locator("#birth_name").fill("Garnier")
    page.locator("#first_names").fill("Zoé")
    page.get_by_role("button", name="Créer et commencer").click()
    page.wait_for_selector("#note[data-editor='ready']")
    assert "Garnier Zoé" in page.locator("main").inner_text()
    return page.locator("#note").get_attribute("data-encounter") or ""


def test_a_whole_consultation_without_the_application(
    pair: tuple[Running, Sabotage], context: BrowserContext
) -> None:
    running, sabotage = pair
    claire = running.sign_in("claire")
    patient = claire.create_patient("Lemoine")
    encounter = claire.start_encounter(patient)
    claire.write_note(patient, encounter, "Toux depuis trois jours.")
    running.wait_recorded()
    sabotage.dies()
    sabotage.wait_mode("journal-only")

    one = Desk(running, context, None)
    one.page.goto(f"{running.url}/")
    sign_in(one.page)
    one.page.locator("summary", has_text="Toux depuis trois jours.").click()
    one.page.locator("dd", has_text="Toux depuis trois jours.").wait_for()
    one.page.get_by_role("link", name=re.compile("Ouvrir.*Lemoine")).click()
    one.page.wait_for_selector("#note[data-editor='ready']")
    assert one.text("motif") == "Toux depuis trois jours."
    one.type("examen", "Auscultation claire.")
    one.wait("journaled")
    assert one.words() == "Conservé par le serveur"

    # A reload of the full page's own address leads to the same text.
    one.collect()
    one.page.goto(f"{running.url}/encounters/{encounter}?patient={patient}")
    one.page.wait_for_selector("#note[data-editor='ready']")
    assert one.page.url.split("?")[0].endswith("/keep/journal-only")
    one.wait_text("examen", "Auscultation claire.")
    one.wait("journaled")

    one.collect()
    second = begin_with_a_new_patient(one.page)
    one.type("motif", "Certificat de sport")
    one.wait("journaled")

    # Found again by name.
    one.collect()
    one.page.goto(f"{running.url}/keep/journal-only")
    one.page.locator("summary", has_text="Certificat de sport").wait_for()
    one.page.locator("#search").fill("garn")
    one.page.get_by_role("button", name=re.compile("Commencer.*Garnier")).wait_for()
    one.page.goto(f"{running.url}/keep/journal-only?encounter={second}")
    one.page.wait_for_selector("#note[data-editor='ready']")
    assert shown_green([s for s in one.collect() if "Certificat" in s["sections"]["motif"]]) == []

    # It comes back while something is being typed here.
    one.type("conclusion", "Apte")
    sabotage.mended()
    sabotage.wait_mode("features", BACK_SECONDS_MAX)
    one.type("conclusion", " sans réserve")
    one.wait("recorded", seconds=30)
    one.page.locator("[data-go]").click()
    one.page.wait_for_selector("[data-badge='note'][data-state='recorded']")
    assert one.page.url.startswith(f"{running.url}/encounters/{second}")
    assert one.text("conclusion") == "Apte sans réserve"
    running.wait_recorded()
    assert claire.note(encounter)["sections"]["examen"] == "Auscultation claire."
    assert claire.note(second)["sections"]["motif"] == "Certificat de sport"
    assert one.errors == []


def test_a_patient_just_written_down_has_a_name_before_the_keeper_has_heard_of_them(
    pair: tuple[Running, Sabotage], browser: Browser
) -> None:
    running, _ = pair
    with desk(running, browser) as one:
        one.page.route("**/keep/entries", lambda route: route.abort())
        one.page.goto(f"{running.url}/keep/journal-only")
        one.page.get_by_text("Nouveau patient").click()
        one.page.locator("#birth_name").fill("Garnier")
        one.page.locator("#first_names").fill("Zoé")
        one.page.get_by_role("button", name="Créer et commencer").click()
        one.page.wait_for_selector("#note[data-editor='ready']")
        assert "Garnier Zoé" in one.page.locator("main").inner_text()
        one.page.unroute("**/keep/entries")
        one.errors.clear()


def test_an_open_page_is_told_and_goes_on(pair: tuple[Running, Sabotage], browser: Browser) -> None:
    running, _ = pair
    claire = running.sign_in("claire")
    patient = claire.create_patient("Petit")
    encounter = claire.start_encounter(patient)
    running.wait_recorded()
    with desk(running, browser) as one:
        one.open(patient, encounter)
        one.type("motif", "Avant")
        one.wait("recorded")
        assert feature(running, "mode", "journal-only").returncode == 0
        one.page.locator("[data-mode-notice]").wait_for()
        one.type("motif", ", pendant")
        one.wait("recorded")  # the application folds on, and the record is read back
        one.page.reload()
        one.page.wait_for_selector("#note[data-editor='ready']")
        assert one.page.url.split("?")[0].endswith("/keep/journal-only")
        assert one.text("motif") == "Avant, pendant"
        assert one.page.locator("[data-back]").is_hidden()
        assert feature(running, "mode", "features").returncode == 0
        one.page.locator("[data-back]").wait_for()
        one.type("motif", ", après")
        one.page.locator("[data-go]").click()
        one.page.wait_for_selector("[data-badge='note'][data-state='recorded']")
        assert one.text("motif") == "Avant, pendant, après"
        assert one.errors == []


@pytest.mark.parametrize("width", [1440, 360])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_is_for_everybody(
    pair: tuple[Running, Sabotage], browser: Browser, width: int, scheme: str
) -> None:
    running, _ = pair
    claire = running.sign_in("claire")
    patient = claire.create_patient("Petit")
    encounter = claire.start_encounter(patient)
    claire.write_note(patient, encounter, "Toux")
    colours: dict[str, str] = {"light": "light", "dark": "dark"}
    context = browser.new_context(
        viewport={"width": width, "height": 800},
        color_scheme=colours[scheme],  # type: ignore[arg-type]
    )
    try:
        page = context.new_page()
        page.goto(f"{running.url}/keep/journal-only")
        page.locator("#login").wait_for()
        problems = Axe().run(page).response["violations"]
        sign_in(page)
        page.locator("article").first.wait_for()
        page.locator("[data-new-patient] summary").click()
        problems += Axe().run(page).response["violations"]
        page.goto(f"{running.url}/keep/journal-only?encounter={encounter}")
        page.wait_for_selector("#note[data-editor='ready']")
        problems += Axe().run(page).response["violations"]
        assert [(one["id"], one["nodes"][0]["html"]) for one in problems] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    finally:
        context.close()


def test_it_speaks_english_too(pair: tuple[Running, Sabotage], context: BrowserContext) -> None:
    running, _ = pair
    page = context.new_page()
    page.goto(f"{running.url}/keep/journal-only")
    page.get_by_role("button", name="English").click()
    page.get_by_role("heading", name="Sign in").wait_for()
    assert page.locator("html").get_attribute("lang") == "en"
    sign_in(page)
    page.get_by_role("heading", name="My recent encounters").wait_for()
    wait_until(lambda: page.locator("article").count() > 0, "the list")
    page.get_by_role("button", name="Sign out").click()
    page.locator("#login").wait_for()
