"""I2 to I4. What a feature spoils is found and stopped although nobody works."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.deploying import deploy, deployments, feature
from tests.running import Running, wait_until
from tests.sentinels import (
    FOUND_SECONDS_MAX,
    NOBODYS_PRACTICE,
    guarded_by_sentinels,
    wait_walked,
    why,
)


@pytest.fixture(scope="module")
def anamnesis() -> Iterator[Running]:
    with guarded_by_sentinels() as running:
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
    wait_walked(anamnesis)
    assert feature(anamnesis, "withdraw", named).returncode == 0


def test_a_job_of_the_night_that_spoils_what_was_right_by_day_is_found(
    anamnesis: Running, tmp_path: Path
) -> None:
    named = deploy(anamnesis, tmp_path, "record.py", "LateWipe", NOBODYS_PRACTICE)
    wait_walked(anamnesis, named)
    assert feature(anamnesis, "nightly").returncode == 0
    wait_until(lambda: why(anamnesis, named), f"{named} suspended", FOUND_SECONDS_MAX)
    assert feature(anamnesis, "withdraw", named).returncode == 0


@pytest.mark.parametrize(("file", "name"), [("record.py", "ShareWipesNote"), ("pages.py", "Hides")])
def test_a_feature_that_fails_its_trial_never_reaches_its_cohort(
    anamnesis: Running, tmp_path: Path, file: str, name: str
) -> None:
    claire = anamnesis.sign_in("claire")
    named = deploy(anamnesis, tmp_path, file, name, claire.practice, at_once=False)
    wait_until(lambda: why(anamnesis, named), f"{named} suspended", FOUND_SECONDS_MAX)
    [deployment] = [one for one in deployments(anamnesis) if one["feature"] == named]
    assert deployment["trying"]
    assert feature(anamnesis, "withdraw", named).returncode == 0
    wait_walked(anamnesis)
