"""All faults in one table: what came of each, with its holes."""

from collections.abc import Sequence
from html import escape

from anamnesis.drill.catalogue import Hole
from anamnesis.drill.figures import Figure, Row
from anamnesis.drill.words import Words

QUICK_SECONDS = 1.0
SLOW_SECONDS = 10.0
"""Up to QUICK a time is very good, up to SLOW it is good: shades of the table."""
COLUMNS = (
    "fault",
    "texts",
    "lost",
    "detected",
    "suspended",
    "back",
    "screens",
    "alarms",
    "without",
)


def matrix(rows: Sequence[Row], holes: Sequence[Hole], words: Words) -> str:
    """The table (HTML); a hole is a line that says why."""
    head = "".join(f"<th scope='col'>{escape(words(f'matrix-{name}'))}</th>" for name in COLUMNS)
    tried = sum(one.why is None for one in rows)
    bad = sum(one.bad for one in rows)
    said = words(
        "matrix-verdict-good" if not bad else "matrix-verdict-bad",
        tried=words.number(tried),
        bad=words.number(bad),
        holes=words.number(len(rows) - tried + len(holes)),
    )
    lines = [_line(row, words) for row in rows]
    lines += [_hole(one.fault, one.why, words) for one in holes]
    return (
        f"<p class='verdict {'bad' if bad else 'good'}'>{escape(said)}</p>"
        f"<section><p>{escape(words('about-matrix'))}</p><div class='wide'>"
        f"<table class='matrix'><thead><tr>{head}</tr></thead><tbody>{''.join(lines)}</tbody>"
        "</table></div></section>"
    )


def _line(row: Row, words: Words) -> str:
    if row.why is not None:
        return _hole(row.fault, row.why, words)
    lost = "hole" if row.lost and not row.bad else _shade(row.lost)
    cells = [
        ("", words.number(row.texts)),
        (lost, words.number(row.lost)),
        (_speed(row.detected), _median(row.detected, words)),
        (_speed(row.suspended), _median(row.suspended, words)),
        (_speed(row.back), _median(row.back, words)),
        (_shade(row.greens_while_wrong), words.number(row.greens_while_wrong)),
        (_shade(row.false_alarms), words.number(row.false_alarms)),
        (
            "",
            "–"
            if row.bare_lost is None
            else words("of", part=words.number(row.bare_lost),
                       whole=words.number(row.bare_endangered or 0)),
        ),
    ]  # fmt: skip
    drawn = "".join(f"<td class='{shade}'>{escape(value)}</td>" for shade, value in cells)
    return f"<tr><th scope='row'>{_name(row.fault, words)}</th>{drawn}</tr>"


def _hole(fault: str, why: str, words: Words) -> str:
    reason = words.messages.get(f"why-{why}", why)
    return (
        f"<tr><th scope='row'>{_name(fault, words)}</th>"
        f"<td class='hole' colspan='{len(COLUMNS) - 1}'>{escape(reason)}</td></tr>"
    )


def _name(fault: str, words: Words) -> str:
    about = words.messages.get(f"fault-{fault}", "")
    return f"<code>{escape(fault)}</code><small>{escape(about)}</small>"


def _shade(count: int) -> str:
    return "bad" if count else "best"


def _speed(figure: Figure | None) -> str:
    if figure is None or figure.median is None:
        return ""
    if figure.median <= QUICK_SECONDS:
        return "best"
    return "fine" if figure.median <= SLOW_SECONDS else "slow"


def _median(figure: Figure | None, words: Words) -> str:
    return words.duration(figure.median if figure else None)
