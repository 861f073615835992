"""Everything at once: somebody types while network, keeper, application and session come and go.

The seed is printed, and ANAMNESIS_AGITATION replays it.
"""

import contextlib
import os
import random
import signal

import pytest

from tests.e2e.desk import Desk, never_green_while_wrong
from tests.running import PASSWORD, SECTIONS, Practitioner, Running

pytestmark = pytest.mark.e2e

Encounter = tuple[str, str]
STEPS = 30
STEPS_CAMPAIGN = 400
CALM_SECONDS_MAX = 60.0
WORDS = ("fièvre", "≥ 38,5 °C", "toux", "« sèche »", "depuis", "l’hiver", "😷", "RAS", "à revoir\n")


class Agitation:
    """Draws what happens next, and knows what was typed."""

    def __init__(self, one: Desk, encounter: Encounter, seed: int) -> None:
        self.one = one
        self.encounter = encounter
        self.chance = random.Random(seed)
        self.typed = dict.fromkeys(SECTIONS, "")
        self.offline = False

    def step(self) -> None:
        deeds = [self.write] * 8 + [self.network, self.kill_keeper, self.kill_application]
        deeds += [self.reload, self.session, self.erase, self.rest]
        self.chance.choice(deeds)()

    def write(self) -> None:
        section = self.chance.choice(SECTIONS)
        text = " ".join(self.chance.choices(WORDS, k=self.chance.randint(1, 4))) + " "
        self.one.field(section).focus()
        self.one.page.keyboard.press("Control+End")
        for part in text.split(" ")[:-1]:
            self.one.page.keyboard.insert_text(part + " ")
            self.one.page.wait_for_timeout(self.chance.randint(5, 300))
        self.typed[section] += text

    def erase(self) -> None:
        section = self.chance.choice(SECTIONS)
        self.one.field(section).fill("")
        self.typed[section] = ""

    def network(self) -> None:
        self.offline = not self.offline
        self.one.context.set_offline(self.offline)

    def kill_keeper(self) -> None:
        self.kill("keeper")

    def kill_application(self) -> None:
        self.kill("application")

    def kill(self, name: str) -> None:
        """kill -9, unless it is dead already."""
        pid = self.one.running.child(name)
        if pid is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def reload(self) -> None:
        """Only where the page can come back: what a person sees otherwise is the browser's own."""
        if not self.offline and self.one.running.health().get("application") == "up":
            self.one.sign_in("claire")
            self.one.page.wait_for_timeout(1000)
            self.one.open(*self.encounter)
            # Nobody types within the first tenth of a second; a test does.
            self.one.page.wait_for_selector("#note[data-editor='ready']")

    def session(self) -> None:
        self.one.sign_out_elsewhere()
        self.rest()
        self.sign_in_again()

    def sign_in_again(self) -> None:
        page = self.one.page
        if self.offline or page.locator("#sign-in-again").is_hidden():
            return
        page.fill("#again-password", PASSWORD)
        page.locator("#sign-in-again button").click()

    def rest(self) -> None:
        self.one.page.wait_for_timeout(self.chance.randint(100, 3500))

    def calm(self) -> None:
        """Everything works again; whoever was signed out signs in."""
        self.one.context.set_offline(False)
        self.offline = False
        for _ in range(int(CALM_SECONDS_MAX)):
            self.sign_in_again()
            self.one.page.wait_for_timeout(1000)
            if self.one.state() == "recorded":
                return


def agitate(at_desk: Desk, claire: Practitioner, encounter: Encounter, steps: int) -> None:
    seed = int(os.environ.get("ANAMNESIS_AGITATION", random.randrange(10**6)))
    print(f"ANAMNESIS_AGITATION={seed}")
    agitation = Agitation(at_desk, encounter, seed)
    agitation.write()
    for _ in range(steps):
        agitation.step()
    agitation.calm()
    assert at_desk.state() == "recorded", at_desk.words()
    assert at_desk.texts() == agitation.typed
    assert claire.note(encounter[1])["sections"] == agitation.typed
    assert claire.note(encounter[1])["divergences"] == []
    assert never_green_while_wrong(at_desk, claire.practice, encounter[1]) >= 1


def test_nothing_is_lost_and_nothing_is_claimed_whatever_comes_and_goes(
    at_desk: Desk, anamnesis: Running, claire: Practitioner, encounter: Encounter
) -> None:
    agitate(at_desk, claire, encounter, STEPS)


@pytest.mark.campaign
@pytest.mark.timeout(3600)
def test_nothing_is_lost_and_nothing_is_claimed_for_hours(
    at_desk: Desk, anamnesis: Running, claire: Practitioner, encounter: Encounter
) -> None:
    agitate(at_desk, claire, encounter, STEPS_CAMPAIGN)
