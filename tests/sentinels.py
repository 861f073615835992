"""A running Anamnesis in which nobody works but sentinels, and what they say."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from anamnesis.keeper.control import Command, command
from anamnesis.rollout.rollout import SENTINEL_PATHS
from anamnesis.rollout.sentinels import BASELINE
from tests.deploying import deployments
from tests.running import ACCOUNTS, Running, wait_until

NOBODYS_PRACTICE = "0e3f8c1c-0000-8000-8000-000000000001"
"""A cohort in which nobody is: whatever is found there, a sentinel found."""
FOUND_SECONDS_MAX = 60.0


@contextmanager
def guarded_by_sentinels() -> Iterator[Running]:
    """One that is walked every two seconds, once every path has been."""
    everybody = {"claire": ACCOUNTS["claire"]}
    with Running.started(accounts=everybody, environment={"ANAMNESIS_SENTINELS": "2"}) as running:
        wait_walked(running)
        yield running


def told(running: Running) -> list[dict[str, Any]]:
    """What the sentinels said last of each path."""
    answer = asyncio.run(command(running.data / "keeper.sock", Command(sentinels=True)))
    paths: list[dict[str, Any]] = answer["sentinels"]["paths"]
    return paths


def walked(running: Running, name: str = BASELINE) -> set[str]:
    """The paths that were walked well."""
    return {
        one["path"] for one in told(running) if one["feature"] == name and one["result"] == "good"
    }


def why(running: Running, name: str) -> str | None:
    """Why this feature is suspended, if it is."""
    found = next(one for one in deployments(running) if one["feature"] == name)
    return None if found["suspended"] is None else str(found["suspended"]["why"])


def wait_walked(running: Running, name: str = BASELINE) -> None:
    """Until every path was walked well."""
    wait_until(
        lambda: walked(running, name) >= set(SENTINEL_PATHS),
        f"every path walked for {name or 'nobody'}",
        FOUND_SECONDS_MAX,
    )
