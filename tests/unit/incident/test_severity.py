import itertools

from hypothesis import given
from hypothesis import strategies as st

from anamnesis.clinical.breach import Factors
from anamnesis.incident.severity import FACTORS, Factor, band, by_facts, in_force, proposed, score
from tests.unit.incident.making import breach

factors = st.builds(
    Factors,
    context=st.integers(1, 4),
    identification=st.sampled_from([25, 50, 75, 100]),
    confidentiality=st.sampled_from([0, 25, 50]),
    integrity=st.sampled_from([0, 25, 50]),
    availability=st.sampled_from([0, 25, 50]),
    malice=st.sampled_from([0, 50]),
)


def test_april_2023_scores_four_and_a_half_very_high() -> None:
    # ENISA 2013: health data 4, identification 1, availability permanent 0.5: 4 x 1 + 0.5.
    severity = proposed(exposed=False, altered=False, permanence="permanent")
    assert score(severity) == 450
    assert band(severity) == "very-high"


def test_a_lower_context_for_the_same_loss_is_high() -> None:
    severity = Factors(3, 100, 0, 0, 50, 0)
    assert (score(severity), band(severity)) == (350, "high")


def test_brought_back_within_minutes_it_is_still_in_the_top_band() -> None:
    # The method was made for disclosure; that is why the decision does not rest on it.
    severity = proposed(exposed=False, altered=False, permanence="recoverable")
    assert (score(severity), band(severity)) == (400, "very-high")


def test_bands_begin_at_two_three_and_four() -> None:
    every = (
        Factors(c, i, f, g, a, m)  # type: ignore[arg-type]
        for c, i, f, g, a, m in itertools.product(
            (1, 2, 3, 4), (25, 50, 75, 100), (0, 25, 50), (0, 25, 50), (0, 25, 50), (0, 50)
        )
    )
    scores: dict[str, list[int]] = {}
    for one in every:
        scores.setdefault(band(one), []).append(score(one))
    assert max(scores["low"]) < 200
    assert {name: min(scores[name]) for name in ("medium", "high", "very-high")} == {
        "medium": 200,
        "high": 300,
        "very-high": 400,
    }


@given(changed=factors, reasoned=st.sets(st.sampled_from(FACTORS)))
def test_a_factor_counts_as_changed_only_with_a_reason(
    changed: Factors, reasoned: set[Factor]
) -> None:
    entry = breach(factors=changed, factor_reasons=dict.fromkeys(reasoned, "Parce que."))
    counted, facts_alone = in_force(entry), by_facts(entry)
    for name in FACTORS:
        assert getattr(counted, name) == getattr(changed if name in reasoned else facts_alone, name)
