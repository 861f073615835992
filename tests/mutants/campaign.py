"""Draws mutants, tries several at a time, and gathers the verdicts."""

import gc
import math
import multiprocessing
import os
import random
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from anamnesis.keeper.lifeline import die_with
from tests.mutants.mutator import Mutant, mutants_of
from tests.mutants.oracle import Finding
from tests.mutants.serving import overlay_of, preload
from tests.mutants.trial import Trial, World
from tests.mutants.world import make_world

SOURCE = Path(__file__).resolve().parent.parent.parent / "src" / "anamnesis"
APART = ("receipt/", "journal/", "reconcile/", "rollout/")
"""The four that the promise rests on; their own tests cover every branch."""
NO_PART = ("drill/", "demonstration/", "commands/", "cli.py", "__init__.py")
"""Have no part in saving."""
TRIAL_SECONDS_MAX = 180.0

_forking = multiprocessing.get_context("fork")


@dataclass(frozen=True)
class Tried:
    """One mutant and what came of it."""

    mutant: Mutant
    finding: Finding
    seconds: float


class Ground:
    """The folder of a campaign: copies of the tree, the world, which lines the story runs."""

    def __init__(self, folder: Path, workers: int) -> None:
        self._folder = folder
        preload()
        self.overlays = [folder / f"tree-{number}" for number in range(workers + 1)]
        for overlay in self.overlays:
            overlay.mkdir()
            overlay_of(SOURCE, overlay)
        self.plain = self.overlays[-1]
        gc.freeze()
        (folder / "world").mkdir()
        self.world: World = in_fork(lambda: make_world(self.plain, folder / "world"))

    def trial(self, overlay: Path, seed: int, traced: bool = False) -> tuple[Finding, list[str]]:
        """One trial on that tree; with the lines that ran, if traced. To be called in a fork."""
        folder = Path(tempfile.mkdtemp(prefix="t", dir=self._folder))
        try:
            finding = Trial(self.world, overlay, folder, seed, traced).run()
            lines = folder / "lines"
            ran = lines.read_text(encoding="utf-8").splitlines() if lines.exists() else []
            if os.environ.get("ANAMNESIS_MUTANT_KEPT"):
                print((folder / "printed").read_text(encoding="utf-8", errors="replace"))
            return finding, ran
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def unchanged(self, seed: int) -> tuple[Finding, list[str]]:
        """A trial of the product as it is."""
        result: tuple[Finding, list[str]] = in_fork(lambda: self.trial(self.plain, seed))
        return result

    def lines(self, seed: int) -> set[str]:
        """`path:line` of everything that the server's processes run in one trial."""
        finding, ran = in_fork(lambda: self.trial(self.plain, seed, traced=True))
        assert finding.verdict in ("harmless", "brought-back"), finding
        return set(ran)


@contextmanager
def ground(workers: int) -> Iterator[Ground]:
    """A campaign's folder, gone at the end. Its name is short, because socket paths must be."""
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        yield Ground(Path(folder), workers)


def drawn(lines: set[str], count: int, seed: int) -> list[Mutant]:
    """`count` mutants of lines that run: files by the square root of what they have, then any."""
    chance = random.Random(seed)
    by_file: dict[str, list[Mutant]] = {}
    for name in sorted({line.rpartition(":")[0] for line in lines}):
        if not name.startswith(APART + NO_PART):
            found = mutants_of((SOURCE / name).read_text(encoding="utf-8"), name)
            ran = [one for one in found if f"{name}:{one.line}" in lines]
            if ran:
                by_file[name] = ran
    picked: dict[str, Mutant] = {}
    names = list(by_file)
    weights = [len(by_file[name]) ** 0.5 for name in names]
    while len(picked) < count:
        [name] = chance.choices(names, weights)
        mutant = chance.choice(by_file[name])
        source = (SOURCE / name).read_text(encoding="utf-8")
        if mutant.name not in picked and mutant.is_another_program(source):
            picked[mutant.name] = mutant
    return list(picked.values())


def named(name: str) -> Mutant:
    """The mutant called so."""
    path = name.partition(":")[0]
    source = (SOURCE / path).read_text(encoding="utf-8")
    return next(one for one in mutants_of(source, path) if one.name == name)


def tried(
    here: Ground, mutants: Sequence[Mutant], workers: int, seed: int, seconds: float = math.inf
) -> Iterator[Tried]:
    """Each mutant's verdict, as soon as it is known; after `seconds` no other is begun."""
    until = time.monotonic() + seconds
    waiting = list(mutants)
    running: dict[Connection, tuple[Mutant, Path, Any, float]] = {}
    free = here.overlays[:workers]
    while waiting or running:
        if time.monotonic() > until:
            waiting.clear()
        while waiting and free:
            mutant, overlay = waiting.pop(0), free.pop()
            change(overlay, mutant)
            work = lambda overlay=overlay: here.trial(overlay, seed)[0]  # noqa: E731
            reading, process = _begun(work)
            running[reading] = (mutant, overlay, process, time.monotonic())
        ready = [one for one in wait(list(running), timeout=1.0) if isinstance(one, Connection)]
        for reading in ready or _overdue(running):
            mutant, overlay, process, begun = running.pop(reading)
            seconds = time.monotonic() - begun
            yield Tried(mutant, _ended(reading, process, seconds), seconds)
            restore(overlay, here.plain, mutant)
            free.append(overlay)


def change(overlay: Path, mutant: Mutant) -> None:
    """Makes the change in that copy of the tree."""
    file = overlay / "anamnesis" / mutant.path
    source = file.read_text(encoding="utf-8")
    file.unlink()
    file.write_text(mutant.made_in(source), encoding="utf-8")


def restore(overlay: Path, plain: Path, mutant: Mutant) -> None:
    """Takes it back."""
    shutil.copy2(plain / "anamnesis" / mutant.path, overlay / "anamnesis" / mutant.path)


def _overdue(running: dict[Connection, tuple[Mutant, Path, Any, float]]) -> list[Connection]:
    now = time.monotonic()
    return [one for one, (_, _, _, begun) in running.items() if now - begun > TRIAL_SECONDS_MAX]


def _begun(work: Callable[[], object]) -> tuple[Connection, Any]:
    reading, writing = _forking.Pipe(duplex=False)

    parent = os.getpid()

    def main() -> None:
        die_with(parent)
        os.setpgid(0, 0)
        writing.send(work())

    process = _forking.Process(target=main)
    process.start()
    writing.close()
    return reading, process


def _ended(reading: Connection, process: Any, seconds: float) -> Finding:
    """What the process sent; a finding that says so where it sent nothing."""
    result: Finding | None = None
    with suppress(EOFError):
        result = reading.recv() if reading.poll() else None
    process.kill()
    process.join()
    reading.close()
    if result is not None:
        return result
    if seconds > TRIAL_SECONDS_MAX:
        return Finding("timed-out", [f"after {TRIAL_SECONDS_MAX:.0f} s"])
    return Finding("trial-failed", ["the trial ended without a verdict"])


def in_fork(work: Callable[[], Any]) -> Any:
    """What `work` returns, done in a fork: this process stays without threads and loops."""
    reading, process = _begun(work)
    result = reading.recv()
    process.join()
    reading.close()
    return result
