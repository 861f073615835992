import pytest
from hypothesis import given
from hypothesis import strategies as st

from anamnesis.record.paging import MARK_BROKEN, mark, marked

TEXT = st.text(st.characters(exclude_categories=["Cs"]))


@given(TEXT, TEXT)
def test_a_mark_leads_back_to_its_row(sorted_by: str, name: str) -> None:
    made = mark(sorted_by, name)
    assert marked(made) == (sorted_by, name)
    assert made.isascii()
    assert not set(made) & set("+/=&? ")


def test_the_first_page_has_no_mark() -> None:
    assert marked(None) is None


@pytest.mark.parametrize("text", ["", "x", "é", "WyJhIl0", "eyJhIjoxfQ", "=" * 9_000])
def test_what_was_not_made_here_leads_nowhere(text: str) -> None:
    assert marked(text) is MARK_BROKEN
