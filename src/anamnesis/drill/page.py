"""The report as one page that needs nothing else: what happened, in words anybody understands."""

from collections.abc import Sequence
from html import escape
from importlib.resources import files
from typing import Final

from anamnesis.drill.catalogue import Hole
from anamnesis.drill.charts import Axis, Line, Mark, plot, stacked, thinned
from anamnesis.drill.figures import Figure, Result, Row
from anamnesis.drill.matrix import matrix
from anamnesis.drill.plan import CONCERNED, PLATFORM
from anamnesis.drill.report import SCREENS, Report, Watch, verdict
from anamnesis.drill.words import Words

FACTS: Final = ("fault", "known", "told", "reach", "back")
"""What is told of April 2023."""


def written(
    results: Sequence[Result], rows: Sequence[Row], holes: Sequence[Hole], words: Words
) -> str:
    """The page (HTML)."""
    style = files(__package__).joinpath("page.css").read_text(encoding="utf-8")
    runs = [(one, bare) for one, bare in results if isinstance(one, Report)]
    several = len(rows) > 1 or bool(holes)
    if several:
        parts = [matrix(rows, holes, words), *(_detail(*run, words) for run in runs)]
    else:
        parts = [_story(run, rows[0], words) for run in runs[:1]]
        parts += [] if runs else [f"<p>{escape(words(f'why-{rows[0].why}'))}</p>"]
    title = words("title-suite" if several else "title")
    return (
        f"<!doctype html><html lang='{words.language}'><head><meta charset='utf-8'>"
        f"<meta name='viewport' content='width=device-width'><title>Anamnesis: {title}</title>"
        f"<style>{style}</style></head><body><main><header><p class='brand'>Anamnesis</p>"
        f"<h1>{escape(title)}</h1></header>{''.join(parts)}{_method(runs, words)}"
        "</main></body></html>"
    )


def _story(run: tuple[Report, Report | None], row: Row, words: Words) -> str:
    """One fault, told from the beginning to the end."""
    one, bare = run
    incident = one.plan.fault == "share-wipes-note"
    about = words(f"fault-{one.plan.fault}") if _known(one, words) else one.plan.fault
    return (
        f"<p class='lead'>{escape(about)}</p>"
        f"<p class='verdict {_colour(one)}'>{escape(_verdict(one, bare, words))}</p>"
        f"{_columns(bare, row, words, incident=incident)}"
        f"{_compared(one, bare, words)}{_timeline(one, words)}{_screens(one, words)}"
        f"{_watch(bare.watched if bare else None, words)}"
        f"{_facts(words) if incident else ''}"
    )


def _known(one: Report, words: Words) -> bool:
    return f"fault-{one.plan.fault}" in words.messages


def _colour(one: Report) -> str:
    return {"good": "good", "admitted": "admitted"}.get(verdict(one), "bad")


def _verdict(one: Report, bare: Report | None, words: Words) -> str:
    said = words(
        f"verdict-{verdict(one)}",
        lost=words.number(one.lost),
        greens=words.number(one.greens_while_wrong),
        alarms=words.number(one.false_alarms),
        registered=words.number(one.registered.registered if one.registered else 0),
    )
    if one.registered is not None and one.registered.is_true:
        said = f"{said} {words('verdict-registered', lost=words.number(one.registered.lost))}"
    if bare is None or not bare.lost:
        return said
    return f"{said} {words('verdict-bare', lost=words.number(bare.lost))}"


def _columns(bare: Report | None, row: Row, words: Words, *, incident: bool) -> str:
    """April 2023, without the protections, with them: the same questions, side by side."""
    heads = [words("column-with")]
    answers = [
        [
            _figure(row.detected, words),
            _figure(row.suspended, words),
            _figure(row.back, words),
            words.number(row.lost),
            words("of-screens", wrong=words.number(row.greens_while_wrong),
                  greens=words.number(row.greens)),
            words.number(row.false_alarms),
        ]
    ]  # fmt: skip
    if bare is not None:
        heads.insert(0, words("column-without"))
        never = words("never")
        answers.insert(0, [never, never, never, words.number(bare.lost), "–", "–"])
    if incident:
        heads.insert(0, words("column-2023"))
        answers.insert(0, [words(f"in-2023-{name}") for name in _QUESTIONS])
    body = "".join(
        f"<tr><th scope='row'>{escape(words(f'question-{name}'))}</th>"
        + "".join(
            f"<td data-head='{escape(head, quote=True)}'"
            f"{_last(column, heads)}>{escape(answers[column][number])}</td>"
            for column, head in enumerate(heads)
        )
        + "</tr>"
        for number, name in enumerate(_QUESTIONS)
    )
    head = "".join(f"<th scope='col'>{escape(head)}</th>" for head in heads)
    several = words("runs", count=row.runs) if row.runs > 1 else ""
    return (
        f"<table class='answers'><thead><tr><td></td>{head}</tr></thead><tbody>{body}</tbody>"
        f"</table><p class='quiet'>{escape(several)}</p>"
    )


_QUESTIONS: Final = ("detected", "suspended", "back", "lost", "screens", "alarms")


def _last(column: int, heads: Sequence[str]) -> str:
    return " class='ours'" if column == len(heads) - 1 else ""


def _figure(figure: Figure | None, words: Words) -> str:
    if figure is None or figure.median is None:
        return "–"
    said = words.duration(figure.median)
    if figure.runs == 1:
        return said
    return f"{said} ({words.duration(figure.least)} – {words.duration(figure.most)})"


def _compared(one: Report, bare: Report | None, words: Words) -> str:
    """Notes that cannot be read as they were typed, over time, without and with."""
    most = max([1, one.wrong_at_worst, *([bare.wrong_at_worst] if bare else [])])
    last = max([s.at for r in (one, bare) if r for s in r.samples] or [1.0])
    panels = []
    for name, report in (("without", bare), ("with", one)):
        if report is None:
            continue
        samples = [s for s in thinned(report.samples) if s.at >= 0]
        points = [(s.at, max(s.unreadable, s.wrong)) for s in samples]
        axis = Axis(0.0, last, most, words.number(most), words("fault-deployed"),
                    words.duration(last))  # fmt: skip
        title = words(f"panel-{name}", most=words.number(report.wrong_at_worst))
        drawn = plot(title, axis, [Line(f"line-{name}", points)])
        panels.append(f"<figure><figcaption>{escape(title)}</figcaption>{drawn}</figure>")
    heading = words("heading-compared" if bare else "heading-missing")
    return (
        f"<section><h2>{escape(heading)}</h2><p>{escape(words('about-compared'))}"
        f"</p><div class='panels'>{''.join(panels)}</div></section>"
    )


def _timeline(one: Report, words: Words) -> str:
    """What happened when, each step with how long after the first text in danger."""
    begun = _endangered(one)
    first = words("endangered")
    lines = [(0.0, first)] + [
        (float(step.at.split()[0]) - begun, words(f"step-{step.what}"))
        for step in one.steps
        if step.what != "endangered"
    ]
    items = "".join(
        f"<li><time>{escape(words.duration(max(at, 0.0)) if at > 0 else '0')}</time>"
        f"<span>{escape(what)}</span></li>"
        for at, what in lines
    )
    return (
        f"<section><h2>{escape(words('heading-timeline'))}</h2><p>{escape(words('about-timeline'))}"
        f"</p><ol class='steps'>{items}</ol>{_done(one)}</section>"
    )


def _done(one: Report) -> str:
    lines = "".join(f"<li>{escape(line)}</li>" for line in one.done)
    return f"<ul class='done' lang='en'>{lines}</ul>" if lines else ""


def _endangered(one: Report) -> float:
    """Seconds from the deployment to the first text in danger."""
    found = [float(step.at.split()[0]) for step in one.steps if step.what == "found"]
    stopped = [float(step.at.split()[0]) for step in one.steps if step.what == "suspended"]
    if found and one.detected_after is not None:
        return found[0] - one.detected_after
    if stopped and one.suspended_after is not None:
        return stopped[0] - one.suspended_after
    return 0.0


def _screens(one: Report, words: Words) -> str:
    """What the screens said meanwhile."""
    samples = [s for s in thinned(one.samples) if s.screens]
    if not samples:
        return ""
    first, last = samples[0].at, samples[-1].at
    axis = Axis(first, last, 1.0, "100 %", words.duration(-first), words.duration(last))
    marks = [Mark(0.0, words("fault-deployed"))]
    if one.back_after is not None:
        marks.append(Mark(_endangered(one) + one.back_after, words("all-back")))
    title = words("heading-screens")
    legend = "".join(
        f"<li class='{state}'>{escape(words(f'screen-{state}'))}</li>" for state in SCREENS
    )
    return (
        f"<section><h2>{escape(title)}</h2><p>{escape(words('about-screens'))}</p>"
        f"<figure>{stacked(title, axis, samples, marks)}<ul class='legend'>{legend}</ul></figure>"
        "</section>"
    )


def _watch(watch: Watch | None, words: Words) -> str:
    if watch is None:
        return ""
    cells = "".join(
        f"<div><dt>{escape(words(f'watch-{name}'))}</dt><dd>{escape(value)}</dd></div>"
        for name, value in (
            ("lost", words.number(watch.lost_before)),
            ("detected", words.duration(watch.detected_after)),
            ("back", words.duration(watch.back_after)),
            ("left", words.number(watch.lost_after)),
        )
    )
    return (
        f"<section><h2>{escape(words('heading-watch'))}</h2><p>{escape(words('about-watch'))}</p>"
        f"<dl>{cells}</dl></section>"
    )


def _facts(words: Words) -> str:
    items = "".join(
        f"<div><dt>{escape(words(f'fact-{name}'))}</dt><dd>{escape(words(f'fact-{name}-is'))}</dd>"
        "</div>"
        for name in FACTS
    )
    return (
        f"<section><h2>{escape(words('heading-facts'))}</h2><dl class='facts'>{items}</dl>"
        f"<p class='quiet'>{escape(words('sources'))}</p></section>"
    )


def _detail(one: Report, bare: Report | None, words: Words) -> str:
    name = one.plan.fault
    about = words(f"fault-{name}") if _known(one, words) else ""
    return (
        f"<details id='{escape(name, quote=True)}'><summary><code>{escape(name)}</code> "
        f"{escape(about)}</summary>"
        f"<p class='{_colour(one)}'>{escape(_verdict(one, bare, words))}</p>"
        f"{_compared(one, bare, words)}{_timeline(one, words)}{_screens(one, words)}</details>"
    )


def _method(runs: Sequence[tuple[Report, Report | None]], words: Words) -> str:
    if not runs:
        return ""
    one = runs[0][0]
    said = words(
        "method",
        practitioners=words.number(one.plan.practitioners),
        cohort=words.number(one.plan.cohort),
        share=words.number(100 * CONCERNED / PLATFORM, 1),
        saves=words.number(one.plan.saves_per_second),
        seed=one.plan.seed,
        build=one.build,
    )
    many = words("method-concerned", concerned=words.number(one.plan.concerned),
                 notes=words.number(one.endangered)) if one.plan.concerned else ""  # fmt: skip
    return (
        f"<footer><h2>{escape(words('heading-method'))}</h2><p>{escape(said)} {escape(many)}</p>"
        f"<p>{escape(words('limits'))}</p></footer>"
    )
