"""Occasions that lapse: pages of which nothing is heard, sections that lose their text."""

from collections.abc import Iterable

from anamnesis.rollout.cohort import Cohort
from anamnesis.rollout.occasions import Occasions
from anamnesis.rollout.race import Suspect
from anamnesis.rollout.rollout import Rollout
from tests.surgeries import AT

FEATURE = Rollout().deployed("letters", "entry-point", ("typing",), Cohort(practices=("p",)), AT)


class Pages:
    """Pages that are opened one after another, and heard or not."""

    def __init__(self) -> None:
        self.now = 0.0
        self.occasions = Occasions("page-silent", 15.0, 0.05, lapsed_if=False)
        self.occasions.follow(FEATURE)

    def open(self, practitioner: str, *, heard: bool, practice: str = "p") -> list[Suspect]:
        self.now += 20.0
        self.occasions.begin(self.now, (practice, practitioner), self.now)
        if heard:
            self.occasions.mark(self.now)
        return list(self.occasions.judge(self.now + 15.0))


def first_alarm(pages: Pages, silent: Iterable[str]) -> int | None:
    for number, practitioner in enumerate(silent, start=1):
        if pages.open(practitioner, heard=False):
            return number
    return None


def test_six_practitioners_whose_pages_are_silent_are_enough() -> None:
    assert first_alarm(Pages(), "abcdefgh") == 6


def test_two_practitioners_are_enough_after_a_while_and_one_browser_takes_longest() -> None:
    assert first_alarm(Pages(), "ab" * 40) == 22
    assert first_alarm(Pages(), "a" * 100) == 33


def test_years_of_pages_that_were_heard_excuse_nothing() -> None:
    pages = Pages()
    for _ in range(2_000):
        assert pages.open("a", heard=True) == []
    assert first_alarm(pages, "abcdefgh") == 6


def test_what_befalls_everybody_is_no_features_doing() -> None:
    pages = Pages()
    for number in range(60):
        assert pages.open(f"r{number}", heard=False, practice="q") == []
        assert pages.open(f"c{number}", heard=False) == []


def test_nothing_is_judged_before_its_time_and_of_one_practitioner_one_at_a_time() -> None:
    pages = Pages()
    pages.occasions.begin("first", ("p", "a"), 0.0)
    pages.occasions.begin("second", ("p", "a"), 1.0)
    assert list(pages.occasions.judge(14.9)) == []
    [shown] = pages.occasions.shown()
    assert shown["occasions"] == 0
    list(pages.occasions.judge(100.0))
    [shown] = pages.occasions.shown()
    assert (shown["occasions"], shown["lapsed"]) == (1, 1)


def test_a_change_of_what_runs_begins_from_nothing() -> None:
    pages = Pages()
    first_alarm(pages, "abcde")
    pages.occasions.follow(FEATURE.suspended("letters", AT, "operator"))
    pages.occasions.follow(FEATURE)
    assert pages.open("f", heard=False) == []
