"""The loss of April 2023, entered by hand: what the law makes of it, rule by rule."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from anamnesis.incident.clock import Clock72
from anamnesis.incident.decision import Proposal, facts_of, propose
from anamnesis.incident.severity import band, proposed, score
from tests.unit.incident.making import breach

PARIS = ZoneInfo("Europe/Paris")
APRIL = breach()
"""26 April 17:40 to 27 April 11:40 in Paris, known on 27 April at 10:40, nothing recovered."""
MAY = datetime(2023, 5, 3, 8, 0, tzinfo=UTC)


def test_the_entry_is_the_one_of_april_2023() -> None:
    started, ended = (datetime.fromisoformat(at) for at in (APRIL.started_at, APRIL.ended_at))
    assert started.astimezone(PARIS).isoformat() == "2023-04-26T17:40:00+02:00"
    assert ended - started == timedelta(hours=18)
    assert (APRIL.extent.practitioners, APRIL.permanence) == (2_300, "permanent")


def test_seventy_two_hours_from_awareness_end_on_30_april_at_10_40() -> None:
    # GDPR art. 33(1); awareness on 27 April, 10:40 in Paris; a weekend lies in between.
    deadline = Clock72(datetime.fromisoformat(APRIL.aware_at)).deadline
    assert deadline.astimezone(PARIS).isoformat() == "2023-04-30T10:40:00+02:00"
    assert deadline.astimezone(PARIS).strftime("%A") == "Sunday"


def test_practitioners_who_were_told_on_3_may_were_told_too_late_to_notify_in_time() -> None:
    clock = Clock72(datetime.fromisoformat(APRIL.aware_at))
    assert clock.state(MAY) == "late"
    assert clock.needs_reason(MAY)


def test_its_severity_is_very_high_with_every_factor_shown() -> None:
    # ENISA 2013: SE = DPC x EI + CB = 4 x 1 + 0.5.
    factors = proposed(exposed=False, altered=False, permanence="permanent")
    assert factors == APRIL.factors
    assert (score(factors), band(factors)) == (450, "very-high")


def test_the_authority_is_notified_and_patients_told_unless_a_person_says_why_not() -> None:
    # CNIL, after the fire of March 2021: definitive loss of a patient's health data.
    assert propose(facts_of(APRIL, MAY)) == Proposal(True, True, "lost-health-data")


def test_what_has_no_end_yet_goes_on() -> None:
    # EDPB Guidelines 9/2022, annex B: 30 hours out of reach.
    away = breach(permanence="temporal", started_at="2023-04-26T15:40:00.000Z", ended_at="")
    later = datetime(2023, 4, 27, 21, 40, tzinfo=UTC)
    assert facts_of(away, later).unavailable_hours == 30
    assert propose(facts_of(away, later)).rule == "unavailable-for-long"
    assert facts_of(away, later - timedelta(hours=1)).unavailable_hours == 29
