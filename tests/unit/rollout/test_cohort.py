import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anamnesis.rollout.cohort import Cohort, place
from anamnesis.rollout.refusal import RolloutRefused
from anamnesis.rollout.sentinels import BASELINE, SENTINEL_PRACTICE, sentinel_of

PEOPLE = [str(uuid.UUID(int=number)) for number in range(4_000)]


@given(st.floats(0, 1), st.floats(0, 1))
def test_whoever_is_in_a_share_is_in_every_larger_one(one: float, other: float) -> None:
    smaller, larger = sorted((one, other))
    for person in PEOPLE[:200]:
        if Cohort(share=smaller).has("f", "p", person):
            assert Cohort(share=larger).has("f", "p", person)


def test_a_share_is_about_as_large_as_it_says() -> None:
    inside = sum(Cohort(share=0.25).has("f", "p", person) for person in PEOPLE)
    assert 900 < inside < 1_100


def test_two_features_get_different_people() -> None:
    one, other = ({p for p in PEOPLE if place(name, p) < 0.1} for name in ("one", "other"))
    assert one != other
    assert len(one & other) < len(one) / 2


def test_named_practices_and_practitioners_are_in_whatever_the_share() -> None:
    cohort = Cohort(practices=("lilas",), practitioners=("rose",))
    assert cohort.has("f", "lilas", "claire")
    assert cohort.has("f", "roses", "rose")
    assert not cohort.has("f", "roses", "claire")


@pytest.mark.parametrize("share", [-0.1, 1.1])
def test_a_share_beyond_everybody_is_refused(share: float) -> None:
    with pytest.raises(RolloutRefused) as refused:
        Cohort(share=share).checked()
    assert refused.value.code == "share-invalid"


def test_a_cohort_of_nobody_is_refused() -> None:
    with pytest.raises(RolloutRefused) as refused:
        Cohort().checked()
    assert refused.value.code == "cohort-empty"


@given(st.floats(0, 1))
def test_of_the_sentinels_the_features_own_is_in_its_cohort_and_no_other(share: float) -> None:
    for cohort in (Cohort(share=share), Cohort(practices=("lilas", SENTINEL_PRACTICE))):
        assert cohort.has("letters", SENTINEL_PRACTICE, sentinel_of("letters"))
        assert not cohort.has("letters", SENTINEL_PRACTICE, sentinel_of("agenda"))
        assert not cohort.has("letters", SENTINEL_PRACTICE, sentinel_of(BASELINE))


def test_a_sentinel_is_one_in_its_own_practice_only() -> None:
    assert not Cohort(practices=("lilas",)).has("letters", "roses", sentinel_of("letters"))
