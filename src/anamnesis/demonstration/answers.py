"""The cardiologist nearby: a small practice that gets letters, and writes back."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta

from anamnesis.demonstration.correspondence import born, called
from anamnesis.demonstration.device import About, Device
from anamnesis.demonstration.draws import Draws
from anamnesis.demonstration.lent import COLLEAGUE_DAYS, Neighbour
from anamnesis.demonstration.people import Person
from anamnesis.demonstration.written import Content, issued, written
from anamnesis.journal.entry import Entry
from anamnesis.receipt.canonical import Json
from anamnesis.seams import instant

ANSWERED_DAYS = 8
ANSWERED = 2
SEEN_MINUTES = 30


class Answers:
    """What the neighbour's own practice has: its letterhead, two patients, two answers."""

    def __init__(self, neighbour: Neighbour, desk: Device, draws: Draws) -> None:
        self._neighbour = neighbour
        self._desk = desk
        self._draws = draws

    def furnished(self, at: datetime) -> Iterator[Entry]:
        """A letterhead, and the one type of appointment there is."""
        head: Content = {
            "id": self._draws.of("letterhead").fixed_id(),
            "practitioner": self._desk.author,
            **asdict(self._neighbour.head),
        }
        yield written("letterhead", self._desk, at, head)
        kind: Content = {
            "id": self._draws.of("appointment-type").fixed_id(),
            "name": "Consultation de cardiologie",
            "minutes": SEEN_MINUTES,
            "colour": "plum",
        }
        yield written("appointment-type", self._desk, at + timedelta(seconds=8), kind)

    def written(
        self, letters: Sequence[tuple[Entry, Entry]], people: Sequence[Person], to_practice: str
    ) -> Iterator[Entry]:
        """A report to each of the first authors, about the patient they wrote of."""
        known = {person.id: person for person in people}
        for letter, share in letters[:ANSWERED]:
            person = known[str(letter.patient)]
            at = datetime.fromisoformat(share.typed_at) + timedelta(days=ANSWERED_DAYS)
            yield from self._answer(person, letter.author, to_practice, at)

    def _answer(
        self, person: Person, to_practitioner: str, to_practice: str, at: datetime
    ) -> Iterator[Entry]:
        draws = self._draws.of("answer", person.id)
        about = About(draws.of("patient").fixed_id())
        traits: dict[str, Json] = dict(person.content)
        yield self._desk.entry("patient.create", at, traits, about)
        id_ = draws.of("document").fixed_id()
        at += timedelta(minutes=24)
        document = written("document", self._desk, at, _report(person, id_, at), about)
        yield document
        yield issued(self._desk, at + timedelta(seconds=20), document, id_, 1)
        content: Content = {
            "id": draws.of("share").fixed_id(),
            "document": id_,
            "version": 1,
            "audience": "colleague",
            "to_practice": to_practice,
            "to_practitioner": to_practitioner,
            "link": None,
            "secret": None,
            "expires_at": instant(at + timedelta(days=COLLEAGUE_DAYS)),
            "message": "Merci de m’avoir adressé ce patient, voici le compte rendu.",
        }
        yield self._desk.entry("document.share", at + timedelta(minutes=1), content, about)


def _report(person: Person, id_: str, at: datetime) -> Content:
    pronoun, agreed = ("elle", "e") if person.sex == "female" else ("il", "")
    body = (
        f"Cher confrère,\n\nMerci de m’avoir adressé {called(person)}, {born(person)}.\n\n"
        "À l’interrogatoire : pas de douleur thoracique, dyspnée d’effort inchangée.\n"
        "Examen : pression artérielle 134/78 mmHg, bruits du cœur réguliers, pas de souffle, pas "
        "de signe de décompensation.\n"
        "Électrocardiogramme : rythme sinusal à 68/min, pas de trouble de la repolarisation.\n"
        "Échographie : fraction d’éjection conservée (58 %), pas de valvulopathie notable.\n\n"
        f"Conclusion : état cardiaque stable. Traitement inchangé. {pronoun.capitalize()} sera "
        f"revu{agreed} dans un an, plus tôt si besoin.\n\nBien confraternellement,"
    )
    return {
        "id": id_,
        "type": "letter",
        "title": f"Compte rendu de cardiologie : {called(person)}",
        "date": at.date().isoformat(),
        "recipient": "Médecin traitant",
        "body": body,
        "lines": [],
        "file": None,
    }
