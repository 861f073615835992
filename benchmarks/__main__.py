"""`make bench`: saves per second and waiting times, beside other products and the machine itself.

All of them take turns, round after round, so that a slow minute of the machine hits each of them;
the tables show the median round's rate, and percentiles over all rounds.
"""

import argparse
import os
import platform
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import apsw
from rich.console import Console

from anamnesis.receipt.canonical import canonical
from benchmarks import growth, page, stages
from benchmarks.contender import Contender
from benchmarks.figures import APPEND, GROUP_COMMIT, PRODUCT, Figures, Grown, Offered, Row
from benchmarks.histogram import Histogram
from benchmarks.limits import append_and_flush, group_commit
from benchmarks.load import Run, closed_loop, open_loop
from benchmarks.pages import Session, is_recorded, open_pages, settled
from benchmarks.peers.running import start_all
from benchmarks.reading import measure
from benchmarks.server import Serving, add_account, running
from benchmarks.text import note

CLIENTS = (1, 16, 64, 256)
RATES_MAX = {1: 2_500, 16: 6_000}
"""Saves made ready for each second of a run; a faster server ends its run early."""
RATE_MAX = 8_000
OFFERED = (128, 512, 2_048)
"""Saves a second in the open loop; 256 practitioners who save every 2 s are 128."""
OFFERED_CLIENTS = 256
LIMIT_SECONDS = 1.0
STAGED_SAVES = 2_000
HEADROOM = 1.1
"""A rate is offered to who reached so many times as much; otherwise waits grow without end."""


def main(arguments: Sequence[str]) -> int:
    """Runs it all, prints the tables; `--write` puts them into docs/performance.md."""
    options = _options(arguments)
    console = Console()
    begun = time.monotonic()

    def say(text: str) -> None:
        console.print(f"[{time.monotonic() - begun:5.0f} s] {text}", markup=False)

    figures = Figures(_about(options))
    with tempfile.TemporaryDirectory(prefix="anamnesis-bench-") as folder, ExitStack() as stack:
        peers = start_all(stack, say) if options.peers else []
        for number in range(options.rounds):
            home = Path(folder) / str(number)
            home.mkdir()
            add_account(home / "data")
            with running(home / "data") as serving:
                contenders = [_product(serving.session), *peers]
                _limits(figures, home)
                for clients in CLIENTS:
                    say(f"Round {number + 1} of {options.rounds}, {clients} clients…")
                    for one in contenders:
                        _closed(figures, one, clients, options.seconds)
                if number == options.rounds - 1:
                    figures.offered = _offered(figures, contenders, options.offered_seconds, say)
    for notes in options.notes:
        try:
            grown = _grown(options.kept / str(notes), notes, options.seconds, say)
        except RuntimeError as why:
            say(f"{notes:,} notes are not measured: {why}")
        else:
            figures.grown.append(grown)
    if options.stages:
        say("Stage by stage…")
        figures.stages = [stages.measure(group, STAGED_SAVES // group) for group in (1, 64)]
    page.show(console, figures)
    if options.write:
        page.write(figures)
    say("Done.")
    return 0


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=main.__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="rounds; the median one is shown")
    parser.add_argument("--seconds", type=float, default=3.0, help="seconds of each run")
    parser.add_argument("--offered-seconds", type=float, default=8.0, help="of each open loop")
    parser.add_argument("--no-peers", dest="peers", action="store_false", help="the product alone")
    parser.add_argument("--no-stages", dest="stages", action="store_false", help="no profile")
    parser.add_argument("--write", action="store_true", help="figures into docs/performance.md")
    parser.add_argument(
        "--notes",
        type=int,
        nargs="*",
        default=[10_000, 100_000],
        help="grown records of so many notes; 1000000 takes a quarter of an hour to make, once",
    )
    parser.add_argument(
        "--kept", type=Path, default=Path("var/bench"), help="where grown records are kept"
    )
    return parser.parse_args(arguments)


def _limits(figures: Figures, home: Path) -> None:
    content = canonical({"sections": {**note(random.Random(1))}})
    for clients in CLIENTS:
        for name, limit in ((APPEND, append_and_flush), (GROUP_COMMIT, group_commit)):
            found = limit(home, content, clients, LIMIT_SECONDS)
            row = _row(figures, name, clients)
            row.rates.append(found.rate)
            row.waits.add(found.waits)


def _product(session: Session) -> Contender:
    return Contender(
        PRODUCT,
        (session.host, session.port),
        lambda clients, saves: open_pages(session, clients, saves),
        is_recorded,
        CLIENTS,
        lambda: settled(session),
    )


def _closed(figures: Figures, one: Contender, clients: int, seconds: float) -> None:
    if clients not in one.clients:
        return
    saves = int(RATES_MAX.get(clients, RATE_MAX) * seconds / clients) + 10
    run = closed_loop(one.address, one.requests(clients, saves), seconds, one.check)
    _add(_row(figures, one.name, clients), one, run)


def _add(row: Row, one: Contender, run: Run) -> None:
    row.rates.append(run.rate)
    row.waits.add(run.waits)
    row.own_cpu.append(run.own_cpu / run.seconds)
    row.unfinished += run.unfinished
    # What it has left to do is its own, and not charged to whoever comes next.
    one.rest()


def _row(figures: Figures, name: str, clients: int) -> Row:
    for row in figures.rows:
        if (row.name, row.clients) == (name, clients):
            return row
    figures.rows.append(Row(name, clients))
    return figures.rows[-1]


def _offered(
    figures: Figures, contenders: Sequence[Contender], seconds: float, say: page.Say
) -> list[Offered]:
    found = []
    for rate in OFFERED:
        for one in contenders:
            reached = max(row.rate for row in figures.rows if row.name == one.name)
            if reached < rate * HEADROOM:
                found.append(Offered(one.name, rate, None))
                continue
            say(f"Open loop, {rate} saves a second offered to {one.name}…")
            saves = int(rate * seconds / OFFERED_CLIENTS) + 3
            requests = one.requests(OFFERED_CLIENTS, saves)
            run = open_loop(one.address, requests, rate, seconds, one.check)
            waits = Histogram()
            waits.add(run.waits)
            found.append(Offered(one.name, rate, waits))
            one.rest()
    return found


def _grown(data: Path, notes: int, seconds: float, say: page.Say) -> Grown:
    if not growth.is_made(data):
        say(f"Making a record of {notes:,} notes…")
        data.parent.mkdir(parents=True, exist_ok=True)
        add_account(data)
        with running(data) as serving:
            session = serving.session
        growth.make(data, session, notes, say)
    growth.catch_up(data, say)
    say(f"{notes:,} notes…")
    alone, together = Row(PRODUCT, 1), Row(PRODUCT, 64)
    with running(data) as serving:
        one = _product(serving.session)
        for _ in range(3):
            for row in (alone, together):
                saves = int(RATES_MAX.get(row.clients, RATE_MAX) * seconds / row.clients) + 10
                requests = one.requests(row.clients, saves)
                _add(row, one, closed_loop(one.address, requests, seconds, one.check))
        resident = serving.resident_mebibytes()
        serving.crash()
    start, session = _started(data)
    return Grown(notes, alone, together, resident, start, measure(data, session))


def _started(data: Path) -> tuple[float, Session]:
    """Seconds until all is served again after a crash."""
    found: Serving
    with running(data) as found:
        return found.start_seconds, found.session


def _about(options: argparse.Namespace) -> str:
    return (
        f"{platform.machine()}, {os.cpu_count()} cores shared by servers and load, Python "
        f"{platform.python_version()}, SQLite {apsw.sqlite_lib_version()}; "
        f"{options.rounds} rounds of {options.seconds:g} s."
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
