"""PROMISE: no page's and no feature's code runs before what was typed is in the journal."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import grimp
import pytest

from tests.running import ACCOUNTS, Practitioner, Running, wait_until

NOT_IN_THE_KEEPER = ("anamnesis.web", "anamnesis.demonstration", "anamnesis.features")
BROKEN = """
import sys
class Broken:
    def find_spec(self, name, path=None, target=None):
        if name.startswith("anamnesis.web"):
            raise RuntimeError("a release whose pages cannot even be imported")
sys.meta_path.insert(0, Broken())
"""


@pytest.fixture
def own() -> Iterator[Running]:
    with Running.started(accounts={"claire": ACCOUNTS["claire"]}) as running:
        yield running


def begun(anamnesis: Running) -> tuple[Practitioner, str, str]:
    claire = anamnesis.sign_in("claire")
    patient = claire.create_patient()
    return claire, patient, claire.start_encounter(patient)


def test_the_trusted_process_cannot_reach_a_page_by_any_import() -> None:
    graph = grimp.build_graph("anamnesis")
    trusted = {"anamnesis.keeper", *graph.find_descendants("anamnesis.keeper")}
    trusted |= {"anamnesis.bootstrap.keeper", "anamnesis.journal.journal"}
    reached = {
        (start, page)
        for start in trusted
        for page in graph.find_upstream_modules(start)
        if page.startswith(NOT_IN_THE_KEEPER)
    }
    assert reached == set()
    assert "anamnesis.record.store" in graph.find_upstream_modules("anamnesis.web.application")


def test_the_process_that_runs_has_loaded_no_page() -> None:
    started = (
        "import sys, anamnesis.bootstrap.keeper;"
        "print([name for name in sys.modules if name.startswith('anamnesis.web')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", started], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.e2e
def test_pages_that_cannot_be_imported_stop_no_save(own: Running, tmp_path: Path) -> None:
    claire, patient, encounter = begun(own)
    own.wait_recorded()
    own.stop()
    (tmp_path / "sitecustomize.py").write_text(BROKEN, encoding="utf-8")
    own.environment["PYTHONPATH"] = str(tmp_path)
    own.spawn()
    wait_until(lambda: own._listening() and own.health(), "the keeper answers")
    written = claire.write_note(patient, encounter, "Écrit pendant que rien ne s’affiche.")
    assert written["receipt"]["state"] == "journaled"
    assert own.health()["application"] != "up"
    own.stop()
    del own.environment["PYTHONPATH"]
    own.start()
    own.wait_recorded()
    assert claire.state(written["id"]) == "recorded"
    assert claire.note(encounter)["sections"]["motif"] == "Écrit pendant que rien ne s’affiche."


@pytest.mark.e2e
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP], ids=["killed", "hung"])
def test_an_application_that_is_gone_stops_no_save(own: Running, how: signal.Signals) -> None:
    claire, patient, encounter = begun(own)
    own.wait_recorded()
    own.signal("application", how)
    written = claire.write_note(patient, encounter, "Personne ne regarde.")
    assert written["outcome"] == "receipt"
    own.wait_recorded()
    assert claire.state(written["id"]) == "recorded"
