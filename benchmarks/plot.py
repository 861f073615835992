"""The closed loop as a drawing: saves per second and the 99th percentile, both on log scales."""

import math
from collections.abc import Callable, Sequence

from benchmarks.figures import Figures, Row

WIDTH, HEIGHT = 760, 400
PANEL = 300
TOP, BOTTOM, LEFT = 40, 270, 60
COLOURS = ("#9a9a9a", "#5b5b5b", "#0b6e4f", "#1f5fa8", "#b3541e", "#8a2d6b")
_TEXT = 'font-family="sans-serif" font-size="11" fill="#333"'


def drawn(figures: Figures) -> str:
    """An SVG of two panels and a legend."""
    names = list(dict.fromkeys(row.name for row in figures.rows))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">',
        "<title>Saves per second and 99th percentile by clients</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
        *_panel(figures.rows, names, LEFT, "saves per second", lambda row: row.rate),
        *_panel(figures.rows, names, LEFT + PANEL + 80, "p99, ms", _p99),
    ]
    for number, name in enumerate(names):
        x, y = LEFT + number % 2 * 360, BOTTOM + 55 + number // 2 * 20
        parts.append(f'<rect x="{x}" y="{y - 9}" width="14" height="10" fill="{COLOURS[number]}"/>')
        parts.append(f'<text x="{x + 20}" y="{y}" {_TEXT}>{name}</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"


def _p99(row: Row) -> float:
    return row.waits.percentile(99)


def _panel(
    rows: Sequence[Row], names: Sequence[str], left: int, title: str, of: Callable[[Row], float]
) -> list[str]:
    clients = sorted({row.clients for row in rows})
    values = [max(of(row), 0.01) for row in rows]
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))

    def x_of(count: int) -> float:
        return left + PANEL * (clients.index(count) + 0.5) / len(clients)

    def y_of(value: float) -> float:
        part = (math.log10(max(value, 0.01)) - low) / max(1, high - low)
        return BOTTOM - part * (BOTTOM - TOP)

    parts = [f'<text x="{left}" y="{TOP - 18}" {_TEXT} font-weight="bold">{title}</text>']
    for power in range(low, high + 1):
        y = y_of(10.0**power)
        parts.append(f'<path d="M{left} {y:.1f}h{PANEL}" stroke="#ddd"/>')
        label = f"{10.0**power:,g}"
        parts.append(
            f'<text x="{left - 6}" y="{y + 4:.1f}" text-anchor="end" {_TEXT}>{label}</text>'
        )
    for count in clients:
        x = x_of(count)
        parts.append(
            f'<text x="{x:.1f}" y="{BOTTOM + 18}" text-anchor="middle" {_TEXT}>{count}</text>'
        )
    for number, name in enumerate(names):
        points = [(x_of(row.clients), y_of(of(row))) for row in rows if row.name == name]
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in sorted(points))
        colour = COLOURS[number]
        parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in points]
    return parts
