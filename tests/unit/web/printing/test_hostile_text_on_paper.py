"""Whatever somebody typed is text on paper: never markup, never off the page, never half of it."""

import threading
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anamnesis.web.printing.press import PAGES_MAX, SHEET_CHARACTERS_MAX, Press, PrintingRefused
from anamnesis.web.printing.sheet import lines_of, paragraphs_of, printable
from tests.unit.web.printing.papers import Office, document, line, pages_of, read, text_of

MARKUP = r'#panic("x") #import "a.typ" $ x $ *gras* _it_ `code` = Titre // rien @ref <etiq> \ "~'
EVERYWHERE = "#sys.inputs </script> {{ 7*7 }} %s \\u{41}"


def printed(**given: Any) -> str:
    return text_of(Office().write(document(**given)).pdf())


def refusal(**given: Any) -> PrintingRefused:
    with pytest.raises(PrintingRefused) as refused:
        Office().write(document(**given)).pdf()
    return refused.value


def test_markup_is_text() -> None:
    text = printed(body=MARKUP, lines=[line(EVERYWHERE, note=EVERYWHERE)], title=EVERYWHERE)
    assert " ".join(MARKUP.split()) in text
    assert text.count(EVERYWHERE) >= 3


def test_a_patients_name_is_text() -> None:
    office = Office(first_names='#eval("1")', birth_name="*x*").write(document(body="y"))
    assert '*X* #eval("1")' in text_of(office.pdf())


def test_a_run_without_a_space_stays_on_the_page() -> None:
    run = "".join(str(digit % 10) for digit in range(2000))
    office = Office().write(document(body=run, lines=[line(run[:500], dose=run[:500])]))
    places: list[tuple[float, int]] = []

    def keep(text: str, _: Any, placed: list[float], *__: Any) -> None:
        places.append((placed[4], len(text.strip())))

    for page in read(office.pdf()).pages:
        page.extract_text(visitor_text=keep)
    assert run in text_of(office.pdf()).replace(" ", "")
    # At least 4 points a sign: a line that begins at the margin ends before the edge.
    assert max(start + length * 4 for start, length in places) < 595


def test_a_sign_that_no_font_has_is_named_and_not_left_out() -> None:
    refused = refusal(body="Bonne guérison 😀")
    assert (refused.code, refused.detail) == ("document-character-unprintable", "😀")


def test_accents_greek_cyrillic_and_typography_are_printed() -> None:
    text = printed(body="Cœur, ½ comprimé, 5 µg, ≥ 3 °C, Ελλάδα, Москва, « Việt » – “ok” …")
    assert "½ comprimé, 5 µg, ≥ 3 °C, Ελλάδα, Москва" in text


def test_what_would_turn_the_direction_is_left_out() -> None:
    assert "prendre 01 mg puis 10" in printed(body="prendre \u202e01 mg\u202c puis \u206610\u2069")


def test_control_characters_are_left_out() -> None:
    assert "avant après" in printed(body="avant\x01 \x07après\x1b")


@pytest.mark.parametrize("body", ["a" * SHEET_CHARACTERS_MAX, "\n\nx" * 2000, "mot " * 26_000])
def test_a_document_that_is_too_long_is_refused_whole(body: str) -> None:
    assert refusal(type_="letter", body=body).code == "document-too-long"


def test_a_long_document_has_numbered_pages_and_loses_nothing() -> None:
    paragraphs = [f"Paragraphe {number}. " + "Du texte. " * 80 for number in range(40)]
    pages = pages_of(Office().write(document("letter", body="\n\n".join(paragraphs))).pdf())
    assert 5 < len(pages) <= PAGES_MAX
    assert all(f"Page {n}/{len(pages)}" in page for n, page in enumerate(pages, 1))
    assert all("LEFÈVRE Zoé Anne" in page for page in pages)
    assert all(f"Paragraphe {number}." in " ".join(pages) for number in range(40))


def test_a_zone_that_goes_on_says_its_name_on_each_page() -> None:
    lines = [line(f"Médicament {n}", dose="1 comprimé", ald=True) for n in range(50)]
    pages = pages_of(Office().write(document(lines=lines)).pdf())
    with_lines = [page for page in pages if "Médicament" in page]
    assert len(with_lines) > 1
    assert all("affection de longue durée reconnue" in page for page in with_lines)
    assert all(f"{n + 1}. Médicament {n}" in " ".join(pages) for n in range(50))


def test_a_press_that_is_too_slow_is_not_waited_for() -> None:
    press, sheet = Press(seconds_max=0.02), Office().write(document(body="x"))
    stuck = threading.Event()
    for _ in range(2):
        press._threads.submit(stuck.wait)
    with pytest.raises(PrintingRefused) as refused:
        press.pdf(sheet.printing().sheet(sheet.version()))
    stuck.set()
    assert refused.value.code == "document-too-slow"


TEXT = st.text(st.characters(codec="utf-8", min_codepoint=1, max_codepoint=0x24F), max_size=300)


@settings(max_examples=40, deadline=None)
@given(drug=TEXT, body=TEXT, title=TEXT, ald=st.booleans())
def test_any_latin_text_is_printed_or_refused_by_name(
    drug: str, body: str, title: str, ald: bool
) -> None:
    content = document(lines=[line(drug or "x", ald=ald)], body=body, title=title)
    found: PrintingRefused | None = None
    try:
        assert len(read(Office().write(content).pdf()).pages) >= 1
    except PrintingRefused as refused:
        found = refused
    assert found is None or (found.code == "document-character-unprintable" and found.detail)


@settings(max_examples=100, deadline=None)
@given(TEXT)
def test_lines_and_paragraphs_keep_every_word(text: str) -> None:
    def words(lines: list[str]) -> str:
        return "".join("".join(lines).replace("\u200b", "").split())

    assert words([printable(text)]) == words(lines_of(text))
    assert words([one for lines in paragraphs_of(text) for one in lines]) == words(lines_of(text))
