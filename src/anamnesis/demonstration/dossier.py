"""A patient's record beside the notes: antecedents, allergies, treatments, immunisations."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from anamnesis.demonstration.antecedents import (
    ANTECEDENTS,
    FAMILY,
    INTOLERANCES,
    SIDE_EFFECTS,
    SMOKING,
    Antecedent,
    Intolerance,
)
from anamnesis.demonstration.device import About, Device
from anamnesis.demonstration.draws import Draws
from anamnesis.demonstration.drugs import Drug, drugs_of
from anamnesis.demonstration.people import Person
from anamnesis.demonstration.vaccines import Injection, injections
from anamnesis.demonstration.written import Content, written
from anamnesis.journal.entry import Entry

GROWN_YEARS = 16
FAMILY_SHARE = 0.3
SIDE_EFFECT_SHARE = 0.08
ADJUSTED_SHARE = 0.3
REFUTED_SHARE = 0.25
IN_ERROR_SHARE = 0.02
AT_NOON = time(11, 40)


class Dossier:
    """Writes one person's record: what is known at registration at once, the rest in its time."""

    def __init__(self, person: Person, registered: datetime, desk: Device, draws: Draws) -> None:
        self._person = person
        self._desk = desk
        self._draws = draws
        self._at = registered
        self._registered = registered
        self._about = About(person.id)

    def entries(self, today: date) -> Iterator[Entry]:
        """Every entry up to `today`; those known at registration follow it by seconds."""
        yield from self._conditions(today)
        yield from self._allergies()
        yield from self._medications(today)
        yield from self._immunizations(today)

    def _conditions(self, today: date) -> Iterator[Entry]:
        person = self._person
        named = [ANTECEDENTS[name] for name in person.past.split(", ") if name in ANTECEDENTS]
        if "cig/j" in person.tobacco:
            named.append(SMOKING)
        for antecedent in named:
            draws = self._draws.of("condition", antecedent.text)
            content = self._condition(antecedent, today, draws)
            entry = written("condition", self._desk, self._next(), content, self._about)
            yield entry
            if draws.chance(IN_ERROR_SHARE):
                reason: Content = {"resource": content["id"], "reason": "Saisi par erreur."}
                at = self._at + timedelta(minutes=2)
                yield self._desk.entry("resource.enter-in-error", at, reason, self._about)
        if person.age_years(today) >= GROWN_YEARS and self._draws.of("family").chance(FAMILY_SHARE):
            yield self._family(self._draws.of("family", "which"))
        yield from self._pregnancy(today)

    def _condition(self, antecedent: Antecedent, today: date, draws: Draws) -> Content:
        born = self._person.body.born
        latest = max(born, min(today, self._registered.date()) - timedelta(days=20))
        youngest, oldest = antecedent.ages
        day = born + timedelta(days=draws.between(youngest * 365 + 150, oldest * 365 + 300))
        onset = min(day, latest)
        recent = (today - onset).days < 4 * 365
        return {
            "id": draws.of("id").fixed_id(),
            "category": antecedent.category,
            "text": antecedent.text,
            "code": antecedent.code,
            "onset": onset.isoformat()[: 7 if recent else 4],
            "status": antecedent.status,
            "relative": "",
            "note": antecedent.note,
        }

    def _family(self, draws: Draws) -> Entry:
        text, code, relative = draws.pick(FAMILY)
        content: Content = {
            "id": draws.of("id").fixed_id(),
            "category": "family",
            "text": text,
            "code": code,
            "onset": "",
            "status": "active",
            "relative": relative,
            "note": "",
        }
        return written("condition", self._desk, self._next(), content, self._about)

    def _pregnancy(self, today: date) -> Iterator[Entry]:
        """A problem while it lasts, and an antecedent afterwards: the same one, twice written."""
        since = self._person.pregnant_since
        if since is None:
            return
        known, over = since + timedelta(weeks=7), since + timedelta(weeks=40)
        content: Content = {
            "id": self._draws.of("pregnancy").fixed_id(),
            "category": "problem",
            "text": "Grossesse",
            "code": "Z34.9",
            "onset": since.isoformat(),
            "status": "active",
            "relative": "",
            "note": "",
        }
        if known < today:
            yield written("condition", self._desk, self._on(known), content, self._about)
        if over < today:
            after: Content = content | {"category": "personal", "status": "resolved"}
            yield written("condition", self._desk, self._on(over), after, self._about)

    def _allergies(self) -> Iterator[Entry]:
        person = self._person
        known = INTOLERANCES.get(person.allergies)
        draws = self._draws.of("allergy")
        if known is not None:
            first = self._allergy(known, "active", draws)
            yield written("allergy", self._desk, self._next(), first, self._about)
            if "Doute" in known.note and draws.chance(REFUTED_SHARE):
                note = "Bilan allergologique négatif."
                refuted: Content = first | {"status": "refuted", "note": note}
                later = self._at + timedelta(days=draws.between(20, 90))
                yield written("allergy", self._desk, later, refuted, self._about)
        if person.conditions and draws.of("side effect").chance(SIDE_EFFECT_SHARE):
            effect = draws.of("which").pick(SIDE_EFFECTS)
            content = self._allergy(effect, "active", draws.of("other"))
            yield written("allergy", self._desk, self._next(), content, self._about)

    def _allergy(self, known: Intolerance, status: str, draws: Draws) -> Content:
        born, now = self._person.body.born.year, self._registered.year
        year = draws.of("onset").between(max(born, now - 12), now)
        if known.oldest < now - born:
            year = born + draws.of("onset").between(min(2, known.oldest), known.oldest)
        return {
            "id": draws.of("id").fixed_id(),
            "category": known.category,
            "substance": known.substance,
            "severity": known.severity,
            "reaction": known.reaction,
            "onset": str(year),
            "status": status,
            "note": known.note,
        }

    def _medications(self, today: date) -> Iterator[Entry]:
        for drug in drugs_of(self._person.treatment):
            draws = self._draws.of("medication", drug.name)
            content = self._medication(drug, draws)
            if draws.chance(ADJUSTED_SHARE) and drug.dose == "1 comprimé":
                less: Content = content | {
                    "dosage": f"1/2 comprimé {drug.frequency}",
                    "note": "Dose à adapter.",
                }
                yield written("medication", self._desk, self._next(), less, self._about)
                later = self._at + timedelta(days=draws.between(30, 120))
                if later.date() < today:
                    yield written("medication", self._desk, later, content, self._about)
                continue
            yield written("medication", self._desk, self._next(), content, self._about)

    def _medication(self, drug: Drug, draws: Draws) -> Content:
        years = draws.of("since").between(0, 9)
        return {
            "id": draws.of("id").fixed_id(),
            "name": drug.name,
            "dosage": drug.dosage,
            "reason": drug.reason,
            "started": str(self._registered.year - years),
            "stopped": "",
            "status": "active",
            "note": "",
        }

    def _immunizations(self, today: date) -> Iterator[Entry]:
        ill = bool(self._person.conditions & {"DT2", "asthme", "insuffisance cardiaque"})
        draws = self._draws.of("vaccines")
        for one in injections(self._person.body.born, today, ill=ill, draws=draws):
            content = _injection(one, draws.of("id", one.vaccine, one.day))
            yield written("immunization", self._desk, self._on(one.day), content, self._about)

    def _on(self, day: date) -> datetime:
        """Some time on that day, or at registration if it was before."""
        at = datetime.combine(day, AT_NOON, UTC)
        return at if at > self._registered else self._next()

    def _next(self) -> datetime:
        self._at += timedelta(seconds=4)
        return self._at


def _injection(one: Injection, draws: Draws) -> Content:
    return {
        "id": draws.fixed_id(),
        "vaccine": one.vaccine,
        "date": one.day.isoformat(),
        "dose": one.dose,
        "lot": one.lot,
        "site": one.site,
        "note": "",
    }
