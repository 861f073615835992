"""A processor's register: each controller's own numbers, and for nobody but operators."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

import pytest
from litestar.testing import TestClient

from anamnesis.clinical.breach import PLATFORM
from anamnesis.incident.opening import breach_id
from anamnesis.reconcile.discrepancy import Discrepancy
from anamnesis.seams import instant
from anamnesis.storage.memory.record import MemoryRecord
from anamnesis.web.application import WebSettings, create
from anamnesis.web.register_view import entry_of
from tests.unit.bootstrap.test_registering import OPENED, Book
from tests.unit.clinical.contents import BREACH, PAPER
from tests.unit.incident.making import discrepancy
from tests.unit.record.making import DOCTOR, ENCOUNTER, OTHER_PRACTICE, PRACTICE, Writing, uuid
from tests.unit.web.serving import NOW, headers, parsed

ENTRY = breach_id(PLATFORM, OPENED)
NOTICE = f"/operator/register/{ENTRY}/papers/processor-to-controller"
OPERATOR = {"x-anamnesis-operator": "yann"}
THEIRS = uuid(0xE0001)


class OpenedBook(Book):
    def discrepancies(
        self, number: int, practice: str | None, author: str | None, after: int, limit: int
    ) -> list[Discrepancy]:
        found = super().discrepancies(number, None, author, after, limit)
        return [one for one in found if practice in (None, one.practice)]


@contextmanager
def serving(*found: Discrepancy) -> Iterator[TestClient[Any]]:
    writing = Writing().begun()
    writing.send(
        "breach.write",
        BREACH | {"id": ENTRY, "incident": 1, "role": "processor"},
        practice=PLATFORM,
    )
    record = MemoryRecord()
    writing.fold(record)
    settings = WebSettings(now=lambda: NOW, organisation="Dossier SA; 1 rue du Lac; 75001 Paris")
    book = OpenedBook(*found)
    with TestClient(create(record, settings, incidents=lambda: nullcontext(book))) as client:
        yield client


MINE = discrepancy(1, practice=PRACTICE, author=DOCTOR, encounter=ENCOUNTER)
ALSO = discrepancy(2, practice=PRACTICE, author=DOCTOR, encounter=ENCOUNTER)
OTHERS = discrepancy(3, practice=OTHER_PRACTICE, author="paul", encounter=THEIRS)


def test_each_controller_stands_there_with_its_own_numbers() -> None:
    with serving(MINE, ALSO, OTHERS) as client:
        page = parsed(client.get(f"/operator/register/{ENTRY}", headers=OPERATOR))
    assert {row["data-controller"] for row in page.all("tr") if "data-controller" in row} == {
        PRACTICE,
        OTHER_PRACTICE,
    }
    assert page.all("a", href=f"{NOTICE}?controller={PRACTICE}")


def test_the_notice_has_the_controllers_own_numbers_and_list_and_nobody_elses() -> None:
    with serving(MINE, ALSO, OTHERS) as client:
        data = client.get(f"{NOTICE}/data?controller={PRACTICE}", headers=OPERATOR).json()
    said = {item["key"]: item["text"] for part in data["parts"] for item in part["items"]}
    assert (said["texts"], said["encounters"]) == ("2", "1")
    assert said["organisation"] == "Dossier SA"
    [line] = data["lines"]
    assert line["encounter"] == ENCOUNTER
    assert THEIRS not in str(data)


def test_no_patients_name_is_told_to_operators() -> None:
    with serving(MINE) as client:
        paths = ["/operator/register", f"/operator/register/{ENTRY}"]
        paths += [f"{NOTICE}{form}?controller={PRACTICE}" for form in ("", "/data")]
        told = [client.get(path, headers=OPERATOR) for path in paths]
    assert [answer.status_code for answer in told] == [200] * 4
    for answer in told:
        assert "Lefèvre" not in answer.text


def test_the_notice_is_printed() -> None:
    with serving(MINE) as client:
        answer = client.get(f"{NOTICE}/pdf?controller={PRACTICE}&language=en", headers=OPERATOR)
    assert answer.content.startswith(b"%PDF")


def test_an_empty_register_says_when_it_fills() -> None:
    with TestClient(create(MemoryRecord(), WebSettings(now=lambda: NOW))) as client:
        page = parsed(client.get("/operator/register", headers=OPERATOR))
    assert "ANAMNESIS_ROLE=processor" in page.words()


@pytest.mark.parametrize(
    "path",
    ["/operator/register", f"/operator/register/{ENTRY}", f"{NOTICE}?controller={PRACTICE}",
     f"{NOTICE}/data?controller={PRACTICE}", f"{NOTICE}/pdf?controller={PRACTICE}"],
)  # fmt: skip
def test_a_practitioner_opens_nothing_of_it(path: str) -> None:
    with serving(MINE) as client:
        assert client.get(path, headers=headers()).status_code == 401


@pytest.mark.parametrize(
    "path",
    [f"/operator/register/{uuid(0xE0FF)}", "/operator/register/x", NOTICE,
     f"{NOTICE}?controller={uuid(0xE0FE)}", f"/operator/register/{ENTRY}/papers/patients",
     f"/operator/register/{ENTRY}/papers/health-report?controller={PRACTICE}"],
)  # fmt: skip
def test_what_is_not_there_is_not_found(path: str) -> None:
    with serving(MINE) as client:
        assert client.get(path, headers=OPERATOR).status_code == 404


def test_the_clock_ends_when_the_last_controller_was_told_and_not_before() -> None:
    def state(*told: tuple[str, str]) -> tuple[str, set[str]]:
        writing = Writing().begun()
        extent = BREACH["extent"] | {"practices": 2}
        content = BREACH | {"id": ENTRY, "role": "processor", "extent": extent}
        writing.send("breach.write", content, practice=PLATFORM)
        for number, (receiver, at) in enumerate(told):
            about = {"breach": ENTRY, "type": "processor-to-controller", "receiver": receiver}
            paper = PAPER | about | {"id": uuid(0x900 + number), "sent_at": at}
            writing.send("breach-paper.write", paper, practice=PLATFORM)
        record = MemoryRecord()
        writing.fold(record)
        entry = entry_of(record, PLATFORM, ENTRY, NOW)
        assert entry is not None
        notified_at = entry.clock.notified_at
        return "" if notified_at is None else instant(notified_at), set(entry.told_at)

    first, again, last = (f"2026-11-23T1{hour}:00:00.000Z" for hour in (0, 1, 2))
    assert state() == ("", set())
    assert state((PRACTICE, first), (PRACTICE, again)) == ("", {PRACTICE})
    both = {PRACTICE, OTHER_PRACTICE}
    assert state((PRACTICE, first), (OTHER_PRACTICE, last), (PRACTICE, again)) == (last, both)
