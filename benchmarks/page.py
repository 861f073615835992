"""Writes the figures of one run into docs/performance.md, between two marks."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.reading import Reading

PAGE = Path(__file__).resolve().parent.parent / "docs" / "performance.md"
BEGIN = "<!-- figures: written by make bench BENCH=--write -->"
END = "<!-- end of figures -->"
HEAD = "| clients | what | saves/s | p50 ms | p99 ms | recorded at once | recorded after |"
RULE = "| ---: | --- | ---: | ---: | ---: | ---: | ---: |"


READ_HEAD = (
    "| notes | page p50 ms | page p99 ms | search p50 ms | search p99 ms | indexed/s | MiB |"
)
READ_RULE = "| ---: | ---: | ---: | ---: | ---: | ---: | ---: |"


def write(figures: Sequence[Mapping[str, object]], readings: Sequence[Reading], about: str) -> None:
    """Replaces what stands between the marks by these figures; the rest of the page stays."""
    page = PAGE.read_text(encoding="utf-8")
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    lines = [BEGIN, "", f"{datetime.now(UTC):%d/%m/%Y}. {about}", "", HEAD, RULE]
    lines += [_line(figure) for figure in figures]
    if readings:
        lines += ["", READ_HEAD, READ_RULE, *(_read_line(one) for one in readings)]
    PAGE.write_text(before + "\n".join([*lines, "", END]) + after, encoding="utf-8")


def _line(figure: Mapping[str, object]) -> str:
    cells = [
        str(figure["clients"]),
        str(figure["what"]),
        f"{figure['saves_per_second']:,.0f}",
        f"{figure['p50_ms']:.2f}",
        f"{figure['p99_ms']:.2f}",
        "" if figure["recorded_percent"] is None else f"{figure['recorded_percent']:.1f} %",
        "" if figure["settled_seconds"] is None else f"{figure['settled_seconds']:.2f} s",
    ]
    return f"| {' | '.join(cells)} |"


def _read_line(one: Reading) -> str:
    cells = [
        f"{one.notes:,}",
        *(f"{1000 * seconds:.1f}" for seconds in (*one.page, *one.search)),
        f"{one.indexed_per_second:,.0f}",
        f"{(one.record_bytes + one.index_bytes) / 1_048_576:,.0f}",
    ]
    return f"| {' | '.join(cells)} |"
