"""Every character, on every way; what became of it in the words of a discrepancy."""

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anamnesis.clinical.sections import SECTIONS, Sections
from anamnesis.reconcile.discrepancy import DIFFERENCE_OF
from anamnesis.sentinel.comparison import ROUTES, compared, shown_on_page
from anamnesis.sentinel.writings import WRITINGS

TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from("\n\té≥<&'\""))
NOTES = st.builds(Sections, TEXT, TEXT, TEXT, TEXT)


def texts(note: Sections) -> dict[str, str]:
    return {name: note.section(name) for name in SECTIONS}


@given(NOTES)
def test_the_same_text_is_right_on_every_way(note: Sections) -> None:
    assert {compared(route, note, texts(note)) for route in ROUTES} == {None}


@given(NOTES, st.sampled_from(SECTIONS), st.sampled_from(ROUTES), TEXT)
def test_any_other_text_in_any_section_is_a_difference(
    note: Sections, section: str, route: str, other: str
) -> None:
    shown = texts(note) | {section: other}
    code = compared(route, note, shown)  # type: ignore[arg-type]
    assert (code is None) == (shown == texts(note))
    assert code is None or code in DIFFERENCE_OF


NOTE = Sections("toux", "depuis", "", "bronchite")


@pytest.mark.parametrize(
    ("route", "read", "code"),
    [
        ("keeper", None, "sentinel-lost"),
        ("keeper", texts(NOTE) | {"conclusion": ""}, "sentinel-emptied"),
        ("interface", texts(NOTE) | {"conclusion": "bronchit"}, "sentinel-altered"),
        ("interface", texts(NOTE) | {"motif": "", "conclusion": "x"}, "sentinel-altered"),
        ("history", texts(NOTE) | {"fifth": "x"}, "sentinel-altered"),
        ("page", None, "sentinel-unseen"),
        ("page", texts(NOTE) | {"motif": ""}, "sentinel-unseen"),
        ("page", {}, "sentinel-unseen"),
    ],
)
def test_what_became_of_it(route: str, read: dict[str, str] | None, code: str) -> None:
    assert compared(route, NOTE, read) == code  # type: ignore[arg-type]


def page(note: dict[str, str]) -> str:
    fields = "".join(
        f'<textarea id="section-{name}" data-section="{name}" rows="3">\n{html.escape(text)}'
        f"</textarea><blockquote>{html.escape(text)} last time</blockquote>"
        for name, text in note.items()
    )
    return f"<!doctype html><form>{fields}<textarea>no section</textarea></form>"


@given(NOTES)
def test_a_page_is_read_as_a_browser_reads_its_fields(note: Sections) -> None:
    assert shown_on_page(page(texts(note))) == texts(note)


def test_every_writing_is_read_from_a_page_as_it_was_typed() -> None:
    for text in WRITINGS.values():
        assert shown_on_page(page({"motif": text})) == {"motif": text}
        assert shown_on_page(page({"motif": "\n" + text})) == {"motif": "\n" + text}


def test_a_field_that_is_not_there_is_not_read_as_empty() -> None:
    shown = shown_on_page("<p>motif</p>")
    assert shown == {}
    assert compared("page", Sections("", "", "", ""), shown) == "sentinel-unseen"
