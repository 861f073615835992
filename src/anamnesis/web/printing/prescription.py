"""The lines of a prescription, in two zones when any of them is for a long illness."""

from typing import Any

from anamnesis.web.catalogue import Catalogue
from anamnesis.web.printing.sheet import Prescribed, Term, Zone, lines_of, printable


def zones_of(content: dict[str, Any], words: Catalogue) -> list[Zone]:
    """One zone without a label; two with theirs as soon as one line is for the long illness.

    Numbers run on from the first zone to the second. Nothing for what is no prescription.
    """
    lines = content["lines"]
    if not lines:
        return []
    if not any(line["ald"] for line in lines):
        return [Zone("", "", _numbered(lines, 1, words))]
    long = [line for line in lines if line["ald"]]
    other = [line for line in lines if not line["ald"]]
    return [
        Zone(words("print-ald"), words("print-ald-remark"), _numbered(long, 1, words)),
        Zone(
            words("print-not-ald"),
            words("print-not-ald-remark"),
            _numbered(other, len(long) + 1, words),
        ),
    ]


def count_of(content: dict[str, Any], words: Catalogue) -> str:
    """How many lines there are, so that none is added by hand; nothing without any."""
    if not content["lines"]:
        return ""
    return words.counted("print-lines", len(content["lines"]))


def _numbered(lines: list[dict[str, Any]], first: int, words: Catalogue) -> list[Prescribed]:
    return [_prescribed(line, number, words) for number, line in enumerate(lines, first)]


def _prescribed(line: dict[str, Any], number: int, words: Catalogue) -> Prescribed:
    posology = [printable(line[part]) for part in ("dose", "frequency")]
    terms: list[Term] = []
    if printable(line["duration"]):
        terms.append(Term(words("print-duration"), printable(line["duration"])))
    if line["renewals"]:
        terms.append(Term(words("print-renew"), words.counted("print-times", line["renewals"])))
    return Prescribed(
        number=number,
        drug=printable(line["drug"]),
        posology=", ".join(part for part in posology if part),
        terms=terms,
        note=lines_of(line["note"]),
    )
