"""What is walked: everything, and how soon."""

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from anamnesis.clinical.sections import SECTIONS
from anamnesis.rollout.rollout import SENTINEL_PATHS
from anamnesis.sentinel.matrix import CYCLE, cells
from anamnesis.sentinel.walks import WALKS
from anamnesis.sentinel.writings import WRITINGS, written

FEATURES = st.lists(st.sampled_from(["", "letters", "sharing-2", "x"]), unique=True, max_size=4)
ROUNDS = st.integers(0, 2**40)


def test_every_path_that_a_feature_may_name_is_walked() -> None:
    assert set(WALKS) == set(SENTINEL_PATHS)


@given(FEATURES, ROUNDS)
def test_each_round_walks_every_path_once_for_each_feature(features: list[str], n: int) -> None:
    walked = [(cell.feature, cell.path) for cell in cells(features, n)]
    assert sorted(walked) == sorted(product(features, SENTINEL_PATHS))


@given(FEATURES, ROUNDS)
def test_every_pair_of_path_and_section_comes_within_as_many_rounds_as_there_are_sections(
    features: list[str], first: int
) -> None:
    rounds = [cells(features, first + n) for n in range(len(SECTIONS))]
    found = {(cell.feature, cell.path, cell.section) for one in rounds for cell in one}
    assert found == set(product(features, SENTINEL_PATHS, SECTIONS))


@given(FEATURES, ROUNDS)
def test_every_combination_comes_within_one_cycle(features: list[str], first: int) -> None:
    found = {
        (cell.feature, cell.path, cell.section, cell.writing)
        for n in range(CYCLE)
        for cell in cells(features, first + n)
    }
    assert found == set(product(features, SENTINEL_PATHS, SECTIONS, WRITINGS))


@given(
    st.sampled_from(sorted(WRITINGS)),
    st.sampled_from(SECTIONS),
    st.sets(st.sampled_from(SECTIONS)),
    st.text("0123456789abcdef", min_size=1),
)
def test_no_two_sections_say_the_same_and_no_two_notes(
    writing: str, section: str, filled: set[str], mark: str
) -> None:
    texts = written(writing, section, mark, frozenset(filled))  # type: ignore[arg-type]
    said = [texts.section(name) for name in SECTIONS if name in filled]
    assert len(set(said)) == len(filled)
    assert all(mark in one for one in said)
    assert all(not texts.section(name) for name in set(SECTIONS) - filled)


def test_something_typed_is_longer_than_any_old_column() -> None:
    assert max(map(len, WRITINGS.values())) > 255
    hostile = "".join(WRITINGS.values())
    assert all(sign in hostile for sign in "é≥\n<&'\"\\%")
    assert "\r" not in hostile  # a browser's field would make \n of it, and rightly
