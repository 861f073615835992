"""Every fault that a feature can be, one after another (`make campaign-features`).

Those that the promises' own test tries are tried again: the list is the whole of `drill/faults`.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.deploying import FAULTS
from tests.running import Running
from tests.terrible import survive

pytestmark = pytest.mark.campaign

FILES = ("entries.py", "record.py", "process.py")
"""What is in pages.py needs a page: tests/e2e/test_a_feature_that_spoils_the_page.py."""


def named(file: str) -> list[str]:
    tree = ast.parse((FAULTS / file).read_text(encoding="utf-8"))
    classes = [node.name for node in tree.body if isinstance(node, ast.ClassDef)]
    return [name for name in classes if not name.startswith("_")]


CASES = [(file, name) for file in FILES for name in named(file)]


@pytest.fixture(scope="module")
def anamnesis() -> Iterator[Running]:
    with Running.started() as running:
        yield running


@pytest.mark.parametrize(("file", "name"), CASES, ids=[name for _, name in CASES])
def test_a_terrible_feature_loses_nothing_and_is_suspended(
    anamnesis: Running, tmp_path: Path, file: str, name: str
) -> None:
    print(survive(anamnesis, tmp_path, file, name))
