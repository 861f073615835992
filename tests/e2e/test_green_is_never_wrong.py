"""Broken editors and broken pages: never green for a text the record has not, and none is lost."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Route

from tests.e2e.desk import Desk, desk, never_green_while_wrong, versions
from tests.running import Practitioner, Running, wait_until

pytestmark = pytest.mark.e2e

Encounter = tuple[str, str]

SENDS = "content: { sections },"


@pytest.fixture
def broken_desk(anamnesis: Running, browser: Browser, encounter: Encounter) -> Iterator[Desk]:
    """A desk that is opened only after something in it was broken."""
    with desk(anamnesis, browser, service_workers="block") as one:
        yield one


def acts(one: Desk, practice: str, encounter: str) -> list[str]:
    return [version.act for version in versions(one.running, practice, encounter)]


def test_a_deaf_editor_is_made_up_for_by_the_witness(
    broken_desk: Desk, claire: Practitioner, encounter: Encounter
) -> None:
    broken_desk.break_script("editor.js", ("if (page) {", "if (page && false) {"))
    broken_desk.open(*encounter)
    broken_desk.type("motif", "Toux sèche")
    broken_desk.wait("typed", seconds=5)
    assert "Non enregistré" in broken_desk.words()
    broken_desk.wait("recorded")
    assert claire.note(encounter[1])["sections"]["motif"] == "Toux sèche"
    assert acts(broken_desk, claire.practice, encounter[1]) == ["note.rescue"]
    assert never_green_while_wrong(broken_desk, claire.practice, encounter[1]) >= 1


KEPT_TO_ITSELF = """
for (const type of ["beforeinput", "input", "change", "keydown", "keyup"]) {
  window.addEventListener(type, (event) => event.stopImmediatePropagation(), true);
}
"""
"""Runs before any script of the page: no event of typing reaches anybody."""
IN_ONE_FRAME = """() => new Promise((seen) => {
  document.execCommand("insertText", false, " fébrile");
  requestAnimationFrame(() => seen(document.querySelector("[data-badge='note']").dataset.state));
})"""


def test_not_even_one_frame_is_painted_green_over_what_is_typed_without_an_event(
    broken_desk: Desk, encounter: Encounter
) -> None:
    broken_desk.page.add_init_script(KEPT_TO_ITSELF)
    broken_desk.open(*encounter)
    broken_desk.type("motif", "Toux")
    broken_desk.wait("recorded", seconds=15)
    assert broken_desk.page.evaluate(IN_ONE_FRAME) != "recorded"


TYPED_THEN_EMPTIED = """() => {
  const field = document.querySelector("textarea[data-section='examen']");
  field.focus();
  field.setSelectionRange(field.value.length, field.value.length);
  document.execCommand("insertText", false, " systolique");
  for (const one of document.querySelectorAll("textarea")) {
    one.value = "";
    one.dispatchEvent(new Event("input", { bubbles: true }));
  }
}"""


def test_what_was_typed_just_before_a_script_emptied_the_fields_is_kept(
    broken_desk: Desk, claire: Practitioner, encounter: Encounter
) -> None:
    broken_desk.open(*encounter)
    broken_desk.type("examen", "Souffle")
    broken_desk.wait("recorded")
    broken_desk.page.evaluate(TYPED_THEN_EMPTIED)

    def kept() -> bool:
        found = versions(broken_desk.running, claire.practice, encounter[1])
        return any("systolique" in one.sections.examen for one in found)

    wait_until(kept, "the last word in the record")


def test_an_editor_that_does_not_even_load_is_made_up_for(
    broken_desk: Desk, claire: Practitioner, encounter: Encounter
) -> None:
    broken_desk.break_script("editor.js", ("export class Editor", "export klass Editor"))
    broken_desk.open(*encounter)
    broken_desk.type("examen", "Abdomen souple")
    broken_desk.wait("recorded", seconds=12)
    assert claire.note(encounter[1])["sections"]["examen"] == "Abdomen souple"
    assert broken_desk.errors != []
    broken_desk.errors.clear()


def test_an_editor_that_sends_the_text_of_a_moment_ago_is_made_up_for(
    broken_desk: Desk, claire: Practitioner, encounter: Encounter
) -> None:
    broken_desk.break_script(
        "editor.js",
        (SENDS, "content: { sections: this.older ?? this.base.sections },"),
        ("this.failed = false;\n    } catch", "this.older = sections;\n    } catch"),
    )
    broken_desk.open(*encounter)
    broken_desk.type("motif", "Douleur au genou droit", delay=60)
    broken_desk.wait("recorded", seconds=15)
    assert claire.note(encounter[1])["sections"]["motif"] == "Douleur au genou droit"
    assert never_green_while_wrong(broken_desk, claire.practice, encounter[1]) >= 1


@pytest.mark.parametrize(
    "fault",
    [
        "content: { sections: { ...sections, conclusion: '' } },",
        (
            "content: { sections: { ...sections, examen: sections.conclusion, "
            "conclusion: sections.examen } },"
        ),
        "content: { sections: { ...sections, conclusion: sections.conclusion.slice(0, 9) } },",
        (
            "content: { sections: { ...sections, conclusion: "
            "sections.conclusion.normalize('NFD').replace(/[^ -~]/g, '?') } },"
        ),
    ],
    ids=["drops-section", "swaps-sections", "truncates", "mangles"],
)
def test_an_editor_that_sends_something_else_is_made_up_for(
    broken_desk: Desk, claire: Practitioner, encounter: Encounter, fault: str
) -> None:
    broken_desk.break_script("editor.js", (SENDS, fault))
    broken_desk.open(*encounter)
    broken_desk.type("examen", "Tympans roses")
    broken_desk.type("conclusion", "Rhinopharyngite, fièvre ≥ 38,5 °C")
    typed = broken_desk.texts()
    broken_desk.wait("recorded", seconds=15)
    assert broken_desk.texts() == typed
    assert claire.note(encounter[1])["sections"] == typed
    assert never_green_while_wrong(broken_desk, claire.practice, encounter[1]) >= 1


@pytest.mark.parametrize(
    "change",
    [
        ("\nDiabète de type 2</textarea>", "\n</textarea>"),
        ("Diabète de type 2", "DiabÃ¨te de type 2"),
        ("Diabète de type 2", "Diabète"),
    ],
    ids=["hides", "mangles", "truncates"],
)
def test_a_page_that_does_not_show_the_record_says_so_and_overwrites_nothing(
    broken_desk: Desk, claire: Practitioner, encounter: Encounter, change: tuple[str, str]
) -> None:
    patient, started = encounter
    claire.write_note(patient, started, "Diabète de type 2", examen="Poids stable")
    broken_desk.running.wait_recorded()
    broken_desk.break_page(change)
    broken_desk.open(patient, started)
    broken_desk.wait("unseen")
    assert broken_desk.text("motif") != "Diabète de type 2"
    broken_desk.page.locator("[data-show-recorded]").click()
    shown = broken_desk.page.locator("[data-recorded-text]")
    shown.get_by_text("Diabète de type 2").wait_for()
    broken_desk.page.wait_for_timeout(6000)
    assert broken_desk.state() == "unseen"
    assert claire.note(started)["sections"]["motif"] == "Diabète de type 2"
    broken_desk.type("conclusion", "Suite du suivi")
    broken_desk.wait("recorded", seconds=15)
    note = claire.note(started)
    kept = [note["sections"]["motif"], *(aside["text"] for aside in note["divergences"])]
    assert "Diabète de type 2" in kept
    assert note["sections"]["conclusion"] == "Suite du suivi"
    assert note["sections"]["examen"] == "Poids stable"
    assert never_green_while_wrong(broken_desk, claire.practice, started) >= 1


def test_a_script_that_empties_the_fields_empties_the_screen_and_not_the_record(
    broken_desk: Desk, claire: Practitioner, encounter: Encounter
) -> None:
    broken_desk.open(*encounter)
    broken_desk.type("motif", "Bilan annuel")
    broken_desk.wait("recorded")
    broken_desk.page.evaluate(
        "document.querySelectorAll('textarea').forEach((field) => { field.value = ''; })"
    )
    broken_desk.wait("unseen", seconds=12)
    assert claire.note(encounter[1])["sections"]["motif"] == "Bilan annuel"
    assert never_green_while_wrong(broken_desk, claire.practice, encounter[1]) >= 1


def test_text_typed_before_the_scripts_run_is_saved(
    broken_desk: Desk, claire: Practitioner, encounter: Encounter
) -> None:
    def late(route: Route) -> None:
        broken_desk.page.wait_for_timeout(1500)
        route.continue_()

    broken_desk.context.route("**/static/canonical.js", late)
    page = broken_desk.page
    page.goto(
        f"{broken_desk.running.url}/encounters/{encounter[1]}?patient={encounter[0]}",
        wait_until="commit",
    )
    broken_desk.field("motif").fill("tapé trop tôt")
    broken_desk.wait("recorded", seconds=10)
    assert claire.note(encounter[1])["sections"]["motif"] == "tapé trop tôt"


NO_ROOM = """() => { IDBObjectStore.prototype.add = () => {
  throw new DOMException("no room", "QuotaExceededError"); }; }"""


def test_a_device_without_room_says_so_and_sends_at_once(
    broken_desk: Desk, claire: Practitioner, encounter: Encounter
) -> None:
    broken_desk.open(*encounter)
    broken_desk.page.evaluate(NO_ROOM)
    broken_desk.type("motif", "trop", delay=400)
    broken_desk.wait("recorded")
    alert = broken_desk.page.locator("[data-announce='outbox']").inner_text()
    assert "n'a plus de place" in alert
    assert claire.note(encounter[1])["sections"]["motif"] == "trop"
    assert never_green_while_wrong(broken_desk, claire.practice, encounter[1]) >= 1


def test_a_device_without_room_or_network_is_red_until_one_of_them_is_back(
    broken_desk: Desk, claire: Practitioner, encounter: Encounter
) -> None:
    broken_desk.open(*encounter)
    broken_desk.page.evaluate(NO_ROOM)
    broken_desk.context.set_offline(True)
    broken_desk.type("motif", "nulle part")
    broken_desk.wait("typed")
    assert "Non enregistré" in broken_desk.words()
    assert broken_desk.text("motif") == "nulle part"
    broken_desk.context.set_offline(False)
    broken_desk.wait("recorded", seconds=20)
    assert claire.note(encounter[1])["sections"]["motif"] == "nulle part"


def test_a_browser_that_may_erase_the_outbox_says_so(
    broken_desk: Desk, encounter: Encounter
) -> None:
    broken_desk.context.add_init_script(
        "navigator.storage.persist = navigator.storage.persisted = async () => false;"
    )
    broken_desk.open(*encounter)
    broken_desk.type("motif", "x")
    broken_desk.wait("recorded")
    place = broken_desk.page.locator("[data-announce='outbox']")
    assert "ne garantit pas" in place.inner_text()
