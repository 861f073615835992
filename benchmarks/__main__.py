"""`make bench`: saves per second and waiting times, beside what the machine allows.

All configurations take turns, round after round, so that a slow minute of the machine hits
each of them; the table shows the median round.
"""

import argparse
import asyncio
import json
import os
import platform
import random
import statistics
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import apsw
from rich.console import Console
from rich.table import Table

from benchmarks import page
from benchmarks.limits import append_and_flush, group_commit
from benchmarks.pages import Session, closed_loop
from benchmarks.reading import LONG_ENCOUNTERS, Reading, measure
from benchmarks.server import running
from benchmarks.text import note

CLIENTS = (1, 16, 64)
SAVES_PER_SECOND_MAX = 2_500
"""Requests made ready for each second of a run; a faster server ends its run early."""


@dataclass(slots=True)
class Row:
    """One configuration's figures, one of each a round."""

    name: str
    clients: int
    rates: list[float]
    p50: list[float]
    p99: list[float]
    recorded: list[float]
    settled: list[float]

    @property
    def rate(self) -> float:
        """The median round's rate."""
        return statistics.median(self.rates)


def main(arguments: Sequence[str]) -> int:
    """Runs the rounds, prints the table; `--json` prints figures for a script."""
    options = _options(arguments)
    console = Console(stderr=options.json)
    rows = {
        (name, clients): Row(name, clients, [], [], [], [], [])
        for clients in CLIENTS
        for name in ("append + fdatasync", "SQLite group commit", "Anamnesis")
    }
    with tempfile.TemporaryDirectory(prefix="anamnesis-bench-") as folder:
        for number in range(options.rounds):
            console.print(f"Round {number + 1} of {options.rounds}…")
            home = Path(folder) / str(number)
            home.mkdir()
            _round(home, rows, options.seconds)
    about = _about(options)
    _show(console, list(rows.values()), about)
    readings = [measure(notes, console.print) for notes in options.notes]
    _show_readings(console, readings)
    figures = [_plain(row) for row in rows.values()]
    if options.write:
        page.write(figures, readings, about)
    if options.json:
        sys.stdout.write(json.dumps(figures) + "\n")
    return 0


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=main.__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="rounds; the median one is shown")
    parser.add_argument("--seconds", type=float, default=4.0, help="seconds of each run")
    parser.add_argument("--write", action="store_true", help="figures into docs/performance.md")
    parser.add_argument(
        "--notes",
        type=int,
        nargs="*",
        default=[10_000],
        help="records of so many notes to read in; 1000000 takes a quarter of an hour to make",
    )
    parser.add_argument("--json", action="store_true", help="figures on standard output")
    return parser.parse_args(arguments)


def _round(home: Path, rows: dict[tuple[str, int], Row], seconds: float) -> None:
    sections = note(random.Random(1))
    content = json.dumps({"sections": sections}, ensure_ascii=False).encode()
    with running(home) as session:
        for clients in CLIENTS:
            for name, limit in (
                ("append + fdatasync", append_and_flush),
                ("SQLite group commit", group_commit),
            ):
                figure = limit(home, content, clients, seconds / 2)
                _add(rows[name, clients], figure.rate, figure.waits)
            _product(rows["Anamnesis", clients], session, clients, seconds)


def _product(row: Row, session: Session, clients: int, seconds: float) -> None:
    saves_max = int(SAVES_PER_SECOND_MAX * seconds / clients) + 10
    run = asyncio.run(closed_loop(session, clients, seconds, saves_max))
    if run.refused:
        raise RuntimeError(f"{run.refused} saves were refused: the figures mean nothing.")
    _add(row, run.rate, run.waits)
    row.recorded.append(100 * run.recorded / len(run.waits))
    row.settled.append(run.settled_seconds)


def _add(row: Row, rate: float, waits: Sequence[float]) -> None:
    ordered = sorted(waits)
    row.rates.append(rate)
    row.p50.append(ordered[len(ordered) // 2])
    row.p99.append(ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))])


def _about(options: argparse.Namespace) -> str:
    return (
        f"{platform.machine()}, {os.cpu_count()} cores shared by server and load, Python "
        f"{platform.python_version()}, SQLite {apsw.sqlite_lib_version()}; "
        f"{options.rounds} rounds of {options.seconds:g} s, median; closed loop."
    )


def _show(console: Console, rows: list[Row], about: str) -> None:
    table = Table(title="Durable saves of 1.5 KB notes", title_justify="left")
    table.add_column("clients", justify="right")
    table.add_column("what", no_wrap=True)
    for heading in ("saves/s", "of ceiling", "p50 ms", "p99 ms", "recorded at once", "settled s"):
        table.add_column(heading, justify="right")
    ceilings = {row.clients: row.rate for row in rows if row.name == "SQLite group commit"}
    for row in rows:
        product = row.name == "Anamnesis"
        table.add_row(
            str(row.clients),
            row.name,
            f"{row.rate:,.0f}",
            f"{100 * row.rate / ceilings[row.clients]:.0f} %",
            f"{statistics.median(row.p50):.2f}",
            f"{statistics.median(row.p99):.2f}",
            f"{statistics.median(row.recorded):.1f} %" if product else "",
            f"{statistics.median(row.settled):.2f}" if product else "",
            end_section=product,
            style="bold" if product else "",
        )
    console.print(table)
    console.print(
        f"{about} A save here is: "
        "admitted, journaled (fsync), recorded, read back, signed, answered. The two other lines "
        "write the same bytes as groups of that many, and do nothing else."
    )


def _show_readings(console: Console, readings: Sequence[Reading]) -> None:
    table = Table(title="Reading in a record of many notes", title_justify="left")
    for heading in (
        "notes",
        "page p50 ms",
        "p99 ms",
        "search p50 ms",
        "p99 ms",
        "indexed/s",
        "MiB",
    ):
        table.add_column(heading, justify="right")
    for one in readings:
        table.add_row(
            f"{one.notes:,}",
            *(f"{1000 * seconds:.1f}" for seconds in (*one.page, *one.search)),
            f"{one.indexed_per_second:,.0f}",
            f"{(one.record_bytes + one.index_bytes) / 1_048_576:,.0f}",
        )
    console.print(table)
    console.print(
        f"The page is a patient's with {LONG_ENCOUNTERS:,} encounters, in the application alone, "
        "its first opening included. A search is five sorts of words in turn."
    )


def _plain(row: Row) -> dict[str, object]:
    return {
        "what": row.name,
        "clients": row.clients,
        "saves_per_second": row.rate,
        "p50_ms": statistics.median(row.p50),
        "p99_ms": statistics.median(row.p99),
        "recorded_percent": statistics.median(row.recorded) if row.recorded else None,
        "settled_seconds": statistics.median(row.settled) if row.settled else None,
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
