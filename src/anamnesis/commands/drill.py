"""`anamnesis drill`: the incident of April 2023, or any fault, tried on a copy of the system."""

import sys
from pathlib import Path

import msgspec
from rich.console import Console
from rich.table import Table

from anamnesis.bootstrap.drilling import drill as run
from anamnesis.commands.progress import bars
from anamnesis.drill.page import written
from anamnesis.drill.plan import CATALOGUE, Plan
from anamnesis.drill.report import Report, verdict

EXIT_LOST = 3
TITLES = {
    "accounts": "Making practitioners",
    "practitioners": "Opening their day",
    "healthy": "Working, nothing wrong",
    "faulty": "Working, fault deployed",
    "reading": "Reading everything again",
}


def drill(
    fault: str = "share-wipes-note",
    *,
    scale: float = 0.005,
    saves_per_second: float = 120.0,
    healthy_seconds: float = 10.0,
    faulty_seconds: float = 60.0,
    seed: int = 20230426,
    suite: bool = False,
    unprotected: bool = True,
    out: Path | None = None,
) -> int:
    """Deploy a fault to a cohort of simulated practitioners, in a temporary folder, and report.

    Exit code 0: nothing was lost and no screen was green while wrong; 3 otherwise.

    Parameters
    ----------
    fault
        A fault that ships with the drill, or any feature: `path/to/file.py:Name`.
    scale
        The part of a platform of 177,000 practitioners that is simulated; 1.3 % get the fault.
    saves_per_second
        What everybody writes together.
    healthy_seconds
        How long everything goes well before the fault is deployed.
    faulty_seconds
        How long the fault may last, if nothing stops it.
    seed
        The same seed types the same texts.
    suite
        Try every fault that ships with the drill, one after another.
    unprotected
        Also run it with the protections off, to show what would have been lost.
    out
        A folder for the report: `drill.json` and `drill.html`.
    """
    console = Console()
    reports: list[tuple[Report, Report | None]] = []
    for one in CATALOGUE if suite else (fault,):
        plan = Plan(one, scale, saves_per_second, healthy_seconds, faulty_seconds, seed=seed)
        protected = _run(plan)
        bare = _run(msgspec.structs.replace(plan, protected=False)) if unprotected else None
        reports.append((protected, bare))
        console.print(f"{one}: {verdict(protected)}")
    console.print(_table(reports))
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        (out / "drill.json").write_bytes(msgspec.json.format(msgspec.json.encode(reports)))
        (out / "drill.html").write_text(written(reports), encoding="utf-8")
        console.print(f"The report is in {out / 'drill.html'}.")
    bad = any(one.lost or one.greens_while_wrong for one, _ in reports)
    return EXIT_LOST if bad else 0


def _run(plan: Plan) -> Report:
    with bars(TITLES) as stage:
        report = run(plan, stage)
    sys.stderr.flush()
    return report


def _table(reports: list[tuple[Report, Report | None]]) -> Table:
    table = Table(title="Seconds from the first text in danger", title_justify="left")
    for heading in ("fault", "texts", "lost", "detected", "suspended", "all back", "false alarms"):
        table.add_column(heading, justify="left" if heading == "fault" else "right")
    table.add_column("green while wrong", justify="right")
    table.add_column("lost without protections", justify="right")
    for one, bare in reports:
        table.add_row(
            one.plan.fault,
            f"{one.texts:,}",
            f"{one.lost:,}",
            *(_seconds(at) for at in (one.detected_after, one.suspended_after, one.back_after)),
            str(one.false_alarms),
            str(one.greens_while_wrong),
            "" if bare is None else f"{bare.lost:,} of {bare.encounters:,} notes",
        )
    return table


def _seconds(at: float | None) -> str:
    return "–" if at is None else f"{at:.2f}"
