"""The pages at work: finding, writing down, starting, bringing back, proving, leaving."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.desk import Desk, desk
from tests.running import Practitioner, Running, digest, new_id, now, wait_until
from tests.sharing import document_of

pytestmark = pytest.mark.e2e

Go = Callable[[str], Page]


@pytest.fixture
def room(anamnesis: Running, browser: Browser) -> Iterator[Desk]:
    with desk(anamnesis, browser) as one:
        yield one


@pytest.fixture
def go(room: Desk) -> Go:
    def to(path: str) -> Page:
        room.page.goto(room.running.url + path)
        return room.page

    return to


@pytest.fixture
def patient(claire: Practitioner, anamnesis: Running) -> str:
    made = claire.create_patient(f"Éluard-{new_id()[-4:]}")
    anamnesis.wait_recorded()
    return made


def path_of(page: Page) -> str:
    found: str = page.evaluate("location.pathname")
    return found


# The keyboard.


def test_shortcuts_lead_everywhere(go: Go) -> None:
    page = go("/receipts")
    page.keyboard.press("/")
    page.wait_for_url("**/patients")
    expect(page.locator("#search")).to_be_focused()
    page.locator("h1").click()
    page.keyboard.press("g")
    page.keyboard.press("r")
    page.wait_for_url("**/receipts")
    page.keyboard.press("n")
    page.wait_for_url("**/patients/new")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Raccourcis clavier")).to_be_visible()
    page.keyboard.press("n")
    page.keyboard.press("Escape")
    assert path_of(page) == "/patients/new"


@pytest.mark.parametrize(
    "path", ["/patients", "/patients/new", "/encounters/{new}?patient={patient}"]
)
def test_no_shortcut_is_taken_from_somebodys_typing(go: Go, patient: str, path: str) -> None:
    page = go(path.format(new=new_id(), patient=patient))
    fields = page.locator("main input:not([type=hidden]), main textarea")
    field = fields.locator("visible=true").first
    where = page.url.split("?")[0]
    field.press_sequentially("n/?g j g p")
    page.wait_for_timeout(300)
    assert field.input_value() == "n/?g j g p"
    assert page.url.split("?")[0] == where
    assert not page.locator("dialog[open]").count()


# Patients.


def test_a_patient_is_found_while_typing_and_opened_by_the_keyboard(
    go: Go, claire: Practitioner, anamnesis: Running
) -> None:
    wanted = claire.create_patient("Ça-Zoë")
    anamnesis.wait_recorded()
    page = go("/patients")
    page.locator("#search").press_sequentially("ca zoe cam", delay=30)
    expect(page.locator(".patients > li")).to_have_count(1)
    expect(page.locator("[data-search-status]")).to_have_text("1 patient")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/patients/{wanted}")


def test_a_new_patient_is_written_down_and_somebody_alike_is_shown_first(go: Go) -> None:
    def fill(page: Page) -> None:
        page.locator("#birth_name").fill("Perec")
        page.locator("#first_names").fill("Georges")
        page.locator("#birth_date").fill("1936-03-07")
        page.get_by_label("masculin").check()

    page = go("/patients/new")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.locator("[data-problem-of=birth_name]")).not_to_be_empty()
    fill(page)
    page.locator("#birth_place").fill("zz")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.locator("[data-problem-of=birth_place]")).not_to_be_empty()
    page.locator("#birth_place").fill("2a004")
    page.get_by_role("button", name="Enregistrer").click()
    page.wait_for_url("**/patients/0*")
    expect(page.get_by_role("heading", level=1)).to_have_text("Perec Georges")
    expect(page.locator(".identity")).to_contain_text("né le 07/03/1936")
    expect(page.locator(".identity")).to_contain_text("2A004")
    page = go("/patients/new")
    fill(page)
    expect(page.locator("[data-alike]")).to_contain_text("Perec Georges")


def test_a_patient_written_down_while_the_application_is_down_is_not_lost(
    go: Go, anamnesis: Running
) -> None:
    page = go("/patients/new")
    page.wait_for_load_state("networkidle")
    page.locator("#birth_name").fill("Tardieu")
    anamnesis.kill("application")
    page.get_by_role("button", name="Enregistrer").click()
    page.wait_for_url("**/patients/0*", timeout=30_000)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Tardieu", timeout=30_000)


def test_an_identity_is_amended(go: Go, patient: str) -> None:
    page = go(f"/patients/{patient}/edit")
    page.locator("#used_name").fill("Sarraute")
    page.locator("#telephone").fill("06 12 34 56 78")
    page.get_by_role("button", name="Enregistrer").click()
    page.wait_for_url(f"**/patients/{patient}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sarraute Camille")
    expect(page.locator(".identity")).to_contain_text("06 12 34 56 78")


def test_a_measurement_is_added_and_an_unlikely_one_is_only_remarked(go: Go, patient: str) -> None:
    page = go(f"/patients/{patient}")
    for value, warning in (("61,5", ""), ("615", "Inhabituel")):
        page.locator("#measure-value").fill(value)
        expect(page.locator("#measure-warning")).to_contain_text(warning)
        page.get_by_role("button", name="Ajouter").click()
        expect(page.locator(".plot")).to_contain_text(f"{value} kg")
    page.locator(".plot summary").click()
    expect(page.locator(".plot td").first).to_be_visible()


def test_an_encounter_is_started_from_the_patient(go: Go, patient: str, room: Desk) -> None:
    page = go(f"/patients/{patient}")
    page.get_by_role("button", name="Commencer une consultation").click()
    page.wait_for_url(f"**/encounters/*?patient={patient}")
    room.type("motif", "Renouvellement")
    room.wait("recorded")
    page = go(f"/patients/{patient}")
    expect(page.locator(".timeline-row")).to_contain_text("Renouvellement")


def test_a_long_past_is_shown_piece_by_piece(
    go: Go, claire: Practitioner, patient: str, anamnesis: Running
) -> None:
    for _ in range(42):
        claire.start_encounter(patient)
    anamnesis.wait_recorded()
    page = go(f"/patients/{patient}")
    expect(page.locator(".timeline-row")).to_have_count(40)
    page.locator("[data-more]").click()
    expect(page.locator(".timeline-row")).to_have_count(42)
    expect(page.locator("[data-more]")).to_have_count(0)
    expect(page.locator(".timeline-month")).to_have_count(1)


def test_the_timeline_shows_one_kind_at_a_time(
    go: Go, claire: Practitioner, patient: str, anamnesis: Running
) -> None:
    claire.start_encounter(patient)
    weight = {"code": "weight", "value": "72", "unit": "kg", "effective_at": now()}
    claire.keep(claire.entry("observation.record", weight, patient))
    document_of(claire, patient, "Ordonnance de sortie")
    anamnesis.wait_recorded()
    page = go(f"/patients/{patient}")
    expect(page.locator(".timeline-row")).to_have_count(3)
    page.get_by_role("link", name="Documents", exact=True).click()
    expect(page.locator(".timeline-row")).to_have_count(1)
    expect(page.locator(".timeline-row")).to_contain_text("Ordonnance de sortie")
    page.get_by_role("link", name="Tout", exact=True).click()
    expect(page.locator(".timeline-row")).to_have_count(3)


def test_a_printed_record_has_everything_and_no_button(
    go: Go, claire: Practitioner, patient: str, anamnesis: Running
) -> None:
    for _ in range(45):
        claire.start_encounter(patient)
    anamnesis.wait_recorded()
    page = go(f"/patients/{patient}")
    page.context.add_init_script("window.print = () => { window.printed = true; };")
    page.get_by_role("link", name="Imprimer tout").click()
    expect(page.locator(".timeline-row")).to_have_count(45)
    wait_until(lambda: page.evaluate("window.printed") is True, "printed")
    page.emulate_media(media="print")
    assert page.locator("button:visible, .button:visible, nav:visible").count() == 0
    expect(page.locator("h1")).to_be_visible()


# The day.


@pytest.fixture
def appointment(claire: Practitioner, patient: str, anamnesis: Running) -> str:
    booking = claire.booking(now())
    made = claire.entry("appointment.book", booking, patient)
    claire.keep(made)
    anamnesis.wait_recorded()
    return str(made["id"])


def test_who_arrives_is_said_in_place_and_can_be_taken_back(go: Go, appointment: str) -> None:
    page = go("/")
    row = page.locator(f"[data-appointment='{appointment}']")
    row.get_by_role("button", name="Arrivé").first.click()
    expect(row.locator(".chip")).to_have_text("Arrivé")
    expect(page.locator("[data-day-count]")).to_contain_text("1 arrivé")
    row.locator("summary").click()
    row.get_by_role("button", name="Prévu").click()
    expect(row.locator(".chip")).to_have_text("Prévu")


def test_an_appointment_starts_an_encounter_that_knows_it(
    go: Go, appointment: str, patient: str, room: Desk, anamnesis: Running
) -> None:
    page = go("/")
    row = page.locator(f"[data-appointment='{appointment}']")
    row.get_by_role("button", name="Commencer").click()
    page.wait_for_url(f"**/encounters/*?patient={patient}&appointment={appointment}")
    room.type("motif", "Toux")
    room.wait("recorded")
    encounter = path_of(page).rsplit("/", 1)[-1]
    anamnesis.wait_recorded()
    page = go("/")
    opens = page.locator(f"[data-appointment='{appointment}'] a[href='/encounters/{encounter}']")
    expect(opens).to_be_visible()
    chip = page.locator(f"[data-appointment='{appointment}'] .chip")
    expect(chip).to_have_text("En consultation")


# The history.


@pytest.fixture
def written(
    claire: Practitioner, encounter: tuple[str, str], anamnesis: Running
) -> tuple[str, str]:
    """An encounter whose note says something else than it first did; the digest it has now."""
    patient, name = encounter
    first = claire.write_note(patient, name, "Toux sèche")
    base = first["receipt"]["header"]["digest"]
    second = claire.write_note(patient, name, "Toux grasse", base=base)
    anamnesis.wait_recorded()
    return name, str(second["receipt"]["header"]["digest"])


def test_an_older_text_is_brought_back_as_a_new_version(
    go: Go, claire: Practitioner, written: tuple[str, str]
) -> None:
    page = go(f"/encounters/{written[0]}/history?every=yes")
    page.locator("#version-1").get_by_role("button", name="Rétablir ce texte").click()
    expect(page.locator("#version-3")).to_contain_text("texte rétabli")
    expect(page.locator("#version-3 ins")).to_contain_text("sèche")
    note = claire.note(written[0])
    assert (note["version"], note["sections"]["motif"]) == (3, "Toux sèche")


def test_an_older_text_does_not_replace_one_that_was_not_seen(
    go: Go, claire: Practitioner, encounter: tuple[str, str], written: tuple[str, str]
) -> None:
    page = go(f"/encounters/{written[0]}/history?every=yes")
    claire.write_note(*encounter, "Toux la nuit", base=written[1])
    page.locator("#version-1").get_by_role("button", name="Rétablir ce texte").click()
    expect(page.locator("#version-1 [data-notice]")).to_contain_text("a changé entre-temps")
    assert claire.note(written[0])["sections"]["motif"] == "Toux la nuit"


# Receipts.


def test_a_receipt_is_verified_in_the_browser_and_can_be_taken_away(
    go: Go, claire: Practitioner, written: tuple[str, str]
) -> None:
    page = go("/receipts")
    line = page.locator("tbody tr").first
    expect(line).to_contain_text("Texte de la note")
    expect(line.locator("[data-state=recorded]")).to_be_visible()
    line.get_by_role("button", name="Vérifier").click()
    expect(line).to_contain_text("Preuve valable")
    with page.expect_download() as download:
        line.get_by_role("link", name="Télécharger").click()
    receipt: dict[str, Any] = json.loads(download.value.path().read_text(encoding="utf-8"))
    assert receipt["format"] == "anamnesis-receipt/1"
    assert receipt["header"]["author"] == claire.id


def test_a_receipt_that_was_changed_is_refused(
    go: Go, room: Desk, written: tuple[str, str]
) -> None:
    def changed(route: Any) -> None:
        receipt = route.fetch().json()
        receipt["header"]["digest"] = digest({"another": "text"})
        route.fulfill(json=receipt)

    room.context.route("**/keep/receipts/*-*", changed)
    page = go("/receipts")
    line = page.locator("tbody tr").first
    line.get_by_role("button", name="Vérifier").click()
    expect(line).to_contain_text("Preuve refusée (not-included)")


# Leaving.


def test_what_only_this_device_has_is_said_before_somebody_leaves(go: Go, patient: str) -> None:
    page = go(f"/patients/{patient}")
    page.wait_for_load_state("networkidle")
    page.context.route("**/keep/entries", lambda route: route.abort())
    page.locator("#measure-value").fill("61")
    page.get_by_role("button", name="Ajouter").click()
    expect(page.locator("[data-outbox-light]")).to_have_text("1 en attente")
    page.get_by_role("button", name="Se déconnecter").click()
    dialog = page.get_by_role("dialog", name="Se déconnecter maintenant ?")
    expect(dialog).to_contain_text(": 1.")
    dialog.get_by_role("button", name="Rester").click()
    assert path_of(page) == f"/patients/{patient}"
    page.context.unroute("**/keep/entries")
    expect(page.locator("[data-outbox-light]")).to_be_hidden(timeout=20_000)
    page.get_by_role("button", name="Se déconnecter").click()
    page.wait_for_url("**/sign-in")
    page.goto(page.url.replace("/sign-in", "/patients"))
    assert path_of(page) == "/sign-in"


def test_nobody_is_told_to_be_signed_out_who_is_not(go: Go) -> None:
    page = go("/receipts")
    page.wait_for_load_state("networkidle")
    page.context.route("**/keep/session", lambda route: route.abort())
    page.get_by_role("button", name="Se déconnecter").click()
    expect(page.locator("[data-shell-notice]")).to_contain_text("toujours ouverte")
    assert path_of(page) == "/receipts"


def test_a_wrong_password_is_said_on_the_page_and_a_right_one_goes_where_one_was_going(
    room: Desk,
) -> None:
    page = room.page
    room.sign_out_elsewhere()
    page.goto(room.running.url + "/patients?q=a")
    assert path_of(page) == "/sign-in"
    page.locator("#login").fill("claire")
    page.locator("#password").fill("presque")
    page.locator("#sign-in button").click()
    expect(page.locator("[data-problem]")).not_to_be_empty()
    page.locator("#password").fill("un mot de passe assez long")
    page.locator("#sign-in button").click()
    page.wait_for_url("**/patients?q=a")
