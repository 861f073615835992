from hypothesis import given
from hypothesis import strategies as st

from anamnesis.clinical.merge import changed, forgotten, merge
from anamnesis.clinical.sections import SECTIONS, Sections

WORDS = st.sampled_from(["", "a", "b", "c"])
TEXTS = st.builds(Sections, WORDS, WORDS, WORDS, WORDS)


@given(TEXTS, TEXTS, TEXTS)
def test_each_section_is_one_of_the_two_texts_and_the_other_is_named_if_it_is_lost(
    base: Sections, theirs: Sections, mine: Sections
) -> None:
    merged = merge(base, theirs, mine)
    for name in SECTIONS:
        old, others, ours = base.section(name), theirs.section(name), mine.section(name)
        shown = merged.sections.section(name)
        assert shown == (others if ours == old else ours)
        both_changed = ours != old and others not in (old, ours)
        assert (name in merged.divergences) == both_changed


@given(TEXTS, TEXTS)
def test_without_a_base_every_section_that_differs_diverges(
    theirs: Sections, mine: Sections
) -> None:
    merged = merge(None, theirs, mine)
    assert merged.sections == mine
    different = {name for name in SECTIONS if theirs.section(name) != mine.section(name)}
    assert set(merged.divergences) == different


@given(TEXTS, TEXTS)
def test_nothing_diverges_when_only_one_side_wrote(base: Sections, mine: Sections) -> None:
    assert merge(base, base, mine) == merge(base, mine, base) == merge(base, mine, mine)
    assert merge(base, base, mine).sections == mine
    assert merge(base, base, mine).divergences == ()


def test_what_changed_is_named_and_everything_without_a_base() -> None:
    base, mine = Sections("a", "b", "c", "d"), Sections("a", "x", "c", "")
    assert changed(base, mine) == ("interrogatoire", "conclusion")
    assert changed(None, mine) == SECTIONS


@given(st.none() | TEXTS, TEXTS, TEXTS)
def test_joining_forgets_no_text_that_its_replacer_had_not_seen(
    base: Sections | None, theirs: Sections, mine: Sections
) -> None:
    merged = merge(base, theirs, mine)
    beside = {(name, theirs.section(name)) for name in merged.divergences}
    assert forgotten(base, theirs, mine, merged.sections, beside) == ()
    # Without what it keeps beside, exactly that is forgotten.
    assert forgotten(base, theirs, mine, merged.sections, ()) == merged.divergences


@given(TEXTS, TEXTS)
def test_a_joining_that_shows_only_the_other_text_forgets_mine(
    base: Sections, mine: Sections
) -> None:
    assert forgotten(base, base, mine, base, ()) == changed(base, mine)
