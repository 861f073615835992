"""What sentinels type: short, synthetic, and made of what programs have always spoilt."""

from typing import Final

from anamnesis.clinical.sections import SECTIONS, SectionName, Sections

LONG_TIMES: Final = 9
"""Enough for more than 255 characters, and for more than 255 bytes well before that."""

WRITINGS: Final[dict[str, str]] = {
    "accents": "Dyspnée à l’effort, œdèmes ; Noël Çelik, née Françoise d’Haÿ.",
    "signs": "T ≥ 38,5 °C, SpO₂ ≤ 92 %, β-lactamine 1 g × 3/j → J+7 ; 5 µg ± 0,1.",
    "lines": "  1. Repos\n  2. Eau\n\n\tRevoir si fièvre.  \n",
    "markup": "TA <140/90> & 'FC' \"72\" ; %s {0} \\n -- /* */ <b>&eacute;</b> ${x}",
    "long": "Crépitants à la base droite, toux sèche. " * LONG_TIMES,
}
"""By name. A line break at the end and blanks at the beginning are somebody's own."""


def written(writing: str, section: SectionName, mark: str, filled: frozenset[str]) -> Sections:
    """The four sections of one note: `section` in this writing, the others short; all different.

    `mark` makes a text unlike any other note's. Those not in `filled` are empty.
    """
    texts = {
        name: f"{name} {mark} {WRITINGS[writing] if name == section else '≥ à'}"
        if name in filled
        else ""
        for name in SECTIONS
    }
    return Sections(**texts)
