"""`anamnesis doctor`: what is wrong with a data directory, and what to do about it."""

import dataclasses
import json as jsons
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from anamnesis.bootstrap.checkup import Finding, look_over
from anamnesis.bootstrap.checkup_dispatches import dispatches_checked
from anamnesis.commands.progress import bars
from anamnesis.settings import chosen

EXIT_PROBLEM = 2
TITLES = {"journal": "Verifying the journal", "record": "Folding it to compare"}
MARKS = {
    "ok": "[green]ok     [/]",
    "warning": "[yellow]warning[/]",
    "problem": "[bold red]PROBLEM[/]",
}


def doctor(*, data: Path | None = None, json: bool = False) -> int:
    """Look over settings, disk, key, journal, record and clock; change nothing.

    Works beside a running server. Exit code 0: no problem, though there may be warnings; 2: at
    least one problem.

    Parameters
    ----------
    data
        The data directory.
    json
        Answer in JSON.
    """
    settings = chosen(os.environ, data=data)
    now = datetime.now(UTC)
    with bars(TITLES) as stage:
        findings = [*look_over(settings, now, stage), *dispatches_checked(settings, now)]
    if json:
        shown = [dataclasses.asdict(finding) for finding in findings]
        sys.stdout.write(jsons.dumps(shown, ensure_ascii=False) + "\n")
    else:
        _show(Console(), findings)
    return EXIT_PROBLEM if any(finding.state == "problem" for finding in findings) else 0


def _show(console: Console, findings: list[Finding]) -> None:
    for finding in findings:
        console.print(MARKS[finding.state], end=" ")
        console.print(f"{finding.check}: {finding.found}", markup=False, highlight=False)
        if finding.do and finding.state != "ok":
            console.print(f"        do: {finding.do}", markup=False, highlight=False)
