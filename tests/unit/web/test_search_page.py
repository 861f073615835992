"""The search page: what is found is read from the record, marked, and of this practice alone."""

from collections.abc import Iterator
from typing import Any

import pytest
from litestar.testing import TestClient

from anamnesis.record.search_words import read_query
from anamnesis.storage.memory.record import MemoryRecord
from anamnesis.web.application import WebSettings, create
from anamnesis.web.searching import EXCERPT_CHARACTERS, excerpt
from tests.unit.record.making import OTHER_PRACTICE, Writing, text
from tests.unit.web.serving import full_practice, get, headers, serving

EVIL = "Toux <script>window.broken = 1</script> & « fièvre »"


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient[Any]]:
    writing = full_practice()
    writing.note("write", text(EVIL, examen="rien\n" * 200 + "crépitants " + "suite " * 100))
    with serving(writing) as serving_it:
        yield serving_it


def test_the_words_asked_for_are_marked_and_the_rest_is_text(client: TestClient[Any]) -> None:
    page = get(client, "/search?q=fievres").text
    assert "<mark>fièvre</mark>" in page
    assert "<script>window" not in page
    assert "&lt;script&gt;" in page


def test_an_excerpt_is_cut_around_the_first_word_asked_for(client: TestClient[Any]) -> None:
    page = get(client, "/search?q=crepitant&part=rows").text
    assert "<mark>crépitants</mark>" in page
    segments = excerpt("avant " * 50 + "toux" + " après" * 100, read_query("toux "))
    shown = "".join(one.text for one in segments)
    assert len(shown) <= EXCERPT_CHARACTERS + 2
    assert shown.startswith("…")
    assert shown.endswith("…")
    assert [one.text for one in segments if one.is_marked] == ["toux"]


def test_another_practice_finds_nothing(client: TestClient[Any]) -> None:
    answer = client.get("/search?q=fievre", headers=headers(OTHER_PRACTICE))
    assert answer.status_code == 200
    assert "<mark>" not in answer.text


def test_what_is_not_found_is_said_with_what_was_asked(client: TestClient[Any]) -> None:
    assert "Rien ne contient « zygomatique »" in get(client, "/search?q=zygomatique").text


def test_without_an_index_the_page_says_so_and_that_nothing_is_lost() -> None:
    record = MemoryRecord()
    Writing().begun().fold(record)
    with TestClient(create(record, WebSettings())) as client:
        answer = get(client, "/search?q=toux")
    assert answer.status_code == 200
    assert "momentanément indisponible" in answer.text


@pytest.mark.parametrize("asked", ["below=x", "below=99999999999999999999", "place=x", "from=x"])
def test_a_filter_that_is_none_breaks_nothing(client: TestClient[Any], asked: str) -> None:
    assert get(client, f"/search?q=toux&{asked}").status_code == 200
