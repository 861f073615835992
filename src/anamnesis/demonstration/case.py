"""A reason to see the doctor, and what is found, said and written about it."""

from dataclasses import dataclass

from anamnesis.demonstration.draws import Draws

OPTIONAL = {"?": 0.6, "??": 0.4}
ALL_AGES = (0.0, 130.0)


@dataclass(frozen=True)
class Case:
    """One reason to come, with the sentences a note about it is drawn from.

    In each text a line is a sentence; ` | ` parts its alternatives, a leading `?` makes it
    likely and `??` possible, and `{…}` is filled in from the patient and the day.
    """

    name: str
    motif: str
    history: str
    examination: str
    conclusion: str
    ages: tuple[float, float] = ALL_AGES
    sex: str = ""
    needs: str = ""
    months: tuple[int, ...] = ()
    weight: float = 1.0
    measures: tuple[str, ...] = ("systolic", "diastolic", "heart-rate")
    fever: tuple[float, float] = (0.0, 0.0)

    def likelihood(self, age: float, sex: str, conditions: frozenset[str], month: int) -> float:
        """How likely somebody like this comes for it in that month; 0 for never."""
        if not self.ages[0] <= age < self.ages[1] or self.sex not in ("", sex):
            return 0.0
        if self.needs and self.needs not in conditions:
            return 0.0
        if self.months and month not in self.months:
            return self.weight * 0.15
        return self.weight * (3.0 if self.needs else 1.0)


def sentences(text: str, draws: Draws, facts: dict[str, str]) -> list[str]:
    """The lines of `text` with their alternatives drawn and their blanks filled in."""
    drawn: list[str] = []
    for line in text.strip().splitlines():
        slot = line.strip()
        mark, _, rest = slot.partition(" ")
        if mark in OPTIONAL:
            if not draws.chance(OPTIONAL[mark]):
                continue
            slot = rest
        drawn.append(draws.pick(slot.split(" | ")).format_map(facts))
    return drawn
