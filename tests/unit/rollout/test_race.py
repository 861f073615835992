"""Whether a cohort that falls silent is noticed, and nothing else is."""

import random

import pytest

from anamnesis.rollout.cohort import Cohort, place
from anamnesis.rollout.presence import PRACTITIONERS_MAX, SPANS, Presence, Who
from anamnesis.rollout.race import Races, Suspect
from anamnesis.rollout.rollout import Rollout
from anamnesis.rollout.signs import REPORT
from tests.surgeries import AT, alarm, healthy, rolled_out

STAFF: list[Who] = [("p", f"practitioner-{number}") for number in range(60)]
COHORT = [who for who in STAFF if place("letters", who[1]) < 0.5]
REST = [who for who in STAFF if who not in COHORT]


def written(races: Races, who: list[Who], sign: str = "plain/text") -> list[Suspect]:
    return [found for one in who for found in races.see(one, [sign])]


def begun(rollout: Rollout | None = None) -> Races:
    races = Races()
    races.follow(Rollout(), 0.0)
    written(races, STAFF)
    races.follow(rollout or rolled_out("letters", 0.5), 10.0)
    return races


def test_a_cohort_that_falls_silent_at_its_deployment_is_suspected() -> None:
    [found, *_] = written(begun(), REST)
    assert (found.feature, found.code, found.test) == (
        "letters",
        "cohort-silent",
        "plain/text, 60 s",
    )
    assert found.evidence >= found.threshold


def test_everybody_writing_is_no_evidence() -> None:
    everybody = random.Random(1).sample(STAFF, len(STAFF))
    races = begun()
    assert written(races, everybody * 20) == []
    assert list(races.look(1e6)) == []


def test_a_cohort_that_writes_but_leaves_one_section_blank_is_suspected() -> None:
    races = begun()
    races.follow(Rollout(), 20.0)
    for sign in ("shared/text", "shared/examen"):
        written(races, STAFF, sign)
    races.follow(rolled_out("letters", 0.5), 30.0)
    assert written(races, random.Random(1).sample(STAFF, len(STAFF)), "shared/text") == []
    [found, *_] = written(races, REST, "shared/examen")
    assert found.test == "shared/examen, 60 s"


def test_reports_that_cease_are_suspected() -> None:
    races = Races()
    races.follow(Rollout(), 0.0)
    written(races, STAFF, REPORT)
    races.follow(rolled_out("letters", 0.5), 10.0)
    assert written(races, REST, REPORT)


def test_saves_that_only_become_fewer_are_suspected_when_the_epoch_ends() -> None:
    races = begun()
    written(races, STAFF * 10)
    assert list(races.look(100.0)) == []
    everybody = random.Random(1).sample(STAFF, len(STAFF))
    assert written(races, everybody + REST * 9) == []
    [found, *_] = list(races.look(200.0))
    assert found.test == "plain/text, fewer in 60 s"


def test_bursts_of_one_practitioner_count_once() -> None:
    races = begun()
    written(races, REST[:1] * 1_000)
    shown = races.shown()
    assert [one["came"] for one in shown if one["sign"] == "plain/text"] == [
        {"cohort": 0, "rest": 1}
    ] * len(SPANS)


@pytest.mark.parametrize(
    "cohort", [Cohort(practices=("p",)), Cohort(share=1.0), Cohort(practitioners=("x",))]
)
def test_who_was_named_and_everybody_do_not_race(cohort: Cohort) -> None:
    rollout = Rollout().deployed("letters", "entry-point", ("typing",), cohort, AT)
    assert begun(rollout).shown() == []


def test_those_named_beside_a_share_are_no_part_of_it() -> None:
    named = tuple(who[1] for who in COHORT[:5])
    cohort = Cohort(share=0.5, practitioners=named)
    races = begun(Rollout().deployed("letters", "entry-point", ("typing",), cohort, AT))
    expected = {"cohort": len(COHORT) - 5, "rest": len(REST)}
    assert all(one["awaited"] == expected for one in races.shown())


def test_a_feature_that_is_being_tried_does_not_race() -> None:
    trying = Rollout().deployed(
        "letters", "entry-point", ("typing",), Cohort(share=0.5), AT, trying=True
    )
    assert begun(trying).shown() == []


def test_each_epoch_has_less_of_the_bound() -> None:
    races = begun()

    def bounds() -> list[object]:
        shown = races.shown()
        return [one["threshold"] for one in shown if one["epoch_seconds"] == SPANS[0].epoch]

    before = bounds()
    list(races.look(100.0))
    assert bounds() > before


def test_who_gave_no_sign_for_long_is_not_awaited() -> None:
    presence = Presence(SPANS[0])
    presence.begin(0.0)
    presence.see(STAFF[0])
    assert presence.begin(SPANS[0].remembered) == [STAFF[0]]
    assert presence.begin(SPANS[0].remembered + 1) == []


def test_practitioners_beyond_the_limit_are_forgotten() -> None:
    presence = Presence(SPANS[0])
    for number in range(PRACTITIONERS_MAX + 1):
        presence.see(("p", str(number)))
    assert presence.see(("p", str(PRACTITIONERS_MAX))) == "again"
    assert presence.see(("p", "0")) == "new"


def test_a_day_of_healthy_practices_raises_no_alarm() -> None:
    assert healthy(1, 0.1, 4_000, practices=12) == []
    assert healthy(2, 0.013, 4_000, practices=30) == []


def test_a_silent_cohort_of_a_hundredth_is_suspected_within_a_minute() -> None:
    found = alarm(3, 1.0, whole=False, many=2_000, share=0.05, limit=120.0)
    assert found is not None
    assert found.seconds < 60
