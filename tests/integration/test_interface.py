"""The programming interface over HTTP: walked as its reference says, and asked at random.

The random part is Schemathesis, run short here and long by `make fuzz-interface`.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from anamnesis.storage.sqlite.access import SqliteAccessStore
from tests.running import PASSWORD, Practitioner, Running, new_id, now, wait_until

ROOT = Path(__file__).resolve().parent.parent.parent
SHELL = re.compile(r"^```sh\n(.*?)^```$", re.DOTALL | re.MULTILINE)
WALK_SECONDS_MAX = 90
LONG = "ANAMNESIS_INTERFACE_EXAMPLES" in os.environ
EXAMPLES = int(os.environ.get("ANAMNESIS_INTERFACE_EXAMPLES", "3"))
"""Cases for each route and phase, Schemathesis' coverage of the edges apart."""
PHASES = "examples,coverage,fuzzing" if LONG else "examples,fuzzing"
RUN_SECONDS_MAX = 280

CONFIGURATION = """
[[operations]]
# It answers 200, and refuses entries one by one.
include-path = "/keep/entries"
[operations.checks]
negative_data_rejection.enabled = false

[[operations]]
# No pattern says what a mark is: nobody makes one but the server.
include-path = "/api/v1/patients"
[operations.checks]
positive_data_acceptance.enabled = false

[[operations]]
include-path = "/api/v1/patients/{patient}/encounters"
[operations.checks]
positive_data_acceptance.enabled = false

[[operations]]
include-path = "/api/v1/search"
[operations.checks]
positive_data_acceptance.enabled = false

[[operations]]
# JSON Schema calls 1.0 an integer; and what a device tells of a number it holds, if it cannot be
# read, is left out of the report rather than silencing the screen's.
include-path = "/keep/witness"
[operations.checks]
negative_data_rejection.enabled = false
positive_data_acceptance.enabled = false
"""
LEFT_OUT = ["/keep/events", "/keep/session", "/keep/share"]
"""A stream that never ends, and what would end the session or lock the door."""


def test_the_reference_can_be_walked_as_it_stands(anamnesis: Running, tmp_path: Path) -> None:
    text = (ROOT / "docs" / "reference" / "api.md").read_text(encoding="utf-8")
    blocks = SHELL.findall(text)
    assert len(blocks) >= 9
    environment = {
        **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
        "SERVER": anamnesis.url,
        "LOGIN": "claire",
        "PASSWORD": PASSWORD,
        "VERIFIER": str(ROOT / "src" / "anamnesis" / "receipt" / "standalone.py"),
    }
    walked = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", "\n".join(blocks)],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=WALK_SECONDS_MAX,
        check=False,
    )
    assert walked.returncode == 0, walked.stdout + walked.stderr
    assert (tmp_path / "verified.txt").read_text(encoding="utf-8").startswith("VERIFIED: entry ")
    rows = json.loads((tmp_path / "patients.json").read_text(encoding="utf-8"))["rows"]
    assert "ESSAI" in {row["birth_name"] for row in rows}
    cookies = (tmp_path / "cookies.txt").read_text(encoding="utf-8")
    token = re.search(r"anamnesis_session\t(\S+)", cookies)
    assert token is not None
    rose = anamnesis.sign_in("rose").client
    ended = rose.get("/api/v1/practice", headers={"cookie": f"anamnesis_session={token[1]}"})
    assert ended.status_code == 401


def test_another_practice_and_nobody_read_nothing(anamnesis: Running) -> None:
    claire, rose = anamnesis.sign_in("claire"), anamnesis.sign_in("rose")
    patient = claire.create_patient("Interface")
    anamnesis.wait_recorded()
    path = f"/api/v1/patients/{patient}"
    assert claire.client.get(path).json()["birth_name"] == "Interface"
    refused = rose.client.get(path)
    assert (refused.status_code, refused.json()["code"]) == (404, "patient-unknown")
    assert "Interface" not in rose.client.get("/api/v1/patients").text
    nobody = claire.client.get(path, headers={"cookie": ""})
    assert (nobody.status_code, nobody.json()["code"]) == (401, "not-signed-in")
    forged = {"x-anamnesis-practice": claire.practice, "x-anamnesis-practitioner": claire.id}
    assert rose.client.get(path, headers=forged).status_code == 404


def test_a_look_through_the_interface_is_on_the_audit_trail(own_anamnesis: Running) -> None:
    claire = own_anamnesis.sign_in("claire")
    patient = claire.create_patient("Regard")
    encounter = claire.start_encounter(patient)
    own_anamnesis.wait_recorded()
    assert claire.client.get(f"/api/v1/patients/{patient}/allergies").status_code == 200
    assert claire.client.get(f"/api/v1/encounters/{encounter}/note").status_code == 200

    def looks() -> set[tuple[str | None, str | None]]:
        access = SqliteAccessStore(own_anamnesis.data / "access.db")
        try:
            events = access.audit(claire.practice, 100)
        finally:
            access.close()
        return {(one.patient, one.encounter) for one in events if one.kind == "look"}

    wanted = {(patient, None), (None, encounter)}
    wait_until(lambda: wanted <= looks(), "two looks on the audit trail")


def full(claire: Practitioner) -> None:
    """One of several things, so that what is asked at random meets something."""
    patient = claire.create_patient("Hasard")
    encounter = claire.start_encounter(patient)
    claire.write_note(patient, encounter, "Toux", conclusion="Rhinite")
    measured = {"code": "weight", "value": "61", "unit": "kg", "effective_at": now()}
    claire.keep(claire.entry("observation.record", measured, patient))
    claire.keep(claire.entry("appointment.book", claire.booking(now()), patient))
    snippet = {"id": new_id(), "abbreviation": "ras", "text": "Rien", "shared": True}
    claire.keep(claire.entry("snippet.write", snippet))
    condition = {"category": "problem", "text": "Asthme", "code": "", "onset": "", "note": ""}
    condition |= {"id": new_id(), "status": "active", "relative": ""}
    claire.keep(claire.entry("condition.write", condition, patient))
    letter: dict[str, Any] = {
        "type": "letter",
        "title": "Avis",
        "date": "2026-11-23",
        "recipient": "",
    }
    letter |= {"id": new_id(), "body": "Cher confrère", "lines": [], "file": None}
    claire.keep(claire.entry("document.write", letter, patient))


@pytest.mark.timeout(RUN_SECONDS_MAX + 60)
def test_nothing_that_is_made_up_gets_an_answer_the_document_does_not_know(
    own_anamnesis: Running, tmp_path: Path
) -> None:
    claire = own_anamnesis.sign_in("claire")
    full(claire)
    own_anamnesis.wait_recorded()
    document = tmp_path / "openapi.json"
    document.write_bytes(claire.client.get("/api/v1/openapi.json").content)
    configuration = tmp_path / "schemathesis.toml"
    configuration.write_text(CONFIGURATION, encoding="utf-8")
    cookies = "; ".join(f"{name}={value}" for name, value in claire.client.cookies.items())
    asked = subprocess.run(
        [
            str(Path(sys.executable).with_name("schemathesis")),
            *("--config-file", str(configuration), "run", str(document)),
            *("--url", own_anamnesis.url, "-H", f"Cookie: {cookies}"),
            *("-H", f"X-CSRF-Token: {claire.client.headers['x-csrf-token']}"),
            *(part for path in LEFT_OUT for part in ("--exclude-path", path)),
            *("--phases", PHASES, "--max-examples", str(EXAMPLES)),
            # The session goes with every request: without it there is nothing but 401.
            *("--generation-with-security-parameters", "false"),
            *("--exclude-checks", "ignored_auth", "--generation-database", "none"),
            *("--no-color", "--warnings", "off", "--continue-on-failure"),
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=RUN_SECONDS_MAX,
        check=False,
    )
    assert asked.returncode == 0, asked.stdout[:4_000] + asked.stdout[-20_000:] + asked.stderr
    generated = re.search(r"(\d+) generated, (\d+) passed", asked.stdout)
    assert generated is not None
    assert int(generated[1]) == int(generated[2]) > 100
    print(generated[0])
    assert own_anamnesis.health()["application"] == "up"
    assert claire.client.get("/api/v1/practice").status_code == 200
