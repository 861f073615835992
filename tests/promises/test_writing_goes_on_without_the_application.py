"""PROMISE: without any application, and without a record, one types on and reads what one typed."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from tests.deploying import feature
from tests.running import Practitioner, Running, wait_until
from tests.sabotage import BACK_SECONDS_MAX, Sabotage, sabotaged

pytestmark = pytest.mark.e2e


@pytest.fixture
def own(tmp_path: Path) -> Iterator[tuple[Running, Sabotage]]:
    with sabotaged(tmp_path) as pair:
        yield pair


def steps(running: Running) -> list[str]:
    with closing(sqlite3.connect(running.data / "incidents.db")) as book:
        return [what for (what,) in book.execute("SELECT what FROM step ORDER BY number")]


def read(someone: Practitioner, encounter: str) -> dict[str, object]:
    answer = someone.client.get(f"/keep/journal/encounters/{encounter}/note")
    assert answer.status_code == 200, answer.text
    found: dict[str, object] = answer.json()
    return found


def motif(note: dict[str, object]) -> str:
    sections = note["sections"]
    assert isinstance(sections, dict)
    return str(sections["motif"])


def navigated(someone: Practitioner, path: str) -> httpx.Response:
    return someone.client.get(path, headers={"sec-fetch-mode": "navigate"})


def test_an_application_that_cannot_start_at_all_and_a_record_that_is_gone(
    own: tuple[Running, Sabotage],
) -> None:
    running, sabotage = own
    claire = running.sign_in("claire")
    patient = claire.create_patient("Lemoine")
    encounter = claire.start_encounter(patient)
    claire.write_note(patient, encounter, "Écrit avant.")
    running.wait_recorded()
    sabotage.dies()
    sabotage.wait_mode("journal-only")
    for name in ("record.db", "record.db-wal", "record.db-shm"):
        (running.data / name).unlink(missing_ok=True)

    again = running.sign_in("claire")
    led = navigated(again, f"/encounters/{encounter}")
    assert (led.status_code, led.headers["location"][:18]) == (303, "/keep/journal-only")
    page = navigated(again, led.headers["location"])
    assert page.status_code == 200
    assert "unsafe" not in page.headers["content-security-policy"]
    assert again.client.get("/static/outbox.js").status_code == 200
    assert again.client.get("/agenda/grid").json()["code"] == "application-unavailable"

    assert motif(read(again, encounter)) == "Écrit avant."
    base = read(again, encounter)["digest"]
    assert isinstance(base, str)
    written = again.write_note(patient, encounter, "Écrit avant, et pendant.", base)
    assert written["receipt"]["state"] == "journaled"
    fresh = again.create_patient("Garnier")
    second = again.start_encounter(fresh)
    result = again.write_note(fresh, second, "Nouveau patient.")
    listed = again.client.get("/keep/journal/encounters").json()["encounters"]
    assert [(one["encounter"], one["person"]["name"], one["state"]) for one in listed] == [
        (second, "Garnier", "journaled"),
        (encounter, "Lemoine", "journaled"),
    ]
    assert motif(read(again, encounter)) == "Écrit avant, et pendant."
    assert again.witnessed(second, result["receipt"]["header"]["digest"])["state"] == "journaled"

    rose = running.sign_in("rose")
    assert rose.client.get(f"/keep/journal/encounters/{encounter}/note").status_code == 404
    assert rose.client.get("/keep/journal/patients?q=garnier").json()["patients"] == []

    sabotage.mended()
    sabotage.wait_mode("features", BACK_SECONDS_MAX)
    running.wait_recorded()
    assert again.note(encounter)["sections"]["motif"] == "Écrit avant, et pendant."
    assert again.note(second)["sections"]["motif"] == "Nouveau patient."
    assert read(again, second)["state"] == "recorded"
    assert navigated(again, f"/encounters/{second}").status_code == 200
    wait_until(lambda: "pages-back" in steps(running), "the end on the timeline")
    assert steps(running).count("journal-only") == 1


def test_a_baseline_that_writes_wrongly_even_in_safe_mode_shows_no_more_pages(
    own: tuple[Running, Sabotage],
) -> None:
    running, sabotage = own
    claire = running.sign_in("claire")
    patient = claire.create_patient()
    encounter = claire.start_encounter(patient)
    assert feature(running, "mode", "safe").returncode == 0
    sabotage.writes_wrongly()
    claire.write_note(patient, encounter, "Toux.", conclusion="Bronchite.")
    sabotage.wait_mode("journal-only")
    assert navigated(claire, f"/encounters/{encounter}").status_code == 303
    sections = read(claire, encounter)["sections"]
    assert isinstance(sections, dict)
    assert sections["conclusion"] == "Bronchite."
    assert read(claire, encounter)["state"] == "journaled"
    sabotage.mended()
    (running.data / "record.order").touch()
    sabotage.wait_mode("safe", BACK_SECONDS_MAX)
    running.wait_recorded()
    assert claire.note(encounter)["sections"]["conclusion"] == "Bronchite."


def test_an_operator_may_decide_it_and_then_nobody_else_ends_it(
    own: tuple[Running, Sabotage],
) -> None:
    running, sabotage = own
    claire = running.sign_in("claire")
    assert feature(running, "mode", "journal-only").returncode == 0
    assert running.health()["mode"] == "journal-only"
    assert navigated(claire, "/").status_code == 303
    assert "Journal-only mode since" in feature(running, "list").stdout
    assert feature(running, "mode", "features").returncode == 0
    sabotage.wait_mode("features")
    assert navigated(claire, "/").status_code == 200
