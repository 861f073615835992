"""The documents of an encounter: what was prescribed, who was written to, what came by post."""

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from anamnesis.clinical.sections import Sections
from anamnesis.demonstration.cases_prescribed import RENEWED, lines_for, renewal
from anamnesis.demonstration.consultation import Encounter
from anamnesis.demonstration.correspondence import (
    ADDRESSEES,
    Addressee,
    called,
    in_words,
    laboratory_order,
    letter,
    presence_certificate,
    sport_certificate,
)
from anamnesis.demonstration.device import About, Device
from anamnesis.demonstration.draws import Draws
from anamnesis.demonstration.drugs import drugs_of
from anamnesis.demonstration.page import page
from anamnesis.demonstration.written import Content, issued, written
from anamnesis.journal.entry import Entry

PRESCRIBED_SHARE = 0.55
LETTER_SHARE = 0.35
LABORATORY_SHARE = 0.3
CORRECTED_SHARE = 0.04
DRAFT_SHARE = 0.02
IN_ERROR_SHARE = 0.008
SCAN_SHARE = 0.12
LABORATORY = ("HTA suivi", "diabète suivi", "thyroïde", "dyslipidémie", "insuffisance cardiaque")


@dataclass(frozen=True)
class Paper:
    """A document before it is written down."""

    type: str
    title: str
    body: str = ""
    recipient: str = ""
    lines: tuple[Content, ...] = ()


def papers(
    encounter: Encounter, text: Sections, sport: str, at: datetime, desk: Device, draws: Draws
) -> Iterator[Entry]:
    """Every entry about the documents of this encounter, from `at` on, in order of time."""
    about = About(encounter.person.id, encounter.id)
    for number, paper in enumerate(_papers(encounter, text, sport, draws)):
        at += timedelta(seconds=draws.between(20, 50))
        yield from _document(paper, encounter, at, desk, about, draws.of("paper", number))
    if encounter.case.name in LABORATORY and draws.of("scan").chance(SCAN_SHARE):
        days = draws.of("scan", "after").between(2, 6)
        yield from scan(encounter, at + timedelta(days=days), desk, draws.of("scanned"))


def _papers(encounter: Encounter, text: Sections, sport: str, draws: Draws) -> Iterator[Paper]:
    person, case = encounter.person, encounter.case.name
    if case in RENEWED:
        ald = bool(person.conditions & {"DT2", "insuffisance cardiaque"})
        lines = renewal(drugs_of(person.treatment), draws.of("renewal"), ald=ald)
    else:
        lines = lines_for(case, text.conclusion)
    if lines and (case in RENEWED or draws.of("prescribes").chance(PRESCRIBED_SHARE)):
        yield Paper("prescription", "Ordonnance", lines=tuple(lines))
    if case in LABORATORY and draws.of("laboratory").chance(LABORATORY_SHARE):
        yield Paper("prescription", "Ordonnance de biologie", laboratory_order(person))
    addressee = _addressee(case, text.conclusion)
    if addressee is not None and draws.of("writes").chance(LETTER_SHARE):
        body = letter(person, encounter.day, addressee, text.motif, text.conclusion)
        asked = "Demande d’avis" if addressee.name.startswith("Dr") else "Demande de soins"
        yield Paper("letter", f"{asked} : {called(person)}", body, addressee.name)
    if case == "certificat sport":
        yield Paper("certificate", "Certificat médical", sport_certificate(person, sport))
    if case == "rhume enfant" and "certificat" in text.conclusion.casefold():
        yield Paper("certificate", "Certificat médical", presence_certificate(person))


def _addressee(case: str, conclusion: str) -> Addressee | None:
    said = conclusion.casefold()
    return next((one for one in ADDRESSEES.get(case, ()) if one.word in said), None)


def _document(
    paper: Paper, encounter: Encounter, at: datetime, desk: Device, about: About, draws: Draws
) -> Iterator[Entry]:
    """Written, and mostly issued; sometimes put right and issued again, seldom an error."""
    content = _content(paper, encounter, draws.of("id").fixed_id())
    id_ = draws.of("id").fixed_id()
    first = written("document", desk, at, content, about)
    yield first
    if draws.of("draft").chance(DRAFT_SHARE):
        return
    at += timedelta(seconds=draws.between(5, 25))
    yield issued(desk, at, first, id_, 1)
    if encounter.case.name in RENEWED and draws.of("corrected").chance(CORRECTED_SHARE):
        at += timedelta(minutes=draws.between(2, 40))
        more = "À délivrer en une fois : départ en voyage."
        changed: Content = content | {"body": f"{paper.body}\n\n{more}".strip()}
        second = written("document", desk, at, changed, about)
        yield second
        yield issued(desk, at + timedelta(seconds=9), second, id_, 2)
    elif draws.of("error").chance(IN_ERROR_SHARE):
        wrong: Content = {"resource": id_, "reason": "Document d’un homonyme."}
        at += timedelta(minutes=3)
        yield desk.entry("resource.enter-in-error", at, wrong, About(about.patient))


def _content(paper: Paper, encounter: Encounter, id_: str) -> Content:
    return {
        "id": id_,
        "type": paper.type,
        "title": paper.title,
        "date": encounter.day.isoformat(),
        "recipient": paper.recipient,
        "body": paper.body,
        "lines": list(paper.lines),
        "file": None,
    }


def scan(encounter: Encounter, at: datetime, desk: Device, draws: Draws) -> Iterator[Entry]:
    """A laboratory's page that came by post, as one part of a file and the document naming it."""
    about = About(encounter.person.id)
    data = page("Laboratoire d’analyses médicales (démonstration)", _results(encounter, at, draws))
    file, digest = draws.of("file").fixed_id(), hashlib.sha256(data).hexdigest()
    part: Content = {
        "file": file,
        "index": 0,
        "parts": 1,
        "media_type": "application/pdf",
        "data": base64.b64encode(data).decode(),
    }
    yield desk.entry("file.part", at, part, about)
    content: Content = {
        "id": draws.of("id").fixed_id(),
        "type": "upload",
        "title": "Résultats de laboratoire",
        "date": at.date().isoformat(),
        "recipient": "",
        "body": "",
        "lines": [],
        "file": {
            "id": file,
            "name": f"resultats-{at.date().isoformat()}.pdf",
            "media_type": "application/pdf",
            "bytes": len(data),
            "sha256": digest,
            "parts": 1,
        },
    }
    yield written("document", desk, at + timedelta(seconds=2), content, about)


def _results(encounter: Encounter, at: datetime, draws: Draws) -> list[str]:
    day = in_words(at.date())
    clearance, potassium = draws.between(58, 105), draws.between(36, 49)
    rows = [
        f"Patient : {called(encounter.person)}",
        f"Prélèvement du {day}",
        "",
        f"Hémoglobine              {draws.between(118, 158) / 10:.1f} g/dl     (12,0 à 16,0)",
        f"Leucocytes               {draws.between(45, 95) / 10:.1f} G/l      (4,0 à 10,0)",
        f"Potassium                {potassium / 10:.1f} mmol/l   (3,5 à 5,0)",
        f"Débit de filtration      {clearance} ml/min   (> 60)",
        f"Glycémie à jeun          {draws.between(82, 138) / 100:.2f} g/l      (0,70 à 1,10)",
    ]
    if "DT2" in encounter.person.conditions:
        rows.append(f"HbA1c                    {draws.between(61, 84) / 10:.1f} %        (< 7,0)")
    if "hypothyroïdie" in encounter.person.conditions:
        rows.append(
            f"TSH                      {draws.between(6, 48) / 10:.1f} mUI/l    (0,4 à 4,0)"
        )
    return [_comma(row) for row in rows] + [
        "",
        "Document de démonstration, aucune personne réelle.",
    ]


def _comma(row: str) -> str:
    return "".join(
        "," if letter == "." and row[place - 1 : place].isdigit() else letter
        for place, letter in enumerate(row)
    )
