"""I2 to I4. Whatever a feature does to the record, nothing is lost, and it is stopped by itself."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.running import Running
from tests.terrible import survive


@pytest.fixture(scope="module")
def anamnesis() -> Iterator[Running]:
    with Running.started() as running:
        yield running


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("record.py", "ShareWipesNote"),
        ("entries.py", "DropsSection"),
        ("record.py", "LateWipe"),
        ("process.py", "Exits"),
        ("process.py", "PatchesModules"),
    ],
)
def test_a_feature_that_spoils_the_record_loses_nothing_and_is_suspended(
    anamnesis: Running, tmp_path: Path, file: str, name: str
) -> None:
    survive(anamnesis, tmp_path, file, name)
