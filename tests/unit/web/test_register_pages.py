"""The register's pages: the clock, the factors, the decision and who signed it, every version."""

from typing import Any

from tests.unit.clinical.contents import AT, BREACH
from tests.unit.record.making import DOCTOR, LOCUM, OTHER_PRACTICE, Writing
from tests.unit.web.serving import ENTERED, Parsed, get, headers, parsed, serving

WHY = "Tous les textes ont été rendus en quelques minutes."
PROGRAM = "01930000-0000-7000-8000-00000000ffff"


def decision(by: str = DOCTOR, **changed: Any) -> dict[str, Any]:
    return {
        "notify": False,
        "inform": False,
        "notify_reason": WHY,
        "inform_reason": WHY,
        "by": by,
        "by_name": "Dr Claire Martin0",
        "at": AT,
    } | changed


def page_of(*versions: tuple[dict[str, Any], str]) -> Parsed:
    writing = Writing().begun()
    for changed, author in versions:
        writing.send(
            "breach.write", BREACH | {"id": ENTERED} | changed, author=author, device=author
        )
    with serving(writing) as client:
        return parsed(get(client, f"/register/{ENTERED}"))


def test_the_entry_says_deadline_score_and_what_is_proposed() -> None:
    words = page_of(({}, DOCTOR)).words()
    assert "30 avr. 2023, 10:40" in words
    assert "Indice 4,50" in words
    assert "Très élevée" in words
    assert "Proposé : notifier la CNIL et informer les patients." in words
    assert "CNIL, après l'incendie de mars 2021" in words


def test_what_is_proposed_is_chosen_beforehand_and_what_was_decided_after() -> None:
    chosen = [
        a["value"] for a in page_of(({}, DOCTOR)).all("input", type="radio") if "checked" in a
    ]
    assert chosen == ["yes", "yes"]
    decided = page_of(({}, DOCTOR), ({"decision": decision()}, DOCTOR))
    assert [a["value"] for a in decided.all("input", type="radio") if "checked" in a] == [
        "no",
        "no",
    ]
    assert WHY in decided.words()


def test_a_decision_is_signed_by_whoever_wrote_the_version_it_came_with() -> None:
    words = page_of(
        ({}, PROGRAM),
        ({"decision": decision()}, DOCTOR),
        ({"decision": decision(), "facts": "x"}, LOCUM),
    ).words()
    assert "(version 2)" in words
    assert "Attention" not in words
    forged = page_of(({}, PROGRAM), ({"decision": decision()}, LOCUM)).words()
    assert "Attention : cette version a été écrite par" in forged


def test_every_version_says_who_changed_what() -> None:
    words = page_of(
        ({}, PROGRAM), ({"effect": "no", "extent": BREACH["extent"] | {"lost": 3}}, DOCTOR)
    ).words()
    assert "le programme" in words
    assert "Conséquence pour un soin : unknown → no" in words
    assert "Saisies perdues définitivement : 92000 → 3" in words


def test_another_practice_has_a_register_of_its_own() -> None:
    writing = Writing().begun()
    writing.send("breach.write", BREACH | {"id": ENTERED})
    with serving(writing) as client:
        theirs = parsed(client.get("/register", headers=headers(OTHER_PRACTICE)))
        assert "Aucune violation" in theirs.words()
        mine = parsed(get(client, "/register"))
        assert mine.all("a", href=f"/register/{ENTERED}")
