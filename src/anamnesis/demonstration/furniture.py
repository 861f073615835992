"""What a practice has on its shelves: appointment types, templates, snippets, letterheads."""

from dataclasses import dataclass

SHELF = "shelf"  # the draws that everything here gets its id from


@dataclass(frozen=True)
class AppointmentKind:
    """A type of appointment, and the reasons that are booked under it."""

    name: str
    minutes: int
    colour: str
    reasons: tuple[str, ...]


APPOINTMENT_KINDS: tuple[AppointmentKind, ...] = (
    AppointmentKind("Consultation", 15, "teal", ("Douleur", "Fatigue", "Résultats")),
    AppointmentKind("Suivi", 15, "blue", ("Renouvellement", "Suivi", "Contrôle tension")),
    AppointmentKind("Première consultation", 30, "violet", ("Première fois",)),
    AppointmentKind("Enfant", 30, "plum", ("Suivi enfant",)),
    AppointmentKind("Grossesse", 15, "amber", ("Grossesse",)),
    AppointmentKind("Vaccination", 15, "olive", ("Vaccins",)),
    AppointmentKind("Certificat, pansement", 15, "slate", ("Certificat", "Pansement")),
    AppointmentKind("Urgence du jour", 15, "brick", ("Fièvre", "Toux")),
)


@dataclass(frozen=True)
class SectionTemplate:
    """A template for a note; `[…]` are fields to tab through."""

    name: str
    motif: str
    interrogatoire: str
    examen: str
    conclusion: str
    shared: bool = True


SECTION_TEMPLATES: tuple[SectionTemplate, ...] = (
    SectionTemplate(
        "Suivi HTA",
        "Suivi HTA, renouvellement [3] mois",
        "Observance : [bonne]. Automesure : moyenne [135/80] mmHg.\n"
        "Pas de céphalées, pas de douleur thoracique, pas de dyspnée, pas de vertige.\n"
        "Tabac : [non]. Activité : [30 min/j].",
        "TA [135/80] mmHg, FC [70]/min régulière, poids [ ] kg.\n"
        "Bruits du cœur réguliers, pas de souffle. Pas d’œdème des membres inférieurs.",
        "HTA [à l’objectif]. Renouvellement [3] mois à l’identique.\n"
        "Bio : iono, créatinine + DFG, glycémie à jeun, EAL.\nRevoir dans [3] mois.",
    ),
    SectionTemplate(
        "Diabète de type 2",
        "Suivi DT2, résultats",
        "HbA1c [7,0] % (précédente [ ] %). Hypoglycémies : [aucune].\n"
        "Alimentation : [ ]. Activité : [ ]. OPH : [moins d’un an]. Dentiste : [ ].",
        "Poids [ ] kg, TA [ ] mmHg.\nPieds : [peau saine], monofilament [3/3], pouls [perçus].",
        "DT2 [à l’objectif]. Traitement [inchangé].\nBio dans 3 mois : HbA1c, créatinine, RAC.",
    ),
    SectionTemplate(
        "Examen du nourrisson",
        "Examen systématique de [4] mois",
        "Alimentation : [allaitement]. Sommeil : [ ]. Transit : [normal].\n"
        "Développement : [sourire-réponse, tient la tête].",
        "Poids [ ] kg, taille [ ] cm, PC [ ] cm.\nFontanelle souple, hanches stables, "
        "pas de souffle, tympans normaux, réflexe photomoteur présent.",
        "Nourrisson en bonne santé. Vaccins : [hexavalent + pneumocoque].\n"
        "Vitamine D poursuivie. Prochain examen à [5] mois.",
    ),
    SectionTemplate(
        "Lombalgie aiguë",
        "Lombalgie depuis [3] jours",
        "Survenue [en soulevant une charge]. Irradiation : [aucune]. Toux : [indolore].\n"
        "Pas de fièvre, pas de trouble sphinctérien, pas d’anesthésie en selle.",
        "Raideur [modérée], Lasègue [négatif]. Force et ROT symétriques.",
        "Lombalgie commune sans drapeau rouge. Maintien de l’activité.\nArrêt de travail : [non].",
    ),
    SectionTemplate(
        "Certificat de sport",
        "Certificat : [course à pied]",
        "Pas de douleur thoracique, de malaise ni de palpitations à l’effort.\n"
        "ATCD familiaux de mort subite : [non].",
        "TA [ ] mmHg, FC [ ]/min. Auscultation cardio-pulmonaire normale. Ruffier [ ].",
        "Pas de contre-indication décelée ce jour. Certificat remis.",
        shared=False,
    ),
)

SNIPPETS: tuple[tuple[str, str, bool], ...] = (
    ("apn", "Auscultation pulmonaire libre et symétrique, sans bruit surajouté.", True),
    ("acn", "Bruits du cœur réguliers, pas de souffle, pouls périphériques perçus.", True),
    ("abdo", "Abdomen souple, dépressible, indolore ; pas de masse, pas de défense.", True),
    ("orl", "Tympans normaux, pharynx non érythémateux, pas d’adénopathie.", True),
    ("neuro", "Pas de déficit, force et sensibilité symétriques, marche normale.", False),
    ("rhd", "Règles hygiéno-diététiques rappelées : sel < 6 g/j, marche 30 min/j.", True),
    ("surv", "Reconsulter si fièvre > 72 h, gêne respiratoire, grande fatigue.", True),
    ("vsm", "Synthèse médicale mise à jour et versée à Mon espace santé avec son accord.", False),
    ("3114", "Numéro national de prévention du suicide (3114) remis.", True),
)  # fmt: skip
"""Abbreviation, text, whether it is shared with the practice."""


@dataclass(frozen=True)
class Sheet:
    """A template for a document; `lines` as `cases_prescribed.py` writes them."""

    name: str
    type: str
    title: str
    body: str
    lines: str = ""
    shared: bool = True


SHEETS: tuple[Sheet, ...] = (
    Sheet(
        "Courrier à un confrère",
        "letter",
        "Demande d’avis",
        "Cher confrère,\n\nJe vous adresse [patient] pour [motif].\n\nAntécédents : [antécédents]\n"
        "Traitement : [traitement]\nAllergies : [allergies]\n\nÀ l’examen : [examen]\n\n"
        "Merci de votre avis.\n\nBien confraternellement,",
    ),
    Sheet(
        "Certificat de sport",
        "certificate",
        "Certificat médical",
        "Je certifie avoir examiné ce jour [patient] et n’avoir pas constaté, à cette date, "
        "de signe clinique apparent contre-indiquant la pratique de [sport].\n\n"
        "Certificat établi à la demande de l’intéressé et remis en main propre.",
    ),
    Sheet(
        "Présence parentale",
        "certificate",
        "Certificat médical",
        "L’état de santé de l’enfant [patient] nécessite la présence d’un parent à ses côtés "
        "pendant [2] jours.",
    ),
    Sheet(
        "Fièvre de l’adulte",
        "prescription",
        "Ordonnance",
        "",
        """
        Paracétamol 1 g | 1 comprimé | toutes les 6 heures si besoin, 3 par jour au plus | 5 jours
        Sérum physiologique, unidoses | 1 unidose par narine | 4 à 6 fois par jour | 7 jours""",
    ),
    Sheet(
        "Biologie de suivi",
        "prescription",
        "Ordonnance de biologie",
        "Faire pratiquer dans un laboratoire d’analyses médicales, à jeun :\n\n"
        "- NFS, plaquettes\n- Ionogramme, créatinine avec DFG\n- Glycémie à jeun, HbA1c\n"
        "- Exploration d’une anomalie lipidique",
        shared=False,
    ),
)
