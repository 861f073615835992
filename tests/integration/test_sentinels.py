"""Sentinels on a running Anamnesis: whose they are, where they are not, and that they come back."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from anamnesis.rollout.rollout import SENTINEL_PATHS
from anamnesis.rollout.sentinels import BASELINE, SENTINEL_PRACTICE
from tests.deploying import deployments, feature
from tests.running import Running, wait_until
from tests.sentinels import (
    FOUND_SECONDS_MAX,
    NOBODYS_PRACTICE,
    guarded_by_sentinels,
    told,
    wait_walked,
    why,
)


@pytest.fixture(scope="module")
def anamnesis() -> Iterator[Running]:
    with guarded_by_sentinels() as running:
        yield running


def test_a_feature_that_does_no_harm_is_walked_on_every_path_and_then_its_cohort_gets_it(
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
    wait_walked(anamnesis, "quiet")
    wait_until(
        lambda: not deployments(anamnesis)[-1]["trying"], "through its trial", FOUND_SECONDS_MAX
    )
    assert why(anamnesis, "quiet") is None
    ran_it = anamnesis.child("application")
    assert feature(anamnesis, "withdraw", "quiet").returncode == 0
    # Code that ran is gone only with its process.
    wait_until(lambda: anamnesis.replaced("application", ran_it), "replaced", FOUND_SECONDS_MAX)
    wait_until(lambda: anamnesis.health().get("application") == "up", "up again", FOUND_SECONDS_MAX)


def test_a_sentinels_process_that_is_killed_comes_back_and_takes_nobody_along(
    anamnesis: Running,
) -> None:
    others = [anamnesis.child(name) for name in ("keeper", "application")]
    pid = anamnesis.kill("sentinels")
    wait_until(lambda: anamnesis.replaced("sentinels", pid), "other sentinels", FOUND_SECONDS_MAX)
    before = max(one["at"] for one in told(anamnesis))
    wait_until(
        lambda: all(one["at"] > before for one in told(anamnesis) if one["feature"] == BASELINE),
        "walking again",
        FOUND_SECONDS_MAX,
    )
    assert [anamnesis.child(name) for name in ("keeper", "application")] == others


def test_nobody_signs_in_as_a_sentinel(anamnesis: Running) -> None:
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


def test_the_operator_is_shown_each_path_and_how_it_went(anamnesis: Running) -> None:
    shown = feature(anamnesis, "sentinels")
    assert shown.returncode == 0, shown.stderr
    for path in SENTINEL_PATHS:
        assert path in shown.stdout
    assert "good" in shown.stdout
