"""What fills the blanks of a note: the patient, the day, and what was measured that day."""

from dataclasses import dataclass
from datetime import date, timedelta

from anamnesis.demonstration.body import french
from anamnesis.demonstration.case import Case
from anamnesis.demonstration.draws import Draws
from anamnesis.demonstration.people import Person

MOTHER_YEARS = 26
UNITS = {
    "weight": "kg",
    "height": "cm",
    "temperature": "Cel",
    "heart-rate": "/min",
    "systolic": "mm[Hg]",
    "diastolic": "mm[Hg]",
    "oxygen-saturation": "%",
}

CHOICES: dict[str, tuple[str, ...]] = {
    "couleur": ("claire", "jaunâtre", "purulente depuis hier", "claire puis épaisse"),
    "entourage": ("son fils", "deux collègues", "à l’école", "le conjoint", "à la crèche"),
    "effort": (
        "en soulevant un carton", "au réveil, sans effort noté", "en bêchant le jardin",
        "après un long trajet en voiture", "en portant son enfant",
    ),
    "effort_plaie": (
        "s’est coupé avec un couteau de cuisine", "a heurté un angle de table",
        "coupure avec un verre dans l’évier", "plaie par cutter en bricolant",
    ),
    "stress": (
        "réorganisation du service", "séparation récente", "décès d’un parent en début d’année",
        "conflit avec la hiérarchie", "examens", "reprise après congé maternité",
    ),
    "sport": ("football", "judo", "course à pied", "natation", "gymnastique", "tennis", "basket"),
    "doigt": ("index gauche", "pouce droit", "annulaire gauche", "paume droite"),
    "tdr": ("négatif", "négatif", "positif"),
    "parent": ("sa mère", "son père", "ses deux parents", "sa grand-mère"),
    "garde": ("crèche", "assistante maternelle", "domicile"),
    "ecole": ("maternelle", "CP", "CE1", "CM1", "6e"),
    "hpv": ("faite", "2e dose à prévoir", "non souhaitée pour l’instant"),
    "pilule": (
        "lévonorgestrel/éthinylestradiol 150/30", "désogestrel 75 µg en continu",
        "DIU au lévonorgestrel posé il y a 3 ans",
    ),
    "localisation": ("plis des coudes et creux poplités", "mains et poignets", "joues et plis"),
    "localisation_naevus": ("du dos", "de l’épaule gauche", "du mollet droit", "de la tempe"),
    "intervention": (
        "cholécystectomie cœlioscopique", "prothèse totale de hanche droite",
        "cure de hernie inguinale gauche", "canal carpien droit", "ménisque interne gauche",
    ),
    "vat": ("il y a 4 ans", "en 2019", "il y a 12 ans", "inconnu"),
    "fit": ("fait il y a 10 mois, négatif", "à faire", "refusé"),
    "depistage": ("mammographie à jour", "non concerné", "FCU à jour", "PSA non demandé"),
    "vaccins_adulte": (
        "grippe + COVID proposés, acceptés", "dTcaP à 45 ans à prévoir", "à jour",
        "zona (2 doses) expliqué, réfléchit", "pneumocoque fait ce jour",
    ),
    "vaccins_enfant": (
        "à jour", "rappel dTcaP-polio 6 ans fait ce jour", "HPV 1re dose faite ce jour", "à jour",
    ),
    "prochain_enfant": ("6 ans", "8–9 ans", "11–13 ans", "15–16 ans"),
    "tanner": ("S1P1", "S1P1", "S2P2"),
    "ruffier": ("indice 4,2 (bonne adaptation)", "indice 7", "2,8"),
}  # fmt: skip


@dataclass(frozen=True)
class Visible:
    """What one encounter measured, by code, as typed; and the words for the note."""

    measured: dict[str, str]
    words: dict[str, str]


def seen(person: Person, case: Case, day: date, draws: Draws) -> Visible:
    """What is measured of `person` on `day`, and every blank a note can have."""
    rise = draws.around(sum(case.fever) / 2, 0.3) if case.fever[1] else 0.0
    height, weight = person.body.height_cm(day), person.body.weight_kg(day, draws)
    systolic, diastolic = person.body.pressure(day, draws)
    pulse = person.body.pulse(day, draws, rise)
    saturation = draws.between(95, 99) - (2 if "cardiaque" in case.name else 0)
    typed = {
        "weight": french(weight, 2 if weight < 12 else 1),
        "height": french(height),
        "temperature": french(36.8 + rise),
        "heart-rate": str(pulse),
        "systolic": str(systolic),
        "diastolic": str(diastolic),
        "oxygen-saturation": str(saturation),
    }
    words = {name: draws.pick(options) for name, options in CHOICES.items()}
    words |= _grammar(person) | _numbers(draws, day, rise) | _person_words(person, day, draws)
    words |= {
        "ta": f"{systolic}/{diastolic}",
        "ta_maison": f"{systolic - 6}/{diastolic - 4}",
        "fc": typed["heart-rate"],
        "sat": typed["oxygen-saturation"],
        "poids": typed["weight"],
        "taille": typed["height"],
        "temp_jour": typed["temperature"],
        "imc": french(weight / (height / 100) ** 2),
        "poids_avant": french(weight * 1.03, 2),
        "dose_para": str(round(weight * 15 / 10) * 10),
        "perimetre": str(round(height * 0.42 + weight * 0.3)),
    }
    words["conduite_angine"] = _throat(words["tdr"], person)
    words["conduite_otite"] = _ear(words["cote"], person, day)
    return Visible({code: typed[code] for code in case.measures}, words)


def _grammar(person: Person) -> dict[str, str]:
    female = person.sex == "female"
    return {
        "e": "e" if female else "",
        "ve": "ve" if female else "f",
        "e_simple": "e" if female else "",
        "metier": person.trade,
        "Metier": person.trade.capitalize(),
        "testicules": "" if female else ", testicules en place",
    }


def _numbers(draws: Draws, day: date, rise: float) -> dict[str, str]:
    side = draws.pick((("droite", "gauche"), ("gauche", "droite")))
    a1c = draws.around(7.1, 0.5)
    return {
        "cote": side[0],
        "autre_cote": side[1],
        "jours": str(draws.between(2, 6)),
        "semaines": str(draws.between(3, 10)),
        "mois": str(draws.pick((3, 3, 6))),
        "annees": str(draws.between(2, 18)),
        "heures": str(draws.between(2, 8)),
        "nombre": str(draws.between(2, 6)),
        "episodes": str(draws.between(0, 3)),
        "eva": str(draws.between(4, 8)),
        "eva_basse": str(draws.between(1, 3)),
        "dms": str(draws.between(15, 35)),
        "cm": french(draws.between(10, 35) / 10),
        "mm": str(draws.between(3, 8)),
        "points": str(draws.between(3, 9)),
        "ablation": str(draws.between(8, 14)),
        "arret": str(draws.between(2, 7)),
        "arret_long": str(draws.between(10, 30)),
        "phq": str(draws.between(5, 12)),
        "gad": str(draws.between(7, 14)),
        "dep": str(draws.between(34, 52) * 10),
        "dep_pct": str(draws.between(78, 99)),
        "act": str(draws.between(17, 25)),
        "fr": str(draws.between(15, 20)),
        "fr_nourrisson": str(draws.between(42, 54)),
        "scorad": str(draws.between(14, 32)),
        "score2": french(draws.between(30, 98) / 10),
        "tsh": french(draws.around(2.6, 1.4), 2),
        "hba1c": french(a1c),
        "hba1c_avant": french(a1c + draws.around(0.2, 0.3)),
        "ldl": french(draws.between(68, 165) / 100, 2),
        "dfg": str(draws.between(58, 96)),
        "kaliemie": french(draws.between(38, 48) / 10),
        "temp": french(38.2 + max(rise, 0.2)),
        "date_passee": f"{day - timedelta(days=draws.between(60, 400)):%d/%m/%Y}",
        "date_future": f"{day + timedelta(days=draws.between(10, 60)):%d/%m/%Y}",
    }


def _person_words(person: Person, day: date, draws: Draws) -> dict[str, str]:
    age = person.age_years(day)
    weeks = person.weeks_pregnant(day) or 0
    months = int(age * 12)
    pregnancies = draws.between(1, 3) if weeks or age > MOTHER_YEARS else 0
    return {
        "atcd": person.past,
        "traitement": person.treatment,
        "allergies": person.allergies,
        "tabac": person.tobacco,
        "age_txt": f"{months} mois" if months < 24 else f"{int(age)} ans",
        "pc": french(34.5 + 7.5 * min(age, 0.6) / 0.6 + 3.2 * max(0.0, min(age, 2) - 0.6)),
        "pn": str(draws.between(27, 39) * 100 + 20),
        "sa_naissance": str(draws.between(37, 41)),
        "heures_nuit": str(draws.between(8, 11)),
        "fontanelle": "souple" if age < 1.3 else "fermée",
        "developpement": _development(months),
        "vaccins_nourrisson": _infant_vaccines(months),
        "prochain_nourrisson": "dans 1 mois" if months < 6 else "dans 3 mois",
        "sa": str(weeks),
        "hu": str(max(8, weeks - 4)),
        "bdc": str(draws.between(132, 152)),
        "prise": french(max(0.4, (weeks - 8) * 0.38)),
        "gestite": str(pregnancies),
        "parite": str(max(0, pregnancies - (weeks > 0))),
    }


def _development(months: int) -> str:
    for limit, text in (
        (3, "sourire-réponse, tient la tête, vocalise"),
        (7, "attrape les objets, tient assis avec appui, rit aux éclats"),
        (12, "tient assis seul, passe un objet d’une main à l’autre, « ba-ba »"),
        (18, "marche, pointe du doigt, 5 à 10 mots"),
    ):
        if months < limit:
            return text
    return "court, empile des cubes, associe deux mots, joue à faire semblant"


def _infant_vaccines(months: int) -> str:
    for limit, text in (
        (3, "hexavalent + pneumocoque (1re dose), MenACWY et MenB"),
        (5, "hexavalent + pneumocoque (2e dose), MenB"),
        (11, "rattrapage non nécessaire, rotavirus complet"),
        (13, "hexavalent + pneumocoque (rappel 11 mois), ROR 1"),
        (18, "ROR 1 et MenACWY (12 mois), MenB rappel"),
    ):
        if months < limit:
            return text
    return "ROR 2e dose (16–18 mois), carnet complet"


def _throat(rapid_test: str, person: Person) -> str:
    if rapid_test == "négatif":
        return "Angine virale, TDR négatif : pas d’antibiotique, expliqué et accepté."
    if "amoxicilline" in person.allergies:
        return "Angine à SGA, allergie à l’amoxicilline : clarithromycine 250 mg x 2/j 5 jours."
    return "Angine à SGA : amoxicilline 1 g x 2/j pendant 6 jours (50 mg/kg/j chez l’enfant)."


def _ear(side: str, person: Person, day: date) -> str:
    if "amoxicilline" in person.allergies:
        return f"OMA {side}, allergie à l’amoxicilline : cotrimoxazole, dose selon poids, 5 jours."
    if person.age_years(day) < 2:
        return f"OMA {side} avant 2 ans : amoxicilline 80–90 mg/kg/j en 2 à 3 prises, 8 à 10 jours."
    return f"OMA {side} peu symptomatique : antalgiques, réévaluation à 48–72 h sans antibiotique."
