"""A browser and a running Anamnesis for the tests of the page. A missing browser is a failure."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from tests.e2e.desk import CHROMIUM, FLAGS, Desk, desk
from tests.mailbox import Mailbox, mailbox
from tests.running import Practitioner, Running, new_id


@pytest.fixture(scope="module")
def anamnesis() -> Iterator[Running]:
    with Running.started() as running:
        yield running


@pytest.fixture(scope="module")
def box() -> Iterator[tuple[Mailbox, int]]:
    """A mail server that takes everything, and its port."""
    with mailbox() as found:
        yield found


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    assert Path(CHROMIUM).exists(), "the page is tested in a real browser: install Chromium"
    launched = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
    yield launched
    launched.close()


@pytest.fixture
def fresh_id() -> Callable[[], str]:
    return new_id


@pytest.fixture
def claire(anamnesis: Running) -> Practitioner:
    return anamnesis.sign_in("claire")


@pytest.fixture
def encounter(claire: Practitioner, anamnesis: Running) -> tuple[str, str]:
    """A patient and an encounter that the record has, with nothing typed yet."""
    patient = claire.create_patient()
    started = claire.start_encounter(patient)
    anamnesis.wait_recorded()
    return patient, started


@pytest.fixture
def at_desk(anamnesis: Running, browser: Browser, encounter: tuple[str, str]) -> Iterator[Desk]:
    with desk(anamnesis, browser) as one:
        one.open(*encounter)
        yield one
