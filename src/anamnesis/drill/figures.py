"""Figures of several runs of one fault: medians and ranges, and what a terminal shows of them."""

from collections.abc import Sequence
from statistics import median

import msgspec

from anamnesis.drill.catalogue import CATALOGUE, Hole, Kind
from anamnesis.drill.report import Report, verdict

Result = tuple[Report | Hole, Report | None]


class Figure(msgspec.Struct, frozen=True):
    """Seconds: the median of those runs in which it happened, and the range; of how many runs."""

    median: float | None
    least: float | None
    most: float | None
    happened: int
    runs: int

    @classmethod
    def of(cls, values: Sequence[float | None]) -> "Figure":
        """Of these runs; None is what did not happen."""
        found = [one for one in values if one is not None]
        if not found:
            return cls(None, None, None, 0, len(values))
        return cls(median(found), min(found), max(found), len(found), len(values))

    def __str__(self) -> str:
        if self.median is None:
            return "–"
        if self.runs == 1:
            return f"{self.median:.2f}"
        some = "" if self.happened == self.runs else f", {self.happened} of {self.runs}"
        return f"{self.median:.2f} ({self.least:.2f}–{self.most:.2f}{some})"


class Row(msgspec.Struct, frozen=True):
    """One line of the matrix. `why` says why there is nothing else in it.

    Counts are sums over all runs.
    """

    fault: str
    kind: Kind
    runs: int
    why: str | None = None
    texts: int = 0
    lost: int = 0
    never_sent: int = 0
    detected: Figure | None = None
    suspended: Figure | None = None
    back: Figure | None = None
    false_alarms: int = 0
    greens: int = 0
    greens_while_wrong: int = 0
    bare_lost: int | None = None
    bare_endangered: int | None = None
    bad: bool = False
    """Something was lost, wrong or alarmed falsely that must not be."""

    def cells(self) -> list[str]:
        """What a table says of it."""
        if self.why is not None:
            return [f"not tried: {self.why}", *[""] * 7]
        return [
            f"{self.texts:,}",
            f"{self.lost:,}",
            *(str(one or "–") for one in (self.detected, self.suspended, self.back)),
            str(self.false_alarms),
            str(self.greens_while_wrong),
            "" if self.bare_lost is None else f"{self.bare_lost:,} of {self.bare_endangered:,}",
        ]


def row_of(results: Sequence[Result]) -> Row:
    """The figures of several runs of one fault."""
    first = results[0][0]
    if isinstance(first, Hole):
        fault = CATALOGUE.get(first.fault)
        return Row(first.fault, fault.kind if fault else "feature", 0, first.why)
    reports = [one for one, _ in results if isinstance(one, Report)]
    bare = [one for _, one in results if one is not None]
    return Row(
        fault=first.plan.fault,
        kind=first.plan.what.kind,
        runs=len(reports),
        texts=sum(one.texts for one in reports),
        lost=sum(one.lost for one in reports),
        never_sent=sum(one.never_sent for one in reports),
        detected=Figure.of([one.detected_after for one in reports]),
        suspended=Figure.of([one.suspended_after for one in reports]),
        back=Figure.of([one.back_after for one in reports]),
        false_alarms=sum(one.false_alarms for one in reports),
        greens=sum(one.greens for one in reports),
        greens_while_wrong=sum(one.greens_while_wrong for one in reports),
        bare_lost=sum(one.lost for one in bare) if bare else None,
        bare_endangered=sum(one.endangered for one in bare) if bare else None,
        bad=any(verdict(one) not in ("good", "admitted") for one in reports),
    )


def shown(report: Report | Hole, bare: Report | None) -> str:
    """One run on one line."""
    if isinstance(report, Hole):
        return f"{report.fault}: not tried ({report.why})."
    said = {
        "good": "nothing was lost, and no screen said otherwise",
        "admitted": f"{report.lost:,} texts lost, as admitted",
        "lost": f"{report.lost:,} texts LOST",
        "register-wrong": f"{report.lost:,} texts lost, and THE REGISTER SAYS OTHERWISE",
        "green-while-wrong": f"{report.greens_while_wrong:,} screens GREEN WHILE WRONG",
        "false-alarm": f"{report.false_alarms:,} FALSE ALARMS",
    }[verdict(report)]
    if report.registered is not None and report.registered.is_true:
        said += f", and the register says the same {report.registered.registered:,} one by one"
    without = "" if bare is None else f"; without protections {bare.lost:,} lost"
    watch = None if bare is None else bare.watched
    if watch is not None and watch.back_after is not None:
        without += f", all back {watch.back_after:.1f} s after they were switched on"
    return f"{report.plan.fault}: {said}{without}."
