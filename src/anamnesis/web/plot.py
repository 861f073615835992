"""Small plots of measurements over time: where the points of a line are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from anamnesis.clinical.observation import MEASURES, number_typed
from anamnesis.record.model import Observation

WIDTH = 240
HEIGHT = 56
MARGIN = 5
DOT_APART = 4
"""Dots nearer to each other than this, in the plot's width of `WIDTH`, cannot be told apart."""


@dataclass(frozen=True, slots=True)
class Point:
    """One measured value, in the measurement's first unit, and where it is drawn."""

    x: float
    y: float
    value: Decimal
    observation: Observation


@dataclass(frozen=True, slots=True)
class Plot:
    """The values of one measurement, oldest first, and the line through those that are numbers."""

    code: str
    points: list[Point]
    observations: list[Observation]

    @property
    def line(self) -> str:
        """The points as SVG writes them."""
        return " ".join(f"{point.x:.1f},{point.y:.1f}" for point in self.points)

    @property
    def dots(self) -> list[Point]:
        """The points that get a mark of their own: the newest of each few units of width."""
        return list({int(point.x / DOT_APART): point for point in self.points}.values())

    @property
    def last(self) -> Observation:
        """The newest value."""
        return self.observations[-1]

    @property
    def unit(self) -> str:
        """The unit that everything is drawn in."""
        return MEASURES[self.code].unit

    @property
    def range(self) -> tuple[Decimal, Decimal]:
        """The lowest and the highest value drawn; there must be one."""
        values = [point.value for point in self.points]
        return min(values), max(values)


def plot(code: str, observations: Sequence[Observation]) -> Plot | None:
    """The plot of these observations of one code, oldest first; None when there are none."""
    if not observations:
        return None
    numbers = [(one, _in_first_unit(one)) for one in observations]
    drawn = [(one, value) for one, value in numbers if value is not None]
    return Plot(code, _points(drawn), list(observations))


def _in_first_unit(one: Observation) -> Decimal | None:
    """A birth weight in grams and a weight in kilograms are one line."""
    value = number_typed(one.value)
    worth = MEASURES[one.code].units.get(one.unit)
    return None if value is None or worth is None else value * worth


def _points(drawn: Sequence[tuple[Observation, Decimal]]) -> list[Point]:
    if not drawn:
        return []
    times = [datetime.fromisoformat(one.effective_at).timestamp() for one, _ in drawn]
    values = [float(value) for _, value in drawn]
    first, last = min(times), max(times)
    lowest, highest = min(values), max(values)
    return [
        Point(
            _scaled(time, first, last, WIDTH),
            HEIGHT - _scaled(number, lowest, highest, HEIGHT),
            value,
            one,
        )
        for time, number, (one, value) in zip(times, values, drawn, strict=True)
    ]


def _scaled(value: float, low: float, high: float, length: int) -> float:
    if high == low:
        return length / 2
    return MARGIN + (value - low) / (high - low) * (length - 2 * MARGIN)
