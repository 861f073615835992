"""An entry of the register opened from an incident, and kept up to date under what people wrote."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from anamnesis.clinical.breach import Breach, Decision
from anamnesis.incident.extent import Affected, altogether, by_practice
from anamnesis.incident.opening import (
    Persons,
    Words,
    Written,
    breach_id,
    brought_up_to_date,
    opened,
)
from anamnesis.rollout.sentinels import SENTINEL_PRACTICE
from tests.unit.incident.making import OTHER, PRACTICE, discrepancy

WORDS = Words("Textes perdus", "Relecture", "Autre : régression", "Journal", "Suspendue")
RIGHTED = "2026-11-23T14:03:30.000Z"
LATER = "2026-12-24T09:00:00.000Z"
DECIDED = Decision(
    notify=True,
    inform=False,
    notify_reason="Des textes sont perdus pour de bon.",
    inform_reason="Tous les patients ont été revus le jour même.",
    by="01930000-0000-7000-8000-000000000001",
    by_name="Dr Claire Martin",
    at="2026-11-24T08:00:00.000Z",
)


def entry(affected: Affected | None, minors: bool = False) -> Breach:
    assert affected is not None
    identifier = breach_id(PRACTICE, "2026-11-23T14:00:01.000Z")
    return opened(identifier, 1, "controller", affected, Persons(1, minors), WORDS)


def of(*found: Any) -> Breach:
    return entry(altogether(found))


@pytest.mark.parametrize(
    ("difference", "loss"),
    [
        ("lost", "availability"),
        ("late", "availability"),
        ("unseen", "availability"),
        ("altered", "integrity"),
        ("emptied", "integrity"),
        ("misfiled", "integrity"),
        ("duplicated", "integrity"),
        ("orphaned", "integrity"),
    ],
)
def test_whatever_became_of_a_text_opens_an_entry(difference: Any, loss: str) -> None:
    # GDPR art. 4(12): destruction, loss, alteration; art. 33(5): any breach.
    assert of(discrepancy(difference=difference)).losses == (loss,)


def test_what_only_sentinels_wrote_opens_none() -> None:
    assert altogether([discrepancy(practice=SENTINEL_PRACTICE)]) is None
    assert by_practice([discrepancy(practice=SENTINEL_PRACTICE)]) == {}


def test_a_silence_opens_none() -> None:
    assert altogether([discrepancy(difference="no-data", code="record-unwatched")]) is None
    assert altogether([discrepancy(practice="")]) is None


def test_each_practice_has_an_entry_with_its_own_numbers() -> None:
    found = [discrepancy(1), discrepancy(2), discrepancy(3, practice=OTHER, author="rose")]
    affected = by_practice(found)
    assert {practice: one.entries for practice, one in affected.items()} == {PRACTICE: 2, OTHER: 1}
    assert entry(altogether(found)).extent.practices == 2


def test_the_clock_starts_when_the_first_discrepancy_was_found() -> None:
    # GDPR art. 33(1): "after having become aware of it".
    later = discrepancy(2, found_at="2026-11-23T15:00:00.000Z")
    assert of(later, discrepancy(1)).aware_at == "2026-11-23T14:00:01.000Z"


def test_the_time_out_of_reach_runs_from_the_first_text_to_the_last_one_back() -> None:
    breach = of(
        discrepancy(1, righted_at="2026-11-23T14:01:00.000Z"), discrepancy(2, righted_at=RIGHTED)
    )
    assert (breach.permanence, breach.ended_at, breach.unavailable_minutes) == (
        "recoverable",
        RIGHTED,
        4,
    )


def test_while_a_text_is_away_it_has_no_end() -> None:
    breach = of(discrepancy(1, righted_at=RIGHTED), discrepancy(2))
    assert (breach.permanence, breach.ended_at, breach.extent.brought_back) == ("temporal", "", 1)
    assert breach.factors.availability == 25


def test_what_a_device_says_it_lost_is_lost_for_good() -> None:
    # CNIL after the fire of 2021: "la perte définitive de données de santé" is permanent.
    lost = discrepancy(1, code="device-retired-missing", difference="lost")
    found = of(lost, discrepancy(2, righted_at=RIGHTED))
    assert found.permanence == "permanent"
    assert (found.extent.texts, found.extent.lost, found.extent.brought_back) == (2, 1, 1)


def test_what_is_declared_lost_with_a_device_is_lost_until_it_comes_back_all_the_same() -> None:
    declared = [
        discrepancy(n, code="device-declared-lost", difference="lost", found_at=RIGHTED)
        for n in (1, 2)
    ]
    lost = of(*declared)
    assert (lost.permanence, lost.extent.lost, lost.discovered_by) == (
        "permanent",
        2,
        "practitioner",
    )
    back = of(*(replace(one, righted_at=LATER) for one in declared))
    assert (back.permanence, back.extent.lost, back.extent.brought_back) == ("recoverable", 0, 2)
    assert back.ended_at == LATER


def test_minors_are_vulnerable_persons() -> None:
    breach = entry(altogether([discrepancy()]), minors=True)
    assert breach.vulnerable
    assert breach.subjects == ("minors", "patients")


def test_the_same_incident_is_the_same_entry_and_another_practice_has_another() -> None:
    assert breach_id(PRACTICE, "a") == breach_id(PRACTICE, "a")
    assert len({breach_id(PRACTICE, "a"), breach_id(OTHER, "a"), breach_id(PRACTICE, "b")}) == 3


def test_facts_that_the_entry_says_already_make_no_version() -> None:
    breach = of(discrepancy())
    assert brought_up_to_date(breach, [Written(True, breach)]) is None


def test_a_decision_stands_when_the_facts_change() -> None:
    before, after = of(discrepancy()), of(discrepancy(righted_at=RIGHTED))
    decided = replace(before, decision=DECIDED)
    now = brought_up_to_date(after, [Written(True, before), Written(False, decided)])
    assert now is not None
    assert now.decision == DECIDED
    assert now.permanence == "recoverable"


def test_factors_follow_the_facts_until_a_person_changes_them() -> None:
    before, after = of(discrepancy()), of(discrepancy(righted_at=RIGHTED))
    mine = replace(
        before,
        factors=replace(before.factors, context=3),
        factor_reasons={"context": "Aucun résultat, des motifs seulement."},
    )
    now = brought_up_to_date(after, [Written(True, before), Written(False, mine)])
    assert now is not None
    assert now.factors == mine.factors
    assert now.factor_reasons == mine.factor_reasons


def test_a_loss_that_a_person_declares_definitive_is_assessed_as_such() -> None:
    before = of(discrepancy())
    mine = replace(before, permanence="permanent")
    now = brought_up_to_date(before, [Written(True, before), Written(False, mine)])
    assert now is not None
    assert (now.permanence, now.factors.availability) == ("permanent", 50)


def test_what_a_page_older_than_the_facts_sends_back_does_not_stop_them() -> None:
    first, second = of(discrepancy()), of(discrepancy(1), discrepancy(2))
    stale = replace(first, facts="La fonction de partage.")
    now = brought_up_to_date(
        second, [Written(True, first), Written(True, second), Written(False, stale)]
    )
    assert now is not None
    assert now.extent.texts == 2
    assert now.facts == "La fonction de partage."


people = st.fixed_dictionaries(
    {},
    optional={
        "facts": st.sampled_from(["", "a", "b"]),
        "decision": st.sampled_from([None, DECIDED]),
        "contact": st.sampled_from(["", "DPO"]),
        "effect": st.sampled_from(["yes", "no", "unknown"]),
        "permanence": st.sampled_from(["temporal", "permanent"]),
    },
)


@given(st.lists(st.tuples(st.integers(1, 4), people), min_size=1, max_size=6))
def test_whatever_people_write_between_the_facts_is_never_undone(
    story: list[tuple[int, dict[str, Any]]],
) -> None:
    versions: list[Written] = []
    theirs: dict[str, Any] = {}
    for texts, written in story:
        facts = of(*(discrepancy(number) for number in range(texts)))
        new = brought_up_to_date(facts, versions)
        if new is not None:
            versions.append(Written(True, new))
        assert brought_up_to_date(facts, versions) is None, "a second look changes nothing"
        before = versions[-1].breach
        assert {name: getattr(before, name) for name in theirs} == theirs
        assert before.extent.texts == texts
        theirs |= {n: value for n, value in written.items() if value != getattr(before, n)}
        versions.append(Written(False, replace(before, **written)))


@given(people, people)
def test_a_version_of_the_program_that_went_over_a_persons_is_put_right(
    first: dict[str, Any], second: dict[str, Any]
) -> None:
    facts = of(discrepancy())
    theirs = replace(replace(facts, **first), **second)
    versions = [
        Written(True, facts),
        Written(False, replace(facts, **first)),
        Written(False, theirs),
        Written(True, facts),
    ]
    now = brought_up_to_date(facts, versions)
    shown = versions[-1].breach if now is None else now
    assert (shown.facts, shown.decision, shown.contact, shown.effect) == (
        theirs.facts,
        theirs.decision,
        theirs.contact,
        theirs.effect,
    )
