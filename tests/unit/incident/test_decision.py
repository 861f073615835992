from hypothesis import given
from hypothesis import strategies as st

from anamnesis.incident.decision import (
    SOURCES,
    Facts,
    Proposal,
    propose,
)

facts = st.builds(
    Facts,
    permanence=st.sampled_from(["recoverable", "temporal", "permanent"]),
    health=st.booleans(),
    altered=st.booleans(),
    exposed=st.booleans(),
    unavailable_hours=st.integers(0, 200),
    effect=st.sampled_from([None, False, True]),
)


def test_health_data_lost_for_good_are_notified_and_patients_told() -> None:
    # CNIL after the fire of 2021: "la perte définitive de données de santé d'un patient".
    proposal = propose(Facts("permanent"))
    assert proposal == Proposal(notify=True, inform=True, rule="lost-health-data")


def test_what_was_restored_without_effect_goes_into_the_register_only() -> None:
    # CNIL after the fire of 2021: restored without significant consequence.
    proposal = propose(Facts("recoverable", effect=False))
    assert proposal == Proposal(notify=False, inform=False, rule="restored-without-effect")


def test_thirty_hours_out_of_reach_are_notified_though_all_came_back() -> None:
    # EDPB Guidelines 9/2022, annex B.
    assert propose(Facts("recoverable", unavailable_hours=29, effect=False)).notify is False
    proposal = propose(Facts("recoverable", unavailable_hours=30, effect=False))
    assert proposal.rule == "unavailable-for-long"
    assert proposal.notify
    assert proposal.inform


def test_in_doubt_it_is_notified() -> None:
    # CNIL: "En cas de doute, notifiez".
    assert propose(Facts("recoverable")) == Proposal(notify=True, inform=False, rule="in-doubt")


def test_alteration_that_stays_counts_like_loss() -> None:
    # GDPR art. 4(12) names destruction, loss and alteration alike.
    assert propose(Facts("temporal", altered=True)).rule == "altered-for-good"


@given(facts)
def test_nothing_that_is_lost_for_good_or_exposed_stays_unnotified_by_default(
    given_facts: Facts,
) -> None:
    proposal = propose(given_facts)
    if given_facts.permanence == "permanent" or given_facts.exposed:
        assert proposal.notify
    assert proposal.source == SOURCES[proposal.rule]
