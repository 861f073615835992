"""`anamnesis drill`: the incident of April 2023, or any fault, tried on a copy of the system."""

import sys
import time
from collections.abc import Sequence
from pathlib import Path

import msgspec
from rich.console import Console
from rich.table import Table

from anamnesis.bootstrap.drilling import Opening, opened
from anamnesis.bootstrap.drilling import drill as run
from anamnesis.commands.progress import Stage, bars
from anamnesis.drill.catalogue import NEVER, SHIPPED, Hole
from anamnesis.drill.figures import Row, row_of, shown
from anamnesis.drill.page import written
from anamnesis.drill.plan import COHORT, CONCERNED, Plan
from anamnesis.drill.report import Report
from anamnesis.drill.words import Words
from anamnesis.settings import Language

EXIT_LOST = 3
TITLES = {
    "opening": "Making practitioners",
    "recording": "Recording their day",
    "healthy": "Working, nothing wrong",
    "faulty": "Working, fault deployed",
    "reading": "Reading everything again",
    "watched": "Protections switched on",
}
UNPROTECTED_HEALTHY_SECONDS = 2.0
SUITE_SCALE = 0.002
SUITE_SHARE = 0.1
SUITE_SAVES_PER_SECOND = 60.0
"""Of the cohort six each second: a fault that strikes now and then strikes within the suite."""
SUITE_HEALTHY_SECONDS = 2.0
SUITE_SECONDS = {"feature": 15.0, "page": 45.0, "silence": 60.0, "machine": 45.0, "device": 60.0}
SUITE_UNPROTECTED_SECONDS = 6.0
INCIDENT_UNPROTECTED_SECONDS = 25.0
"""Long enough to lose thousands of texts; all of it has to be read by whoever waits for it."""


def drill(
    fault: str = "share-wipes-note",
    *,
    scale: float = 0.005,
    concerned: int | None = None,
    saves_per_second: float = 60.0,
    healthy_seconds: float = 5.0,
    faulty_seconds: float = 60.0,
    seed: int = 20230426,
    runs: int = 1,
    suite: bool = False,
    unprotected: bool = True,
    language: Language = "fr",
    json: bool = False,
    out: Path | None = None,
) -> int:
    """Deploy a fault among simulated practitioners, in a temporary folder, and report.

    Exit code 0: nothing was lost, no screen was green while wrong, no alarm was false; 3 otherwise.

    Parameters
    ----------
    fault
        A fault that ships with the drill, or any feature: `path/to/file.py:Name`.
    scale
        The part of a platform of 177,000 practitioners that works meanwhile; 1.3 % get the fault.
    concerned
        So many practitioners more who get the fault have written ten consultations each before,
        and share one document each with it: 2,300 for the incident, otherwise nobody.
    saves_per_second
        What those who work write together.
    healthy_seconds
        How long everything goes well before the fault is deployed.
    faulty_seconds
        How long the fault may last, if nothing stops it.
    seed
        The same seed types the same texts.
    runs
        How often, for medians and ranges; each with a seed of its own.
    suite
        Try every fault that ships with the drill, one after another, and draw the matrix.
    unprotected
        Also run it with the protections off, to show what would have been lost.
    language
        Of the page.
    json
        Print the reports as JSON, and nothing else.
    out
        A folder for the report: `drill.json` and `drill.html`.
    """
    console = Console(stderr=json)
    if suite:
        plans = [_suite_plan(one.name, one.kind, seed) for one in SHIPPED]
    else:
        incident = CONCERNED if fault == "share-wipes-note" else 0
        many = incident if concerned is None else concerned
        plan = Plan(fault, scale, COHORT, saves_per_second, healthy_seconds, faulty_seconds, many)
        plans = [msgspec.structs.replace(plan, seed=seed + number) for number in range(runs)]
    begun = time.monotonic()
    results = _drilled(plans, console, unprotected=unprotected)
    rows = [row_of(group) for group in _by_fault(results)]
    console.print(_table(rows))
    console.print(f"{time.monotonic() - begun:.0f} s in all.", style="dim")
    _write(results, rows, Words(language), json=json, out=out, console=console, suite=suite)
    return EXIT_LOST if any(row.bad for row in rows) else 0


Result = tuple[Report | Hole, Report | None]
"""A run, and the same without the protections."""


def _suite_plan(fault: str, kind: str, seed: int) -> Plan:
    return Plan(
        fault,
        SUITE_SCALE,
        SUITE_SHARE,
        SUITE_SAVES_PER_SECOND if kind in ("feature", "silence") else 30.0,
        SUITE_HEALTHY_SECONDS,
        SUITE_SECONDS[kind],
        seed=seed,
    )


def _drilled(plans: Sequence[Plan], console: Console, *, unprotected: bool) -> list[Result]:
    """Runs them, all on copies of one opening."""
    results: list[Result] = []
    with bars(TITLES) as stage, opened(plans[0], stage) as opening:
        for plan in plans:
            report = run(opening, plan, stage)
            bare = None
            if unprotected and plan.what.kind in ("feature", "silence"):
                bare = _bare(opening, plan, stage)
            results.append((report, bare))
            console.print(shown(report, bare))
    sys.stderr.flush()
    return results


def _bare(opening: Opening, plan: Plan, stage: Stage) -> Report | None:
    longest = INCIDENT_UNPROTECTED_SECONDS if plan.concerned else SUITE_UNPROTECTED_SECONDS
    bare = msgspec.structs.replace(
        plan,
        protected=False,
        healthy_seconds=UNPROTECTED_HEALTHY_SECONDS,
        faulty_seconds=min(plan.faulty_seconds, longest),
    )
    report = run(opening, bare, stage)
    return report if isinstance(report, Report) else None


def _by_fault(results: Sequence[Result]) -> list[list[Result]]:
    groups: dict[str, list[Result]] = {}
    for result in results:
        one = result[0]
        name = one.fault if isinstance(one, Hole) else one.plan.fault
        groups.setdefault(name, []).append(result)
    return list(groups.values())


def _write(
    results: list[Result],
    rows: list[Row],
    words: Words,
    *,
    json: bool,
    out: Path | None,
    console: Console,
    suite: bool,
) -> None:
    holes = list(NEVER) if suite else []
    data = msgspec.json.encode({"rows": rows, "holes": holes, "runs": results})
    if json:
        sys.stdout.write(msgspec.json.format(data).decode() + "\n")
    if out is None:
        return
    out.mkdir(parents=True, exist_ok=True)
    (out / "drill.json").write_bytes(msgspec.json.format(data))
    (out / "drill.html").write_text(written(results, rows, holes, words), encoding="utf-8")
    console.print(f"The report is in {out / 'drill.html'}.")


def _table(rows: Sequence[Row]) -> Table:
    title = "Seconds from the first text in danger (median, and range of several runs)"
    table = Table(title=title, title_justify="left")
    headings = ("fault", "texts", "lost", "detected", "suspended", "all back", "false alarms")
    for heading in (*headings, "green while wrong", "lost without"):
        table.add_column(heading, justify="left" if heading == "fault" else "right")
    for row in rows:
        table.add_row(row.fault, *row.cells())
    return table
