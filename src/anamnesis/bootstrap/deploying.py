"""Asks a running keeper about features, and looks at a feature's code before it is deployed."""

import asyncio
from typing import Any

import msgspec

from anamnesis.features.feature import Feature
from anamnesis.features.loading import FeatureNotFound, find
from anamnesis.keeper.control import Command, Deploy, command
from anamnesis.keeper.publishing import published
from anamnesis.rollout.cohort import Cohort
from anamnesis.rollout.refusal import RolloutRefused
from anamnesis.rollout.rollout import Rollout
from anamnesis.settings import Settings


def deploy(
    settings: Settings, named: str, cohort: Cohort, *, canary: bool = False, at_once: bool = False
) -> Rollout:
    """Deploys an installed feature, or `path/to/file.py:Name`, to a cohort, while the keeper runs.

    Runs the feature's module here, to know its name and paths. Raises RolloutRefused.
    """
    feature, source = _found(named)
    asked = Deploy(feature.name, source, tuple(feature.paths), cohort, canary, at_once)
    return ask(settings, Command(deploy=asked))


def ask(settings: Settings, asked: Command) -> Rollout:
    """The rollout after this command. Raises RolloutRefused."""
    return _rollout(_answered(settings, asked, "rollout"))


def sentinels(settings: Settings) -> dict[str, Any]:
    """What the sentinels said last of each path. Raises RolloutRefused."""
    shown: dict[str, Any] = _answered(settings, Command(sentinels=True), "sentinels")
    return shown


def _answered(settings: Settings, asked: Command, what: str) -> Any:  # noqa: ANN401 -- as below
    try:
        answer = asyncio.run(command(settings.control_socket, asked))
    except (FileNotFoundError, ConnectionRefusedError):
        raise RolloutRefused(
            "keeper-not-running", "No keeper runs here; start it first (anamnesis serve)."
        ) from None
    if what not in answer:
        raise RolloutRefused(answer["code"], answer["message"])
    return answer[what]


def in_force(settings: Settings) -> Rollout:
    """What is published, whether or not a keeper runs."""
    return published(settings.rollout)


def _rollout(answered: Any) -> Rollout:  # noqa: ANN401 -- JSON of another process
    return msgspec.convert(answered, Rollout)


def _found(named: str) -> tuple[Feature, str]:
    try:
        return find(named)
    except FeatureNotFound as missing:
        raise RolloutRefused(missing.code, str(missing)) from None
    except Exception as failure:
        raise RolloutRefused(
            "feature-failed", f"{named} cannot be loaded ({type(failure).__name__}: {failure})."
        ) from failure
