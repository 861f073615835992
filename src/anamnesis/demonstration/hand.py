"""How each practitioner writes: in lines, in bullets, or in one breath."""

from typing import Literal

from anamnesis.clinical.sections import Sections
from anamnesis.demonstration import besides
from anamnesis.demonstration.case import Case, sentences
from anamnesis.demonstration.draws import Draws

Hand = Literal["lines", "bullets", "prose"]

_ADULT = (besides.ADULT_HISTORY, besides.ADULT_EXAMINATION, besides.ADULT_CONCLUSION)
_CHILD = (besides.CHILD_HISTORY, besides.CHILD_EXAMINATION, besides.CHILD_CONCLUSION)

SHORTHAND = (
    ("Pas de ", "Ø "),
    ("depuis ", "dp "),
    ("Traitement", "TTT"),
    (" jours", " j"),
    ("consultation", "cs"),
    ("bilatéral", "bilat"),
    ("Auscultation pulmonaire", "AP"),
    ("Auscultation cardiaque", "AC"),
)


def written(
    case: Case, facts: dict[str, str], hand: Hand, draws: Draws, *, child: bool
) -> Sections:
    """The four sections of one note, as this hand writes them."""
    more = _CHILD if child else _ADULT
    return Sections(
        motif=sentences(case.motif.replace("\n", " "), draws.of("motif"), facts)[0].strip(),
        interrogatoire=_section(case.history + more[0], facts, hand, draws.of("history")),
        examen=_section(case.examination + more[1], facts, hand, draws.of("examination")),
        conclusion=_section(case.conclusion + more[2], facts, hand, draws.of("conclusion")),
    )


def half_written(text: str) -> str:
    """The text as it was when its writer was half-way: cut in the middle of a word or a line."""
    return text[: len(text) * 55 // 100]


def _section(text: str, facts: dict[str, str], hand: Hand, draws: Draws) -> str:
    said = sentences(text, draws, facts)
    if hand == "prose":
        return " ".join(said)
    if hand == "lines":
        return "\n".join(said)
    return "\n".join(f"- {_short(sentence)}" for sentence in said)


def _short(sentence: str) -> str:
    shorter = sentence
    for full, short in SHORTHAND:
        shorter = shorter.replace(full, short)
    return shorter.removesuffix(".")
