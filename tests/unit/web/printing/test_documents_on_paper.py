import re
from typing import Any

import pytest

from tests.unit.record.making import DOCTOR, LOCUM, PATIENT, PRACTICE, TRAITS
from tests.unit.web.printing.papers import (
    DOCUMENT,
    LETTERHEAD,
    Office,
    document,
    line,
    read,
    text_of,
)

AMOXICILLIN = line(
    "Amoxicilline 1 g", dose="1 comprimé", frequency="matin et soir", duration="7 jours"
)
METFORMIN = line("Metformine 1000 mg", dose="1 comprimé", renewals=3, ald=True)
LONG_ILLNESS = "affection de longue durée reconnue"
NOT_RELATED = "sans rapport avec"


def printed(content: dict[str, Any], *, issued: bool = True, **office: Any) -> str:
    return text_of(Office(**office).write(content, issued=issued).pdf())


def test_a_prescription_says_who_prescribes_what_to_whom() -> None:
    text = printed(document(lines=[AMOXICILLIN], body="Repos."))
    for said in (
        "Dr Claire Aubry",
        "Médecine générale",
        "DU de gynécologie",
        "RPPS 10001234567",
        "N° AM 591012345",
        "Cabinet des Tilleuls",
        "Tél. 03 20 00 12 34",
        "LEFÈVRE Zoé Anne",
        "née le 29/02/1984 (42 ans), sexe féminin",
        "Lille, le 23 novembre 2026",
        "Ordonnance",
        "Amoxicilline 1 g",
        "1 comprimé, matin et soir",
        "Durée : 7 jours",
        "Repos.",
        "1 ligne prescrite",
        "Page 1/1",
    ):
        assert said in text


def test_without_a_letterhead_the_practice_says_what_it_knows() -> None:
    text = printed(document(lines=[AMOXICILLIN]), letterhead=False)
    assert "Dr Claire Martin0" in text
    assert "RPPS 10001234567" in text
    assert "Cabinet des Tilleuls" in text
    assert "N° AM" not in text
    assert "Le 23 novembre 2026" in text


def test_a_colleagues_letterhead_is_not_the_authors() -> None:
    office = Office(letterhead=False)
    office.writing.send("letterhead.write", LETTERHEAD | {"practitioner": LOCUM})
    assert "Dr Claire Aubry" not in text_of(office.write(document(lines=[AMOXICILLIN])).pdf())


def test_whoever_issues_a_colleagues_document_stands_for_it_with_their_own_head() -> None:
    office = Office().write(document(lines=[AMOXICILLIN]))
    digest = office.version().digest
    assert "Dr Claire Aubry" in text_of(office.pdf())
    issue = {"document": DOCUMENT, "version": 1, "digest": digest}
    office.writing.send("document.issue", issue, patient=PATIENT, author=LOCUM)
    text = text_of(office.pdf())
    assert "Dr Claire Aubry" not in text
    assert "validée par Dr Claire Martin1" in text


def test_a_married_name_comes_with_the_birth_name() -> None:
    text = printed(document(body="x"), used_name="Martin")
    assert "MARTIN Zoé Anne" in text
    assert "née Lefèvre" in text


def test_one_line_for_a_long_illness_makes_two_zones() -> None:
    text = printed(document(lines=[AMOXICILLIN, METFORMIN]))
    above, below = text.index(LONG_ILLNESS), text.index(NOT_RELATED)
    assert above < text.index("1. Metformine") < below < text.index("2. Amoxicilline")
    assert "À renouveler 3 fois" in text


def test_a_zone_without_a_line_says_so() -> None:
    text = printed(document(lines=[METFORMIN]))
    assert text.index(NOT_RELATED) < text.index("Aucune prescription dans cette zone")


def test_without_a_long_illness_there_is_one_zone() -> None:
    text = printed(document(lines=[AMOXICILLIN]))
    assert LONG_ILLNESS not in text
    assert NOT_RELATED not in text


def test_a_letter_names_the_colleague_the_subject_and_the_patient() -> None:
    recipient = "Dr Paul Berger\nCardiologue"
    text = printed(document("letter", recipient=recipient, title="Avis", body="Cher confrère,"))
    places = [
        text.index(one) for one in ("Dr Paul Berger", "Lille, le", "Objet : Avis", "Concerne")
    ]
    assert places == sorted(places)
    assert "LEFÈVRE Zoé Anne, née le 29/02/1984" in text
    assert "prescrite" not in text


def test_a_certificate_has_a_title_of_its_own() -> None:
    assert "Certificat médical" in printed(document("certificate", body="Je certifie."))
    assert "Aptitude" in printed(document("certificate", title="Aptitude", body="Je certifie."))


def test_a_draft_says_so_on_every_page_and_what_is_issued_does_not() -> None:
    content = document("letter", body="\n\n".join(["Un paragraphe. " * 60] * 14))
    draft = read(Office().write(content).pdf()).pages
    issued = read(Office().write(content, issued=True).pdf()).pages
    assert len(draft) == len(issued) > 1
    assert all("Brouillon" in page.extract_text() for page in draft)
    assert not any("Brouillon" in page.extract_text() for page in issued)


def test_what_is_issued_names_who_stands_for_it_and_its_digest() -> None:
    office = Office().write(document(lines=[AMOXICILLIN]), issued=True)
    text = text_of(office.pdf())
    assert "Version 1, validée par Dr Claire Martin0 le 23 novembre 2026 à 16:00" in text
    assert office.version().digest in text.replace(" ", "")


def test_what_was_entered_in_error_says_so_even_if_it_was_issued() -> None:
    office = Office().write(document(lines=[AMOXICILLIN]), issued=True)
    error = {"resource": DOCUMENT, "reason": "mauvais patient"}
    office.writing.send("resource.enter-in-error", error, patient=PATIENT)
    assert "Saisi par erreur" in text_of(office.pdf())


def test_a_later_version_is_a_draft_and_the_issued_one_is_not() -> None:
    office = Office().write(document(body="Une."), issued=True).write(document(body="Deux."))
    assert "Brouillon" not in text_of(office.pdf(1))
    assert "Brouillon" in text_of(office.pdf(2))


def test_two_issued_versions_are_both_issued() -> None:
    office = Office().write(document(body="Une."), issued=True)
    office.write(document(body="Deux."), issued=True)
    assert [one.version for one in office.record().issues(PRACTICE, DOCUMENT)] == [1, 2]
    assert "Une." in text_of(office.pdf(1))
    assert "Brouillon" not in text_of(office.pdf(1)) + text_of(office.pdf(2))


def test_what_is_issued_stays_as_it_was_when_the_head_and_the_patient_change() -> None:
    office = Office().write(document(lines=[AMOXICILLIN]), issued=True)
    before = office.pdf()
    office.writing.send("letterhead.write", LETTERHEAD | {"name": "Dr Claire Durand"})
    office.writing.send("patient.amend", TRAITS | {"birth_name": "Autre"}, patient=PATIENT)
    assert office.pdf() == before
    draft = text_of(office.write(document(lines=[AMOXICILLIN])).pdf())
    assert "Dr Claire Durand" in draft
    assert "AUTRE Zoé Anne" in draft


@pytest.mark.parametrize("issued", [False, True])
def test_the_same_document_gives_the_same_bytes(issued: bool) -> None:
    content = document(lines=[AMOXICILLIN, METFORMIN], body="Repos.")
    one, other = (Office().write(content, issued=issued).pdf() for _ in range(2))
    assert one == other


def test_the_file_says_when_and_by_whom_and_is_for_the_archive() -> None:
    pdf = Office().write(document(lines=[AMOXICILLIN]), issued=True).pdf()
    found = read(pdf)
    about = found.metadata
    assert about is not None
    assert about.title == "Ordonnance du 23 novembre 2026"
    assert about.author == "Dr Claire Aubry"
    assert about.creation_date is not None
    assert about.creation_date.isoformat() == "2026-11-23T15:00:06+00:00"
    assert b"<pdfaid:part>2</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>" in pdf
    root = found.root_object
    assert str(root["/Lang"]) == "fr-FR"
    assert "/StructTreeRoot" in root
    assert {"/Names", "/OpenAction", "/AA", "/AcroForm"} & set(root) == set()


def test_the_first_of_a_month_is_written_as_french_does() -> None:
    assert "le 1er mars 2026" in printed(document(date="2026-03-01", body="x"))


def test_an_undated_document_has_the_day_it_was_written() -> None:
    assert "le 23 novembre 2026" in printed(document(date="", body="x"))


def test_what_came_as_a_file_is_not_printed_again() -> None:
    office = Office().write(document(body="x"))
    upload = office.version()
    upload.content["type"] = "upload"
    with pytest.raises(ValueError, match="as it came"):
        office.printing().pdf(upload)


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("12 rue des Tilleuls\n59000 Lille", "Lille, le"),
        ("12 rue des Tilleuls, 35000 Rennes", "Rennes, le"),
        ("Hôpital 75013 Paris CEDEX 13", "Paris, le"),
        ("3 place du 8 mai 1945", "Le 23"),
        ("", "Le 23"),
    ],
)
def test_the_place_is_the_town_of_the_address(address: str, place: str) -> None:
    office = Office(letterhead=False)
    office.writing.send("letterhead.write", LETTERHEAD | {"address": address})
    assert place in text_of(office.write(document(body="x")).pdf())


def test_pages_are_pictures_without_script_or_address() -> None:
    office = Office().write(document(lines=[AMOXICILLIN]))
    [page] = office.printing().pages(office.version())
    assert page.startswith(b"<svg")
    assert b"<script" not in page
    addresses = re.findall(rb'(?:href|src)="([^"]*)"', page)
    assert all(one.startswith((b"#", b"data:")) for one in addresses)
    assert DOCTOR.encode() not in page
