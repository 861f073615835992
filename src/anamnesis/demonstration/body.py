"""Bodies over time: what a scale, a gauge or a thermometer would have shown that day.

Plain curves near the medians of French children's growth charts and of adult practice; good
enough to look right on a small plot, and no source for anybody's care.
"""

from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from anamnesis.demonstration.draws import Draws

DAYS_PER_YEAR = 365.25
GROWN_YEARS = 18

# Age in years, height in cm, weight in kg: girls, then boys.
_CURVES = {
    "female": (
        (0.0, 49.5, 3.3), (0.17, 56.5, 5.0), (0.33, 61.5, 6.3), (0.75, 70.0, 8.4), (1.0, 74.0, 9.2),
        (2.0, 85.5, 11.8), (3.0, 94.5, 14.0), (4.0, 101.5, 16.0), (6.0, 114.5, 20.2),
        (8.0, 126.5, 25.5), (10.0, 138.0, 32.0), (12.0, 151.0, 41.5), (14.0, 160.0, 50.5),
        (16.0, 163.0, 55.0), (18.0, 164.0, 57.5),
    ),
    "male": (
        (0.0, 50.0, 3.4), (0.17, 58.0, 5.4), (0.33, 63.5, 6.9), (0.75, 71.5, 9.0), (1.0, 75.5, 9.9),
        (2.0, 87.0, 12.4), (3.0, 96.0, 14.5), (4.0, 103.0, 16.6), (6.0, 116.0, 20.9),
        (8.0, 127.5, 25.8), (10.0, 138.5, 32.0), (12.0, 149.5, 40.0), (14.0, 164.0, 51.5),
        (16.0, 173.5, 62.0), (18.0, 176.5, 68.0),
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Body:
    """One person's constants; `z` says where on the curve a child grows, -2 to 2."""

    sex: str
    born: date
    z: float
    adult_height_cm: float
    adult_weight_kg: float
    systolic: int
    diastolic: int
    treated_from: date | None

    def age_years(self, day: date) -> float:
        """Age in years with its fraction."""
        return (day - self.born).days / DAYS_PER_YEAR

    def height_cm(self, day: date) -> float:
        """Height, to the half centimetre."""
        age = self.age_years(day)
        if age >= GROWN_YEARS:
            lost = max(0.0, age - 60) * 0.12
            return round((self.adult_height_cm - lost) * 2) / 2
        height = _on_curve(self.sex, age, 1)
        return round(height * (1 + 0.04 * self.z) * 2) / 2

    def weight_kg(self, day: date, draws: Draws) -> float:
        """Weight of that day: the curve's, or the adult's with a slow drift."""
        age = self.age_years(day)
        if age < GROWN_YEARS:
            return round(_on_curve(self.sex, age, 2) * (1 + 0.1 * self.z), 2 if age < 2 else 1)
        drift = 0.35 * (age - 40) * (0.5 if age > 40 else 1) * (0.3 + abs(self.z) / 4)
        return round(self.adult_weight_kg + min(8.0, drift) + draws.around(0, 0.7), 1)

    def pressure(self, day: date, draws: Draws) -> tuple[int, int]:
        """Systolic and diastolic pressure in mm[Hg], lower once a treatment works."""
        age = self.age_years(day)
        if age < GROWN_YEARS:
            return round(92 + 1.6 * age + draws.around(0, 4)), round(55 + 0.9 * age)
        systolic, diastolic = float(self.systolic), float(self.diastolic)
        if self.treated_from is not None and day > self.treated_from:
            months = min(8.0, (day - self.treated_from).days / 30)
            systolic -= months * (self.systolic - 132) / 8
            diastolic -= months * (self.diastolic - 78) / 8
        return round(systolic + draws.around(0, 5)), round(diastolic + draws.around(0, 3))

    def pulse(self, day: date, draws: Draws, fever: float = 0.0) -> int:
        """Heart rate per minute; ten more for each degree of fever."""
        age = self.age_years(day)
        resting = 130 - 9 * min(age, 6) if age < 6 else max(66, 82 - age * 0.3)
        return round(resting + 10 * fever + draws.around(0, 4))


def _on_curve(sex: str, age: float, column: int) -> float:
    curve = _CURVES.get(sex, _CURVES["female"])
    for before, after in pairwise(curve):
        if age <= after[0]:
            share = (age - before[0]) / (after[0] - before[0])
            return before[column] + share * (after[column] - before[column])
    return curve[-1][column]


def french(number: float, digits: int = 1) -> str:
    """A number as it is typed in France: a comma, and no zeros that say nothing."""
    text = f"{number:.{digits}f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", ",")
