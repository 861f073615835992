"""The report as one page that needs nothing else: figures, what happened when, and plots."""

from collections.abc import Sequence
from html import escape
from importlib.resources import files
from typing import Final

from anamnesis.drill.plan import CONCERNED, PLATFORM
from anamnesis.drill.report import Report, Sample, verdict

WIDTH: Final = 860
HEIGHT: Final = 180
MARGIN: Final = 40
_WORDS: Final = {
    "found": "found",
    "suspended": "feature suspended",
    "safe-mode": "safe mode",
    "journal-only": "journal-only mode",
    "pages-back": "pages back",
    "replaced": "application replaced",
    "ordered": "record ordered anew",
    "anew": "record made anew",
    "righted": "everything right again",
    "endangered": "first text in danger",
}

Pair = tuple[Report, Report | None]


def written(reports: Sequence[Pair]) -> str:
    """The page (HTML)."""
    style = files(__package__).joinpath("page.css").read_text(encoding="utf-8")
    parts = [_fault(*pair) for pair in reports]
    if len(reports) > 1:
        parts.insert(0, _matrix(reports))
    first = reports[0][0]
    return (
        "<!doctype html><html lang='en'><head><meta charset='utf-8'>"
        "<meta name='viewport' content='width=device-width'><title>Anamnesis: drill</title>"
        f"<style>{style}</style></head><body><main><h1>Drill</h1><p class='quiet'>"
        f"{first.plan.practitioners:,} simulated practitioners, {first.plan.cohort:,} of them with "
        f"the fault ({CONCERNED / PLATFORM:.1%}, as in April 2023), "
        f"{first.plan.saves_per_second:g} saves a second. Anamnesis {escape(first.build)}.</p>"
        f"{''.join(parts)}</main></body></html>"
    )


def _fault(one: Report, bare: Report | None) -> str:
    good = not one.lost and not one.greens_while_wrong
    figures = [
        ("texts typed", f"{one.texts:,}"),
        ("notes lost", f"{one.lost:,}"),
        ("until it was known", _seconds(one.detected_after)),
        ("until it was stopped", _seconds(one.suspended_after)),
        ("until the last text was back", _seconds(one.back_after)),
        ("false alarms before", str(one.false_alarms)),
        ("screens green while wrong", f"{one.greens_while_wrong} of {one.greens:,}"),
    ]
    if bare is not None:
        figures.append(("lost with the protections off", f"{bare.lost:,} of {bare.encounters:,}"))
    cells = "".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in figures)
    return (
        f"<section><h2>{escape(one.plan.fault)}</h2>"
        f"<p class='verdict {'good' if good else 'bad'}'>{escape(verdict(one))}</p>"
        f"<dl>{cells}</dl>"
        f"{_plot(one)}{_timeline(one)}</section>"
    )


def _matrix(reports: Sequence[Pair]) -> str:
    head = "".join(
        f"<th scope='col'>{name}</th>"
        for name in ("fault", "lost", "known", "stopped", "all back", "green while wrong", "bare")
    )
    rows = "".join(
        f"<tr><th scope='row'>{escape(one.plan.fault)}</th>"
        + "".join(
            f"<td>{value}</td>"
            for value in (
                one.lost,
                _seconds(one.detected_after),
                _seconds(one.suspended_after),
                _seconds(one.back_after),
                one.greens_while_wrong,
                "" if bare is None else f"{bare.lost:,} lost",
            )
        )
        + "</tr>"
        for one, bare in reports
    )
    return (
        f"<section><h2>All faults</h2><table><thead><tr>{head}</tr></thead>{rows}</table></section>"
    )


def _timeline(one: Report) -> str:
    lines = "".join(
        f"<li><time>{escape(step.at)}</time> {_WORDS.get(step.what, step.what)} "
        f"<small>{escape(step.detail)}</small></li>"
        for step in one.steps
    )
    about = "<p class='quiet'>Since the fault was deployed.</p>"
    return f"<h3>What happened</h3>{about}<ol>{lines}</ol>"


def _plot(one: Report) -> str:
    """Notes shown wrongly, and entries journaled and not yet recorded, over time (SVG)."""
    samples = one.samples
    if not samples:
        return ""
    most = max(1, *(max(sample.wrong, sample.journaled - sample.recorded) for sample in samples))
    first, last = samples[0].at, max(samples[-1].at, samples[0].at + 1)

    def line(name: str, values: Sequence[tuple[float, int]]) -> str:
        points = " ".join(
            f"{MARGIN + (at - first) / (last - first) * (WIDTH - 2 * MARGIN):.1f},"
            f"{HEIGHT - MARGIN - value / most * (HEIGHT - 2 * MARGIN):.1f}"
            for at, value in values
        )
        return f"<polyline class='{name}' points='{points}'></polyline>"

    corner = f"x='{WIDTH - MARGIN}' y='{HEIGHT - MARGIN + 16}' text-anchor='end'"
    zero = MARGIN + (0 - first) / (last - first) * (WIDTH - 2 * MARGIN)
    return (
        f"<figure><svg viewBox='0 0 {WIDTH} {HEIGHT}' role='img' "
        "aria-label='Notes shown wrongly, and entries waiting to be recorded, over time'>"
        f"<line class='axis' x1='{MARGIN}' y1='{HEIGHT - MARGIN}' x2='{WIDTH - MARGIN}' "
        f"y2='{HEIGHT - MARGIN}'></line>"
        f"<line class='deployed' x1='{zero:.1f}' y1='{MARGIN / 2}' x2='{zero:.1f}' "
        f"y2='{HEIGHT - MARGIN}'></line><text x='{zero + 4:.1f}' y='{MARGIN / 2 + 8}'>fault</text>"
        f"<text x='4' y='{MARGIN}'>{most:,}</text><text x='4' y='{HEIGHT - MARGIN}'>0</text>"
        f"<text {corner}>{last:.0f} s</text>"
        f"{line('waiting', _waiting(samples))}{line('wrong', [(s.at, s.wrong) for s in samples])}"
        "</svg><figcaption><span class='wrong'>shown wrongly</span> "
        "<span class='waiting'>journaled, not yet recorded</span></figcaption></figure>"
    )


def _waiting(samples: Sequence[Sample]) -> list[tuple[float, int]]:
    return [(one.at, max(0, one.journaled - one.recorded)) for one in samples]


def _seconds(at: float | None) -> str:
    return "–" if at is None else f"{at:.2f} s"
