"""Models and shortcuts in the note: they type as a person would, and harm nothing when broken."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.desk import Desk, desk, never_green_while_wrong
from tests.running import Practitioner, Running, new_id

pytestmark = pytest.mark.e2e

Encounter = tuple[str, str]
SECTIONS = {
    "motif": "Examen systématique",
    "interrogatoire": "",
    "examen": "T° [température] °C, poids [poids] kg.",
    "conclusion": "Croissance harmonieuse.",
}


@pytest.fixture
def room(
    anamnesis: Running, browser: Browser, claire: Practitioner, encounter: Encounter
) -> Iterator[Desk]:
    def written(kind: str, **content: Any) -> None:
        claire.keep(claire.entry(kind, {"id": new_id(), "shared": False, **content}))

    written("template.write", name="Nourrisson", sections=SECTIONS)
    written("snippet.write", abbreviation="rgo", text="reflux gastro-œsophagien")
    anamnesis.wait_recorded()
    with desk(anamnesis, browser) as one:
        yield one


def test_a_model_fills_what_is_blank_and_its_fields_are_filled_in_by_keyboard(
    room: Desk, claire: Practitioner, encounter: Encounter
) -> None:
    room.open(*encounter)
    room.page.wait_for_selector("#note[data-editor='ready']")
    room.type("conclusion", "Vu avec sa mère.")
    room.page.get_by_role("button", name="Nourrisson").first.click()
    room.page.keyboard.type("37,2")
    room.page.keyboard.press("Tab")
    room.page.keyboard.type("8,4")
    room.page.keyboard.press("Tab")
    expect(room.field("examen")).not_to_be_focused()
    expected = SECTIONS | {
        "examen": "T° 37,2 °C, poids 8,4 kg.",
        "conclusion": "Vu avec sa mère.",
    }
    assert room.texts() == expected
    room.wait("recorded")
    assert claire.note(encounter[1])["sections"] == expected
    assert never_green_while_wrong(room, claire.practice, encounter[1]) >= 1


def test_a_shortcut_becomes_its_text_and_is_taken_back_by_undo(
    room: Desk, claire: Practitioner, encounter: Encounter
) -> None:
    room.open(*encounter)
    room.page.wait_for_selector("#note[data-editor='ready']")
    room.type("motif", "Suspicion de rgo ")
    room.wait_text("motif", "Suspicion de reflux gastro-œsophagien ")
    room.page.keyboard.press("Control+z")
    room.wait_text("motif", "Suspicion de rgo ")
    room.wait("recorded")
    assert claire.note(encounter[1])["sections"]["motif"] == "Suspicion de rgo "


def test_models_that_are_broken_cost_nobody_a_text(
    room: Desk, claire: Practitioner, encounter: Encounter
) -> None:
    room.break_script(
        "templates.js", ("function expand(event) {", "function expand(event) { throw 1;")
    )
    room.open(*encounter)
    room.type("motif", "Toux sèche ")
    room.wait("recorded")
    assert claire.note(encounter[1])["sections"]["motif"] == "Toux sèche "
    room.errors.clear()


def test_last_times_text_is_offered_and_typed_only_when_asked_for(
    room: Desk, claire: Practitioner, encounter: Encounter, anamnesis: Running
) -> None:
    patient, today = encounter
    before = new_id()
    started = {"started_at": "2026-01-05T09:00:00.000Z", "appointment": None}
    claire.keep(claire.entry("encounter.start", started, patient, before))
    claire.write_note(patient, before, "Toux", conclusion="Bronchite.\nRevoir si fièvre.")
    anamnesis.wait_recorded()
    room.open(patient, today)
    room.page.wait_for_selector("#note[data-editor='ready']")
    assert room.text("conclusion") == ""
    offered = room.page.locator("details.previous", has_text="05/01/2026")
    expect(offered).to_have_count(2)
    offered.last.locator("summary").click()
    expect(offered.last.locator("blockquote")).to_contain_text("Revoir si fièvre.")
    assert room.text("conclusion") == ""
    offered.last.get_by_role("button").click()
    assert room.text("conclusion") == "Bronchite.\nRevoir si fièvre."
    room.wait("recorded")
    assert claire.note(today)["sections"]["conclusion"] == "Bronchite.\nRevoir si fièvre."
    assert claire.note(today)["sections"]["motif"] == ""
