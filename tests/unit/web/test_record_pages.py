"""What stands in a patient's record: in sight where it matters, and every version readable."""

from typing import Any

import pytest

from anamnesis.record.model import Resource
from anamnesis.web.record_view import FORMS, changes_of, record_view
from tests.unit.clinical.contents import RESOURCES
from tests.unit.record.making import (
    ENCOUNTER,
    LOCUM,
    OTHER_PRACTICE,
    PATIENT,
    Writing,
    uuid,
)
from tests.unit.web.serving import get, headers, parsed, serving

ONE = uuid(0xE0001)
ALLERGY = RESOURCES["allergy.write"] | {"id": ONE}


def with_allergy(**changed: Any) -> Writing:
    writing = Writing().begun()
    writing.send("allergy.write", ALLERGY | changed, patient=PATIENT)
    return writing


@pytest.mark.parametrize("path", [f"/patients/{PATIENT}", f"/encounters/{ENCOUNTER}"])
def test_an_active_allergy_is_in_sight_where_somebody_writes(path: str) -> None:
    with serving(with_allergy()) as client:
        page = parsed(get(client, path))
    [banner] = page.all("p", **{"class": "allergies"})
    assert banner["role"] == "note"
    assert "Pénicilline" in page.words()
    with serving(with_allergy(status="refuted")) as client:
        assert parsed(get(client, path)).all("p", **{"class": "allergies"}) == []


def test_the_form_has_every_field_of_the_content() -> None:
    for type_, fields in FORMS.items():
        assert {field.name for field in fields} | {"id"} == set(RESOURCES[f"{type_}.write"])


def test_each_version_says_who_changed_what() -> None:
    writing = with_allergy()
    changed = ALLERGY | {"severity": "mild", "note": "réintroduite"}
    writing.send("allergy.write", changed, patient=PATIENT, author=LOCUM)
    with serving(writing) as client:
        page = parsed(get(client, f"/patients/{PATIENT}/record/{ONE}"))
    said = page.words()
    assert "Version 2" in said
    assert "Dr Claire Martin1" in said
    assert "severe" in said
    assert "réintroduite" in said


def test_what_was_entered_in_error_is_out_of_sight_and_says_why_on_its_page() -> None:
    writing = with_allergy()
    wrong = {"resource": ONE, "reason": "autre patient"}
    writing.send("resource.enter-in-error", wrong, patient=PATIENT)
    with serving(writing) as client:
        assert "Pénicilline" not in parsed(get(client, f"/patients/{PATIENT}")).words()
        page = parsed(get(client, f"/patients/{PATIENT}/record/{ONE}"))
    assert "autre patient" in page.words()
    assert page.all("form", id="in-error") == []


@pytest.mark.parametrize(
    "path",
    [
        f"/patients/{PATIENT}/record/{uuid(7)}",
        f"/patients/{uuid(7)}/record/{ONE}",
        f"/patients/{PATIENT}/record/new?type=document",
        f"/patients/{PATIENT}/record/new?type=x",
        "/patients/x/record/new?type=allergy",
    ],
)
def test_what_is_not_there_is_not_found(path: str) -> None:
    with serving(with_allergy()) as client:
        assert get(client, path).status_code == 404


def test_another_practice_sees_nothing_of_it() -> None:
    with serving(with_allergy()) as client:
        stranger = headers(OTHER_PRACTICE, LOCUM)
        path = f"/patients/{PATIENT}/record/{ONE}"
        assert client.get(path, headers=stranger).status_code == 404


def resource(type_: str, **changed: Any) -> Resource:
    content = RESOURCES[f"{type_}.write"] | changed
    about = {"author": "", "author_name": "", "typed_at": "", "recorded_at": "", "entry": ""}
    return Resource(resource=uuid(1), type=type_, practice="", patient="", encounter=None,
        version=1, content=content, digest="", withdrawn=None, issued=None, **about)  # fmt: skip


def test_severe_allergies_come_first_and_what_is_over_is_folded_away() -> None:
    mild = resource("allergy", severity="mild", substance="Pollens")
    severe = resource("allergy", severity="severe", substance="Arachide")
    stopped = resource("medication", status="stopped")
    view = record_view([mild, stopped, severe])
    assert [one.content["substance"] for one in view.allergies] == ["Arachide", "Pollens"]
    [medication] = [group for group in view.groups if group.name == "medication"]
    assert (medication.current, medication.past) == ([], [stopped])


def test_the_first_version_changes_nothing() -> None:
    [change] = changes_of([resource("condition")])
    assert change.fields == []
