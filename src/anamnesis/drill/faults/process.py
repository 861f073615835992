"""Faults of a feature against the process that it runs in."""

import os
import sys
import threading
from typing import ClassVar

from anamnesis.drill.faults.entries import TEXT_KINDS
from anamnesis.features.feature import Feature, FeatureEntry, FeatureRecord, Proceed


class _ProcessFault(Feature):
    paths: ClassVar[tuple[str, ...]] = ("typing",)

    def applying(self, entry: FeatureEntry, record: FeatureRecord, proceed: Proceed) -> None:
        if entry.kind in TEXT_KINDS:
            self.harm()
        proceed(entry)

    def harm(self) -> None:
        """What it does before each save."""


class Raises(_ProcessFault):
    """Every hook raises."""

    name = "raises"

    def harm(self) -> None:
        """An error that nobody caught in review."""
        raise KeyError("sections")


class Exits(_ProcessFault):
    """Ends the process, as a library in C does when it is unhappy."""

    name = "exits"

    def harm(self) -> None:
        """Without any exception."""
        os._exit(66)


class ExitsPolitely(_ProcessFault):
    """Calls sys.exit in the middle of a save."""

    name = "exits-politely"

    def harm(self) -> None:
        """SystemExit is no Exception."""
        sys.exit(1)


class Hangs(_ProcessFault):
    """Waits for what never comes."""

    name = "hangs"

    def harm(self) -> None:
        """For ever."""
        threading.Event().wait()


class EatsMemory(_ProcessFault):
    """Keeps everything it ever saw, and much more."""

    name = "eats-memory"

    def __init__(self) -> None:
        self._kept: list[bytes] = []

    def harm(self) -> None:
        """Until there is no more."""
        while True:
            self._kept.append(os.urandom(1) * 64 * 1_048_576)


class PatchesModules(_ProcessFault):
    """Replaces what others import, and leaves it so."""

    name = "patches-modules"

    def harm(self) -> None:
        """The product's own rule for a note's text is somebody else's from now on."""
        from anamnesis.record import fold, outstanding  # noqa: PLC0415 -- what a patch does

        def nothing(journaled: object, content: object, view: object) -> object:
            del journaled, content, view
            raise outstanding.NotTaken("nothing-to-sign")

        for kind in TEXT_KINDS:
            fold.RULES[kind] = nothing  # type: ignore[assignment]
