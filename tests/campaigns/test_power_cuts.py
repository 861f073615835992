"""The power is cut at random instants under load; whoever was told *kept* finds it there.

Twenty cuts run with every test where the machine lets a test have a disk of its own;
`make campaign-power CUTS=300` runs as many as a release needs, and fails where it cannot.
The seed it prints replays the same texts and waiting times, though not the same instants.
"""

import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict
from pathlib import Path

import pytest

from tests.campaigns.cut_writer import POWER_GONE, Life
from tests.campaigns.loop_disk import NEEDS, LoopDisk, has_rights, loop_disk
from tests.conftest import ROOT
from tests.history.checker import Verdict, check_folder
from tests.history.small_server import VKEY

CUTS = int(os.environ.get("ANAMNESIS_CUTS", "300"))
SEED = int(os.environ.get("ANAMNESIS_SEED", str(random.randrange(2**32))))
CUTS_EACH_TIME = 20
DISK_LIVES = 10
"""Cuts of one disk before it is replaced by an empty one: files are young, and old."""
WRITER_SECONDS_MAX = 60.0

where_it_may = pytest.mark.skipif(not has_rights(), reason=NEEDS)


class Writers:
    """The program that lives the lives; it has nothing of the disk open itself."""

    def __init__(self) -> None:
        self._program = subprocess.Popen(
            [sys.executable, "-m", "tests.campaigns.cut_writer"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def live(self, life: Life) -> int:
        """One writer, from birth to death; its exit code."""
        assert self._program.stdin
        assert self._program.stdout
        self._program.stdin.write(json.dumps(asdict(life)) + "\n")
        self._program.stdin.flush()
        return int(self._program.stdout.readline())

    def close(self) -> None:
        self._program.communicate(timeout=WRITER_SECONDS_MAX)


@pytest.fixture(scope="module")
def writers() -> Iterator[Writers]:
    with closing(Writers()) as writers:
        yield writers


class Lives:
    """One disk and the writers that live on it one after another, each until its cut."""

    def __init__(self, disk: LoopDisk, folder: Path, writers: Writers, draw: random.Random) -> None:
        self.disk = disk
        self.data = disk.mount / "data"
        self.history = folder / "history.jsonl"
        self.writers = writers
        self.draw = draw
        self.lived = 0

    def live(self, cut_seconds: float, planted: str = "") -> int:
        """One writer; its exit code."""
        self.lived += 1
        files = (str(self.data), str(self.history), str(self.disk.mount))
        seed = self.draw.randrange(2**32)
        return self.writers.live(Life(*files, self.lived, seed, cut_seconds, planted))

    def cut_short(self, planted: str = "") -> Verdict:
        """A life that ends with the power; what the disk has then, before anybody opens it."""
        young = self.draw.random() < 0.3  # while files are made, or read again
        seconds = self.draw.uniform(0.001, 0.03) if young else self.draw.uniform(0.03, 0.4)
        assert self.live(seconds, planted) == POWER_GONE
        self.disk.power_on()
        if not self.acknowledged():
            return Verdict()  # the file may be half made; the next life has to cope with it
        return self.verdict(settled=False)

    def acknowledged(self) -> bool:
        return self.history.exists() and '"did": "ok"' in self.history.read_text(encoding="utf-8")

    def verdict(self, *, settled: bool) -> Verdict:
        if not self.history.exists():
            return Verdict()
        return check_folder(self.history, self.data, VKEY, settled=settled)


@pytest.fixture
def a_disk() -> Iterator[LoopDisk]:
    with loop_disk(128) as disk:
        yield disk


def survive(cuts: int, folder: Path, writers: Writers, draw: random.Random) -> str:
    """Cuts one disk so many times; then somebody works on it, and everything is compared."""
    folder.mkdir()
    with loop_disk(128) as disk:
        lives = Lives(disk, folder, writers, draw)
        for _ in range(cuts):
            verdict = lives.cut_short()
            assert verdict.found == [], f"cut {lives.lived}, seed {SEED}: {verdict}"
        assert lives.live(0) == 0
        verdict = lives.verdict(settled=True)
        assert verdict.found == [], f"after {cuts} cuts, seed {SEED}: {verdict}"
        return str(verdict)


def survive_all(cuts: int, folder: Path, writers: Writers) -> None:
    """Cuts so many times, on one disk after another."""
    print(f"\nseed {SEED}, {cuts} cuts of journal and record")
    draw = random.Random(SEED)
    done = 0
    while done < cuts:
        lives = min(DISK_LIVES, cuts - done)
        said = survive(lives, folder / f"disk-{done}", writers, draw)
        done += lives
        print(f"{done} cuts: {said}")


@where_it_may
def test_what_was_acknowledged_is_on_the_disk_after_a_power_cut(
    tmp_path: Path, writers: Writers
) -> None:
    survive_all(CUTS_EACH_TIME, tmp_path, writers)


@where_it_may
@pytest.mark.parametrize("planted", ["without-flush", "ack-first"])
def test_a_journal_that_answers_before_the_disk_has_it_is_found(
    a_disk: LoopDisk, tmp_path: Path, writers: Writers, planted: str
) -> None:
    lives = Lives(a_disk, tmp_path, writers, random.Random(SEED))
    verdict = Verdict()
    for _ in range(10):
        lives.live(0.3, planted)
        a_disk.power_on()
        verdict = lives.verdict(settled=False)
        if verdict.found:
            break
    assert verdict.codes & {"lost", "journal-unsound"}, verdict


@pytest.mark.campaign
@pytest.mark.timeout(120 + CUTS * 30)
def test_nothing_acknowledged_is_lost_in_any_number_of_power_cuts(
    tmp_path: Path, writers: Writers
) -> None:
    survive_all(CUTS, tmp_path, writers)
