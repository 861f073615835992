"""Documents in a real browser: kept as typed, green only when recorded, issued, printed."""

import io
import json
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pypdf
import pytest
from playwright.sync_api import Browser, Page, expect

from anamnesis.record.model import Resource
from anamnesis.storage.sqlite.record import SqliteRecordReader
from tests.e2e.desk import Desk, desk
from tests.running import Practitioner, Running, digest, wait_until

pytestmark = pytest.mark.e2e

GREEN_SECONDS_MAX = 2.0
SAMPLER = """(() => {
  window.__seen = [];
  const sample = () => {
    const badge = document.querySelector("[data-badge='document']");
    const form = document.getElementById("document-form");
    if (badge && form) {
      const drugs = [...form.querySelectorAll("[data-lines] [name='drug']")].map((f) => f.value);
      const body = form.querySelector("[name='body']").value;
      const seen = { state: badge.dataset.state, colour: badge.dataset.colour, drugs, body };
      const now = JSON.stringify(seen);
      if (now !== window.__last) window.__seen.push(seen);
      window.__last = now;
    }
    requestAnimationFrame(() => setTimeout(sample));
  };
  sample();
})()"""


class Sheet:
    """A document's page at a desk."""

    def __init__(self, room: Desk, patient: str, page: Page | None = None) -> None:
        self.room = room
        self.patient = patient
        self.page = page or room.page
        self.running = room.running

    def new(self, type_: str = "prescription", **more: str) -> "Sheet":
        query = "&".join(f"{name}={value}" for name, value in {"type": type_, **more}.items())
        return self.go(f"/patients/{self.patient}/documents/new?{query}")

    def go(self, path: str) -> "Sheet":
        self.page.goto(self.running.url + path)
        return self.ready()

    def ready(self) -> "Sheet":
        self.page.wait_for_selector("[data-editor='ready']")
        return self

    @property
    def id(self) -> str:
        found: str = self.page.locator("#note").get_attribute("data-document") or ""
        return found

    @property
    def state(self) -> str:
        return self.page.locator("[data-badge='document']").get_attribute("data-state") or ""

    def field(self, name: str, place: int = 0) -> Any:
        return self.page.locator(f"#document-form [name='{name}']").nth(place)

    def type(self, name: str, text: str, place: int = 0, delay: float = 15) -> None:
        field = self.field(name, place)
        field.focus()
        field.press("End")
        field.press_sequentially(text, delay=delay)

    def wait(self, *states: str, seconds: float = 15) -> None:
        wait_until(lambda: self.state in states, f"{states} (the badge said {self.state})", seconds)

    def versions(self) -> list[Resource]:
        with closing(SqliteRecordReader(self.running.data / "record.db")) as reader:
            practice = self.page.locator("body").get_attribute("data-practice") or ""
            return reader.resource_versions(practice, self.id)

    def drugs(self) -> list[str]:
        return [line["drug"] for line in self.versions()[-1].content["lines"]]


@pytest.fixture
def patient(claire: Practitioner, anamnesis: Running) -> str:
    made = claire.create_patient("Lefèvre")
    anamnesis.wait_recorded()
    return made


@pytest.fixture
def sheet(anamnesis: Running, browser: Browser, patient: str) -> Iterator[Sheet]:
    with desk(anamnesis, browser) as room:
        room.context.add_init_script(SAMPLER)
        yield Sheet(room, patient)


def never_green_while_wrong(sheet: Sheet) -> int:
    """Fails unless every text the page was green for is a version of the record; how many."""
    known = {
        json.dumps([[line["drug"] for line in v.content["lines"]], v.content["body"]])
        for v in sheet.versions()
    }
    seen = sheet.page.evaluate("window.__seen")
    green = [one for one in seen if one["state"] == "recorded"]
    assert all((one["state"] == "recorded") == (one["colour"] == "green") for one in seen)
    for one in green:
        drugs = [drug for drug in one["drugs"] if drug]
        assert json.dumps([drugs, one["body"]]) in known, "green, and the record never had it"
    return len(green)


def test_a_prescription_is_recorded_as_it_is_typed_and_only_then_green(sheet: Sheet) -> None:
    sheet.new()
    assert sheet.state == "blank"
    sheet.type("drug", "Amoxicilline 1 g")
    sheet.page.keyboard.press("Enter")
    sheet.page.keyboard.type("Paracétamol 1 g", delay=15)
    sheet.type("body", "Repos.")
    sheet.wait("recorded", seconds=GREEN_SECONDS_MAX)
    assert sheet.drugs() == ["Amoxicilline 1 g", "Paracétamol 1 g"]
    shown = sheet.versions()[-1]
    assert shown.digest == digest(shown.content)
    assert never_green_while_wrong(sheet) > 0
    expect(sheet.page.locator(".preview-page")).to_have_count(1)


def test_the_keeper_killed_while_somebody_prescribes_loses_nothing(sheet: Sheet) -> None:
    sheet.new()
    sheet.type("drug", "Metformine ")
    keeper = sheet.running.kill("keeper")
    sheet.type("drug", "1000 mg, comprimé", delay=60)
    sheet.wait("held", "recorded")
    wait_until(lambda: sheet.running.replaced("keeper", keeper), "another keeper", 40)
    sheet.wait("recorded", seconds=40)
    assert sheet.drugs() == ["Metformine 1000 mg, comprimé"]
    seen = {one["state"] for one in sheet.page.evaluate("window.__seen")}
    assert "held" in seen
    assert never_green_while_wrong(sheet) > 0


def test_without_a_network_the_page_says_amber_and_a_reload_brings_the_text_back(
    sheet: Sheet,
) -> None:
    sheet.new("letter")
    sheet.type("body", "Cher confrère,")
    sheet.wait("recorded")
    sheet.room.context.set_offline(True)
    sheet.type("body", " merci de votre avis.")
    sheet.wait("held")
    sheet.room.context.set_offline(False)
    sheet.page.reload()
    sheet.ready()
    assert sheet.field("body").input_value() == "Cher confrère, merci de votre avis."
    sheet.wait("recorded")
    assert sheet.versions()[-1].content["body"] == "Cher confrère, merci de votre avis."


def test_a_page_opened_again_without_a_network_goes_on_where_it_was(sheet: Sheet) -> None:
    sheet.new("letter")
    sheet.page.evaluate("navigator.serviceWorker.ready.then(() => null)")
    sheet.page.reload()
    sheet.ready()
    sheet.type("body", "Cher confrère,")
    sheet.wait("recorded")
    sheet.room.context.set_offline(True)
    sheet.page.reload()
    sheet.ready()
    assert sheet.field("body").input_value() == "Cher confrère,"
    sheet.type("body", " merci.")
    sheet.wait("held")
    sheet.room.context.set_offline(False)
    sheet.wait("recorded", seconds=30)
    assert sheet.versions()[-1].content["body"] == "Cher confrère, merci."


def test_current_treatments_are_brought_in_when_asked_for(
    sheet: Sheet, claire: Practitioner, anamnesis: Running, fresh_id: Any
) -> None:
    for name in ("Metformine 1000 mg", "Périndopril 4 mg"):
        content = {
            "id": fresh_id(),
            "name": name,
            "dosage": "1 matin",
            "reason": "",
            "started": "",
            "stopped": "",
            "status": "active",
            "note": "",
        }
        claire.keep(claire.entry("medication.write", content, sheet.patient))
    anamnesis.wait_recorded()
    sheet.new()
    assert sheet.field("drug").input_value() == ""
    sheet.page.get_by_role("button", name="Reprendre les traitements en cours").click()
    sheet.wait("recorded")
    assert sheet.drugs() == ["Metformine 1000 mg", "Périndopril 4 mg"]
    assert sheet.versions()[-1].content["lines"][0]["dose"] == "1 matin"


def test_a_page_left_right_after_a_keystroke_loses_nothing(sheet: Sheet) -> None:
    sheet.new()
    document = sheet.page.url
    sheet.type("drug", "Lévothyroxine 75 µg", delay=5)
    sheet.page.goto(sheet.running.url + "/patients")
    sheet.page.goto(document)
    sheet.ready()
    assert sheet.field("drug").input_value() == "Lévothyroxine 75 µg"
    sheet.wait("recorded")
    assert sheet.drugs() == ["Lévothyroxine 75 µg"]


def test_a_session_that_ends_keeps_the_text_and_signing_in_again_sends_it(sheet: Sheet) -> None:
    sheet.new("certificate")
    sheet.room.sign_out_elsewhere()
    sheet.type("body", "Je certifie.")
    sheet.wait("signed-out")
    form = sheet.page.locator("#sign-in-again")
    form.locator("[type='password']").fill("un mot de passe assez long")
    form.locator("[type='submit']").click()
    sheet.wait("recorded")
    assert sheet.versions()[-1].content["body"] == "Je certifie."


def test_lines_are_ordered_by_keyboard_and_removed(sheet: Sheet) -> None:
    sheet.new()
    sheet.type("drug", "Un")
    for drug in ("Deux", "Trois"):
        sheet.page.keyboard.press("Enter")
        sheet.page.keyboard.type(drug)
    sheet.page.keyboard.press("Alt+ArrowUp")
    expect(sheet.field("drug", 1)).to_be_focused()
    sheet.page.get_by_role("button", name="Retirer la ligne 1 : Un").press("Enter")
    wait_until(lambda: sheet.state == "recorded" and sheet.drugs() == ["Trois", "Deux"], "ordered")


def test_a_dose_typed_before_its_drug_is_kept_and_cannot_be_issued(sheet: Sheet) -> None:
    sheet.new()
    sheet.type("dose", "1 comprimé")
    sheet.wait("recorded")
    expect(sheet.page.locator(".preview-page")).to_have_count(1)
    expect(sheet.page.locator("[data-do='issue']")).to_be_disabled()
    sheet.page.reload()
    sheet.ready()
    assert sheet.field("drug").input_value() == ""
    assert sheet.field("dose").input_value() == "1 comprimé"
    sheet.type("drug", "Paracétamol")
    sheet.wait("recorded")
    expect(sheet.page.locator("[data-do='issue']")).to_be_enabled()


def issue(sheet: Sheet) -> None:
    expect(sheet.page.locator("[data-do='issue']")).to_be_enabled(timeout=10_000)
    sheet.page.locator("[data-do='issue']").click()
    expect(sheet.page.locator("[data-do='correct']")).to_be_visible(timeout=15_000)
    sheet.ready()


def printed(sheet: Sheet, address: str) -> str:
    answer = sheet.room.context.request.get(sheet.running.url + address)
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/pdf"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    pages = pypdf.PdfReader(io.BytesIO(answer.body())).pages
    return " ".join(page.extract_text() for page in pages)


def test_what_is_issued_opens_as_a_pdf_and_stays_while_it_is_corrected(sheet: Sheet) -> None:
    sheet.new()
    sheet.type("drug", "Amoxicilline 1 g")
    sheet.wait("recorded")
    issue(sheet)
    first = sheet.versions()[-1]
    assert first.issued is not None
    assert (first.issued.version, first.issued.digest) == (first.version, first.digest)
    link = sheet.page.get_by_role("link", name=f"PDF de la version {first.version}")
    address = link.get_attribute("href") or ""
    before = printed(sheet, address)
    assert "Amoxicilline 1 g" in before
    assert "Brouillon" not in before
    with sheet.page.expect_popup() as opened:
        link.click()
    opened.value.wait_for_load_state()
    assert opened.value.url.endswith(address)
    opened.value.close()
    expect(sheet.field("drug")).to_be_disabled()
    sheet.page.locator("[data-do='correct']").click()
    sheet.type("drug", ", 14 comprimés")
    wait_until(lambda: sheet.drugs() == ["Amoxicilline 1 g, 14 comprimés"], "corrected")
    assert printed(sheet, address) == before
    sheet.wait("recorded")
    issue(sheet)
    last = sheet.versions()[-1]
    assert last.issued is not None
    assert last.issued.version == last.version > first.version


def test_an_older_version_is_brought_back_as_a_new_one(sheet: Sheet) -> None:
    sheet.new("letter")
    sheet.type("body", "Une.")
    sheet.wait("recorded")
    issue(sheet)
    count = len(sheet.versions())
    sheet.page.locator("[data-do='correct']").click()
    sheet.type("body", " Deux.")
    wait_until(lambda: len(sheet.versions()) > count, "a correction")
    sheet.wait("recorded")
    document = sheet.id
    sheet.page.goto(f"{sheet.running.url}/patients/{sheet.patient}/documents/{document}/versions")
    sheet.page.get_by_role("button", name="Rétablir ce texte").first.click()
    sheet.page.wait_for_url(f"**/documents/{document}")
    sheet.ready()
    assert sheet.field("body").input_value() == "Une."
    assert sheet.versions()[-1].content["body"] == "Une."


def test_a_document_entered_in_error_says_so_and_takes_nothing_more(sheet: Sheet) -> None:
    sheet.new("letter")
    sheet.type("body", "Pour quelqu’un d’autre.")
    sheet.wait("recorded")
    sheet.page.locator("[data-do='enter-in-error']").click()
    sheet.page.locator("#in-error-reason").fill("Mauvais patient")
    sheet.page.locator("#enter-in-error button").first.click()
    expect(sheet.page.get_by_text("Mauvais patient")).to_be_visible(timeout=15_000)
    expect(sheet.page.locator("#document-form")).to_have_count(1)
    expect(sheet.field("body")).to_be_disabled()
    assert sheet.versions()[-1].withdrawn == "Mauvais patient"


def test_two_tabs_of_one_document_show_the_same_text(sheet: Sheet) -> None:
    sheet.new()
    sheet.type("drug", "Un")
    sheet.wait("recorded")
    other = Sheet(sheet.room, sheet.patient, sheet.room.watch(sheet.room.context.new_page()))
    other.go(f"/patients/{sheet.patient}/documents/{sheet.id}")
    other.type("drug", " deux")
    other.wait("recorded")
    wait_until(lambda: sheet.field("drug").input_value() == "Un deux", "the other tab's text")
    sheet.page.bring_to_front()
    sheet.wait("recorded")


def test_a_colleagues_newer_version_is_said_and_not_called_green(
    sheet: Sheet, anamnesis: Running
) -> None:
    sheet.new()
    sheet.type("drug", "Un")
    sheet.wait("recorded")
    paul = anamnesis.sign_in("paul")
    content = dict(sheet.versions()[-1].content) | {"body": "De Paul"}
    paul.keep(paul.entry("document.write", content, sheet.patient))
    anamnesis.wait_recorded()
    sheet.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    sheet.wait("differs")
    assert len({v.author for v in sheet.versions()}) == 2
    sheet.type("drug", " deux")
    sheet.wait("recorded")
    expect(sheet.page.get_by_text("Une autre version a été écrite entre-temps")).to_have_count(0)


def test_a_version_that_was_passed_over_is_said(sheet: Sheet, anamnesis: Running) -> None:
    sheet.new()
    sheet.type("drug", "Un")
    sheet.wait("recorded")
    paul = anamnesis.sign_in("paul")
    content = dict(sheet.versions()[-1].content) | {"body": "De Paul"}
    paul.keep(paul.entry("document.write", content, sheet.patient))
    sheet.type("drug", " deux")
    sheet.wait("recorded")
    expect(sheet.page.get_by_text("Une autre version a été écrite entre-temps")).to_be_visible()


def test_an_encounter_goes_on_untouched_while_a_document_is_written(
    anamnesis: Running, browser: Browser, encounter: tuple[str, str], claire: Practitioner
) -> None:
    patient, started = encounter
    with desk(anamnesis, browser) as room:
        room.open(patient, started)
        room.type("motif", "Toux sèche", delay=5)
        room.page.get_by_role("link", name="Ordonnance").click()
        sheet = Sheet(room, patient).ready()
        sheet.type("drug", "Sirop")
        sheet.wait("recorded")
        assert sheet.versions()[-1].encounter == started
        wait_until(
            lambda: claire.note(started)["sections"]["motif"] == "Toux sèche", "the note recorded"
        )
        room.open(patient, started)
        assert room.text("motif") == "Toux sèche"
        room.wait("recorded")


def test_a_document_begins_the_encounter_it_is_written_in(
    sheet: Sheet, claire: Practitioner, fresh_id: Any
) -> None:
    encounter = fresh_id()
    sheet.new(encounter=encounter)
    sheet.type("drug", "Sirop")
    sheet.wait("recorded")
    assert sheet.versions()[-1].encounter == encounter
    assert claire.note(encounter)["status"] == "draft"
