"""What an index finds, the same over each store."""

from collections.abc import Callable, Iterator
from pathlib import Path

import apsw
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anamnesis.record.search import Filter, Place, SearchIndex, Text
from anamnesis.record.search_words import read_query
from anamnesis.storage.memory.search import MemorySearchIndex
from anamnesis.storage.sqlite.search import SPELLINGS_MAX, SqliteSearchIndex
from tests.unit.record.making import DOCTOR, LOCUM, OTHER_PRACTICE, PATIENT, PRACTICE, uuid

INDEXES: dict[str, Callable[[Path], SearchIndex]] = {
    "memory": lambda _: MemorySearchIndex(),
    "sqlite": lambda folder: SqliteSearchIndex(folder / "search.db"),
}


@pytest.fixture(params=sorted(INDEXES))
def index(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SearchIndex]:
    made = INDEXES[request.param](tmp_path)
    yield made
    made.close()


def written(
    text: str, position: int = 0, place: Place = "examen", subject: str = "", **changed: str
) -> Text:
    about = {"practice": PRACTICE, "patient": PATIENT, "author": DOCTOR, "day": "2026-11-23"}
    return Text(**about | changed, subject=subject or uuid(position), place=place,
        position=position, text=text)  # fmt: skip


def put(index: SearchIndex, *texts: Text) -> None:
    index.apply([(one.practice, one.subject) for one in texts], texts, 100)


def found(index: SearchIndex, query: str, only: Filter | None = None) -> list[int]:
    """The positions of the entries whose texts were found."""
    rows = index.find(PRACTICE, read_query(query), only or Filter(), 50, None)
    return [int(one.subject[-4:], 16) for one in rows]


TEXT = "Fièvre à 38,5 °C, angines à répétition ; TA 128/76. L’examen est normal, œdème absent."


@pytest.mark.parametrize(
    "query",
    [
        "fievre", "FIÈVRE", "fièvres", "angine", "angines", "38,5", "38.5", "128/76", "l'examen",
        "examen normal", '"examen est normal"', "l’Exa", "normal oedeme", "ang", "répéti",
        '"angines à répétition"', "fièvre -grippe",
    ],
)  # fmt: skip
def test_accents_case_plurals_and_elisions_do_not_matter(index: SearchIndex, query: str) -> None:
    put(index, written(TEXT, 7))
    assert found(index, query) == [7]


@pytest.mark.parametrize(
    "query",
    ["grippe", "38 ", "128 mm", '"normal examen"', "fièvre -angine", "examens fièvreux", "l", "",
     '"', "-", "*", "OR", "fièvre AND grippe", 'scope : "x"', "NEAR(a b)"],
)  # fmt: skip
def test_what_is_not_in_the_text_is_not_found(index: SearchIndex, query: str) -> None:
    put(index, written(TEXT, 7))
    assert found(index, query) == []


def test_the_newest_come_first_and_a_page_follows_the_other(index: SearchIndex) -> None:
    put(index, *(written(f"toux numéro {n}", n) for n in range(1, 8)))
    first = index.find(PRACTICE, read_query("toux "), Filter(), 3, None)
    rest = index.find(PRACTICE, read_query("toux "), Filter(), 9, first[-1].rank)
    positions = [int(one.subject[-4:], 16) for one in first + rest]
    assert positions == [7, 6, 5, 4, 3, 2, 1]


@pytest.mark.parametrize("spellings", [1, SPELLINGS_MAX, SPELLINGS_MAX + 1, 3 * SPELLINGS_MAX])
def test_a_beginning_finds_every_word_that_begins_so_however_many_there_are(
    index: SearchIndex, spellings: int
) -> None:
    put(index, *(written(f"grande toux{n}xa", n) for n in range(1, spellings + 1)))
    put(index, written("toujours grande, touy", 900), written("tou", 901))
    for asked in ("toux", "grande toux"):
        rows = index.find(PRACTICE, read_query(asked), Filter(), 1_000, None)
        assert [int(one.subject[-4:], 16) for one in rows] == [*range(spellings, 0, -1)]


def test_what_is_written_again_replaces_what_was_found(index: SearchIndex) -> None:
    put(index, written("toux", 3, subject=uuid(9)), written("râles", 3, "motif", uuid(9)))
    put(index, written("grippe", 5, subject=uuid(9)))
    assert found(index, "toux") == found(index, "râles") == []
    assert found(index, "grippe") == [9]
    index.apply([(PRACTICE, uuid(9))], [], 101)
    assert found(index, "grippe") == []
    assert index.applied() == 101


def test_another_practices_texts_do_not_exist(index: SearchIndex) -> None:
    put(index, written("toux", 3, practice=OTHER_PRACTICE))
    assert found(index, "toux") == []
    assert found(index, "toux -" + OTHER_PRACTICE) == []
    assert found(index, PRACTICE) == found(index, OTHER_PRACTICE) == []


def test_each_filter_leaves_out_the_others(index: SearchIndex) -> None:
    put(
        index,
        written("toux", 1, "motif", day="2026-01-05"),
        written("toux", 2, "examen", author=LOCUM, day="2026-02-05"),
        written("toux", 3, "document", patient=uuid(77), day="2026-03-05"),
    )
    assert found(index, "toux") == [3, 2, 1]
    for only, wanted in (
        (Filter(patient=PATIENT), [2, 1]),
        (Filter(author=LOCUM), [2]),
        (Filter(first_day="2026-02-05"), [3, 2]),
        (Filter(last_day="2026-02-05"), [2, 1]),
        (Filter(places=("motif", "document")), [3, 1]),
        (Filter(patient=PATIENT, places=("document",)), []),
    ):
        assert found(index, "toux", only) == wanted


def test_an_index_begun_anew_has_nothing(index: SearchIndex) -> None:
    put(index, written("toux", 3))
    index.clear()
    assert index.applied() == 0
    assert found(index, "toux") == []
    put(index, written("toux", 3))
    assert found(index, "toux") == [3]


def test_a_file_that_is_no_index_or_another_form_of_it_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "search.db"
    path.write_bytes(b"no database at all" * 500)
    index = SqliteSearchIndex(path)
    put(index, written("toux", 3))
    assert found(index, "toux") == [3]
    index.close()
    kept = SqliteSearchIndex(path)
    assert (kept.applied(), found(kept, "toux")) == (100, [3])
    kept.close()
    connection = apsw.Connection(str(path))
    connection.pragma("user_version", 1)
    connection.close()
    other = SqliteSearchIndex(path)
    assert (other.applied(), found(other, "toux")) == (0, [])
    other.close()


words = st.sampled_from(["fièvre", "fièvres", "toux", "38,5", "l’examen", "examen", "œdème", "pas"])


@given(
    texts=st.lists(st.lists(words, min_size=1, max_size=5), min_size=1, max_size=6),
    asked=st.lists(words, min_size=1, max_size=3),
    quoted=st.booleans(),
)
def test_both_stores_find_the_same(
    tmp_path_factory: pytest.TempPathFactory,
    texts: list[list[str]],
    asked: list[str],
    quoted: bool,
) -> None:
    query = f'"{" ".join(asked)}"' if quoted else " ".join(asked)
    answers = []
    for make in INDEXES.values():
        index = make(tmp_path_factory.mktemp("index"))
        put(index, *(written(" ".join(text), n + 1) for n, text in enumerate(texts)))
        answers.append(found(index, query))
        index.close()
    assert answers[0] == answers[1]
