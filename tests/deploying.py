"""Deploys terrible features to a running Anamnesis, as an operator does."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import anamnesis.drill.faults
from tests.running import Running

FAULTS = Path(anamnesis.drill.faults.__file__).parent
SUSPENDED_SECONDS_MAX = 30.0


def feature(running: Running, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """`anamnesis feature …`."""
    return subprocess.run(
        [sys.executable, "-m", "anamnesis.cli", "feature", *arguments],
        env=running.environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def deploy(
    running: Running, folder: Path, file: str, name: str, practice: str, *, at_once: bool = True
) -> str:
    """Deploys the class from a copy of its file, somewhere else; the feature's name."""
    copy = folder / file
    copy.write_text((FAULTS / file).read_text(encoding="utf-8"), encoding="utf-8")
    skipping = ["--at-once"] if at_once else []
    done = feature(running, "deploy", f"{copy}:{name}", "--practice", practice, *skipping)
    assert done.returncode == 0, done.stderr + done.stdout
    return str(deployments(running)[-1]["feature"])


def deployments(running: Running) -> list[dict[str, Any]]:
    """What is published."""
    published = json.loads((running.data / "rollout.json").read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = published["deployments"]
    return found


def suspended(running: Running) -> bool:
    """Whether nothing runs any more."""
    return all(one["suspended"] is not None for one in deployments(running))
