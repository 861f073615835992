"""One encounter, from the first word typed to the signature and what came after."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from anamnesis.clinical.sections import BLANK, Sections
from anamnesis.demonstration.case import Case
from anamnesis.demonstration.device import About, Device
from anamnesis.demonstration.draws import Draws
from anamnesis.demonstration.facts import UNITS, seen
from anamnesis.demonstration.hand import Hand, half_written, written
from anamnesis.demonstration.people import Person
from anamnesis.journal.entry import Entry
from anamnesis.receipt.canonical import Json
from anamnesis.seams import instant

CHILD_YEARS = 15
AMENDED_SHARE = 0.06
SECOND_THOUGHT_SHARE = 0.12
IN_ERROR_SHARE = 0.006

ADDENDA = (
    "Ajout : résultats reçus ce jour, sans anomalie ; patient prévenu par téléphone.",
    "Ajout : NFS normale, CRP 4 mg/l, iono normal. Pas de changement.",
    "Ajout : courrier du confrère reçu et classé, conduite inchangée.",
    "Ajout : appel de la pharmacie, rupture ; substitution par équivalent, même posologie.",
    "Correction : rendez-vous de contrôle avancé d’une semaine, à la demande de la famille.",
)
SECOND_THOUGHTS = (
    "A noter : vit seul au 3e étage sans ascenseur.",
    "Demande d’avis spécialisé envoyée par messagerie sécurisée.",
    "Médecin traitant : déclaré ce jour.",
    "Rappel téléphonique prévu vendredi matin.",
)
ERROR_REASONS = (
    "Note saisie dans le dossier d’un homonyme.",
    "Doublon : consultation déjà saisie par la secrétaire.",
)


@dataclass(frozen=True)
class Encounter:
    """What is decided about one encounter before it is told."""

    id: str
    person: Person
    case: Case
    starts: datetime
    day: date
    hand: Hand
    appointment: str | None
    left_open: bool = False
    collides: bool = False


def told(encounter: Encounter, desk: Device, tablet: Device, draws: Draws) -> Iterator[Entry]:
    """Every entry of the encounter, oldest first."""
    about = About(encounter.person.id, encounter.id)
    visible = seen(encounter.person, encounter.case, encounter.day, draws.of("seen"))
    text = written(
        encounter.case,
        visible.words,
        encounter.hand,
        draws.of("text"),
        child=encounter.person.age_years(encounter.day) < CHILD_YEARS,
    )
    at = encounter.starts
    yield desk.entry(
        "encounter.start",
        at,
        {"started_at": instant(at), "appointment": encounter.appointment},
        about,
    )
    shown, base = BLANK, None
    for stage in _stages(text, draws.of("stages"), left_open=encounter.left_open):
        at += timedelta(seconds=draws.between(50, 200))
        yield desk.text("note.write", at, about, stage, base)
        shown, base = stage, stage.digest()
    for code, value in visible.measured.items():
        at += timedelta(seconds=draws.between(2, 9))
        yield desk.entry(
            "observation.record",
            at,
            {"code": code, "value": value, "unit": UNITS[code], "effective_at": instant(at)},
            about,
        )
    if encounter.left_open:
        return
    if encounter.collides:
        yield from _from_two_devices(shown, at, about, (desk, tablet))
        return
    yield from _ending(shown, at, about, desk, draws.of("ending"))


def _stages(text: Sections, draws: Draws, *, left_open: bool) -> list[Sections]:
    """The texts that were saved on the way: some sections whole, the next one half."""
    asked = Sections(text.motif, half_written(text.interrogatoire), "", "")
    seen_too = Sections(text.motif, text.interrogatoire, half_written(text.examen), "")
    if left_open:
        return [asked, seen_too]
    stages = [asked, seen_too, text] if draws.chance(0.5) else [seen_too, text]
    if draws.chance(SECOND_THOUGHT_SHARE):
        more = f"{text.interrogatoire}\n{draws.pick(SECOND_THOUGHTS)}"
        stages.append(Sections(text.motif, more, text.examen, text.conclusion))
    return stages


def _from_two_devices(
    shown: Sections, at: datetime, about: About, devices: tuple[Device, Device]
) -> Iterator[Entry]:
    """The same text changed on two devices at once, in the same section: left to be decided."""
    for device, more in zip(
        devices, ("Revoir à 7 jours.", "Revoir à 15 jours avec les résultats."), strict=True
    ):
        at += timedelta(seconds=20)
        changed = Sections(
            shown.motif, shown.interrogatoire, shown.examen, f"{shown.conclusion}\n{more}"
        )
        yield device.text("note.write", at, about, changed, shown.digest())


def _ending(
    shown: Sections, at: datetime, about: About, desk: Device, draws: Draws
) -> Iterator[Entry]:
    at += timedelta(seconds=draws.between(10, 60))
    yield desk.entry("note.sign", at, {"digest": shown.digest()}, about)
    yield desk.entry(
        "encounter.close", at + timedelta(seconds=2), {"closed_at": instant(at)}, about
    )
    if draws.chance(IN_ERROR_SHARE):
        reason: dict[str, Json] = {"reason": draws.pick(ERROR_REASONS)}
        yield desk.entry("note.enter-in-error", at + timedelta(minutes=4), reason, about)
    elif draws.chance(AMENDED_SHARE):
        at += timedelta(days=draws.between(1, 5), minutes=draws.between(1, 90))
        more = f"{shown.conclusion}\n{draws.pick(ADDENDA)}"
        amended = Sections(shown.motif, shown.interrogatoire, shown.examen, more)
        yield desk.text("note.amend", at, about, amended, shown.digest())
        signed: dict[str, Json] = {"digest": amended.digest()}
        yield desk.entry("note.sign", at + timedelta(seconds=40), signed, about)
