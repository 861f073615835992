"""A terrible feature is deployed while practitioners write: nothing is lost, and it is stopped."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import anamnesis.drill.faults
from tests.running import Practitioner, Running, wait_until
from tests.sharing import document_of, share_content

FAULTS = Path(anamnesis.drill.faults.__file__).parent
LONG = "Toux sèche, fièvre à 38,5 °C (≥ 38,5 °C).\n" * 12
SECONDS_MAX = 30.0


@pytest.fixture
def anamnesis_running() -> Iterator[Running]:
    with Running.started() as running:
        yield running


def feature(running: Running, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """`anamnesis feature …`, as an operator types it."""
    return subprocess.run(
        [sys.executable, "-m", "anamnesis.cli", "feature", *arguments],
        env=running.environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def deploy(running: Running, tmp_path: Path, file: str, name: str, practice: str) -> None:
    """From a copy of the file, somewhere else."""
    copy = tmp_path / file
    copy.write_text((FAULTS / file).read_text(encoding="utf-8"), encoding="utf-8")
    done = feature(running, "deploy", f"{copy}:{name}", "--practice", practice)
    assert done.returncode == 0, done.stderr + done.stdout


def rollout(running: Running) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((running.data / "rollout.json").read_text(encoding="utf-8"))
    return found


def suspended(running: Running) -> bool:
    return all(one["suspended"] is not None for one in rollout(running)["deployments"])


class Day:
    """Some encounters that one practitioner writes, and what each must say."""

    def __init__(self, claire: Practitioner) -> None:
        self.claire = claire
        self.patient = claire.create_patient()
        self.notes: dict[str, str] = {}

    def write(self, times: int = 2) -> None:
        claire = self.claire
        encounter = claire.start_encounter(self.patient)
        base = None
        for number in range(times):
            entry = claire.note_entry(
                self.patient,
                encounter,
                f"{number}. {LONG}",
                base,
                interrogatoire="Depuis trois jours.",
                examen="Auscultation claire.",
                conclusion="Bronchite.",
            )
            claire.keep(entry)
            base = entry["digest"]
            self.notes[encounter] = base

    def readable(self) -> bool:
        return all(
            self.claire.note(encounter)["digest"] == digest
            for encounter, digest in self.notes.items()
        )


CASES = [
    ("entries.py", "DropsSection"),
    ("entries.py", "LosesKey"),
    ("entries.py", "SwallowsError"),
    ("entries.py", "QueueDrops"),
    ("entries.py", "LateThread"),
    ("entries.py", "Truncates"),
    ("entries.py", "Mangles"),
    ("entries.py", "Misfiles"),
    ("entries.py", "StaleOverwrite"),
    ("entries.py", "SwapsSections"),
    ("entries.py", "OneInTen"),
    ("entries.py", "Duplicates"),
    ("entries.py", "Slow"),
    ("record.py", "ShareWipesNote"),
    ("record.py", "LateWipe"),
    ("record.py", "WritesElsewhere"),
    ("record.py", "NeverCommits"),
    ("record.py", "HoldsLock"),
    ("record.py", "AltersTables"),
    ("process.py", "Raises"),
    ("process.py", "Exits"),
    ("process.py", "ExitsPolitely"),
    ("process.py", "Hangs"),
    ("process.py", "EatsMemory"),
    ("process.py", "PatchesModules"),
]


@pytest.mark.parametrize(("file", "name"), CASES, ids=[name for _, name in CASES])
def test_a_terrible_feature_loses_nothing_and_is_suspended(
    anamnesis_running: Running, tmp_path: Path, file: str, name: str
) -> None:
    running = anamnesis_running
    day = Day(running.sign_in("claire"))
    document = document_of(day.claire, day.patient)
    day.write()
    running.wait_recorded()
    deploy(running, tmp_path, file, name, day.claire.practice)
    begun = time.monotonic()
    for _ in range(3):
        day.write(3)
    day.claire.keep(
        day.claire.entry(
            "document.share",
            share_content(
                document,
                audience="colleague",
                to_practice=day.claire.practice,
                to_practitioner=day.claire.id,
            ),
            day.patient,
        )
    )
    feature(running, "nightly")
    for _ in range(6):
        if suspended(running):
            break
        day.write(3)
    wait_until(lambda: suspended(running), "the feature suspended", SECONDS_MAX)
    stopped = time.monotonic() - begun
    day.write()
    wait_until(
        lambda: running.health()["recorded"] == running.health()["journaled"], "all", SECONDS_MAX
    )
    wait_until(day.readable, "every note as it was typed", SECONDS_MAX)
    wait_until(lambda: not running.health()["disagreements"], "everything righted", SECONDS_MAX)
    print(f"{name}: suspended {stopped:.2f} s, readable {time.monotonic() - begun:.2f} s after")
    listed = [
        one["code"] for one in day.claire.client.get("/keep/outstanding").json()["outstanding"]
    ]
    assert listed == []
