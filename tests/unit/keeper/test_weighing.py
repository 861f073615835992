"""What is left to be weighed, what the guard hears of it, and that its silence is an alarm."""

import pytest

from anamnesis.clinical.sections import BLANK, Sections
from anamnesis.journal.entry import Entry, JournaledEntry
from anamnesis.keeper.guard_watch import GUARD_SILENT_SECONDS, GuardWatch
from anamnesis.keeper.weighing import EMPTIED_SECONDS, FACTS_MAX, HEARD_SECONDS, Weighing
from anamnesis.receipt.canonical import canonical, digest
from anamnesis.rollout.cohort import Cohort, place
from anamnesis.rollout.race import Suspect
from anamnesis.rollout.rollout import Rollout
from anamnesis.rollout.sentinels import SENTINEL_PRACTICE
from tests.unit.keeper.fakes import FakeClock

AT = "2026-11-23T12:00:00.000Z"
STAFF = [f"practitioner-{number}" for number in range(60)]
REST = [one for one in STAFF if place("letters", one) >= 0.5]
FULL = Sections("toux", "depuis hier", "RAS", "repos")
UNEXAMINED = Sections("toux", "depuis hier", "", "repos")


def letters(cohort: Cohort) -> Rollout:
    return Rollout().deployed("letters", "entry-point", ("typing",), cohort, AT)


class World:
    """A keeper's end of it."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.rollout = Rollout()
        self.suspects: list[Suspect] = []
        self.stopped: list[int] = []
        self.journal = 0
        self.weighing = Weighing(
            self.clock, lambda: self.rollout, self.suspects.append, self.stopped.append
        )
        self.steps: list[str] = []
        self.watch = GuardWatch(self.weighing, self, self.clock)  # type: ignore[arg-type]

    def step(self, what: str, detail: str = "") -> None:
        self.steps.append(what + detail)

    def lasts(self, what: str, going_on: bool) -> None:
        self.going_on = what if going_on else ""

    def write(
        self,
        author: str,
        sections: Sections = FULL,
        *,
        encounter: str | None = None,
        kind: str = "note.write",
        practice: str = "p",
    ) -> None:
        content = sections.as_content() if kind == "note.write" else {"note": "n"}
        entry = Entry(
            id=str(self.journal),
            kind=kind,
            practice=practice,
            author=author,
            patient="a-patient",
            encounter=encounter or f"of-{author}",
            device="d",
            sequence=1,
            base=None,
            build="b",
            features=(),
            typed_at=AT,
            digest=digest(content),
            content=canonical(content),
        )
        self.weighing.journaled([JournaledEntry(self.journal, AT, "s", entry)])
        self.journal += 1

    def go_on(self, seconds: float = 0.25) -> None:
        self.clock.move(seconds)
        self.weighing.step()

    def codes(self) -> set[tuple[str, str]]:
        return {(one.feature, one.code) for one in self.suspects}


@pytest.fixture
def world() -> World:
    return World()


def test_a_cohort_that_falls_silent_is_told(world: World) -> None:
    world.go_on()
    for author in STAFF:
        world.write(author)
    world.go_on()
    world.rollout = letters(Cohort(share=0.5))
    world.go_on()
    for author in REST:
        world.write(author)
    world.go_on()
    assert world.codes() == {("letters", "cohort-silent")}


def test_a_section_that_is_blank_only_where_a_document_was_shared_is_told(world: World) -> None:
    world.go_on()
    world.write(STAFF[0], kind="document.share")
    for author in STAFF:
        world.write(author)
    world.go_on()
    world.rollout = letters(Cohort(share=0.5))
    world.go_on()
    for author in sorted(STAFF):
        world.write(
            author, FULL if author in REST else Sections("toux", "depuis hier", "", "repos")
        )
    world.go_on()
    assert "shared/examen, 60 s" in {one.test for one in world.suspects}
    assert not [one for one in world.suspects if one.test.startswith("plain/")]


def test_pages_that_were_given_and_not_heard_are_told(world: World) -> None:
    for author in STAFF[:12]:
        world.weighing.heard("p", author, "e")
    world.rollout = letters(Cohort(practices=("p",)))
    world.go_on()
    for author in STAFF[:12]:
        world.weighing.opened("p", author, "e")
    world.go_on(1)
    world.go_on(HEARD_SECONDS)
    assert world.codes() == {("letters", "page-silent")}


def test_somebody_never_heard_has_no_page_to_be_silent(world: World) -> None:
    world.rollout = letters(Cohort(practices=("p",)))
    world.go_on()
    for author in STAFF[:12]:
        world.weighing.opened("p", author, "e")
    world.go_on(1)
    world.go_on(HEARD_SECONDS)
    assert world.suspects == []


def test_sections_that_lose_their_text_again_and_again_are_told(world: World) -> None:
    world.rollout = letters(Cohort(practices=("p",)))
    world.go_on()
    for author in STAFF[:12]:
        world.write(author)
        world.write(author, BLANK)
    world.go_on()
    world.go_on(EMPTIED_SECONDS)
    assert world.codes() == {("letters", "section-emptied")}


def test_saves_that_are_recorded_late_are_told_while_a_feature_runs(world: World) -> None:
    def late() -> None:
        for _ in range(4):
            world.weighing.stands(True, world.journal, world.journal)
            world.go_on()
            world.write(STAFF[0])
            world.weighing.stands(True, world.journal, world.journal - 1)
            for _ in range(12):
                world.go_on()

    late()
    assert world.suspects == []
    world.rollout = letters(Cohort(practices=("p",)))
    late()
    assert world.codes() == {("", "saves-late")}


def test_what_sentinels_do_is_weighed_by_those_who_read_it_back(world: World) -> None:
    world.write(STAFF[0], practice=SENTINEL_PRACTICE)
    world.weighing.opened(SENTINEL_PRACTICE, STAFF[0], "e")
    world.weighing.heard(SENTINEL_PRACTICE, STAFF[0], "e")
    assert world.weighing.shown()["waiting"] == 0


def test_what_cannot_be_kept_waiting_is_counted_and_is_an_alarm(world: World) -> None:
    for _ in range(FACTS_MAX + 1):
        world.weighing.heard("p", STAFF[0], "e")
    world.watch.look()
    assert (world.watch.state, world.steps) == ("silent", ["guard-silent"])
    assert world.watch.shown()["missed"] == 1


def test_a_guard_that_weighs_no_more_is_an_alarm_until_it_is_heard_again(world: World) -> None:
    world.clock.move(GUARD_SILENT_SECONDS - 1)
    world.watch.look()
    assert world.watch.state == "up"
    world.clock.move(1)
    world.watch.look()
    assert (world.steps, world.going_on) == (["guard-silent"], "guard-silent")
    world.weighing.turns += 1
    world.watch.look()
    assert (world.steps, world.going_on) == (["guard-silent", "guard-heard"], "")


def test_a_guard_that_fails_ends_the_process(world: World) -> None:
    world.rollout = None  # type: ignore[assignment]
    world.weighing.start()
    world.weighing._thread.join(10)
    world.weighing.close()
    assert len(world.stopped) == 1
