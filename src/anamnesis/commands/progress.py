"""A bar on long work: on a terminal's standard error, and nowhere else."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)

Stage = Callable[[str, int, int], None]
"""Told the name of a stage, how many of it are done, of how many."""


@contextmanager
def bars(titles: Mapping[str, str]) -> Iterator[Stage]:
    """Gives what to call as work goes on: one bar for each stage, under its title."""
    columns = (
        TextColumn("{task.description:<28}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    console = Console(stderr=True)
    tasks: dict[str, TaskID] = {}
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:

        def stage(name: str, done: int, total: int) -> None:
            if name not in tasks:
                tasks[name] = progress.add_task(titles[name])
            progress.update(tasks[name], completed=done, total=total)

        yield stage
