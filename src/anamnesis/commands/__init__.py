"""The operator's commands beside `serve`: one file each, listed in `ADDED`."""

from collections.abc import Callable
from typing import Any

ADDED: tuple[Callable[..., Any], ...] = ()
"""Each becomes a command of its own name."""
