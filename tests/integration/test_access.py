"""Who gets in, what is kept out, and what is written down about it."""

from datetime import UTC, datetime
from pathlib import Path

import apsw
import httpx
import pytest

from tests.running import PASSWORD, Running, new_id, wait_until


def get(anamnesis: Running, path: str, **headers: str) -> httpx.Response:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.get(anamnesis.url + path, headers=sent, timeout=10)


def audited(anamnesis: Running) -> list[dict[str, object]]:
    """The audit trail as it is on the disk, oldest first."""
    connection = apsw.Connection(str(anamnesis.data / "access.db"), flags=apsw.SQLITE_OPEN_READONLY)
    try:
        names = [row[1] for row in connection.execute("PRAGMA table_info(audit)")]
        rows = connection.execute("SELECT * FROM audit ORDER BY number")
        return [dict(zip(names, row, strict=True)) for row in rows]
    finally:
        connection.close()


def test_nothing_of_the_keepers_is_answered_without_a_session(anamnesis: Running) -> None:
    for path in ("/keep/session", "/keep/events", "/keep/outstanding", "/keep/receipts"):
        answer = get(anamnesis, path)
        assert (answer.status_code, answer.json()["code"]) == (401, "not-signed-in")
    posted = httpx.post(f"{anamnesis.url}/keep/entries", json={"entries": []}, timeout=10)
    assert posted.status_code == 401


def test_a_navigation_without_a_session_goes_to_the_sign_in_page(anamnesis: Running) -> None:
    answer = get(anamnesis, "/patients?q=martin", accept="text/html")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/sign-in?next=/patients%3Fq%3Dmartin"
    assert get(anamnesis, "/patients", accept="*/*").status_code == 401


def test_public_pages_need_no_session(anamnesis: Running) -> None:
    for path in ("/sign-in", "/offline", "/service-worker.js", "/static/badge.js"):
        assert get(anamnesis, path).status_code == 200


@pytest.mark.parametrize(
    "path", ["/static/../patients", "/static/%2e%2e/patients", "/static/..%2fx"]
)
def test_a_public_prefix_leads_nowhere_else(anamnesis: Running, path: str) -> None:
    raw = httpx.URL(anamnesis.url).copy_with(raw_path=path.encode())
    assert httpx.get(raw, timeout=10).status_code in (401, 404)


def test_signing_in_by_a_form_goes_on_to_a_page_of_this_host_only(anamnesis: Running) -> None:
    def sign_in(password: str, target: str) -> httpx.Response:
        form = {"login": "claire", "password": password, "next": target}
        return httpx.post(f"{anamnesis.url}/keep/session", data=form, timeout=10)

    assert sign_in(PASSWORD, "/patients").headers["location"] == "/patients"
    assert sign_in(PASSWORD, "https://evil.example/").headers["location"] == "/"
    refused = sign_in("wrong", "/patients")
    assert refused.headers["location"] == "/sign-in?refused=sign-in-refused&next=/patients"
    assert "set-cookie" not in refused.headers


def test_the_session_cookie_is_out_of_a_scripts_reach(anamnesis: Running) -> None:
    answer = httpx.post(
        f"{anamnesis.url}/keep/session", json={"login": "claire", "password": PASSWORD}, timeout=10
    )
    session, csrf = answer.headers.get_list("set-cookie")
    assert "HttpOnly" in session
    assert "SameSite=Lax" in session
    assert "HttpOnly" not in csrf


def test_a_write_needs_the_pages_own_token_and_origin(anamnesis: Running) -> None:
    claire = anamnesis.sign_in("claire")
    without = claire.client.post(
        "/keep/entries", json={"entries": []}, headers={"x-csrf-token": ""}
    )
    assert (without.status_code, without.json()["code"]) == (403, "csrf-refused")
    foreign = claire.client.post(
        "/keep/entries", json={"entries": []}, headers={"origin": "https://evil.example"}
    )
    assert (foreign.status_code, foreign.json()["code"]) == (403, "origin-refused")
    assert claire.send() == []
    signed_out = claire.client.delete("/keep/session", headers={"x-csrf-token": "0" * 64})
    assert signed_out.status_code == 403


def test_another_site_cannot_sign_a_browser_in(anamnesis: Running) -> None:
    answer = httpx.post(
        f"{anamnesis.url}/keep/session",
        data={"login": "claire", "password": PASSWORD},
        headers={"origin": "https://evil.example"},
        timeout=10,
    )
    assert (answer.status_code, answer.json()["code"]) == (403, "origin-refused")


def test_nobody_can_claim_an_identity(anamnesis: Running) -> None:
    forged = {"x_anamnesis_practitioner": new_id(), "x_anamnesis_practice": new_id()}
    assert get(anamnesis, "/patients", **forged).status_code == 401
    rose = anamnesis.sign_in("rose")
    claire = anamnesis.sign_in("claire")
    patient = claire.create_patient("Confidentielle")
    anamnesis.wait_recorded()
    answer = rose.client.get(
        f"/patients/{patient}",
        headers={"X-Anamnesis-Practice": claire.practice, "x-anamnesis-practitioner": claire.id},
    )
    assert answer.status_code == 404
    assert "Confidentielle" not in answer.text


def test_a_sign_out_is_honoured_by_every_route(anamnesis: Running) -> None:
    claire = anamnesis.sign_in("claire")
    cookies = dict(claire.client.cookies)
    assert claire.client.delete("/keep/session").status_code == 204
    after = httpx.get(f"{anamnesis.url}/keep/session", cookies=cookies, timeout=10)
    assert after.status_code == 401


def test_unknown_paths_and_methods_are_told_apart(anamnesis: Running) -> None:
    claire = anamnesis.sign_in("claire")
    assert claire.client.get("/keep/nothing").json()["code"] == "not-found"
    assert claire.client.get("/keep/entries").json()["code"] == "method-not-allowed"
    assert claire.client.put("/keep/health").json()["code"] == "method-not-allowed"
    assert claire.client.put("/keep/session").headers["allow"] == "DELETE, GET, POST"


def test_refusals_come_in_the_readers_language(anamnesis: Running) -> None:
    french = get(anamnesis, "/keep/session").json()["message"]
    english = get(anamnesis, "/keep/session", cookie="anamnesis_language=en").json()["message"]
    assert (french, english) == ("Connectez-vous.", "Sign in.")


@pytest.mark.parametrize(
    "path", ["/keep/health", "/keep/session", "/sign-in", "/static/badge.js", "/x"]
)
def test_every_response_carries_the_security_headers(anamnesis: Running, path: str) -> None:
    headers = get(anamnesis, path).headers
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "server" not in headers


def test_a_page_with_a_patient_is_stored_nowhere(anamnesis: Running) -> None:
    claire = anamnesis.sign_in("claire")
    patient = claire.create_patient()
    anamnesis.wait_recorded()
    answer = claire.client.get(f"/patients/{patient}")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"


def test_every_look_at_a_patient_is_on_the_audit_trail(anamnesis: Running) -> None:
    claire = anamnesis.sign_in("claire")
    patient = claire.create_patient()
    encounter = claire.start_encounter(patient)
    anamnesis.wait_recorded()
    claire.client.get(f"/patients/{patient}")
    claire.client.get(f"/keep/encounters/{encounter}/note")

    def looks() -> set[tuple[object, object]]:
        rows = audited(anamnesis)
        return {(row["patient"], row["encounter"]) for row in rows if row["kind"] == "look"}

    wait_until(lambda: {(patient, None), (None, encounter)} <= looks(), "both looks written down")
    [row] = [row for row in audited(anamnesis) if row["patient"] == patient]
    assert (row["login"], row["practitioner"], row["status"]) == ("claire", claire.id, 200)
    assert row["address"] == "127.0.0.1"
    assert abs(datetime.now(UTC) - datetime.fromisoformat(str(row["at"]))).total_seconds() < 60


@pytest.mark.parametrize(
    "path", ["/patients//{}", "//patients/{}", "/patients/%2f{}", "/patients/%2e/{}"]
)
def test_a_path_that_the_trail_would_read_otherwise_leads_nowhere(
    anamnesis: Running, path: str
) -> None:
    claire = anamnesis.sign_in("claire")
    patient = claire.create_patient("Cachée")
    anamnesis.wait_recorded()
    raw = httpx.URL(anamnesis.url).copy_with(raw_path=path.format(patient).encode())
    answer = claire.client.get(raw)
    assert answer.status_code == 404
    assert "Cachée" not in answer.text


def test_signing_in_and_out_and_failing_to_are_on_the_audit_trail(anamnesis: Running) -> None:
    claire = anamnesis.sign_in("claire")
    claire.client.delete("/keep/session")
    httpx.post(
        f"{anamnesis.url}/keep/session", json={"login": "claire", "password": "no"}, timeout=10
    )
    wait_until(
        lambda: (
            {"sign-in", "sign-out", "sign-in-refused"}
            <= {row["kind"] for row in audited(anamnesis)}
        ),
        "all three written down",
    )


def test_no_secret_and_no_text_is_on_the_disk_where_it_should_not_be(anamnesis: Running) -> None:
    claire = anamnesis.sign_in("claire")
    patient = claire.create_patient("Zyzomys")
    encounter = claire.start_encounter(patient)
    claire.write_note(patient, encounter, "Onomatopée")
    anamnesis.wait_recorded()
    access = b"".join(path.read_bytes() for path in Path(anamnesis.data).glob("access.db*"))
    for secret in (PASSWORD, claire.client.cookies["anamnesis_session"], "Zyzomys", "Onomatopée"):
        assert secret.encode() not in access
        assert secret not in anamnesis.printed()


def test_the_secrets_on_the_disk_are_their_owners_only(anamnesis: Running) -> None:
    for name in ("signing.key", "keeper.sock", "application.sock", "journal.lock"):
        assert (anamnesis.data / name).stat().st_mode & 0o077 == 0
