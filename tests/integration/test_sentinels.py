"""Sentinels on a running Anamnesis in which nobody works: what they find, and what is theirs."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from anamnesis.keeper.control import Command, command
from anamnesis.rollout.rollout import SENTINEL_PATHS
from anamnesis.rollout.sentinels import BASELINE, SENTINEL_PRACTICE
from tests.deploying import deploy, deployments, feature
from tests.running import ACCOUNTS, Running, wait_until

PERIOD = {"ANAMNESIS_SENTINELS": "2"}
NOBODYS_PRACTICE = "0e3f8c1c-0000-8000-8000-000000000001"
"""A cohort in which nobody is: whatever is found there, a sentinel found."""
FOUND_SECONDS_MAX = 60.0


def told(running: Running) -> list[dict[str, Any]]:
    """What the sentinels said last of each path."""
    answer = asyncio.run(command(running.data / "keeper.sock", Command(sentinels=True)))
    paths: list[dict[str, Any]] = answer["sentinels"]["paths"]
    return paths


def walked(running: Running, name: str = BASELINE) -> set[str]:
    """The paths that were walked well."""
    return {
        one["path"] for one in told(running) if one["feature"] == name and one["result"] == "good"
    }


def why(running: Running, name: str) -> str | None:
    """Why this feature is suspended, if it is."""
    found = next(one for one in deployments(running) if one["feature"] == name)
    return None if found["suspended"] is None else str(found["suspended"]["why"])


@pytest.fixture(scope="module")
def anamnesis() -> Iterator[Running]:
    with Running.started(accounts={"claire": ACCOUNTS["claire"]}, environment=PERIOD) as running:
        wait_until(
            lambda: walked(running) >= set(SENTINEL_PATHS), "every path walked", FOUND_SECONDS_MAX
        )
        yield running


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("record.py", "ShareWipesNote"),
        ("pages.py", "Hides"),
        ("entries.py", "DropsSection"),
    ],
)
def test_what_a_feature_spoils_is_found_although_nobody_works(
    anamnesis: Running, tmp_path: Path, file: str, name: str
) -> None:
    named = deploy(anamnesis, tmp_path, file, name, NOBODYS_PRACTICE)
    wait_until(lambda: why(anamnesis, named), f"{named} suspended", FOUND_SECONDS_MAX)
    if name == "Hides":
        assert why(anamnesis, named) == "sentinel-unseen"
    wait_until(
        lambda: walked(anamnesis) >= set(SENTINEL_PATHS), "every path walked", FOUND_SECONDS_MAX
    )
    assert feature(anamnesis, "withdraw", named).returncode == 0


def test_a_feature_that_does_no_harm_is_walked_on_every_path(
    anamnesis: Running, tmp_path: Path
) -> None:
    file = tmp_path / "quiet.py"
    file.write_text(
        "from anamnesis.features.feature import Feature\n"
        "class Quiet(Feature):\n    name = 'quiet'\n    paths = ('typing',)\n",
        encoding="utf-8",
    )
    done = feature(anamnesis, "deploy", f"{file}:Quiet", "--practice", NOBODYS_PRACTICE)
    assert done.returncode == 0, done.stderr
    wait_until(
        lambda: walked(anamnesis, "quiet") == set(SENTINEL_PATHS),
        "every path under the feature",
        FOUND_SECONDS_MAX,
    )
    assert why(anamnesis, "quiet") is None
    assert feature(anamnesis, "withdraw", "quiet").returncode == 0


def test_a_sentinels_process_that_is_killed_comes_back(anamnesis: Running) -> None:
    pid = anamnesis.kill("sentinels")
    wait_until(lambda: anamnesis.replaced("sentinels", pid), "other sentinels", FOUND_SECONDS_MAX)
    before = max(one["at"] for one in told(anamnesis))
    wait_until(
        lambda: all(one["at"] > before for one in told(anamnesis) if one["feature"] == BASELINE),
        "walking again",
        FOUND_SECONDS_MAX,
    )
    assert anamnesis.health()["application"] == "up"


def test_nobody_signs_in_as_a_sentinel(anamnesis: Running) -> None:
    import httpx

    for login in ("sentinel:", "sentinel"):
        answer = httpx.post(
            f"{anamnesis.url}/keep/session", json={"login": login, "password": "!"}, timeout=10
        )
        assert answer.status_code == 401


def test_sentinels_are_in_no_list_of_colleagues_and_in_no_export(anamnesis: Running) -> None:
    claire = anamnesis.sign_in("claire")
    listed = claire.client.get("/api/v1/colleagues").json()["rows"]
    assert [one for one in listed if one["practice"] == SENTINEL_PRACTICE] == []
    assert "Sentinelle" not in claire.client.get("/colleagues").text
    out = anamnesis.data.parent / f"{anamnesis.data.name}.jsonl"
    done = subprocess.run(
        [sys.executable, "-m", "anamnesis.cli", "export", "--out", str(out)],
        env=anamnesis.environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    out.unlink()
    practices = {one["receipt"]["header"]["practice"] for one in lines if "receipt" in one}
    assert practices
    assert SENTINEL_PRACTICE not in practices
    assert lines[-1]["sentinels"] == lines[-1]["journaled"] - len(lines) + 1


def test_health_lets_figures_be_made_without_them(anamnesis: Running) -> None:
    health = anamnesis.health()
    assert health["sentinels"] == "up"
    assert 0 < health["synthetic"] <= health["journaled"]
