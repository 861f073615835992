"""Who comes on a day, and what for."""

from collections.abc import Sequence
from datetime import date

from anamnesis.demonstration.case import Case
from anamnesis.demonstration.cases_children import CHILDREN
from anamnesis.demonstration.cases_chronic import CHRONIC
from anamnesis.demonstration.cases_everyday import EVERYDAY
from anamnesis.demonstration.cases_others import OTHERS
from anamnesis.demonstration.draws import Draws
from anamnesis.demonstration.people import Person

CASES: tuple[Case, ...] = (*EVERYDAY, *CHRONIC, *CHILDREN, *OTHERS)


def who_and_why(
    people: Sequence[Person], day: date, practitioner: int, practitioners: int, draws: Draws
) -> tuple[Person, Case] | None:
    """Somebody who comes to this practitioner, and the case; mostly to one's own doctor."""
    somebody = draws.of("who").some(people, 12, 12)
    near = [
        person
        for person in somebody
        if person.age_years(day) > 0.1
        and (int(person.id[:4], 16) % practitioners == practitioner or draws.chance(0.25))
    ]
    if not near:
        return None
    person = draws.weighted(near, [_need(person, day) for person in near])
    return person, why(person, day, draws.of("why"))


def why(person: Person, day: date, draws: Draws) -> Case:
    """What this person comes for on that day."""
    age, conditions = person.age_years(day), person.conditions_on(day)
    weights = [case.likelihood(age, person.sex, conditions, day.month) for case in CASES]
    return draws.weighted(CASES, weights)


def _need(person: Person, day: date) -> float:
    """How often somebody sees a doctor: infants, the old, the ill and the pregnant more."""
    age = person.age_years(day)
    often = 4.0 if age < 2 else 1.6 if age < 6 else 1.0
    often += 0.02 * max(0.0, age - 40) + len(person.conditions)
    return often + (6.0 if person.weeks_pregnant(day) is not None else 0.0)
