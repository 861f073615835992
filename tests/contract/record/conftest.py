"""Every test of this folder runs over each store."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.record.worlds import WORLDS, World


@pytest.fixture(params=sorted(WORLDS))
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    world = WORLDS[request.param](tmp_path)
    yield world
    world.end()
