"""I2 to I4. Whatever a feature does to the record, nothing is lost, and it is stopped by itself."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.running import Running, wait_until
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


def test_the_practitioner_reads_which_texts_it_was_and_that_they_are_back(
    anamnesis: Running, tmp_path: Path
) -> None:
    survive(anamnesis, tmp_path, "entries.py", "SwapsSections")
    claire, paul = anamnesis.sign_in("claire"), anamnesis.sign_in("paul")

    def listed() -> str:
        return claire.client.get("/incidents", headers={"accept": "text/html"}).text

    wait_until(lambda: "swaps-sections" in listed(), "the incident on the page")
    page = listed()
    assert "Examen" in page
    assert "Conclusion" in page
    assert "revenu le" in page
    assert "remise en place en cours" not in page
    assert "swaps-sections" not in paul.client.get("/incidents").text
