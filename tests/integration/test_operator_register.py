"""An operator writes into the platform's own breach register, and into nothing else."""

from contextlib import closing
from typing import Any

import httpx
import pytest

from anamnesis.clinical.breach import PLATFORM
from anamnesis.record.resource_model import Resource
from anamnesis.storage.sqlite.record import SqliteRecordReader
from tests.integration.test_access import audited
from tests.running import Running, new_id, wait_until
from tests.unit.clinical.contents import BREACH, PAPER, RESOURCES

PATH = "/keep/operator/register"


@pytest.fixture
def operator(anamnesis: Running) -> httpx.Client:
    return anamnesis.sign_in("odile").client


def asked(content: dict[str, Any], after: int = 0, kind: str = "breach.write") -> dict[str, Any]:
    return {"kind": kind, "content": content, "after": after}


def versions(anamnesis: Running, identifier: str) -> list[Resource]:
    anamnesis.wait_recorded()
    with closing(SqliteRecordReader(anamnesis.data / "record.db")) as reader:
        return reader.resource_versions(PLATFORM, identifier)


def test_what_an_operator_writes_is_a_version_of_their_own_and_on_the_trail(
    anamnesis: Running, operator: httpx.Client
) -> None:
    content = BREACH | {"id": new_id(), "role": "processor"}
    first = operator.post(PATH, json=asked(content))
    assert first.status_code == 200, first.text
    second = operator.post(PATH, json=asked(content | {"contact": "dpo@here.fr"}, after=1))
    assert second.status_code == 200, second.text
    one, other = versions(anamnesis, content["id"])
    assert (one.content["contact"], other.content["contact"]) == (BREACH["contact"], "dpo@here.fr")
    assert {one.author, other.author} == {first.json()["author"]}

    def acts() -> int:
        return [event["path"] for event in audited(anamnesis)].count(PATH)

    wait_until(lambda: acts() >= 2, "both are on the trail")


def test_who_writes_after_another_is_told_and_a_lost_answer_writes_nothing_twice(
    anamnesis: Running, operator: httpx.Client
) -> None:
    content = BREACH | {"id": new_id(), "role": "processor"}
    assert operator.post(PATH, json=asked(content)).status_code == 200
    assert operator.post(PATH, json=asked(content)).status_code == 200
    late = operator.post(PATH, json=asked(content | {"facts": "Autre chose."}))
    assert (late.status_code, late.json()["code"]) == (409, "register-changed")
    assert len(versions(anamnesis, content["id"])) == 1


def test_a_paper_is_kept_once_under_the_operators_name_whatever_the_page_says(
    anamnesis: Running, operator: httpx.Client
) -> None:
    paper = PAPER | {"id": new_id(), "type": "processor-to-controller", "sent_by_name": "Dr Faux"}
    for at in (PAPER["sent_at"], "2026-11-27T08:00:00.000Z"):
        sent = asked(paper | {"sent_at": at}, kind="breach-paper.write")
        assert operator.post(PATH, json=sent).status_code == 200
    [kept] = versions(anamnesis, paper["id"])
    assert kept.content["sent_by_name"] == "Odile Garde"
    assert kept.content["sent_by"] == kept.author != PAPER["sent_by"]


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (asked(RESOURCES["snippet.write"], kind="snippet.write"), "malformed"),
        (asked({"id": "no"}), "malformed"),
        (asked(PAPER | {"data": ""}, kind="breach-paper.write"), "malformed"),
        (asked(BREACH) | {"practice": "another"}, "malformed"),
    ],
)
def test_nothing_else_can_be_written(
    operator: httpx.Client, sent: dict[str, Any], code: str
) -> None:
    answer = operator.post(PATH, json=sent)
    assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_practitioners_and_strangers_write_nothing_there(anamnesis: Running) -> None:
    claire = anamnesis.sign_in("claire").client
    assert claire.post(PATH, json=asked(BREACH)).status_code == 403
    assert httpx.post(f"{anamnesis.url}{PATH}", json=asked(BREACH)).status_code == 401
