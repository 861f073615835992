"""Fifty questions to the demonstration's notes, each with what has to be found.

What has to be found is told by a pattern over the texts themselves, without accents and in small
letters, written by somebody who knows the plurals: no stemming and no index is in it.
"""

import re
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from anamnesis.bootstrap.demonstration import plant_demonstration
from anamnesis.clinical.patient import folded
from anamnesis.record.search import Filter, Indexer
from anamnesis.record.search_words import read_query
from anamnesis.settings import Settings
from anamnesis.storage.sqlite.record import SqliteRecordReader
from anamnesis.storage.sqlite.search import SqliteSearchIndex

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
BATCH = 500
EVERYTHING = 100_000
QUERIES = {
    "toux": r"\btoux\b",
    "TOUX": r"\btoux\b",
    "fièvre": r"\bfievres?\b",
    "fievre": r"\bfievres?\b",
    "fièvres": r"\bfievres?\b",
    "angine": r"\bangines?\b",
    "angines": r"\bangines?\b",
    "otite": r"\botites?\b",
    "vaccin": r"\bvaccin\w*",
    "lombalgies": r"\blombalgi(?:e|es)\b",
    "douleur thoracique": r"\bdouleurs?\b&\bthoraciques?\b",
    '"toux grasse"': r"\btoux\W+grasses?\b",
    '"toux sèche"': r"\btoux\W+sech(?:e|es)\b",
    '"pas de fièvre"': r"\bpas\W+de\W+fievres?\b",
    '"TDR négatif"': r"\btdr\W+negatif(?:s)?\b",
    "38,5": r"(?<![\d.,/])38[.,]5(?![\d/])(?![.,]\d)",
    "38.5": r"(?<![\d.,/])38[.,]5(?![\d/])(?![.,]\d)",
    "128/76": r"(?<![\d.,/])128/76(?![\d/])",
    "HTA": r"\bhta\b",
    "SpO2": r"\bspo2\b",
    "IPP": r"\bipp\b",
    "RGO": r"\brgo\b",
    "oedème": r"\boedemes?\b",
    "œdèmes": r"\boedemes?\b",
    "cœur": r"\bcoeurs?\b",
    "l'examen": r"\bexamens?\b",
    "d’antibiotique": r"\bantibiotiques?\b",
    "antibiotiques": r"\bantibiotiques?\b",
    "paracétamol": r"\bparacetamol\b",
    "amoxicilline": r"\bamoxicilline\b",
    "amoxicilline -angine": r"\bamoxicilline\b&!\bangines?\b",
    "fièvre -toux": r"\bfievres?\b&!\btoux\b",
    "metformine": r"\bmetformine\b",
    "ramipril": r"\bramipril\b",
    "tympan": r"\btympans?\b",
    "tympans": r"\btympans?\b",
    "crépitants": r"\bcrepitants?\b",
    "mollets souples": r"\bmollets?\b&\bsouples?\b",
    '"mollets souples"': r"\bmollets?\W+souples?\b",
    "diabète": r"\bdiabetes?\b",
    "asthme": r"\basthmes?\b",
    "entorse": r"\bentorses?\b",
    "eczéma": r"\beczemas?\b",
    "gastro": r"\bgastro\w*",
    "pneumo": r"\bpneumo\w*",
    "érup": r"\berup\w*",
    "bandelette urinaire": r"\bbandelettes?\b&\burinair(?:e|es)\b",
    "sommeil": r"\bsommeils?\b",
    "TSH": r"\btsh\b",
    "zygomatique": r"\bzygomatiques?\b",
}


class Library:
    """Every text there is, and the index that has to find them."""

    def __init__(self, folder: Path) -> None:
        settings = Settings(data=folder / "data").checked()
        plant_demonstration(settings, NOON, lambda *_: None)
        self.reader = SqliteRecordReader(settings.record)
        self.index = SqliteSearchIndex(folder / "search.db")
        indexer = Indexer(self.reader, self.index)
        while indexer.step(BATCH):
            pass
        self.practice = max(
            {one.practice for one in self.reader.directory()},
            key=lambda practice: len(self.reader.practitioners(practice)),
        )
        self.texts = self._texts()

    def _texts(self) -> dict[tuple[str, str], str]:
        texts: dict[tuple[str, str], str] = {}
        for change in self.reader.changes(0):
            if change.practice == self.practice and change.kind.startswith("note."):
                note = self.reader.note(self.practice, change.encounter or "")
                assert note is not None
                if note.status != "entered-in-error":
                    for name in ("motif", "interrogatoire", "examen", "conclusion"):
                        texts[note.encounter, name] = folded(getattr(note.sections, name))
        return texts

    def found(self, query: str) -> set[tuple[str, str]]:
        places = Filter(places=("motif", "interrogatoire", "examen", "conclusion"))
        rows = self.index.find(self.practice, read_query(query), places, EVERYTHING, None)
        return {(one.subject, one.place) for one in rows}

    def expected(self, pattern: str) -> set[tuple[str, str]]:
        wanted = [part for part in pattern.split("&") if not part.startswith("!")]
        unwanted = [part[1:] for part in pattern.split("&") if part.startswith("!")]
        return {
            place
            for place, text in self.texts.items()
            if all(re.search(one, text) for one in wanted)
            and not any(re.search(one, text) for one in unwanted)
        }


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    made = Library(tmp_path_factory.mktemp("library"))
    yield made
    made.reader.close()
    made.index.close()


def test_there_are_fifty_questions_and_most_of_them_find_something(library: Library) -> None:
    assert len(QUERIES) == 50
    assert sum(bool(library.expected(pattern)) for pattern in QUERIES.values()) >= 45


@pytest.mark.parametrize("query", QUERIES)
def test_what_has_to_be_found_is_found_and_nothing_else(library: Library, query: str) -> None:
    assert library.found(query) == library.expected(QUERIES[query])


def test_an_index_made_again_finds_the_same_as_one_that_was_kept(
    library: Library, tmp_path: Path
) -> None:
    with closing(SqliteSearchIndex(tmp_path / "again.db")) as again:
        indexer = Indexer(library.reader, again)
        while indexer.step(7 * BATCH):
            pass
        assert again.applied() == library.index.applied()
        for query in QUERIES:
            asked = (library.practice, read_query(query), Filter(), EVERYTHING, None)
            assert again.find(*asked) == library.index.find(*asked)
