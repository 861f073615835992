"""The figures as tables: on the console, and between two marks of docs/performance.md."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.figures import APPEND, GROUP_COMMIT, PRODUCT, Figures
from benchmarks.plot import drawn
from benchmarks.stages import STAGES
from benchmarks.targets import judged

DOCS = Path(__file__).resolve().parent.parent / "docs"
PAGE = DOCS / "performance.md"
PLOT = DOCS / "performance.svg"
BEGIN = "<!-- figures: written by make bench BENCH=--write -->"
END = "<!-- end of figures -->"

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class _Sheet:
    title: str
    heads: Sequence[str]
    lines: Sequence[Sequence[str]]


def show(console: Console, figures: Figures) -> None:
    """All tables."""
    for sheet in _sheets(figures):
        table = Table(title=sheet.title, title_justify="left")
        for head in sheet.heads:
            table.add_column(head, justify="left" if head in ("what", "figure") else "right")
        for line in sheet.lines:
            table.add_row(*line)
        console.print(table)
    console.print(figures.about)


def write(figures: Figures) -> None:
    """Replaces what stands between the marks, and the plot; the rest of the page stays."""
    page = PAGE.read_text(encoding="utf-8")
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    lines = [BEGIN, "", f"{datetime.now(UTC):%d/%m/%Y}. {figures.about}"]
    lines += ["", f"![Saves per second and 99th percentile by clients]({PLOT.name})"]
    for sheet in _sheets(figures):
        sides = ["---" if head in ("what", "figure") else "---:" for head in sheet.heads]
        lines += ["", f"### {sheet.title}", "", *map(_line, (sheet.heads, sides, *sheet.lines))]
    PAGE.write_text(before + "\n".join([*lines, "", END]) + after, encoding="utf-8")
    PLOT.write_text(drawn(figures), encoding="utf-8")


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _sheets(figures: Figures) -> list[_Sheet]:
    found = [_closed(figures), _offered(figures), _grown(figures), _read(figures)]
    found += [_stages(figures), _Sheet("Targets", ("figure", "target", "here", "met"), [])]
    found[-1] = _Sheet(found[-1].title, found[-1].heads, judged(figures))
    return [sheet for sheet in found if sheet.lines]


def _closed(figures: Figures) -> _Sheet:
    heads = (
        "clients",
        "what",
        "saves/s",
        "p50 ms",
        "p99 ms",
        "p99.9 ms",
        "recorded at once",
        "load's CPU",
    )
    lines = []
    for row in sorted(figures.rows, key=lambda one: (one.clients, _place(one.name))):
        waits = (f"{row.waits.percentile(percent):,.2f}" for percent in (50, 99, 99.9))
        own = f"{100 * max(row.own_cpu):.0f} %" if row.own_cpu else ""
        at_once = f"{row.at_once:.1%}" if row.name == PRODUCT else ""
        lines.append((str(row.clients), row.name, f"{row.rate:,.0f}", *waits, at_once, own))
    return _Sheet("Closed loop: each client saves again as soon as it is answered", heads, lines)


def _place(name: str) -> int:
    first = (APPEND, GROUP_COMMIT, PRODUCT)
    return first.index(name) if name in first else len(first)


def _offered(figures: Figures) -> _Sheet:
    heads = ("saves/s offered", "what", "p50 ms", "p99 ms", "p99.9 ms", "longest ms")
    lines = []
    for one in figures.offered:
        waits = ["more than it can", "", "", ""]
        if one.waits is not None:
            waits = [f"{one.waits.percentile(percent):,.2f}" for percent in (50, 99, 99.9, 100)]
        lines.append((f"{one.rate:,}", one.name, *waits))
    return _Sheet("Open loop: saves fall due at a fixed rate, from 256 clients", heads, lines)


def _grown(figures: Figures) -> _Sheet:
    heads = (
        "notes", "1 client saves/s", "p50 ms", "64 clients saves/s", "p50 ms", "p99 ms",
        "memory MiB", "start after a crash s", "on disk MiB",
    )  # fmt: skip
    lines = [
        (
            f"{one.notes:,}",
            f"{one.alone.rate:,.0f}",
            f"{one.alone.waits.percentile(50):.2f}",
            f"{one.together.rate:,.0f}",
            f"{one.together.waits.percentile(50):.2f}",
            f"{one.together.waits.percentile(99):.2f}",
            f"{one.mebibytes_resident:,.0f}",
            f"{one.start_seconds:.1f}",
            f"{one.reading.mebibytes:,.0f}",
        )
        for one in figures.grown
    ]
    return _Sheet("As the record grows (each note is two entries)", heads, lines)


def _read(figures: Figures) -> _Sheet:
    heads = ("notes", "page p50 ms", "page p99 ms", "search p50 ms", "search p99 ms")
    lines = [
        (f"{one.notes:,}", *(f"{wait:.1f}" for wait in (*one.reading.page, *one.reading.search)))
        for one in figures.grown
    ]
    return _Sheet("Reading: the page of a patient with 1,000 encounters; a search", heads, lines)


def _stages(figures: Figures) -> _Sheet:
    heads = ("saves in a group", *STAGES)
    lines = [
        (str(one.group), *(f"{one.cost[name]:.0f}" for name in STAGES)) for one in figures.stages
    ]
    return _Sheet("Stage by stage: microseconds of processor for each save", heads, lines)
