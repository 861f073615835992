"""`anamnesis drill`, small: what it finds with the protections on, and with them off."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec

SECONDS_MAX = 120


def drilled(out: Path, *arguments: str) -> tuple[int, list[list[dict[str, Any]]]]:
    """What an operator types; the exit code and the reports of each run."""
    done = subprocess.run(
        [sys.executable, "-m", "anamnesis.cli", "drill", *arguments, "--out", str(out)],
        capture_output=True,
        text=True,
        timeout=SECONDS_MAX,
        check=False,
    )
    assert (out / "drill.html").is_file(), done.stdout + done.stderr
    found: list[list[dict[str, Any]]] = msgspec.json.decode((out / "drill.json").read_bytes())[
        "runs"
    ]
    return done.returncode, found


SMALL = ("--scale", "0.0003", "--saves-per-second", "40", "--healthy-seconds", "2")


def test_a_drill_loses_nothing_and_shows_what_would_have_been_lost(tmp_path: Path) -> None:
    code, [[protected, bare]] = drilled(tmp_path, "drops-section", *SMALL, "--faulty-seconds", "10")
    assert code == 0, protected
    assert protected["lost"] == 0
    assert protected["greens_while_wrong"] == 0
    assert protected["false_alarms"] == 0
    assert protected["suspended_after"] is not None
    assert protected["back_after"] is not None
    assert protected["refused"] == 0
    assert bare["lost"] > 0
    assert bare["suspended_after"] is None


def test_the_incident_is_over_before_those_concerned_know_of_it(tmp_path: Path) -> None:
    code, [[protected, bare]] = drilled(
        tmp_path, "share-wipes-note", *SMALL, "--concerned", "40", "--faulty-seconds", "30"
    )
    assert code == 0, protected
    assert protected["lost"] == 0
    assert protected["endangered"] >= 400
    assert bare["lost"] > 0
    assert bare["watched"]["lost_after"] == 0


def test_what_is_lost_with_a_destroyed_device_is_in_the_register_one_by_one(tmp_path: Path) -> None:
    code, [[report, _]] = drilled(
        tmp_path, "device-destroyed", "--scale", "0.0003", "--saves-per-second", "20",
        "--healthy-seconds", "1", "--faulty-seconds", "5",
    )  # fmt: skip
    assert code == 0, report
    assert report["lost"] > 0
    same = {"lost": report["lost"], "registered": report["lost"], "listed": True}
    assert report["registered"] == same
