"""One running Anamnesis for the tests that leave it as they found it; others start their own."""

from collections.abc import Iterator

import pytest

from tests.running import ACCOUNTS, Running


@pytest.fixture(scope="package")
def anamnesis() -> Iterator[Running]:
    with Running.started() as running:
        yield running


@pytest.fixture
def own_anamnesis() -> Iterator[Running]:
    """For tests that kill, stop or damage. One account only: each costs the time of a command."""
    with Running.started(accounts={"claire": ACCOUNTS["claire"]}) as running:
        yield running
