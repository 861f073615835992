"""What somebody had or has, and what they do not tolerate, as the record keeps it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Antecedent:
    """A condition; `ages` is between which years it began."""

    text: str
    code: str
    category: str
    status: str
    ages: tuple[int, int]
    note: str = ""


@dataclass(frozen=True)
class Intolerance:
    """An allergy or intolerance; `oldest` is the age in years by which it was known."""

    category: str
    substance: str
    severity: str
    reaction: str
    note: str = ""
    oldest: int = 130


ANTECEDENTS: dict[str, Antecedent] = {
    "HTA": Antecedent("Hypertension artérielle", "I10", "problem", "active", (40, 70)),
    "DT2": Antecedent("Diabète de type 2", "E11.9", "problem", "active", (42, 68), "ALD 8"),
    "dyslipidémie": Antecedent("Dyslipidémie mixte", "E78.2", "problem", "active", (42, 65)),
    "hypothyroïdie": Antecedent("Hypothyroïdie", "E03.9", "problem", "active", (28, 60)),
    "asthme": Antecedent("Asthme allergique", "J45.0", "problem", "active", (4, 9)),
    "insuffisance cardiaque": Antecedent(
        "Insuffisance cardiaque chronique", "I50.9", "problem", "active", (70, 80), "ALD 5"
    ),
    "appendicectomie": Antecedent("Appendicectomie", "", "surgical", "resolved", (9, 20)),
    "amygdalectomie": Antecedent("Amygdalectomie", "", "surgical", "resolved", (4, 9)),
    "cholécystectomie": Antecedent(
        "Cholécystectomie sous cœlioscopie", "", "surgical", "resolved", (30, 55)
    ),
    "fracture du poignet": Antecedent(
        "Fracture du poignet droit", "S62.8", "personal", "resolved", (10, 40), "Plâtre 6 semaines"
    ),
    "migraine": Antecedent("Migraine sans aura", "G43.0", "problem", "active", (15, 30)),
    "RGO": Antecedent("Reflux gastro-œsophagien", "K21.9", "problem", "active", (16, 50)),
    "entorses de cheville à répétition": Antecedent(
        "Entorses de cheville à répétition", "S93.4", "personal", "inactive", (12, 25)
    ),
    "lithiase urinaire": Antecedent(
        "Colique néphrétique sur lithiase", "N20.0", "personal", "resolved", (25, 50)
    ),
    "varices opérées": Antecedent("Varices des membres inférieurs opérées", "I83.9", "surgical",
                                  "resolved", (35, 60)),
    "canal carpien opéré": Antecedent(
        "Libération du canal carpien droit", "G56.0", "surgical", "resolved", (16, 60)
    ),
    "bronchiolite à 5 mois": Antecedent("Bronchiolite", "J21.9", "personal", "resolved", (0, 0)),
    "otites": Antecedent("Otites moyennes à répétition", "H66.9", "personal", "inactive", (1, 3)),
    "prématurité (35 SA)": Antecedent("Prématurité (35 SA)", "P07.3", "personal", "resolved",
                                      (0, 0)),
}  # fmt: skip
"""By what the notes call it: see `people.CONDITIONS` and `people.PAST`."""

SMOKING = Antecedent("Tabagisme actif", "F17.2", "problem", "active", (16, 20))

FAMILY: tuple[tuple[str, str, str], ...] = (
    ("Hypertension artérielle", "I10", "mère"),
    ("Infarctus du myocarde à 71 ans", "I21.9", "père"),
    ("Diabète de type 2", "E11.9", "oncle maternel"),
    ("Cancer du côlon", "C18.9", "grand-père paternel"),
    ("Cancer du sein à 62 ans", "C50.9", "tante maternelle"),
    ("Asthme", "J45.9", "mère"),
    ("Mélanome", "C43.9", "père"),
)

INTOLERANCES: dict[str, Intolerance] = {
    "amoxicilline (éruption, enfance)": Intolerance(
        "allergy", "Amoxicilline", "moderate", "Éruption maculopapuleuse", "Dans l’enfance", 9
    ),
    "pollens de graminées": Intolerance(
        "allergy", "Pollens de graminées", "mild", "Rhino-conjonctivite de mai à juillet", oldest=30
    ),
    "iode (doute)": Intolerance(
        "intolerance", "Produit de contraste iodé", "unknown", "Malaise lors d’un scanner",
        "Doute : avis allergologique à demander avant un nouvel examen injecté",
    ),
    "acariens": Intolerance("allergy", "Acariens", "mild", "Rhinite toute l’année", oldest=25),
    "arachide (stylo d’adrénaline)": Intolerance(
        "allergy", "Arachide", "severe", "Anaphylaxie",
        "Stylo d’adrénaline toujours sur soi, projet d’accueil à l’école si besoin", 6,
    ),
}  # fmt: skip
"""By what the notes call it: see `people.ALLERGIES`."""

SIDE_EFFECTS: tuple[Intolerance, ...] = (
    Intolerance("intolerance", "Codéine", "mild", "Vomissements"),
    Intolerance("intolerance", "Tramadol", "moderate", "Vertiges et confusion"),
    Intolerance("intolerance", "Amlodipine", "mild", "Œdèmes des chevilles"),
    Intolerance("intolerance", "Énalapril", "mild", "Toux sèche"),
)
