"""`make screenshots`: every page with demonstration data, at two widths and in both themes.

Files are named page-theme-width.png. The day is today's, so pictures differ a little each day.
"""

import signal
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page, sync_playwright
from rich.console import Console

from anamnesis.bootstrap.demonstration import PRACTICE, PRACTITIONERS, plant_demonstration
from anamnesis.keeper.accounts import practice_id, practitioner_id
from anamnesis.record.store import RecordReader
from anamnesis.settings import Settings
from anamnesis.storage.sqlite.record import SqliteRecordReader
from tests.deploying import feature
from tests.running import Running, wait_until

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "screenshots"
CHROMIUM = "/usr/bin/chromium"
SIZES = {1440: 1000, 360: 780}
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
SETTLED_MS = 700
PATIENTS_LOOKED_AT = 200
CLAIRE = PRACTITIONERS[0]
TEXTS = {
    "motif": "Toux fébrile depuis 3 jours",
    "interrogatoire": "Fièvre à 39,1 °C hier soir, frissons, calmée par paracétamol 1 g x 3/j.\n"
    "Toux grasse, expectoration jaunâtre. Pas de dyspnée au repos, pas d’hémoptysie.\n"
    "Ø voyage, Ø contage connu. Tabac : non. Allergies : aucune connue.",
    "examen": "T° 38,6 °C, TA 128/76 mmHg, FC 92/min, SpO2 96 % en AA, FR 18/min.\n"
    "Crépitants fins de la base droite, MV conservé. Pas de tirage.\n"
    "Bruits du cœur réguliers, mollets souples.",
}
TYPED = "Pneumopathie de la base droite, sans critère de gravité (CRB-65 : 0).\n"
TYPED += "Amoxicilline 1 g x 3/j, 7 jours. Revoir à 48–72 h, avant si T° ≥ 39 °C ou dyspnée."


@dataclass(frozen=True)
class Shown:
    """What the pictures are of."""

    patient: str
    encounter: str
    signed: str
    diverged: str | None
    document: str
    prescription: str
    condition: str


def main() -> None:
    """Takes all of them."""
    console = Console()
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="anm-") as folder:
        settings = Settings(data=Path(folder) / "d").checked()
        plant_demonstration(settings, datetime.now(UTC), lambda name, done, total: None)
        shown = chosen(settings)
        with Running.started(settings.data, accounts={}) as running, sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
            for theme in THEMES:
                for width in SIZES:
                    for path in taken(running, browser, shown, theme, width):
                        console.print(path.name)
            browser.close()


def chosen(settings: Settings) -> Shown:
    """An open encounter of Claire's, and a signed one with something to see in its history."""
    practice = practice_id(settings.origin, PRACTICE)
    claire = practitioner_id(practice, CLAIRE.login)
    with closing(SqliteRecordReader(settings.record)) as record:
        opened = record.open_encounters(practice, claire)
        quiet = [one for one in opened if not one.divergences]
        rows = [
            row
            for patient in record.patients(practice, "", PATIENTS_LOOKED_AT).rows
            for row in record.encounters(practice, patient.patient, 50).rows
        ]
        patient = _well_known(record, practice)
        resources = record.resources(practice, patient)
        prescriptions = [
            one.resource
            for one in resources
            if one.type == "document" and any(line["ald"] for line in one.content["lines"])
        ]
        return Shown(
            patient=patient,
            prescription=prescriptions[-1],
            document=next(one.resource for one in resources if one.content.get("type") == "letter"),
            condition=next(one.resource for one in resources if one.type == "condition"),
            encounter=quiet[0].encounter,
            signed=next(row.encounter for row in rows if row.status == "amended"),
            diverged=next((row.encounter for row in rows if row.divergences), None),
        )


def _well_known(record: RecordReader, practice: str) -> str:
    """The patient with the most measurements: the plots have something to show."""
    patients = record.patients(practice, "", PATIENTS_LOOKED_AT).rows
    return max(
        (patient.patient for patient in patients),
        key=lambda patient: len(record.observations(practice, patient)),
    )


def taken(
    running: Running,
    browser: Browser,
    shown: Shown,
    theme: Literal["light", "dark"],
    width: int,
) -> Iterator[Path]:
    """The pictures of one theme and width."""
    with signed_out(running, browser, theme, width) as page:

        def picture(name: str, address: str | None = None, within: str | None = None) -> Path:
            if address is not None:
                page.goto(running.url + address)
            page.evaluate("scrollTo(0, 0)")
            if within is not None:
                page.locator(within).first.scroll_into_view_if_needed()
            page.wait_for_timeout(SETTLED_MS)
            path = FOLDER / f"{name}-{theme}-{width}.png"
            page.screenshot(path=path)
            return path

        yield picture("sign-in", "/sign-in")
        page.fill("[name=login]", CLAIRE.login)
        page.fill("[name=password]", CLAIRE.password)
        page.press("[name=password]", "Enter")
        page.wait_for_url(running.url + "/")
        yield picture("day", "/")
        yield picture("agenda-day", "/agenda")
        yield picture("agenda-week", "/agenda?view=week")
        page.locator("[data-agenda-book]:enabled").click()
        yield picture("agenda-booking")
        yield picture("patients", "/patients?q=le")
        yield picture("patient", f"/patients/{shown.patient}")
        yield picture("patient-new", "/patients/new")
        written(page, running, shown.encounter)
        yield picture("encounter")
        yield picture("history", f"/encounters/{shown.signed}/history")
        if shown.diverged is not None:
            page.goto(f"{running.url}/encounters/{shown.diverged}")
            page.wait_for_selector(".divergence button")
            yield picture("divergence", within=".divergence button >> nth=-1")
        yield picture("documents", f"/patients/{shown.patient}/documents")
        yield picture("prescription", f"/patients/{shown.patient}/documents/{shown.prescription}")
        yield picture("letter", f"/patients/{shown.patient}/documents/{shown.document}")
        yield picture("sharing", within="#sharing")
        yield picture("condition", f"/patients/{shown.patient}/record/{shown.condition}")
        yield picture("search", "/search?q=toux+grasse")
        yield picture("received", "/received")
        yield picture("settings", "/settings")
        yield picture("interface", "/api")
        yield picture("receipts", "/receipts")
        yield from in_trouble(running, page, shown, picture)
        yield from without_application(running, page, shown, picture)


def written(page: Page, running: Running, encounter: str) -> None:
    """Types a note and waits until the screen is green for it."""
    page.goto(f"{running.url}/encounters/{encounter}")
    page.wait_for_selector("[data-badge='note']")
    for section, text in TEXTS.items():
        page.fill(f"textarea[name={section}]", text)
    field = page.locator("textarea[name=conclusion]")
    field.fill("")
    field.press_sequentially(TYPED, delay=4)
    page.wait_for_selector("[data-badge='note'][data-state='recorded']")


def in_trouble(
    running: Running, page: Page, shown: Shown, picture: Callable[[str], Path]
) -> Iterator[Path]:
    """What the screen says while the application is away, and while there is no network."""
    page.goto(f"{running.url}/encounters/{shown.encounter}")
    page.wait_for_selector("[data-badge='note'][data-state='recorded']")
    stopped = running.signal("application", signal.SIGSTOP)
    field = page.locator("textarea[name=conclusion]")
    field.press("Control+End")
    field.press_sequentially(" Courrier au pneumologue", delay=10)
    page.wait_for_selector("[data-badge='note'][data-state='journaled']")
    yield picture("journaled")
    page.context.set_offline(True)
    field.press_sequentially(", radiographie demandée.", delay=10)
    page.wait_for_selector("[data-badge='note'][data-state='held']")
    yield picture("held")
    page.context.set_offline(False)
    wait_until(lambda: running.child("application") not in (None, stopped), "another application")
    page.wait_for_selector("[data-badge='note'][data-state='recorded']")


def without_application(
    running: Running, page: Page, shown: Shown, picture: Callable[[str], Path]
) -> Iterator[Path]:
    """The page of journal-only mode: what I wrote lately, and one encounter."""
    assert feature(running, "mode", "journal-only").returncode == 0
    page.goto(f"{running.url}/")
    page.locator("article").first.wait_for()
    yield picture("journal-only")
    page.goto(f"{running.url}/encounters/{shown.encounter}")
    page.wait_for_selector("#note[data-editor='ready']")
    page.wait_for_selector("[data-badge='note']:not([data-state='checking'])")
    yield picture("journal-only-encounter")
    assert feature(running, "mode", "features").returncode == 0


@contextmanager
def signed_out(
    running: Running, browser: Browser, theme: Literal["light", "dark"], width: int
) -> Iterator[Page]:
    """A browser that has never been here."""
    context = browser.new_context(
        locale="fr-FR",
        color_scheme=theme,
        viewport={"width": width, "height": SIZES[width]},
        base_url=running.url,
    )
    try:
        page = context.new_page()
        # What a browser grants a site that somebody comes back to every day.
        about = context.new_cdp_session(page).send("Target.getTargetInfo")
        browser.new_browser_cdp_session().send(
            "Browser.grantPermissions",
            {
                "origin": running.url,
                "permissions": ["durableStorage"],
                "browserContextId": about["targetInfo"]["browserContextId"],
            },
        )
        yield page
    finally:
        context.close()


if __name__ == "__main__":
    main()
