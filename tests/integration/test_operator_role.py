"""An operator sees how everything is, and nobody's record; a practitioner the other way round."""

import httpx
import pytest

from tests.integration.test_access import audited
from tests.running import PASSWORD, Running, wait_until


@pytest.fixture
def operator(anamnesis: Running) -> httpx.Client:
    return anamnesis.sign_in("odile").client


def test_an_operator_sees_every_section_and_every_invariant(operator: httpx.Client) -> None:
    shown = operator.get("/keep/operator").json()
    assert [one["invariant"] for one in shown["invariants"]] == [f"I{n}" for n in range(1, 10)]
    sections = {"reconciliation", "sweep", "rollout", "outboxes", "processes", "disk", "incidents"}
    assert sections <= set(shown)
    assert not [name for name in shown if isinstance(shown[name], dict) and "failed" in shown[name]]
    assert [one for one in shown["checks"] if one["state"] in ("failed", "broken")] == []


def test_an_operator_opens_their_page(operator: httpx.Client) -> None:
    answer = operator.get("/operator", headers={"accept": "text/html"})
    assert (answer.status_code, "operator.js" in answer.text) == (200, True)


@pytest.mark.parametrize(
    "path",
    ["/keep/outstanding", "/keep/receipts", "/keep/events", "/patients", "/search?q=a", "/agenda"],
)
def test_an_operator_opens_no_record(operator: httpx.Client, path: str) -> None:
    answer = operator.get(path)
    assert answer.status_code == 403
    assert answer.json()["code"] == "role-refused"


def test_an_operator_writes_nothing_in_a_record(operator: httpx.Client) -> None:
    assert operator.post("/keep/entries", json={"entries": []}).status_code == 403
    assert operator.post("/keep/witness", json={}).status_code == 403


def test_a_practitioner_sees_nothing_of_the_operators(anamnesis: Running) -> None:
    client = anamnesis.sign_in("claire").client
    assert client.get("/keep/operator").status_code == 403
    assert client.post("/keep/operator/mode", json={"mode": "safe"}).status_code == 403
    page = client.get("/operator", headers={"accept": "text/html"})
    assert page.status_code == 403
    assert "Accès refusé" in page.text
    assert anamnesis.health()["mode"] == "features"


def test_an_operator_who_signs_in_is_led_to_the_operators_page(operator: httpx.Client) -> None:
    answer = operator.get("/", headers={"accept": "text/html"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/operator")
    assert operator.get("/keep/session").json()["role"] == "operator"


def test_a_decision_needs_the_pages_token(anamnesis: Running, operator: httpx.Client) -> None:
    del operator.headers["x-csrf-token"]
    answer = operator.post("/keep/operator/mode", json={"mode": "safe"})
    assert (answer.status_code, answer.json()["code"]) == (403, "csrf-refused")
    assert anamnesis.health()["mode"] == "features"


def test_looks_and_decisions_are_on_the_trail_with_who_did_it(
    anamnesis: Running, operator: httpx.Client
) -> None:
    begun = len(audited(anamnesis))
    operator.get("/keep/operator")
    wait_until(lambda: len(audited(anamnesis)) > begun, "what was before is written")
    begun = len(audited(anamnesis))
    again = anamnesis.sign_in("odile").client
    for _ in range(3):
        again.get("/keep/operator")
    operator = again
    assert operator.post("/keep/operator/features/none/suspend").status_code == 409
    assert operator.post("/keep/operator/mode", json={"mode": "safe"}).status_code == 200
    assert operator.post("/keep/operator/mode", json={"mode": "features"}).status_code == 200

    def events() -> list[tuple[object, object, object]]:
        trail = audited(anamnesis)
        return [
            (one["kind"], one["path"], one["status"])
            for one in trail[begun:]
            if one["login"] == "odile" and one["kind"] != "sign-in"
        ]

    expected = [
        ("operator-look", "/keep/operator", 200),
        ("operator-act", "/keep/operator/features/none/suspend", 409),
        ("operator-act", "/keep/operator/mode", 200),
        ("operator-act", "/keep/operator/mode", 200),
    ]
    wait_until(lambda: events() == expected, f"{expected} on the trail, not {events()}")


def test_an_operators_account_belongs_to_no_practice(anamnesis: Running) -> None:
    made = anamnesis.add_account("paule", family="P", given="P", practice="", operator=True)
    assert made.returncode == 0, made.stderr
    again = anamnesis.add_account("zoe", family="P", given="P", practice="Roses", operator=True)
    assert (again.returncode, "belongs to no practice" in again.stderr) == (16, True)
    answer = httpx.post(
        f"{anamnesis.url}/keep/session", json={"login": "paule", "password": PASSWORD}, timeout=10
    )
    assert (answer.json()["practice"], answer.json()["role"]) == ("", "operator")
