"""`anamnesis feature …`: gives features to cohorts and takes them back, while the server runs."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import cyclopts
from rich.console import Console
from rich.table import Table

from anamnesis.bootstrap import deploying
from anamnesis.keeper.control import Command
from anamnesis.rollout.cohort import Cohort
from anamnesis.rollout.refusal import RolloutRefused
from anamnesis.rollout.rollout import Deployment, Mode, Rollout
from anamnesis.settings import chosen

EXIT_REFUSED = 2

app = cyclopts.App(name="feature", help="Features and who gets them.")


@app.command
def deploy(
    feature: str,
    *,
    practice: list[str] | None = None,
    practitioner: list[str] | None = None,
    share: float = 0.0,
    canary: bool = False,
    at_once: bool = False,
    data: Path | None = None,
) -> int:
    """Give a feature to a cohort; one that is deployed already gets this cohort instead.

    Parameters
    ----------
    feature
        An installed feature's name, or `path/to/file.py:Name`.
    practice
        The id of a practice that gets it; may be repeated.
    practitioner
        The id of a practitioner who gets it; may be repeated.
    share
        A share of all practitioners, from 0 to 1, always the same ones.
    canary
        Suspect it before all others.
    at_once
        Give it to the cohort now; otherwise a sentinel walks every path under it first.
    data
        The data directory.
    """
    cohort = Cohort(tuple(practice or ()), tuple(practitioner or ()), share)
    settings = chosen(os.environ, data=data)
    return _told(
        lambda: deploying.deploy(settings, feature, cohort, canary=canary, at_once=at_once)
    )


@app.command(name="list")
def list_(*, data: Path | None = None) -> int:
    """Show what is deployed, to whom, and what is suspended.

    Parameters
    ----------
    data
        The data directory.
    """
    settings = chosen(os.environ, data=data)
    return _told(lambda: deploying.in_force(settings))


@app.command
def suspend(feature: str, *, data: Path | None = None) -> int:
    """Stop a feature for everybody, at once; it stays deployed.

    Parameters
    ----------
    feature
        Its name.
    data
        The data directory.
    """
    return _asked(data, Command(suspend=feature))


@app.command
def resume(feature: str, *, data: Path | None = None) -> int:
    """Let a suspended feature run again; ends safe mode.

    Parameters
    ----------
    feature
        Its name.
    data
        The data directory.
    """
    return _asked(data, Command(resume=feature))


@app.command
def withdraw(feature: str, *, data: Path | None = None) -> int:
    """Take a feature back from everybody.

    Parameters
    ----------
    feature
        Its name.
    data
        The data directory.
    """
    return _asked(data, Command(withdraw=feature))


@app.command
def mode(mode: Mode, *, data: Path | None = None) -> int:
    """Let features run, run none (safe), or ask the application for nothing (journal-only).

    Parameters
    ----------
    mode
        features, safe or journal-only.
    data
        The data directory.
    """
    return _asked(data, Command(mode=mode))


@app.command
def nightly(*, data: Path | None = None) -> int:
    """Run the features' nightly jobs now.

    Parameters
    ----------
    data
        The data directory.
    """
    return _asked(data, Command(nightly=True))


@app.command
def sentinels(*, data: Path | None = None) -> int:
    """Show each path that sentinels walk: when last, how it went, and how long it took.

    Parameters
    ----------
    data
        The data directory.
    """
    try:
        shown = deploying.sentinels(chosen(os.environ, data=data))
    except RolloutRefused as refused:
        return _refused(refused)
    table = Table("feature", "path", "walked", "result", "ms", "found", title=shown["state"])
    for one in shown["paths"]:
        found = ", ".join([*one["codes"], *one["routes"]]) or one["why"]
        result = "silent" if one["silent"] else one["result"]
        walked = (one["at"], result, str(one["milliseconds"]), found)
        table.add_row(one["feature"] or "none", one["path"], *walked)
    Console().print(table)
    return 0


def _refused(refused: RolloutRefused) -> int:
    sys.stderr.write(f"{refused} ({refused.code})\n")
    return EXIT_REFUSED


def _asked(data: Path | None, asked: Command) -> int:
    settings = chosen(os.environ, data=data)
    return _told(lambda: deploying.ask(settings, asked))


def _told(what: Callable[[], Rollout]) -> int:
    try:
        rollout = what()
    except RolloutRefused as refused:
        return _refused(refused)
    _show(Console(), rollout)
    return 0


def _show(console: Console, rollout: Rollout) -> None:
    if rollout.mode == "safe":
        console.print("Safe mode: no feature runs until one is resumed.")
    if rollout.journal_only is not None:
        since, why = rollout.journal_only.at, rollout.journal_only.why
        console.print(f"Journal-only mode since {since} ({why}): the application shows no page.")
    if not rollout.deployments:
        console.print("No feature is deployed.")
        return
    table = Table("feature", "for", "since", "state", "code")
    for one in rollout.deployments:
        table.add_row(one.feature, _whom(one), one.deployed_at, _state(one), one.source)
    console.print(table)


def _whom(one: Deployment) -> str:
    cohort = one.cohort
    parts = [f"{cohort.share:.1%} of everybody"] if cohort.share else []
    parts += [f"practice {practice}" for practice in cohort.practices]
    parts += [f"practitioner {practitioner}" for practitioner in cohort.practitioners]
    return ", ".join(parts) + (" (canary)" if one.canary else "")


def _state(one: Deployment) -> str:
    if one.suspended is None:
        return "being tried by a sentinel" if one.trying else "runs"
    return f"suspended {one.suspended.at} ({one.suspended.why})"
