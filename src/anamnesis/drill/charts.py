"""Plots as SVG that stretches, with its labels in HTML beside it, so that they stay readable."""

from collections.abc import Sequence
from html import escape

import msgspec

from anamnesis.drill.report import SCREENS, Sample

Points = Sequence[tuple[float, float]]
HEIGHT = 100
WIDTH = 1_000
POINTS_MAX = 400
"""Of one line; more are not to be told apart."""


class Line(msgspec.Struct, frozen=True):
    """One line of a plot; `name` is its class and colour."""

    name: str
    points: Points


class Mark(msgspec.Struct, frozen=True):
    """An instant worth a label."""

    at: float
    label: str


class Axis(msgspec.Struct, frozen=True):
    """What a plot shows: from where to where, the highest value, and the words at its ends."""

    first: float
    last: float
    most: float
    most_label: str
    first_label: str
    last_label: str

    def x(self, at: float) -> float:
        """Of a thousand."""
        part = (at - self.first) / max(self.last - self.first, 1e-9)
        return min(max(part, 0.0), 1.0) * WIDTH

    def y(self, value: float) -> float:
        """Of a hundred, downwards."""
        return HEIGHT - min(value / max(self.most, 1e-9), 1.0) * HEIGHT


def plot(title: str, axis: Axis, lines: Sequence[Line], marks: Sequence[Mark] = ()) -> str:
    """Lines over time, each filled down to nothing."""
    drawn = "".join(_line(axis, line) for line in lines)
    return _framed(title, axis, drawn, marks)


def stacked(title: str, axis: Axis, samples: Sequence[Sample], marks: Sequence[Mark] = ()) -> str:
    """What part of the screens said which state, over time."""
    drawn, below = "", [0.0] * len(samples)
    for state in SCREENS:
        above = [
            base + one.screens.get(state, 0) / max(sum(one.screens.values()), 1)
            for base, one in zip(below, samples, strict=True)
        ]
        upper = [(axis.x(s.at), axis.y(v)) for s, v in zip(samples, above, strict=True)]
        lower = [(axis.x(s.at), axis.y(v)) for s, v in zip(samples, below, strict=True)]
        drawn += f"<polygon class='{state}' points='{_points([*upper, *reversed(lower)])}'/>"
        below = above
    return _framed(title, axis, drawn, marks)


def thinned(samples: Sequence[Sample]) -> list[Sample]:
    """At most POINTS_MAX of them, evenly, the last one included."""
    step = max(1, -(-len(samples) // POINTS_MAX))
    kept = list(samples[::step])
    if samples and kept[-1] is not samples[-1]:
        kept.append(samples[-1])
    return kept


def _line(axis: Axis, line: Line) -> str:
    points = [(axis.x(at), axis.y(value)) for at, value in line.points]
    if not points:
        return ""
    filled = [(points[0][0], HEIGHT), *points, (points[-1][0], HEIGHT)]
    return (
        f"<polygon class='{line.name} fill' points='{_points(filled)}'/>"
        f"<polyline class='{line.name}' points='{_points(points)}'/>"
    )


def _framed(title: str, axis: Axis, drawn: str, marks: Sequence[Mark]) -> str:
    lines, labels = "", ""
    for number, mark in enumerate(marks):
        x = axis.x(mark.at)
        lines += f"<line class='mark' x1='{x:.1f}' x2='{x:.1f}' y1='0' y2='{HEIGHT}'/>"
        side = "left" if x < WIDTH * 0.7 else "right"
        offset = x / 10 if side == "left" else 100 - x / 10
        labels += (
            f"<span class='label' style='{side}:{offset:.2f}%;top:{number * 1.3:.1f}rem'>"
            f"{escape(mark.label)}</span>"
        )
    return (
        f"<div class='plot'><div class='most'>{escape(axis.most_label)}</div><div class='area'>"
        f"<svg viewBox='0 0 {WIDTH} {HEIGHT}' preserveAspectRatio='none' role='img' "
        f"aria-label='{escape(title, quote=True)}'>{drawn}{lines}</svg>{labels}</div>"
        f"<div class='ends'><span>{escape(axis.first_label)}</span>"
        f"<span>{escape(axis.last_label)}</span></div></div>"
    )


def _points(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
