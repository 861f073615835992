"""Notes of the size that practitioners write, made before the clock starts."""

import random

SECTIONS = ("motif", "interrogatoire", "examen", "conclusion")
NOTE_CHARACTERS = 1_450
"""About 1.5 KB in UTF-8, the mean of the demonstration notes."""

_PHRASES = (
    "fièvre ≥ 38,5 °C depuis 48 h",
    "toux sèche, sans dyspnée",
    "TA 135/85 mmHg, FC 72/min, SpO2 98 %",
    "abdomen souple, dépressible",
    "auscultation libre",
    "pas d'adénopathie",
    "antécédent d'hypertension",
    "paracétamol 1 g x 3/j",
    "contrôle à 3 mois avec bilan biologique",
    "état général conservé",
)


def note(random_source: random.Random) -> dict[str, str]:
    """The four sections of one note, `NOTE_CHARACTERS` characters in all."""
    shares = {"motif": 0.05, "interrogatoire": 0.4, "examen": 0.35, "conclusion": 0.2}
    return {name: _text(random_source, int(NOTE_CHARACTERS * shares[name])) for name in SECTIONS}


def _text(random_source: random.Random, characters: int) -> str:
    text = ""
    while len(text) < characters:
        text += random_source.choice(_PHRASES) + ".\n"
    return text[:characters]
