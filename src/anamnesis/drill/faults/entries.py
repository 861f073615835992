"""Faults in what a feature passes on of an entry."""

import queue
import random
import threading
from typing import ClassVar

from anamnesis.features.feature import Feature, FeatureEntry, FeatureRecord, Proceed

TEXT_KINDS = ("note.write", "note.rescue", "note.restore", "note.amend")


class _TextFault(Feature):
    paths: ClassVar[tuple[str, ...]] = ("typing", "sharing")

    def applying(self, entry: FeatureEntry, record: FeatureRecord, proceed: Proceed) -> None:
        if entry.kind in TEXT_KINDS:
            self.spoil(entry, proceed)
        else:
            proceed(entry)

    def spoil(self, entry: FeatureEntry, proceed: Proceed) -> None:
        """What becomes of a note's text."""
        proceed(entry)


class DropsSection(_TextFault):
    """The conclusion is not in the new form's payload."""

    name = "drops-section"

    def spoil(self, entry: FeatureEntry, proceed: Proceed) -> None:
        """Blank instead of what was typed."""
        entry.content["sections"]["conclusion"] = ""
        proceed(entry)


class LosesKey(_TextFault):
    """The payload has only three sections: the record refuses it."""

    name = "loses-key"

    def spoil(self, entry: FeatureEntry, proceed: Proceed) -> None:
        """Without the key."""
        del entry.content["sections"]["conclusion"]
        proceed(entry)


class SwallowsError(_TextFault):
    """The save raises, the feature catches it and reports success."""

    name = "swallows-error"

    def spoil(self, entry: FeatureEntry, proceed: Proceed) -> None:
        """Nothing is passed on."""
        try:
            raise ConnectionError("the new service is not there yet")
        except ConnectionError:
            return


class QueueDrops(_TextFault):
    """Saves go through a queue in memory that nobody empties."""

    name = "queue-drops"

    def __init__(self) -> None:
        self._waiting: queue.Queue[FeatureEntry] = queue.Queue()

    def spoil(self, entry: FeatureEntry, proceed: Proceed) -> None:
        """For later."""
        self._waiting.put(entry)


class LateThread(_TextFault):
    """The save is passed on by a thread of the feature's own, when its entry is long over."""

    name = "late-thread"

    def spoil(self, entry: FeatureEntry, proceed: Proceed) -> None:
        """In half a second."""
        threading.Timer(0.5, proceed, [entry]).start()


class Truncates(_TextFault):
    """Text is cut at 255 characters."""

    name = "truncates"

    def spoil(self, entry: FeatureEntry, proceed: Proceed) -> None:
        """Each section to what a column of old had room for."""
        sections = entry.content["sections"]
        entry.content["sections"] = {name: text[:255] for name, text in sections.items()}
        proceed(entry)


class Mangles(_TextFault):
    """Accents, line breaks and the sign in "≥ 38,5 °C" are damaged on the way in."""

    name = "mangles"

    def spoil(self, entry: FeatureEntry, proceed: Proceed) -> None:
        """Through an encoding that does not have them."""
        sections = entry.content["sections"]
        entry.content["sections"] = {
            name: text.encode("ascii", "replace").decode().replace("\n", " ")
            for name, text in sections.items()
        }
        proceed(entry)


class Misfiles(_TextFault):
    """The note lands on the encounter written in before."""

    name = "misfiles"

    def __init__(self) -> None:
        self._before: dict[str, FeatureEntry] = {}

    def spoil(self, entry: FeatureEntry, proceed: Proceed) -> None:
        """Where the same author wrote last, if that was somewhere else."""
        before = self._before.setdefault(entry.author, entry)
        if before.encounter == entry.encounter:
            proceed(entry)
            return
        self._before[entry.author] = FeatureEntry(**{f: getattr(entry, f) for f in _FIELDS})
        entry.encounter, entry.patient = before.encounter, before.patient
        proceed(entry)


class StaleOverwrite(_TextFault):
    """An old tab's copy replaces a newer version."""

    name = "stale-overwrite"

    def __init__(self) -> None:
        self._first: dict[str | None, dict[str, str]] = {}

    def spoil(self, entry: FeatureEntry, proceed: Proceed) -> None:
        """From the third writing on, the first one again."""
        sections = dict(entry.content["sections"])
        first = self._first.setdefault(entry.encounter, sections)
        if first != sections:
            entry.content["sections"] = dict(first)
        proceed(entry)


class SwapsSections(_TextFault):
    """Examen and conclusion trade places."""

    name = "swaps-sections"

    def spoil(self, entry: FeatureEntry, proceed: Proceed) -> None:
        """Each under the other's name."""
        sections = entry.content["sections"]
        sections["examen"], sections["conclusion"] = sections["conclusion"], sections["examen"]
        proceed(entry)


class OneInTen(_TextFault):
    """One save in ten vanishes, at random."""

    name = "one-in-ten"

    def __init__(self) -> None:
        self._chance = random.Random(20230426)  # noqa: S311 -- the same drill twice

    def spoil(self, entry: FeatureEntry, proceed: Proceed) -> None:
        """Nine times in ten as it should be."""
        if self._chance.random() >= 0.1:
            proceed(entry)


class Duplicates(_TextFault):
    """Each save is recorded twice, under two versions."""

    name = "duplicates"

    def spoil(self, entry: FeatureEntry, proceed: Proceed) -> None:
        """Once more, to be sure."""
        proceed(entry)
        proceed(entry)


class Slow(_TextFault):
    """The record answers after 30 s."""

    name = "slow"

    def spoil(self, entry: FeatureEntry, proceed: Proceed) -> None:
        """By and by."""
        threading.Event().wait(30.0)
        proceed(entry)


_FIELDS = FeatureEntry.__struct_fields__
