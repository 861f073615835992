"""What one `make bench` found out."""

import statistics
from dataclasses import dataclass, field

from benchmarks.histogram import Histogram
from benchmarks.reading import Reading
from benchmarks.stages import Stages

PRODUCT = "Anamnesis"
APPEND = "append + fdatasync"
GROUP_COMMIT = "SQLite group commit"


@dataclass(slots=True)
class Row:
    """One name at so many clients: a rate for each round, and all waits of all rounds."""

    name: str
    clients: int
    rates: list[float] = field(default_factory=list)
    waits: Histogram = field(default_factory=Histogram)
    own_cpu: list[float] = field(default_factory=list)
    unfinished: int = 0

    @property
    def at_once(self) -> float:
        """The share of answers that said that all was done, of 1."""
        return 1 - self.unfinished / self.waits.total

    @property
    def rate(self) -> float:
        """The median round's saves per second."""
        return statistics.median(self.rates)


@dataclass(frozen=True, slots=True)
class Offered:
    """Saves that fell due at a fixed rate, whatever the server did. None: more than it can."""

    name: str
    rate: int
    waits: Histogram | None


@dataclass(frozen=True, slots=True)
class Grown:
    """The product with so many notes in it."""

    notes: int
    alone: Row
    together: Row
    mebibytes_resident: float
    start_seconds: float
    reading: Reading


@dataclass(slots=True)
class Figures:
    """Everything, as it is shown and written."""

    about: str
    rows: list[Row] = field(default_factory=list)
    offered: list[Offered] = field(default_factory=list)
    grown: list[Grown] = field(default_factory=list)
    stages: list[Stages] = field(default_factory=list)

    def row(self, begins: str, clients: int) -> Row | None:
        """The row of the name that begins so; None if it was not measured."""
        for row in self.rows:
            if row.name.startswith(begins) and row.clients == clients and row.rates:
                return row
        return None
