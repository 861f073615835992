"""A paper about a breach as PDF: a draft says so, the list is whole, what is missing is marked."""

import io
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from pypdf import PdfReader

from anamnesis.clinical.breach import PAPERS, PaperType
from anamnesis.incident.paper import Around, Line
from anamnesis.incident.papers import compose
from anamnesis.web.catalogue import LANGUAGES, Language, read_catalogues
from anamnesis.web.dates import Dates
from anamnesis.web.printing.paper_sheet import paper_sheet
from anamnesis.web.printing.press import Press
from tests.unit.incident.making import breach

NOW = datetime(2023, 4, 28, 8, 0, tzinfo=UTC)
CATALOGUES = read_catalogues()
PRESS = Press()
LINES = tuple(
    Line(f"{n}", f"26 avr., 17:{n:02}", "LEFÈVRE Zoé", "Motif", "perdu") for n in range(60)
)


def printed(type_: PaperType, language: Language, *, draft: bool = True) -> str:
    words = CATALOGUES[language]
    around = Around("Cabinet des Tilleuls", "1 rue X", "", NOW, LINES)
    moment = Dates(language, ZoneInfo("Europe/Paris")).minute
    paper = compose(type_, language, breach(), around, words, moment)
    sheet = paper_sheet(paper, ["Cabinet des Tilleuls"], "pied", words, NOW, draft=draft)
    pages = PdfReader(io.BytesIO(PRESS.pdf(sheet))).pages
    return " ".join("".join(page.extract_text() for page in pages).split())


@pytest.mark.parametrize("type_", PAPERS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_paper_is_printed_in_both_languages(type_: PaperType, language: Language) -> None:
    said = printed(type_, language)
    assert CATALOGUES[language](f"paper-{type_}") in said
    assert CATALOGUES[language]("paper-missing") in said


def test_a_draft_says_that_it_is_one_and_what_was_sent_does_not() -> None:
    assert "Projet à valider" in printed("patients", "fr")
    assert "Brouillon" in printed("patients", "fr")
    sent = printed("patients", "fr", draft=False)
    assert "Projet" not in sent
    assert "Brouillon" not in sent


def test_the_list_is_whole_on_as_many_pages_as_it_takes() -> None:
    said = printed("practitioner", "fr")
    assert all(line.day in said for line in LINES)
