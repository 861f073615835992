"""A small demonstration practice, made once and copied for each test that changes it."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from anamnesis.bootstrap.demonstration import plant_demonstration
from anamnesis.settings import Settings

NOW = datetime.now(UTC) - timedelta(hours=1)
ENCOUNTERS = 30


@pytest.fixture(scope="session")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("planted") / "data"
    settings = Settings(data=data).checked()
    plant_demonstration(settings, NOW, lambda name, done, total: None, ENCOUNTERS)
    return data


@pytest.fixture
def settings(planted: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings of a copy, which the commands find by the environment too."""
    data = tmp_path / "data"
    shutil.copytree(planted, data)
    data.chmod(0o700)
    monkeypatch.setenv("ANAMNESIS_DATA", str(data))
    return Settings(data=data).checked()
