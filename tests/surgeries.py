"""Simulated practitioners who write all day: for the guard's statistics, seeded and fast.

They differ: some write ten times as much as others, come and go when they like, have lunch, close
the whole practice together. Nothing of that may look like a feature that loses.
"""

import heapq
import random
from collections.abc import Callable, Iterator

import msgspec

from anamnesis.clinical.sections import SECTIONS
from anamnesis.rollout.cohort import Cohort, place
from anamnesis.rollout.occasions import Occasions
from anamnesis.rollout.presence import Who
from anamnesis.rollout.race import Races, Suspect
from anamnesis.rollout.rollout import Rollout
from anamnesis.rollout.signs import REPORT

HOUR = 3_600.0
DAY = 24 * HOUR
FILLED = 0.6
"""The share of sections that have text."""
AT = "2026-11-23T12:00:00.000Z"


class Person(msgspec.Struct):
    """`pause` lies between two encounters, `burst` are the saves of one, both on average."""

    who: Who
    pause: float
    burst: float
    opens: float
    lunch: tuple[float, float]
    closes: float
    leaves_early: float

    def works(self, at: float, early: bool) -> bool:
        hour = at % DAY
        if at // DAY % 7 >= 5 or not self.opens <= hour < self.closes - 3 * HOUR * early:
            return False
        return not self.lunch[0] <= hour < self.lunch[1]


def people(chance: random.Random, practices: int) -> list[Person]:
    """Practices of one to eight, each with hours of its own."""
    found = []
    for practice in range(practices):
        opens = chance.uniform(7, 10) * HOUR
        lunch = chance.uniform(11.5, 13.5) * HOUR
        hours = opens, (lunch, lunch + chance.uniform(0.3, 2.5) * HOUR)
        closes = chance.uniform(16, 21) * HOUR
        for number in range(chance.randint(1, 8)):
            who = f"p{practice}", f"{chance.random()}-{number}"
            pause, burst = chance.lognormvariate(6.2, 0.8), chance.uniform(1, 20)
            leaves_early = chance.uniform(0, 0.4)
            found += [Person(who, pause, burst, *hours, closes, leaves_early)]
    return found


def saves(chance: random.Random, staff: list[Person], begins: float) -> Iterator[tuple[float, int]]:
    """Who saves when, for ever."""
    queue = [(begins + chance.expovariate(1 / one.pause), n, 0) for n, one in enumerate(staff)]
    heapq.heapify(queue)
    early = dict.fromkeys(range(len(staff)), (-1.0, False))
    while True:
        at, number, left = heapq.heappop(queue)
        one, day = staff[number], at // DAY
        if early[number][0] != day:
            early[number] = day, chance.random() < one.leaves_early
        if left == 0:
            left = 1 + int(chance.expovariate(1 / one.burst))
        if one.works(at, early[number][1]):
            yield at, number
        wait = chance.expovariate(1 / 6.0) if left > 1 else chance.expovariate(1 / one.pause)
        heapq.heappush(queue, (at + wait, number, left - 1))


def rolled_out(feature: str, share: float) -> Rollout:
    """A feature for a share of everybody."""
    return Rollout().deployed(feature, "entry-point", ("typing",), Cohort(share=share), AT)


def shown(chance: random.Random) -> list[str]:
    """The signs of one save: some write all sections, most leave some blank; pages report."""
    filled = [f"plain/{name}" for name in SECTIONS if chance.random() < FILLED]
    return ["plain/text", REPORT, *filled]


def healthy(seed: int, share: float, many: int, practices: int = 100) -> list[Suspect]:
    """What is suspected during so many saves of which none is lost."""
    chance = random.Random(seed)
    staff = people(chance, practices)
    races, rollout = Races(), rolled_out(f"feature-{seed}", share)
    found: list[Suspect] = []
    races.follow(Rollout(), 0.0)
    for number, (at, who) in enumerate(saves(chance, staff, 0.0)):
        if number == many // 20:
            races.follow(rollout, at)
        found += races.look(at)
        found += races.see(staff[who].who, shown(chance))
        if number == many:
            return found
    return found


class Alarm(msgspec.Struct):
    """When, since the loss began; how many of the cohort's saves were expected until then."""

    seconds: float
    expected: int
    test: str


def alarm(
    seed: int,
    lost: float,
    *,
    whole: bool,
    share: float = 0.013,
    many: int = 9_000,
    limit: float = 4 * HOUR,
    epochs_before: int = 0,
) -> Alarm | None:
    """How long a cohort that begins to lose is not noticed, at one save of its each second.

    `whole`: so many practitioners lose all; otherwise everybody so many of their saves.
    """
    chance, feature = random.Random(seed), f"feature-{seed}"
    staff: list[Who] = [("p", f"{seed}-{number}") for number in range(many)]
    cohort = [place(feature, who[1]) < share for who in staff]
    weights = [chance.gammavariate(2, 1) for _ in staff]
    rate = sum(weights) / sum(w for w, theirs in zip(weights, cohort, strict=True) if theirs)
    gone = [theirs and chance.random() < lost for theirs in cohort]
    races, now, begins, expected = Races(), 0.0, 1_800.0 + chance.uniform(0, 60), 0
    races.follow(Rollout(), 0.0)
    following: Callable[[], bool] = lambda: now >= 900.0  # noqa: E731
    followed = False
    while now < begins + limit:
        batch = chance.choices(range(many), weights, k=512)
        for number in batch:
            now += chance.expovariate(rate)
            if following() and not followed:
                followed = True
                races.follow(rolled_out(feature, share), now)
                for of in races._epochs.values():
                    of.update(dict.fromkeys(of, 1 + epochs_before))
            found = list(races.look(now))
            is_lost = gone[number] if whole else cohort[number] and chance.random() < lost
            if now >= begins:
                expected += cohort[number]
            if now < begins or not is_lost:
                found += races.see(staff[number], ["plain/text"])
            if found and now >= begins:
                return Alarm(now - begins, expected, found[0].test)
    return None


def occasions_until(seed: int, many: int, healthy_share: float = 0.05) -> int | None:
    """Pages of a named cohort, silent as often as is healthy; how many until one is suspected."""
    chance = random.Random(seed)
    pages = Occasions("page-silent", 15.0, healthy_share, lapsed_if=False)
    cohort = Cohort(practices=("p",))
    pages.follow(Rollout().deployed("letters", "entry-point", ("typing",), cohort, AT))
    for number in range(many):
        now = number * 20.0
        pages.begin(number, ("p", str(chance.randrange(200))), now)
        if chance.random() >= healthy_share:
            pages.mark(number)
        if any(pages.judge(now + 15.0)):
            return number
    return None
