"""A feature spoils the encounter's page: the witness keeps what is typed, the guard stops it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.deploying import SUSPENDED_SECONDS_MAX, deploy, feature, suspended
from tests.e2e.desk import Desk, desk
from tests.running import Practitioner, Running, wait_until

pytestmark = pytest.mark.e2e

RELOADED_SECONDS_MAX = 20.0


@pytest.fixture(scope="module")
def anamnesis() -> Iterator[Running]:
    with Running.started() as running:
        yield running


@pytest.fixture
def spoilt(
    anamnesis: Running, browser: Browser, claire: Practitioner, tmp_path: Path
) -> Iterator["Spoilt"]:
    patient = claire.create_patient()
    encounter = claire.start_encounter(patient)
    written = claire.write_note(patient, encounter, "Angor", conclusion="Adressé aux urgences")
    assert written["outcome"] == "receipt"
    anamnesis.wait_recorded()
    one = Spoilt(anamnesis, browser, claire, (patient, encounter), tmp_path)
    yield one
    one.withdraw()


class Spoilt:
    """An encounter whose page has a feature's script in it."""

    def __init__(
        self,
        running: Running,
        browser: Browser,
        claire: Practitioner,
        encounter: tuple[str, str],
        folder: Path,
    ) -> None:
        self.running, self.browser, self.claire = running, browser, claire
        self.encounter, self.folder = encounter, folder
        self.feature = ""

    def deploy(self, name: str) -> None:
        self.feature = deploy(self.running, self.folder, "pages.py", name, self.claire.practice)

    def withdraw(self) -> None:
        done = feature(self.running, "withdraw", self.feature)
        assert done.returncode == 0, done.stderr

    def stopped(self) -> None:
        wait_until(lambda: suspended(self.running), "suspended", SUSPENDED_SECONDS_MAX)

    def gone_from(self, at: Desk) -> None:
        """Until the page was loaded again without the feature."""
        wait_until(
            lambda: at.page.locator("#note").get_attribute("data-features") == "",
            "the page without the feature",
            RELOADED_SECONDS_MAX,
        )

    def kept(self, section: str) -> str:
        answer = self.claire.client.get(f"/keep/encounters/{self.encounter[1]}/note")
        # A record that is made anew is away for an instant.
        return str(answer.json()["sections"][section]) if answer.status_code == 200 else ""


def test_a_deaf_editor_loses_nothing_and_is_stopped(spoilt: Spoilt) -> None:
    spoilt.deploy("EditorDeaf")
    with desk(spoilt.running, spoilt.browser) as at:
        at.open(*spoilt.encounter)
        at.type("motif", " d'effort")
        spoilt.stopped()
        wait_until(lambda: spoilt.kept("motif") == "Angor d'effort", "kept", 15)
        spoilt.gone_from(at)
        at.wait("recorded")
        assert at.text("motif") == "Angor d'effort"


def test_a_page_that_hides_the_note_is_stopped_and_shows_it_again(spoilt: Spoilt) -> None:
    spoilt.deploy("Hides")
    with desk(spoilt.running, spoilt.browser) as at:
        at.open(*spoilt.encounter)
        assert at.text("motif") == ""
        assert at.state() != "recorded"
        spoilt.stopped()
        spoilt.gone_from(at)
        at.wait("recorded")
        assert at.text("motif") == "Angor"
        assert spoilt.kept("conclusion") == "Adressé aux urgences"
        assert not [
            one for one in at.samples if one["state"] == "recorded" and not one["sections"]["motif"]
        ]


def test_typing_at_once_over_a_hidden_note_takes_nothing_of_it_away(spoilt: Spoilt) -> None:
    spoilt.deploy("Hides")
    with desk(spoilt.running, spoilt.browser) as at:
        at.open(*spoilt.encounter)
        at.type("examen", "TA 13/8")
        spoilt.stopped()
        spoilt.gone_from(at)
        wait_until(lambda: spoilt.kept("examen") == "TA 13/8", "kept", 20)
        assert spoilt.kept("conclusion") == "Adressé aux urgences"


def test_an_editor_that_saves_stale_text_loses_nothing(spoilt: Spoilt) -> None:
    spoilt.deploy("EditorStale")
    with desk(spoilt.running, spoilt.browser) as at:
        at.open(*spoilt.encounter)
        at.type("motif", " d'effort depuis lundi")
        at.type("examen", "TA 13/8")
        wait_until(lambda: spoilt.kept("motif") == "Angor d'effort depuis lundi", "kept", 20)
        assert spoilt.kept("examen") == "TA 13/8"


def test_a_script_that_empties_the_fields_takes_nothing_away(spoilt: Spoilt) -> None:
    spoilt.deploy("BlanksScreen")
    with desk(spoilt.running, spoilt.browser) as at:
        at.open(*spoilt.encounter)
        at.type("examen", "TA 13/8")
        at.wait("recorded")
        at.page.wait_for_timeout(5000)
        versions = at.page.request.get(
            f"{spoilt.running.url}/encounters/{spoilt.encounter[1]}/history?every=yes"
        ).text()
        assert "TA 13/8" in versions
        assert "Adressé aux urgences" in versions


def test_leaving_at_once_takes_nothing_away(spoilt: Spoilt) -> None:
    spoilt.deploy("SharingLeaves")
    with desk(spoilt.running, spoilt.browser) as at:
        at.open(*spoilt.encounter)
        at.field("examen").focus()
        at.page.keyboard.insert_text("TA 13/8")
        at.page.wait_for_url("**/patients")
        wait_until(lambda: spoilt.kept("examen") == "TA 13/8", "kept", 15)
