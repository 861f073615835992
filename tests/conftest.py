"""What every test needs: nothing real outside its own folder, and time-outs that name the test."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parent.parent

settings.register_profile(
    "house", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.load_profile(os.environ.get("ANAMNESIS_HYPOTHESIS", "house"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The browser's tests come last: once Playwright's loop runs, nobody else may start one."""
    items.sort(key=_in_a_browser)


def _in_a_browser(item: pytest.Item) -> bool:
    asked_for = item.fixturenames if isinstance(item, pytest.Function) else ()
    return "playwright" in asked_for or item.get_closest_marker("e2e") is not None


@pytest.fixture(autouse=True)
def no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """A developer's own ANAMNESIS_* variables change no test."""
    for name in [name for name in os.environ if name.startswith("ANAMNESIS_")]:
        if name not in {"ANAMNESIS_KILLS", "ANAMNESIS_HYPOTHESIS"}:
            monkeypatch.delenv(name)


@pytest.fixture
def project_root() -> Path:
    return ROOT
