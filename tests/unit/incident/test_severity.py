import itertools

from hypothesis import given
from hypothesis import strategies as st

from anamnesis.incident.severity import Severity, changed, proposed

severities = st.builds(
    Severity,
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
    assert severity.score == 450
    assert severity.band == "very-high"


def test_a_lower_context_for_the_same_loss_is_high() -> None:
    severity = Severity(context=3, identification=100, availability=50)
    assert (severity.score, severity.band) == (350, "high")


def test_brought_back_within_minutes_it_is_still_in_the_top_band() -> None:
    # The method was made for disclosure; that is why the decision does not rest on it.
    severity = proposed(exposed=False, altered=False, permanence="recoverable")
    assert (severity.score, severity.band) == (400, "very-high")


def test_bands_begin_at_two_three_and_four() -> None:
    scores = {
        Severity(c, i, f, g, a, m).score: Severity(c, i, f, g, a, m).band  # type: ignore[arg-type]
        for c, i, f, g, a, m in itertools.product(
            (1, 2, 3, 4), (25, 50, 75, 100), (0, 25, 50), (0, 25, 50), (0, 25, 50), (0, 50)
        )
    }
    assert max(s for s, band in scores.items() if band == "low") < 200
    assert min(s for s, band in scores.items() if band == "medium") == 200
    assert min(s for s, band in scores.items() if band == "high") == 300
    assert min(s for s, band in scores.items() if band == "very-high") == 400


@given(before=severities, after=severities)
def test_every_factor_that_was_changed_is_named_and_no_other(
    before: Severity, after: Severity
) -> None:
    names = changed(before, after)
    for name in Severity.__struct_fields__:
        assert (getattr(before, name) != getattr(after, name)) == (name in names)
