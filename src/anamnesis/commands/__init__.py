"""The operator's commands beside `serve`: one file each, listed in `ADDED`."""

from collections.abc import Callable

from anamnesis.commands.demo import demo
from anamnesis.commands.doctor import doctor
from anamnesis.commands.export import export
from anamnesis.commands.rebuild import rebuild
from anamnesis.commands.verify import verify

ADDED: tuple[Callable[..., int], ...] = (demo, doctor, export, rebuild, verify)
"""Each becomes a command of its own name."""
