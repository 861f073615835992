"""What is taken for years, as a treatment's list and as the lines of a prescription have it.

The doses are ordinary ones for adults; nothing here is a source for anybody's care.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Drug:
    """One drug as somebody takes it, and why; `ald` where the illness is a long one (ALD)."""

    name: str
    dose: str
    frequency: str
    reason: str
    ald: bool = False

    @property
    def dosage(self) -> str:
        """How it is taken, in one line."""
        return f"{self.dose} {self.frequency}"


_HTA, _DT2, _LIPIDS = "Hypertension artérielle", "Diabète de type 2", "Dyslipidémie"
_THYROID, _ASTHMA = "Hypothyroïdie", "Asthme"
_HEART, _PAIN = "Insuffisance cardiaque", "Douleurs d’arthrose"
_ONE, _MORNING = "1 comprimé", "le matin"

DRUGS: dict[str, tuple[Drug, ...]] = {
    "ramipril 5 mg/j": (Drug("Ramipril 5 mg", _ONE, _MORNING, _HTA),),
    "amlodipine 5 mg/j": (Drug("Amlodipine 5 mg", "1 gélule", _MORNING, _HTA),),
    "périndopril 4 mg/j + indapamide 1,25 mg/j": (
        Drug("Périndopril 4 mg / indapamide 1,25 mg", _ONE, _MORNING, _HTA),
    ),
    "valsartan 80 mg/j": (Drug("Valsartan 80 mg", _ONE, _MORNING, _HTA),),
    "metformine 850 mg x 2/j": (
        Drug("Metformine 850 mg", _ONE, "matin et soir, au cours des repas", _DT2, ald=True),
    ),
    "metformine 1 000 mg x 2/j + gliclazide LP 60 mg/j": (
        Drug("Metformine 1 000 mg", _ONE, "matin et soir, au cours des repas", _DT2, ald=True),
        Drug("Gliclazide LP 60 mg", _ONE, "au petit-déjeuner", _DT2, ald=True),
    ),
    "metformine 1 000 mg x 2/j + dapagliflozine 10 mg/j": (
        Drug("Metformine 1 000 mg", _ONE, "matin et soir, au cours des repas", _DT2, ald=True),
        Drug("Dapagliflozine 10 mg", _ONE, _MORNING, _DT2, ald=True),
    ),
    "atorvastatine 20 mg/j": (Drug("Atorvastatine 20 mg", _ONE, "le soir", _LIPIDS),),
    "rosuvastatine 5 mg/j": (Drug("Rosuvastatine 5 mg", _ONE, "le soir", _LIPIDS),),
    "lévothyroxine 75 µg/j": (
        Drug("Lévothyroxine 75 µg", _ONE, "le matin à jeun, 30 min avant le repas", _THYROID),
    ),
    "lévothyroxine 100 µg/j": (
        Drug("Lévothyroxine 100 µg", _ONE, "le matin à jeun, 30 min avant le repas", _THYROID),
    ),
    "béclométasone 100 µg 1 bouffée x 2/j, salbutamol si besoin": (
        Drug("Béclométasone 100 µg, aérosol", "1 bouffée", "matin et soir", _ASTHMA),
        Drug("Salbutamol 100 µg, aérosol", "1 à 2 bouffées", "en cas de gêne", _ASTHMA),
    ),
    "budésonide/formotérol 100/6 1 bouffée x 2/j": (
        Drug("Budésonide/formotérol 100/6 µg", "1 bouffée", "matin et soir", _ASTHMA),
    ),
    "bisoprolol 5 mg/j, furosémide 40 mg/j, ramipril 5 mg/j": (
        Drug("Bisoprolol 5 mg", _ONE, _MORNING, _HEART, ald=True),
        Drug("Furosémide 40 mg", _ONE, _MORNING, _HEART, ald=True),
        Drug("Ramipril 5 mg", _ONE, "le soir", _HEART, ald=True),
    ),
    "paracétamol si besoin": (
        Drug("Paracétamol 1 g", _ONE, "si douleur, 3 par jour au plus", _PAIN),
    ),
}
"""By what the notes call it: see `people.CONDITIONS`."""


def drugs_of(treatment: str) -> tuple[Drug, ...]:
    """The drugs of a treatment as the notes write it; none for `aucun`. Each name once."""
    found: dict[str, Drug] = {}
    for part in treatment.split(" ; "):
        for drug in DRUGS.get(part, ()):
            found.setdefault(drug.name, drug)
    return tuple(found.values())
