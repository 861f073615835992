"""Finds a feature's code: an installed package's entry point, or a file."""

import importlib.util
import sys
from collections.abc import Callable
from importlib.metadata import entry_points
from pathlib import Path
from types import ModuleType
from typing import cast

from openfeature.provider import FeatureProvider

from anamnesis.features.feature import Feature

ENTRY_POINTS = "anamnesis.features"
"""The group under which a package lists its features (`name = "package.module:Class"`)."""
FLAG_SERVICES = "anamnesis.flags"
"""The group under which a package lists an OpenFeature provider that may be plugged in."""
INSTALLED = "entry-point"
"""What a deployment's source says of an installed feature."""


class FeatureNotFound(Exception):
    """Its code is not there, or is no feature; `code` is stable."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def find(named: str) -> tuple[Feature, str]:
    """A feature by its name (installed) or as `path/to/file.py:Name`, and its source.

    Runs the feature's module. Raises FeatureNotFound, and whatever that module raises.
    """
    file, colon, name = named.rpartition(":")
    if colon and file.endswith(".py"):
        path = Path(file).expanduser().absolute()
        return _from_file(path, name), f"{path}:{name}"
    return load(named, INSTALLED), INSTALLED


def load(feature: str, source: str) -> Feature:
    """The feature of this name from this source; raises as `find` does."""
    if source == INSTALLED:
        for one in entry_points(group=ENTRY_POINTS):
            if one.name == feature:
                return _made(one.load(), feature)
        raise FeatureNotFound("feature-not-installed", f"No package brings a feature {feature}.")
    file, _, name = source.rpartition(":")
    return _from_file(Path(file), name)


def flag_service(named: str) -> FeatureProvider:
    """An OpenFeature provider by its name (installed) or as `path/to/file.py:Name`, made anew.

    Raises FeatureNotFound, and whatever its module raises.
    """
    file, colon, name = named.rpartition(":")
    if colon and file.endswith(".py"):
        made = cast("Callable[[], FeatureProvider]", _named(Path(file).expanduser(), name))
        return made()
    for one in entry_points(group=FLAG_SERVICES):
        if one.name == named:
            return cast("Callable[[], FeatureProvider]", one.load())()
    raise FeatureNotFound("feature-not-installed", f"No package brings a flag service {named}.")


def _from_file(path: Path, name: str) -> Feature:
    return _made(_named(path, name), name)


def _named(path: Path, name: str) -> object:
    if not path.is_file():
        raise FeatureNotFound("feature-file-missing", f"There is no file {path}.")
    module = _module(path)
    found = getattr(module, name, None)
    if found is None:
        raise FeatureNotFound("feature-name-missing", f"{path.name} has no {name}.")
    return found


def _module(path: Path) -> ModuleType:
    specification = importlib.util.spec_from_file_location(f"feature_{path.stem}", path)
    if specification is None or specification.loader is None:
        raise FeatureNotFound("feature-file-missing", f"{path.name} is not a Python file.")
    module = importlib.util.module_from_spec(specification)
    sys.modules[specification.name] = module
    specification.loader.exec_module(module)
    return module


def _made(found: object, name: str) -> Feature:
    made = found() if isinstance(found, type) else found
    if not isinstance(made, Feature) or not made.name:
        raise FeatureNotFound("not-a-feature", f"{name} is not a Feature with a name.")
    return made
