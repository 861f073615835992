"""Letters and certificates: whom one writes to, why, and in what words."""

from dataclasses import dataclass
from datetime import date

from anamnesis.demonstration.people import Person

MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre",
    "octobre", "novembre", "décembre",
)  # fmt: skip


@dataclass(frozen=True)
class Addressee:
    """Somebody whom one refers to. Nobody real."""

    word: str
    name: str
    question: str


ADDRESSEES: dict[str, tuple[Addressee, ...]] = {
    "diabète suivi": (
        Addressee("oph", "Dr Anne Le Tallec, ophtalmologue", "le fond d’œil annuel"),
        Addressee("pédicurie", "M. Yves Corlay, pédicure-podologue", "les soins de pédicurie"),
    ),
    "insuffisance cardiaque": (
        Addressee("", "Dr Malo Kerjean, cardiologue", "la suite à donner au traitement"),
    ),
    "asthme suivi": (
        Addressee("efr", "Dr Sophie Jézéquel, pneumologue", "une épreuve respiratoire de contrôle"),
    ),
    "rhinite allergique": (
        Addressee("allergologue", "Dr Karim Haddou, allergologue", "des tests cutanés"),
    ),
    "eczéma": (Addressee("", "Dr Maud Prigent, dermatologue", "une poussée qui se répète"),),
    "naevus": (Addressee("kératose", "Dr Maud Prigent, dermatologue", "un contrôle annuel"),),
    "arthrose": (
        Addressee("kinésithérapie", "M. Hervé Lozach, masseur-kinésithérapeute",
                  "15 séances de renforcement du quadriceps"),
    ),
    "entorse": (
        Addressee("kiné", "M. Hervé Lozach, masseur-kinésithérapeute",
                  "10 séances de proprioception"),
    ),
    "anxiété": (Addressee("adressé", "Mme Lénaïg Masson, psychologue", "un suivi"),),
    "HTA suivi": (Addressee("ecg", "Dr Malo Kerjean, cardiologue", "un électrocardiogramme"),),
    "suivi enfant": (
        Addressee("orthophonique", "Mme Julie Bocquel, orthophoniste", "un bilan de langage"),
    ),
}  # fmt: skip
"""By case; `word` is what the note has to say for it, if anything."""


def called(person: Person) -> str:
    """How a letter speaks of the patient."""
    content = person.content
    name = content["used_name"] or content["birth_name"]
    polite = "Mme" if person.sex == "female" else "M."
    first = content["first_names"].split()[0]
    return f"{polite} {first} {name}"


def in_words(day: date) -> str:
    """A day as it is written in French."""
    number = "1er" if day.day == 1 else str(day.day)
    return f"{number} {MONTHS[day.month - 1]} {day.year}"


def born(person: Person) -> str:
    """`né(e) le …`."""
    e = "e" if person.sex == "female" else ""
    return f"né{e} le {in_words(person.body.born)}"


def letter(person: Person, day: date, addressee: Addressee, motif: str, conclusion: str) -> str:
    """A letter that refers the patient, with what the colleague needs."""
    years = int(person.age_years(day))
    of_age = f"{years} ans" if years > 1 else f"{int(person.age_years(day) * 12)} mois"
    first = conclusion.lstrip("- ").splitlines()[0] if conclusion.strip() else "à préciser"
    polite = "Cher confrère" if addressee.name.startswith("Dr") else "Bonjour"
    ending = "Bien confraternellement," if polite == "Cher confrère" else "Bien cordialement,"
    return (
        f"{polite},\n\n"
        f"Je vous adresse {called(person)}, {born(person)} ({of_age}), "
        f"pour {addressee.question}.\n\n"
        f"Motif de consultation : {motif}.\nConclusion : {first}\n\n"
        f"Antécédents : {person.past}.\nTraitement : {person.treatment}.\n"
        f"Allergies : {person.allergies}.\n\n"
        f"Merci de votre aide et de m’adresser votre compte rendu.\n\n{ending}"
    )


def sport_certificate(person: Person, sport: str) -> str:
    """That nothing was found against a sport."""
    return (
        f"Je certifie avoir examiné ce jour {called(person)}, {born(person)}, et n’avoir pas "
        "constaté, à cette date, de signe clinique apparent contre-indiquant la pratique de : "
        f"{sport}, y compris en compétition.\n\n"
        "Certificat établi à la demande de l’intéressé et remis en main propre."
    )


def presence_certificate(person: Person) -> str:
    """That a parent is needed at home."""
    return (
        f"L’état de santé de l’enfant {called(person).split(' ', 1)[1]}, {born(person)}, nécessite "
        "la présence d’un parent à ses côtés pendant 2 jours à compter de ce jour."
    )


def laboratory_order(person: Person) -> str:
    """What a laboratory is asked for."""
    wanted = ["NFS, plaquettes", "Ionogramme sanguin, créatinine avec DFG", "Glycémie à jeun"]
    if "DT2" in person.conditions:
        wanted += ["HbA1c", "Rapport albumine/créatinine urinaire"]
    if person.conditions & {"dyslipidémie", "DT2", "HTA"}:
        wanted.append("Exploration d’une anomalie lipidique")
    if "hypothyroïdie" in person.conditions:
        wanted.append("TSH")
    if "insuffisance cardiaque" in person.conditions:
        wanted.append("NT-proBNP")
    listed = "\n".join(f"- {one}" for one in wanted)
    return f"Faire pratiquer dans un laboratoire d’analyses médicales, à jeun :\n\n{listed}"
