"""A practitioner's day with a terrible feature in it, and what must have become of both."""

import time
from pathlib import Path

from tests.deploying import SUSPENDED_SECONDS_MAX, deploy, feature, suspended
from tests.running import Practitioner, Running, wait_until
from tests.sharing import document_of, share_content

LONG = "Toux sèche, fièvre à 38,5 °C (≥ 38,5 °C).\n" * 12
NIGHTLY = ("LateWipe", "HoldsLock", "AltersTables")
"""Those that do it by night."""


class Day:
    """Some encounters that one practitioner writes, and what each must say."""

    def __init__(self, claire: Practitioner) -> None:
        self.claire = claire
        self.patient = claire.create_patient()
        self.notes: dict[str, str] = {}

    def write(self, times: int = 2) -> None:
        claire = self.claire
        encounter = claire.start_encounter(self.patient)
        base = None
        for number in range(times):
            entry = claire.note_entry(
                self.patient,
                encounter,
                f"{number}. {LONG}",
                base,
                interrogatoire="Depuis trois jours.",
                examen="Auscultation claire.",
                conclusion="Bronchite.",
            )
            claire.keep(entry)
            base = entry["digest"]
            self.notes[encounter] = base

    def readable(self) -> bool:
        """Whether every note says what was typed; not while the record is being put in place."""
        answers = {
            encounter: self.claire.client.get(f"/keep/encounters/{encounter}/note")
            for encounter in self.notes
        }
        return all(
            answers[encounter].status_code == 200 and answers[encounter].json()["digest"] == digest
            for encounter, digest in self.notes.items()
        )

    def share(self, document: str) -> None:
        claire = self.claire
        with_oneself = share_content(
            document,
            audience="colleague",
            to_practice=claire.practice,
            to_practitioner=claire.id,
        )
        claire.keep(claire.entry("document.share", with_oneself, self.patient))


def survive(running: Running, folder: Path, file: str, name: str) -> str:
    """Deploys the feature, writes under it, and sees it stopped and every text readable."""
    day = Day(running.sign_in("claire"))
    document = document_of(day.claire, day.patient)
    day.write()
    running.wait_recorded()
    named = deploy(running, folder, file, name, day.claire.practice)
    begun = time.monotonic()
    for _ in range(3):
        day.write(3)
    day.share(document)
    if name in NIGHTLY:
        assert feature(running, "nightly").returncode == 0
    while not suspended(running) and time.monotonic() - begun < SUSPENDED_SECONDS_MAX:
        day.write(3)
        time.sleep(0.1)
    assert suspended(running), f"{name} is not suspended"
    stopped = time.monotonic() - begun
    day.write()
    wait_until(day.readable, "every note as it was typed", SUSPENDED_SECONDS_MAX)
    back = time.monotonic() - begun
    wait_until(lambda: righted(running), "everything righted", SUSPENDED_SECONDS_MAX)
    assert day.readable()
    listed = day.claire.client.get("/keep/outstanding").json()["outstanding"]
    assert listed == []
    assert feature(running, "withdraw", named).returncode == 0
    return f"{name}: stopped after {stopped:.2f} s, everything readable after {back:.2f} s"


def righted(running: Running) -> bool:
    """Whether the record has everything, and none of it wrongly."""
    health = running.health()
    return health["recorded"] == health["journaled"] and not health["disagreements"]
