import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from anamnesis.clinical.patient import Search, Traits, folded, search_for, search_words, sort_name
from anamnesis.record.paging import MARK_CHARACTERS_MAX, mark, marked


def traits(birth_name: str, used_name: str = "", first_names: str = "") -> Traits:
    return Traits(birth_name, used_name, first_names, "", "unknown", "", "", "")


@pytest.mark.parametrize(
    ("typed", "plain"),
    [("Lefèvre", "lefevre"), ("ŒDIPE", "oedipe"), ("Strauß", "strauss"), ("Łukasz", "lukasz")],
)
def test_names_are_compared_without_accents_and_case(typed: str, plain: str) -> None:
    assert folded(typed) == plain


@given(st.text())
@example("\U0001d6a8")
@settings(max_examples=1_000)
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert folded(folded(text)) == folded(text)


@given(st.text(alphabet="aéÉ' -’œ", max_size=12))
def test_a_patient_is_found_by_the_whole_name_as_typed(name: str) -> None:
    wanted = search_for(name).words
    has = search_words(traits(name))
    assert all(any(word.startswith(start) for word in has) for start in wanted)


def test_names_in_parts_are_also_found_in_one_word() -> None:
    found = search_words(traits("Le Goff", "D'Arc", "Jean-Pierre"))
    assert found == {"le", "goff", "legoff", "d", "arc", "darc", "jean", "pierre", "jeanpierre"}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("lef zoé LEF", Search(("lef", "zoe"), ())),
        ("29/02/1984", Search((), ("1984-02-29",))),
        ("lef 3/1/1990", Search(("lef",), ("1990-01-03",))),
        ("31/02/1984", Search((), ())),
        ("1984", Search(("1984",), ())),
        ("  ", Search((), ())),
    ],
)
def test_a_query_is_words_and_dates_of_birth(query: str, expected: Search) -> None:
    assert search_for(query) == expected


def test_a_list_is_sorted_by_the_name_in_use() -> None:
    assert sort_name(traits("Roux", "Élan", "Zoé Anne")) == "elan, zoe anne"
    assert traits("Roux").name == "Roux"


@given(st.text(st.characters(categories=["Lo"], min_codepoint=0x10000), min_size=1, max_size=40))
@example("Z")
def test_however_long_a_name_is_the_page_behind_it_can_be_asked_for(name: str) -> None:
    sorted_by = sort_name(traits(name * 10_000))
    after = mark(sorted_by, "01890a5d-ac96-774b-bcce-b302099a8057")
    assert len(after) <= MARK_CHARACTERS_MAX
    assert marked(after) == (sorted_by, "01890a5d-ac96-774b-bcce-b302099a8057")
