"""Pages with what features add to them."""

from collections.abc import Iterator
from typing import Any

import pytest
from litestar.testing import TestClient

from anamnesis.features.feature import PageParts
from anamnesis.storage.memory.record import MemoryRecord
from anamnesis.web.application import create
from anamnesis.web.desk import WebSettings
from tests.unit.record.making import DOCTOR, ENCOUNTER, PRACTICE
from tests.unit.web.serving import full_practice, headers


class OneFeature:
    """Brings a script and a form, and shows notes in capitals."""

    def names(self, practice: str, practitioner: str) -> tuple[str, ...]:
        return ("capitals",) if (practice, practitioner) == (PRACTICE, DOCTOR) else ()

    def parts(
        self, practice: str, practitioner: str, encounter: str, patient: str
    ) -> list[tuple[str, PageParts]]:
        return [("capitals-1.js", PageParts("void 0;", "<p id='brought'>Ici</p>"))]

    def shown(self, practice: str, practitioner: str, sections: dict[str, str]) -> dict[str, str]:
        return {name: text.upper() for name, text in sections.items()}

    def script(self, name: str) -> str | None:
        return "void 0;" if name == "capitals-1.js" else None


@pytest.fixture
def client() -> Iterator[TestClient[Any]]:
    with TestClient(create(_record(), WebSettings(), features=OneFeature())) as client:
        yield client


def test_the_page_names_its_features_and_has_their_parts(client: TestClient[Any]) -> None:
    page = client.get(f"/encounters/{ENCOUNTER}", headers=headers()).text
    assert 'data-features="capitals"' in page
    assert '<script type="module" src="/features/capitals-1.js"></script>' in page
    assert "<p id='brought'>Ici</p>" in page


def test_the_page_shows_what_a_feature_makes_of_a_note_and_declares_the_records_text(
    client: TestClient[Any],
) -> None:
    page = client.get(f"/encounters/{ENCOUNTER}", headers=headers()).text
    with TestClient(create(_record(), WebSettings())) as plain:
        without = plain.get(f"/encounters/{ENCOUNTER}", headers=headers()).text
    declared = [line for line in page.splitlines() if "data-digest=" in line]
    assert declared
    assert declared == [line for line in without.splitlines() if "data-digest=" in line]
    assert page != without


def test_a_script_is_served_under_its_name_only(client: TestClient[Any]) -> None:
    got = client.get("/features/capitals-1.js", headers=headers())
    assert got.status_code == 200
    assert got.headers["content-type"].startswith("text/javascript")
    assert client.get("/features/other.js", headers=headers()).status_code == 404


def _record() -> MemoryRecord:
    record = MemoryRecord()
    full_practice().fold(record)
    return record
