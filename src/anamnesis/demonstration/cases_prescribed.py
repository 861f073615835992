"""What is prescribed for each case, near what the notes of the case say. No source for care."""

from collections.abc import Iterator
from typing import Final

from anamnesis.demonstration.draws import Draws
from anamnesis.demonstration.drugs import Drug
from anamnesis.demonstration.written import Content

RENEWED: Final = frozenset(
    {"HTA suivi", "diabète suivi", "asthme suivi", "thyroïde", "dyslipidémie",
     "insuffisance cardiaque", "renouvellement simple"}
)  # fmt: skip
"""Cases whose prescription is the long treatment itself."""

PARACETAMOL: Final = (
    "Paracétamol 1 g | 1 comprimé | toutes les 6 heures si besoin, 3 par jour au plus | 5 jours"
)
CHILD_PARACETAMOL: Final = (
    "Paracétamol 2,4 %, suspension | 1 dose-poids | toutes les 6 heures si besoin | 3 jours"
)
SALINE: Final = (
    "Sérum physiologique, unidoses | 1 unidose par narine | 4 à 6 fois par jour | 7 jours"
)

# A line: drug, dose, frequency, duration. A word in front says that the note has to speak of it.
LINES: Final[dict[str, str]] = {
    "rhinopharyngite": f"{PARACETAMOL}\n{SALINE}",
    "angine": f"""
        amoxicilline: Amoxicilline 1 g | 1 comprimé | matin et soir | 6 jours
        clarithromycine: Clarithromycine 250 mg | 1 comprimé | matin et soir | 5 jours
        {PARACETAMOL}""",
    "lombalgie": f"""
        ibuprofène: Ibuprofène 400 mg | 1 comprimé | 3 fois par jour au cours des repas | 5 jours
        naproxène: Naproxène 550 mg | 1 comprimé | matin et soir au cours des repas | 5 jours
        {PARACETAMOL}""",
    "gastro-entérite": """
        racécadotril: Racécadotril 100 mg | 1 gélule | 3 fois par jour avant les repas | 3 jours
        Phloroglucinol 80 mg, lyophilisat | 2 lyophilisats | en cas de spasme, 6 par jour au plus | 3 jours
        Soluté de réhydratation orale | 1 sachet dans 200 ml d’eau | à volonté | 2 jours""",
    "plaie": """
        Chlorhexidine aqueuse 0,05 % | application locale | à chaque pansement | 10 jours
        Compresses stériles et bandes | nécessaire à pansement | tous les 2 jours | 10 jours""",
    "anxiété": "hydroxyzine: Hydroxyzine 25 mg | 1 comprimé | au coucher | 14 jours",
    "rhinite allergique": """
        bilastine: Bilastine 20 mg | 1 comprimé | le matin à jeun | 30 jours
        mométasone: Mométasone 50 µg, spray nasal | 2 pulvérisations par narine | 1 fois par jour | 30 jours
        desloratadine: Desloratadine 5 mg | 1 comprimé | 1 fois par jour | 30 jours
        fluticasone: Fluticasone 27,5 µg, spray nasal | 1 pulvérisation par narine | 2 fois par jour | 30 jours""",
    "arthrose": """
        diclofénac: Diclofénac 1 %, gel | 1 application sur le genou | 3 fois par jour | 10 jours
        Paracétamol 1 g | 1 comprimé | avant l’effort, 3 par jour au plus | 15 jours""",
    "examen du nourrisson": "Vitamine D, gouttes | 1 200 UI | 1 fois par jour | 3 mois",
    "suivi enfant": "Vitamine D 80 000 UI, ampoule | 1 ampoule | en une prise, en novembre et en février | 3 mois",
    "rhume enfant": f"{CHILD_PARACETAMOL}\n{SALINE}",
    "angine enfant": f"""
        amoxicilline: Amoxicilline 250 mg/5 ml, suspension | 50 mg/kg par jour | en 2 prises | 6 jours
        {CHILD_PARACETAMOL}""",
    "otite": f"""
        amoxicilline: Amoxicilline 250 mg/5 ml, suspension | 80 mg/kg par jour | en 2 prises | 8 jours
        cotrimoxazole: Cotrimoxazole, suspension pédiatrique | selon le poids | matin et soir | 5 jours
        {CHILD_PARACETAMOL}""",
    "bronchiolite": SALINE,
    "varicelle": f"""
        {CHILD_PARACETAMOL}
        Chlorhexidine, solution moussante | toilette douce | 2 fois par jour | 7 jours""",
    "gastro enfant": """
        Soluté de réhydratation orale | 1 sachet dans 200 ml d’eau | par petites gorgées, à volonté | 2 jours
        racécadotril: Racécadotril nourrissons et enfants, sachet | selon le poids | 3 fois par jour | 3 jours""",
    "grossesse": """
        vitamine d: Vitamine D 100 000 UI, ampoule | 1 ampoule | en une prise au 7e mois | 1 mois
        fer: Fer 80 mg | 1 comprimé | le matin à jeun | 3 mois""",
    "cystite": """
        fosfomycine: Fosfomycine-trométamol 3 g | 1 sachet | en une prise, à distance du repas | 1 jour
        pivmécillinam: Pivmécillinam 400 mg | 1 comprimé | matin et soir | 3 jours""",
    "contraception": """
        lévonorgestrel/éthinylestradiol: Lévonorgestrel 150 µg / éthinylestradiol 30 µg | 1 comprimé | 1 fois par jour, 21 jours sur 28 | 3 mois
        désogestrel: Désogestrel 75 µg | 1 comprimé | 1 fois par jour, en continu | 3 mois""",
    "eczéma": """
        bétaméthasone: Bétaméthasone 0,05 %, crème | 1 application sur les plaques | 1 fois par jour | 10 jours
        désonide: Désonide 0,1 %, crème | 1 application sur les plaques | 1 fois par jour | 7 jours
        Émollient, tube de 500 ml | sur tout le corps | 1 à 2 fois par jour | 1 mois""",
    "post-opératoire": """
        hbpm: Énoxaparine 4 000 UI, seringue | 1 injection sous-cutanée | 1 fois par jour | jusqu’à J35
        antalgiques: Paracétamol 1 g | 1 comprimé | si besoin, 3 par jour au plus | 8 jours""",
    "dyspepsie": """
        oméprazole: Oméprazole 20 mg | 1 gélule | le matin avant le petit-déjeuner | 28 jours
        alginate: Alginate de sodium, sachet | 1 sachet | après les repas, à la demande | 15 jours""",
    "entorse": f"""
        Attelle semi-rigide de cheville | 1 attelle | le jour | 3 semaines
        kétoprofène: Kétoprofène 2,5 %, gel | 1 application | 2 fois par jour | 7 jours
        {PARACETAMOL}""",
}  # fmt: skip


def lines_for(case: str, conclusion: str) -> list[Content]:
    """The lines of the prescription that goes with a note that ends so; none for most."""
    said = conclusion.casefold()
    found: list[Content] = []
    for line in written_lines(LINES.get(case, "")):
        word, _, rest = line.rpartition(": ")
        if not word or word in said:
            found.append(_line(rest))
    return found


def lines_of(text: str) -> list[Content]:
    """Every line of `text`, as a document has it."""
    return [_line(line) for line in written_lines(text)]


def renewal(drugs: tuple[Drug, ...], draws: Draws, *, ald: bool) -> list[Content]:
    """The long treatment again, for one or three months; `ald` opens the zone of the illness."""
    months = draws.pick((1, 1, 3))
    duration = f"{months} mois"
    renewals = 5 if months == 1 else 1
    return [
        _content(drug.name, drug.dose, drug.frequency, duration, renewals, ald=ald and drug.ald)
        for drug in drugs
    ]


def written_lines(text: str) -> Iterator[str]:
    """The lines of a text that have something in them."""
    return (line.strip() for line in text.splitlines() if line.strip())


def _line(text: str) -> Content:
    drug, dose, frequency, duration = (part.strip() for part in text.split(" | "))
    return _content(drug, dose, frequency, duration, 0, ald=False)


def _content(
    drug: str, dose: str, frequency: str, duration: str, renewals: int, *, ald: bool
) -> Content:
    return {
        "drug": drug,
        "dose": dose,
        "frequency": frequency,
        "duration": duration,
        "renewals": renewals,
        "ald": ald,
        "note": "",
    }
