"""From the keystroke to green, with nothing in the way; and what comes back is what was typed."""

from collections.abc import Callable

import pytest

from tests.e2e.desk import GREEN_SECONDS_MAX, Desk, never_green_while_wrong, versions
from tests.running import Practitioner, digest

pytestmark = pytest.mark.e2e

Encounter = tuple[str, str]

AWKWARD = {
    "a sign and a comma": "≥ 38,5 °C",
    "an emoji of several characters": "content 👩🏽‍⚕️ et 😀",
    "quotes of all sorts": "« oui », \"non\", 'peut-être', l’un",
    "accents, composed and not": "é e\u0301 œ ﬁ",
    "markup": "<script>window.broken = 1</script><img src=x onerror='window.broken = 1'>",
    "a template's own signs": "{{ 7 * 7 }} {% raw %} </textarea> & &amp;",
    "spaces that matter": "  deux  espaces\tet une tabulation ",
    "right to left": "حمى منذ ثلاثة أيام",
}


def test_a_text_is_green_within_a_second_of_the_last_key(
    at_desk: Desk, claire: Practitioner, encounter: Encounter
) -> None:
    at_desk.type("motif", "Fièvre depuis hier")
    assert at_desk.wait("recorded") < GREEN_SECONDS_MAX
    note = claire.note(encounter[1])
    assert note["sections"]["motif"] == "Fièvre depuis hier"
    assert note["digest"] == digest({"sections": at_desk.texts()})
    assert "Enregistré et vérifié à " in at_desk.words()
    assert never_green_while_wrong(at_desk, claire.practice, encounter[1]) >= 1


def test_every_section_shows_its_own_state(at_desk: Desk) -> None:
    at_desk.type("examen", "Gorge rouge")
    at_desk.wait("recorded")
    states = {
        section: at_desk.page.locator(f"[data-badge='{section}']").get_attribute("data-state")
        for section in at_desk.texts()
    }
    assert states.pop("examen") == "recorded"
    assert set(states.values()) == {"blank"}, "nothing is said of a section with nothing in it"


@pytest.mark.parametrize("text", AWKWARD.values(), ids=AWKWARD.keys())
def test_every_character_comes_back_as_it_was_typed(
    at_desk: Desk, claire: Practitioner, encounter: Encounter, text: str
) -> None:
    at_desk.paste("motif", text)
    at_desk.wait("recorded")
    assert claire.note(encounter[1])["sections"]["motif"] == text
    at_desk.open(*encounter)
    at_desk.wait("recorded")
    assert at_desk.text("motif") == text
    assert at_desk.page.evaluate("window.broken") is None


def test_line_breaks_come_back_also_at_the_very_beginning(
    at_desk: Desk, claire: Practitioner, encounter: Encounter
) -> None:
    at_desk.paste("interrogatoire", "\n\nToux\n\n- sèche\n- la nuit\n")
    at_desk.wait("recorded")
    at_desk.open(*encounter)
    at_desk.wait("recorded")
    assert at_desk.text("interrogatoire") == "\n\nToux\n\n- sèche\n- la nuit\n"
    assert claire.note(encounter[1])["sections"]["interrogatoire"] == at_desk.text("interrogatoire")


def test_text_that_looks_like_markup_is_shown_as_text(
    at_desk: Desk, claire: Practitioner, encounter: Encounter
) -> None:
    markup = "<b>gras</b><img src=x onerror='window.broken = 1'>"
    at_desk.paste("motif", markup)
    at_desk.wait("recorded")
    at_desk.page.evaluate(
        """encounter => import("/static/recorded-text.js").then((m) =>
          m.showRecorded(document.getElementById("note"), encounter))""",
        encounter[1],
    )
    assert markup in at_desk.page.locator("[data-recorded-text]").inner_text()
    assert at_desk.page.evaluate("window.broken") is None


def test_half_a_character_is_kept_and_said_and_blocks_nothing(
    at_desk: Desk, claire: Practitioner, encounter: Encounter
) -> None:
    at_desk.field("motif").evaluate(
        "field => { field.value = 'a\\ud800b'; field.dispatchEvent(new Event('input', "
        "{ bubbles: true })); }"
    )
    at_desk.wait("refused")
    at_desk.field("motif").fill("ab")
    at_desk.wait("recorded")
    assert claire.note(encounter[1])["sections"]["motif"] == "ab"


def test_saving_by_keyboard_is_immediate(at_desk: Desk) -> None:
    at_desk.type("motif", "x", delay=0)
    at_desk.page.keyboard.press("Control+s")
    assert at_desk.wait("recorded") < GREEN_SECONDS_MAX


def test_a_new_encounter_starts_with_the_first_text(
    at_desk: Desk, claire: Practitioner, encounter: Encounter, fresh_id: Callable[[], str]
) -> None:
    started = fresh_id()
    at_desk.open(encounter[0], started)
    at_desk.type("motif", "Première venue")
    at_desk.wait("recorded")
    assert claire.note(started)["sections"]["motif"] == "Première venue"


def test_a_signed_note_is_locked_until_it_is_amended(
    at_desk: Desk, claire: Practitioner, encounter: Encounter
) -> None:
    page = at_desk.page
    at_desk.type("conclusion", "Angine")
    assert page.locator("[data-do='sign']").is_disabled()
    at_desk.wait("recorded")
    page.locator("[data-do='sign']").click()
    page.locator("[data-do='amend']").wait_for()
    assert claire.note(encounter[1])["status"] == "signed"
    assert not at_desk.field("conclusion").is_editable()
    page.locator("[data-do='amend']").click()
    at_desk.type("conclusion", " virale")
    at_desk.wait("recorded")
    note = claire.note(encounter[1])
    assert (note["status"], note["sections"]["conclusion"]) == ("amended", "Angine virale")
    acts = [v.act for v in versions(at_desk.running, claire.practice, encounter[1])]
    assert acts[-1] == "note.amend"


def test_a_measurement_out_of_range_is_said_and_kept(
    at_desk: Desk, claire: Practitioner, encounter: Encounter
) -> None:
    page = at_desk.page
    page.fill("#m-temperature", "52")
    assert page.locator("#m-temperature-warning").inner_text() != ""
    page.locator("#measurements button").click()
    page.locator("[data-measured] .badge[data-state='recorded']").wait_for()
    assert "52" in page.locator("[data-measured]").inner_text()
